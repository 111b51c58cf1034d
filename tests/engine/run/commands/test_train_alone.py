"""Two runs never write into one folder, and a killed one does not keep the next one out."""

from __future__ import annotations

from pathlib import Path

import pytest
from other_process import held_elsewhere
from small_runs import snapshots_in, train

FINAL = "pong-final.nec"


def test_a_run_beside_another_in_its_folder_is_refused_in_one_sentence_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(200, "--out", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    capsys.readouterr()
    resume = ("--resume", tmp_path / "snapshots" / FINAL)
    with held_elsewhere(tmp_path / ".train.lock"):
        for words in ((), resume):
            train(400, "--out", tmp_path, *words, code=2)
            told = capsys.readouterr()
            assert told.err.startswith(f"error: another run is training in {tmp_path}; ")
            assert told.err.count("\n") == 1
            assert not told.out
    assert before.items() <= {path: path.read_bytes() for path in tmp_path.rglob("*.*")}.items()
    train(400, "--out", tmp_path, *resume)  # the other one was killed
    assert not (tmp_path / ".train.lock").exists()
    assert snapshots_in(tmp_path)[-1] == FINAL


def test_a_run_in_the_folder_of_an_open_window_of_the_game_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held_elsewhere(tmp_path / "snapshots" / ".pong-autosave.lock"):
        train(200, "--out", tmp_path, code=2)
    assert capsys.readouterr().err.startswith("error: a window of pong saves itself in ")
    train(200, "--out", tmp_path)
    assert snapshots_in(tmp_path) == [FINAL]
