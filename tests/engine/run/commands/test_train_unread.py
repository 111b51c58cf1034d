"""A run whose progress or last line nobody takes is saved, and ends with its own exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pytest
from small_runs import snapshots_in, train

from nec_engine.run.results import ResultsRow, ResultsWriter


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as stream:  # noqa: PTH123  # of a descriptor
        yield stream
        settle(stream)


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file on a full disk."""
    with Path("/dev/full").open("w") as stream:
        yield stream
        settle(stream)


@pytest.fixture
def signal_at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[signal.Signals], None]:
    """Has a signal come as soon as a row is written."""

    def arrange(number: signal.Signals) -> None:
        write = ResultsWriter.write

        def write_and_signal(results: ResultsWriter, row: ResultsRow) -> None:
            write(results, row)
            signal.raise_signal(number)

        monkeypatch.setattr(ResultsWriter, "write", write_and_signal)

    return arrange


def settle(stream: TextIO) -> None:
    """Let go of what it holds still: it can be closed then."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def test_training_goes_on_when_nobody_reads_its_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unread: TextIO
) -> None:
    monkeypatch.setattr(sys, "stderr", unread)
    train(200, "--out", tmp_path)
    assert snapshots_in(tmp_path) == ["pong-final.nec"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_keeps_its_code_when_nobody_reads_anything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unread: TextIO,
    signal_at_once: Callable[[signal.Signals], None],
    number: signal.Signals,
    code: int,
) -> None:
    signal_at_once(number)
    monkeypatch.setattr(sys, "stderr", unread)
    monkeypatch.setattr(sys, "stdout", unread)
    train(200, "--out", tmp_path, code=code)
    assert snapshots_in(tmp_path) == ["pong-final.nec"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_keeps_its_code_when_the_last_line_does_not_fit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    full: TextIO,
    signal_at_once: Callable[[signal.Signals], None],
    number: signal.Signals,
    code: int,
) -> None:
    signal_at_once(number)
    monkeypatch.setattr(sys, "stdout", full)
    train(200, "--out", tmp_path, code=code)
    assert snapshots_in(tmp_path) == ["pong-final.nec"]
    assert "note: cannot write to standard output; no space left" in capsys.readouterr().err


def test_results_that_do_not_fit_on_the_disk_are_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    full: TextIO,
) -> None:
    monkeypatch.setattr(sys, "stdout", full)
    train(200, "--out", tmp_path, code=2)
    assert snapshots_in(tmp_path) == ["pong-final.nec"]
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("error: cannot write to standard output; no space left on device; ")
