"""A fault in the window is told, and the program goes on."""

from __future__ import annotations

import sys
import threading

import pytest

from app.startup.crash import Faults


def fail() -> None:
    raise ValueError("too bad")


def raise_uncaught() -> None:
    try:
        fail()
    except ValueError:
        sys.excepthook(*sys.exc_info())


def test_an_uncaught_exception_is_printed_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with Faults(told.append):
        raise_uncaught()
    assert len(told) == 1
    assert "ValueError: too bad" in told[0]
    assert "Traceback" in capsys.readouterr().err


def test_one_in_a_thread_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with Faults(told.append):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert len(told) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_fault_while_telling_ends_there(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        raise_uncaught()

    with Faults(tell):
        raise_uncaught()
    assert len(told) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_hooks_are_put_back() -> None:
    before = sys.excepthook, threading.excepthook
    with Faults(lambda _: None):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook) == before
