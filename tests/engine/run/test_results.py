"""Results reach the disk row by row, survive a torn end, and go on after a resume."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

from nec_engine.errors import DataError
from nec_engine.run.results import (
    COLUMNS,
    ResultsRow,
    ResultsWriter,
    read_results,
    write_table,
)
from nec_engine.run.training.measured import Measured


def row(frames: int, **more: Any) -> ResultsRow:
    return ResultsRow(epoch=1, phase="test", frames=frames, steps=frames // 4, episodes=3, **more)


def test_the_header_is_the_contract() -> None:
    assert ",".join(COLUMNS) == (
        "epoch,phase,frames,steps,episodes,mean_score,stderr_score,mean_max_q,loss,epsilon,"
        "memory_size,recall_at_50,effective_neighbours,steps_per_s,elapsed_s"
    )


def test_a_row_is_on_the_disk_as_soon_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "run" / "results.csv"
    with ResultsWriter(path) as writer:
        writer.write(row(400, mean_score=1.5, epsilon=0.001))
        assert path.read_text().splitlines()[1:] == ["1,test,400,100,3,1.5,,,,0.001,,,,,"]


def test_results_already_there_are_refused_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("precious")
    with pytest.raises(DataError, match="--resume"):
        ResultsWriter(path)
    assert path.read_text() == "precious"


def test_a_resumed_run_drops_the_rows_it_will_play_again(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    with ResultsWriter(path) as writer:
        for frames in (0, 400, 800, 1200):
            writer.write(row(frames))
    with path.open("a") as file:
        file.write("2,train,16")  # torn by a kill
    with ResultsWriter(path, resumed_frames=800) as writer:
        writer.write(row(1000))
    assert read_results(path).numbers("frames") == [0, 400, 800, 1000]


def test_a_resumed_run_in_a_new_folder_starts_a_file(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "new" / "results.csv", resumed_frames=800) as writer:
        writer.write(row(1000))
    assert read_results(tmp_path / "new" / "results.csv").numbers("frames") == [1000]


def test_undefined_figures_are_empty_and_read_as_none(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "results.csv") as writer:
        writer.write(row(4, loss=0.25))
        writer.write(row(8))
    assert read_results(tmp_path / "results.csv").numbers("loss") == [0.25, None]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\x00\xff\xfe" * 50, b"phase\nx\n", bytes(range(256)) * 10],
    ids=["empty", "other columns", "no text", "too few columns", "every byte"],
)
def test_a_file_that_is_no_results_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"results\.csv"):
        read_results(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match="cannot read"):
            read_results(path)


def test_words_where_numbers_belong_are_told_with_the_column(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("phase,frames,loss\ntest,4,low\n")
    with pytest.raises(DataError, match="column loss"):
        read_results(path).numbers("loss")


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, ["a", "b"], [[1, None], [0.5, "x"]])
    assert path.read_text() == "a,b\n1,\n0.5,x\n"
    blocked = tmp_path / "folder.csv"
    (blocked / "inside").mkdir(parents=True)
    with pytest.raises(DataError, match=r"folder\.csv"):
        write_table(blocked, ["a"], [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder.csv", "t.csv"]


def test_a_row_that_the_disk_did_not_take_comes_whole_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "results.csv"
    with ResultsWriter(path) as writer:
        writer.write(row(400))
        whole = path.read_bytes()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 5, before[1]))
        try:
            with pytest.raises(DataError, match="larger than this system allows"):
                writer.write(row(800))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert path.read_bytes() == whole  # no torn row
        writer.write(row(1200))
        assert read_results(path).numbers("frames") == [400, 800, 1200]


def test_all_rows_that_were_there_tell_whose_snapshots_are_its_own(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "results.csv") as writer:
        for frames in (400, 800):
            writer.write(row(frames))
    with ResultsWriter(tmp_path / "results.csv", 400) as writer:
        assert writer.measured_frames == {400, 800}
        assert writer.kept.numbers("frames") == [400]


@pytest.mark.parametrize("text", ["nan", "inf", "-3"])
def test_what_is_no_count_is_told_with_the_column(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.csv"
    with ResultsWriter(path) as writer:
        writer.write(row(400))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace("1,test", f"{text},test", 1)]) + "\n")
    table = read_results(path)
    with pytest.raises(DataError, match="column epoch"):
        Measured(table)
