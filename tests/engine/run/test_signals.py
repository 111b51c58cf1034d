"""Signals end a command by its exit code, or leave word for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nec_engine.run.signals import StopSignals, unwinding_on_signals

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def handlers_are_put_back() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_at_first_a_signal_ends_the_process_with_its_code(
    number: signal.Signals, code: int
) -> None:
    """In a child process that tells when it listens; nothing can swallow the end."""
    program = (
        "from nec_engine.run.signals import exit_on_signals\n"
        "exit_on_signals()\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    try:\n"
        "        input()\n"
        "    except BaseException:\n"
        "        pass\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(number)
        assert child.wait(10) == code


@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_terminal_that_is_closed_ends_it_but_not_under_nohup(is_ignored: bool) -> None:
    handler = signal.SIG_IGN if is_ignored else signal.SIG_DFL
    program = (
        "from nec_engine.run.signals import StopSignals\n"
        "with StopSignals() as stop:\n"
        "    print('ready', flush=True)\n"
        "    input()\n"
        "print(stop.exit_code)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, handler),
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGHUP)
        told, _ = child.communicate(b"go on\n", 10)
    assert told.strip() == (b"0" if is_ignored else b"129")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_only_tidies_up_unwinds(number: signal.Signals, code: int) -> None:
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as ended, unwinding_on_signals():
        os.kill(os.getpid(), number)
    assert ended.value.code == code
    assert signal.getsignal(number) == before


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
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
