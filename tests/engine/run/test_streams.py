"""Standard output and standard error that are closed, full, or read by nobody any more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import main

PROGRAM = Path(main.__file__)


def run(*words: str, shell: str = "") -> subprocess.CompletedProcess[str]:
    """The program with ``words``, its streams redirected as a shell does it."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {shell}', sys.executable, str(PROGRAM), *words],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_broken_pipe_elsewhere_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(main, "run", break_down)
    with pytest.raises(BrokenPipeError):
        main.main(["settings"])


@pytest.mark.parametrize(
    ("word", "shell"),
    [("settings", ">/dev/full"), ("settings", ">&-"), ("settings", "1<&0"), ("-h", ">/dev/full")],
)
def test_output_that_cannot_be_written_is_one_sentence_and_exit_2(word: str, shell: str) -> None:
    done = run(word, shell=f"</dev/null {shell}")
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: cannot write to standard output; ")


def test_a_closed_output_is_refused_before_any_work(tmp_path: Path) -> None:
    done = run("train", "--rom", "pong", "--frames", "400", "--out", f"{tmp_path}/run", shell=">&-")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("shell", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_wrong_input_is_exit_2_even_if_that_cannot_be_told(shell: str) -> None:
    assert run("settings", "--colour", shell=shell).returncode == 2


def test_results_arrive_whatever_becomes_of_standard_error() -> None:
    for shell in ("2>&-", "2>/dev/full", "<&- 2>&-"):
        done = run("settings", shell=shell)
        assert done.returncode == 0
        assert "gamma" in done.stdout
