"""A results file becomes a picture; one that cannot be drawn is told in a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from nec_engine.errors import DataError
from nec_engine.run.commands import plot
from nec_engine.run.requests import PlotRequest
from nec_engine.run.results import COLUMNS, ResultsRow, ResultsWriter
from nec_engine.run.signals import exit_on_signals
from nec_engine.storage.whole_file import WholeFile

FIELDS = ("mean_score", "episodes", "mean_max_q", "loss")


@pytest.fixture(autouse=True)
def handlers_are_put_back() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "pong-seed1" / "results.csv"
    with ResultsWriter(path) as writer:
        writer.write(ResultsRow(0, "random", 0, 0, 5, mean_score=-20.5, stderr_score=0.2))
        for epoch in (1, 2, 3):
            frames = epoch * 200_000
            writer.write(
                ResultsRow(epoch, "train", frames, frames // 4, 10, -20.0, mean_max_q=0.1, loss=0.2)
            )
            writer.write(ResultsRow(epoch, "test", frames, frames // 4, 5, -18.0 + epoch, 0.5))
    return path


def test_the_picture_stands_beside_the_results(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plot.run(PlotRequest(results, FIELDS, None)) == 0
    out = results.with_suffix(".png")
    assert capsys.readouterr().out.strip() == str(out)
    picture = cv2.imread(str(out))
    assert picture is not None
    assert picture.shape[0] > 500
    colours = np.unique(picture.reshape(-1, 3), axis=0)
    assert len(colours) > 10  # curves, not an empty sheet


def test_fields_and_place_can_be_chosen(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "p.png"
    plot.run(PlotRequest(results, ("loss",), out))
    assert cv2.imread(str(out)) is not None


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_it_is_written_leaves_no_part_of_a_picture(
    results: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    exit_on_signals()
    monkeypatch.setattr(WholeFile, "commit", lambda _: signal.raise_signal(number))
    with pytest.raises(SystemExit) as ended:
        plot.run(PlotRequest(results, FIELDS, None))
    assert ended.value.code == code
    assert list(results.parent.iterdir()) == [results]


def test_what_a_killed_process_left_of_a_picture_is_cleared_by_the_next(results: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from nec_engine.storage.whole_file import WholeFile\n"
        "WholeFile(Path(sys.argv[1])).write(memoryview(b'half of a pict'))\n"
        "print('written', flush=True)\n"
        "input()\n"
    )
    out = results.with_suffix(".png")
    with subprocess.Popen(
        [sys.executable, "-c", program, str(out)],
        cwd=Path(plot.__file__).parents[3], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.kill()
    assert len(list(results.parent.iterdir())) == 2
    plot.run(PlotRequest(results, FIELDS, None))
    assert set(results.parent.iterdir()) == {results, out}


@pytest.mark.parametrize("name", [b"d\xff", b"a$\\b$", "Läufe".encode()])
def test_a_folder_may_have_any_name(
    results: Path, name: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = results.parent.rename(results.parent.with_name(os.fsdecode(name)))
    with (tmp_path / "output").open("w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert plot.run(PlotRequest(folder / "results.csv", ("loss",), None)) == 0
    written = (tmp_path / "output").read_bytes()
    assert written == os.fsencode(folder / "results.png") + b"\n"
    assert (folder / "results.png").exists()


def test_a_column_without_values_says_so_instead_of_failing(results: Path) -> None:
    assert plot.run(PlotRequest(results, ("recall_at_50",), None)) == 0


def test_an_unknown_field_is_told_with_the_known_ones(results: Path) -> None:
    with pytest.raises(DataError, match="mean_max_q"):
        plot.run(PlotRequest(results, ("happiness",), None))


def test_results_without_rows_are_told(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(",".join(COLUMNS) + "\n")
    with pytest.raises(DataError, match="no row yet"):
        plot.run(PlotRequest(path, FIELDS, None))


@pytest.mark.parametrize("path", [Path(), Path("/")])
def test_a_folder_is_no_results(path: Path) -> None:
    with pytest.raises(DataError, match="it is a folder"):
        plot.run(PlotRequest(path, ("mean_score",), None))


def test_numbers_that_no_run_writes_are_left_out(results: Path) -> None:
    with results.open("a") as file:
        file.write("4,test,800000,200000,5,3,-0.5,,,,,,,,\n5,test,inf,1,5,nan,,,,,,,,,\n")
    assert plot.run(PlotRequest(results, ("mean_score",), None)) == 0
