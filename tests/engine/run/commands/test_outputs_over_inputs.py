"""No command replaces what it reads, nor a device or a pipe, by what it writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import main
from nec_engine.run.results import ResultsRow, ResultsWriter

BRAIN = Path(main.__file__).parent / "snapshots" / "pong.nec"


def refusal(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that the program ends with."""
    assert main.main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("test {} --csv {}", "brain.nec"),
        ("export {} --out {}", "brain.nec"),
        ("record {} --out {}", "brain.mp4"),
        ("filters {} --out {}", "brain.html"),
    ],
)
def test_a_snapshot_is_not_replaced_by_what_is_made_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, name: str
) -> None:
    snapshot = tmp_path / name
    content = BRAIN.read_bytes()
    snapshot.write_bytes(content)
    assert f"{name} itself, which would be lost" in refusal(
        words.format(snapshot, snapshot).split(), capsys
    )
    assert snapshot.read_bytes() == content


def test_results_are_not_replaced_by_their_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "r.png"  # as its picture would be called
    with ResultsWriter(results) as writer:
        writer.write(ResultsRow(0, "random", 0, 0, 5, mean_score=-20.5))
    content = results.read_bytes()
    for more in ([], ["--out", str(results)]):
        assert "r.png itself" in refusal(["plot", str(results), *more], capsys)
    assert results.read_bytes() == content


def test_the_figures_of_bench_do_not_take_the_place_of_a_pipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    told = refusal(["bench", "--quick", "--json", str(tmp_path / "pipe")], capsys)
    assert "a device or a pipe" in told
    assert (tmp_path / "pipe").is_fifo()
