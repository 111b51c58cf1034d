"""Signals end a command by its exit code, or leave word for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from nec_engine.run.signals import StopSignals, exit_on_signals


@pytest.fixture(autouse=True)
def handlers_are_put_back() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_exits_with_its_code(number: signal.Signals, code: int) -> None:
    exit_on_signals()
    with pytest.raises(SystemExit) as ended:
        os.kill(os.getpid(), number)
    assert ended.value.code == code


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_entered_a_signal_only_leaves_word(number: signal.Signals, code: int) -> None:
    with StopSignals() as stop:
        assert not stop.is_requested
        assert stop.exit_code == 0
        os.kill(os.getpid(), number)
        assert stop.is_requested
        os.kill(os.getpid(), signal.SIGTERM)  # impatience changes nothing
        assert stop.exit_code == code


def test_afterwards_the_earlier_handlers_stand_again() -> None:
    exit_on_signals()
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
