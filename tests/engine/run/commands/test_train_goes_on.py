"""A run that was cut off, wherever, has the rows and snapshots of one that was not."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from small_runs import rows_of, snapshots_in, train

from nec_engine.errors import DataError
from nec_engine.run.results import ResultsRow, ResultsWriter

FINAL = "pong-final.nec"


@pytest.fixture
def signal_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A SIGTERM as soon as the row of training at so many frames, or more, is written; once."""

    def arrange(frames: int) -> None:
        write = ResultsWriter.write

        def write_and_signal(results: ResultsWriter, row: ResultsRow) -> None:
            write(results, row)
            if row.phase == "train" and row.frames >= frames:
                monkeypatch.setattr(ResultsWriter, "write", write)
                signal.raise_signal(signal.SIGTERM)

        monkeypatch.setattr(ResultsWriter, "write", write_and_signal)

    return arrange


def phases(folder: Path) -> list[tuple[int, str]]:
    """Epoch and phase of each row."""
    return [(int(row["epoch"]), row["phase"]) for row in rows_of(folder)]


def test_an_epoch_whose_test_a_signal_cut_short_is_tested_when_the_run_goes_on(
    tmp_path: Path, signal_after: Callable[[int], None]
) -> None:
    signal_after(400)
    train(900, "--out", tmp_path, code=143)
    assert phases(tmp_path) == [(0, "random"), (1, "train")]
    assert snapshots_in(tmp_path) == [FINAL]  # one save after a signal, not two
    elapsed_s = float(rows_of(tmp_path)[-1]["elapsed_s"])
    train(900, "--out", tmp_path, "--resume", tmp_path / "snapshots" / FINAL)
    rows = rows_of(tmp_path)
    assert phases(tmp_path) == [
        (0, "random"), (1, "train"), (1, "test"), (2, "train"), (2, "test"), (3, "train"),
        (3, "test"),
    ]  # fmt: skip
    assert rows[2]["frames"] == rows[1]["frames"]
    first, second = (f"pong-{int(rows[at]['frames']):09d}.nec" for at in (1, 3))
    assert snapshots_in(tmp_path) == [first, second, FINAL]
    times_s = [float(row["elapsed_s"]) for row in rows]
    assert times_s == sorted(times_s)
    assert times_s[2] > elapsed_s


def test_a_final_test_that_a_signal_cut_short_is_made_once_the_run_goes_on(
    tmp_path: Path, signal_after: Callable[[int], None]
) -> None:
    signal_after(200)
    train(200, "--out", tmp_path, code=143)
    final = tmp_path / "snapshots" / FINAL
    whole = [(0, "random"), (1, "train"), (1, "test")]
    for _ in range(2):  # the second time nothing is left to do
        train(200, "--out", tmp_path, "--resume", final)
        assert phases(tmp_path) == whole
    train(200, "--out", tmp_path, "--resume", final, "--set", "final_test_episodes=2")
    assert phases(tmp_path) == [*whole, (1, "test")]
    assert rows_of(tmp_path)[-1]["episodes"] == "2"


def test_the_episodes_of_an_epoch_are_counted_across_a_resume(tmp_path: Path) -> None:
    words = ("--out", tmp_path, "--set", "episode_cap_frames=100")
    train(200, *words)
    train(400, *words, "--resume", tmp_path / "snapshots" / FINAL)
    early, late = (int(row["episodes"]) for row in rows_of(tmp_path) if row["phase"] == "train")
    assert (early, late) == (2, 4)


def test_the_best_is_kept_even_if_it_was_the_end_of_an_earlier_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    means = {400: 50.0, 600: 90.0, 800: 10.0, 1200: 20.0, 1600: 30.0}
    note = ResultsRow.__init__

    def score_as_told(row: ResultsRow, *cells: object, **more: object) -> None:
        frames = more.get("frames")
        if more.get("phase") == "test" and isinstance(frames, int):
            more["mean_score"] = means[frames // 200 * 200]
        note(row, *cells, **more)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(ResultsRow, "__init__", score_as_told)
    train(600, "--out", tmp_path)
    train(1600, "--out", tmp_path, "--resume", tmp_path / "snapshots" / FINAL)
    tested = {int(row["frames"]) // 200 * 200: int(row["frames"]) for row in rows_of(tmp_path)}
    kept = [f"pong-{tested[frames]:09d}.nec" for frames in (600, 1200, 1600)]
    assert snapshots_in(tmp_path) == [*kept, FINAL]


def test_a_run_that_goes_on_in_a_new_folder_writes_every_phase_there(tmp_path: Path) -> None:
    train(100, "--out", tmp_path / "old")
    old = tmp_path / "old" / "snapshots" / FINAL
    train(100, "--out", tmp_path / "new", "--resume", old)
    assert phases(tmp_path / "new") == [(0, "random"), (1, "train"), (1, "test")]


@pytest.mark.parametrize("content", ["phase,frames\ntest,4\n", "epoch,fr"])
def test_results_that_cannot_be_gone_on_with_are_one_sentence_and_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    train(100, "--out", tmp_path)
    results = tmp_path / "results.csv"
    header = results.read_text().splitlines()[0]
    for damaged in (content, f"{header}\n1,test,many,25,1{',' * 10}\n"):
        results.write_text(damaged)
        capsys.readouterr()
        final = tmp_path / "snapshots" / FINAL
        train(200, "--out", tmp_path, "--resume", final, code=2)
        told = capsys.readouterr().err.splitlines()[-1]
        assert told.startswith("error: ")
        assert "results.csv" in told
        assert results.read_text() == damaged


def test_an_epochs_snapshot_is_gone_on_from_without_the_episodes_of_that_epoch(
    tmp_path: Path,
) -> None:
    words = ("--set", "episode_cap_frames=100", "deterministic=true")
    whole, again = tmp_path / "whole", tmp_path / "again"
    train(1200, "--out", whole, *words)
    second = next(int(row["frames"]) for row in rows_of(whole) if row["epoch"] == "2")
    snapshot = whole / "snapshots" / f"pong-{second:09d}.nec"
    train(1200, "--out", again, "--resume", snapshot, *words)
    timed = {"steps_per_s", "elapsed_s"}
    last, gone_on = (
        [
            {name: cell for name, cell in row.items() if name not in timed}
            for row in rows_of(folder)
            if row["epoch"] == "3"
        ]
        for folder in (whole, again)
    )
    assert last == gone_on
    assert int(last[0]["episodes"]) > 0


def test_a_disk_that_takes_no_row_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write = ResultsWriter.write_waiting
    lost: list[int] = []

    def refuse_some(results: ResultsWriter) -> None:
        if len(lost) < 2:
            lost.append(1)
            raise DataError("cannot write results.csv", "the disk is full", "free some space")
        write(results)

    monkeypatch.setattr(ResultsWriter, "write_waiting", refuse_some)
    train(400, "--out", tmp_path)
    assert "training goes on" in capsys.readouterr().err
    assert phases(tmp_path) == [(0, "random"), (1, "train"), (1, "test")]
    assert FINAL in snapshots_in(tmp_path)


def test_rows_that_are_never_taken_are_said_when_all_else_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: ResultsWriter) -> None:
        raise DataError("cannot write results.csv", "the disk is full", "free some space")

    monkeypatch.setattr(ResultsWriter, "write_waiting", refuse)
    train(400, "--out", tmp_path, code=2)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "error: cannot write results.csv; the disk is full; free some space"
    assert FINAL in snapshots_in(tmp_path)
