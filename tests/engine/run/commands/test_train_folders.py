"""A resumed run goes on in its own folder, and never over the results of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_runs import rows_of, train


def test_a_resumed_run_goes_on_in_the_folder_of_its_own_seed(tmp_path: Path) -> None:
    train(400, "--data", tmp_path)
    train(200, "--data", tmp_path, "--seed", 5)
    first, fifth = (tmp_path / "results" / f"pong-seed{seed}" for seed in (1, 5))
    before = {path: path.read_bytes() for path in first.rglob("*.*")}
    train(400, "--data", tmp_path, "--resume", fifth / "snapshots" / "pong-final.nec")
    assert {path: path.read_bytes() for path in first.rglob("*.*")} == before
    assert int(rows_of(fifth)[-1]["frames"]) >= 400


def test_a_seed_given_beside_a_snapshot_of_another_leads_over_no_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(200, "--data", tmp_path)
    train(200, "--data", tmp_path, "--seed", 5)
    first, fifth = (tmp_path / "results" / f"pong-seed{seed}" for seed in (1, 5))
    before = {path: path.read_bytes() for path in first.rglob("*.*")}
    snapshot = fifth / "snapshots" / "pong-final.nec"
    capsys.readouterr()
    train(400, "--data", tmp_path, "--seed", 1, "--resume", snapshot, code=2)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"error: there are results in {first} already; they are of another run")
    assert {path: path.read_bytes() for path in first.rglob("*.*")} == before
    train(400, "--data", tmp_path, "--seed", 7, "--resume", snapshot)
    assert rows_of(tmp_path / "results" / "pong-seed7")
