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


def test_snapshots_that_no_run_of_the_folder_made_are_never_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshots = tmp_path / "snapshots"  # as the window saves them where it was started
    snapshots.mkdir()
    names = ("pong-000000900", "pong-autosave-1", "pong-final")
    for name in names:
        (snapshots / f"{name}.nec").write_text(name)
        before = {path.name: path.read_bytes() for path in snapshots.glob("*.nec")}
        train(200, "--out", tmp_path, code=2)
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert "there are snapshots in" in told
        assert {path.name: path.read_bytes() for path in snapshots.glob("*.nec")} == before
    assert not (tmp_path / "results.csv").exists()


def test_one_saved_by_hand_beside_those_of_a_run_outlives_it(tmp_path: Path) -> None:
    train(400, "--out", tmp_path)
    final = tmp_path / "snapshots" / "pong-final.nec"
    by_hand = tmp_path / "snapshots" / "pong-000000123.nec"
    by_hand.write_bytes(final.read_bytes())
    train(2000, "--out", tmp_path, "--resume", final)
    assert len(rows_of(tmp_path)) > 8
    assert by_hand.exists()


def test_the_results_of_another_game_are_not_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pong, other = tmp_path / "pong", tmp_path / "pong-5"
    train(200, "--out", pong)
    train(200, "--out", other, "--seed", 5)
    before = (pong / "results.csv").read_bytes()
    capsys.readouterr()
    train(400, "--out", pong, "--resume", other / "snapshots" / "pong-final.nec", code=2)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "of another run" in told
    assert (pong / "results.csv").read_bytes() == before


def test_a_place_for_snapshots_that_is_none_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "snapshots").write_text("")
    train(200, "--out", tmp_path, code=2)
    assert "cannot write into the folder" in capsys.readouterr().err
    assert not (tmp_path / "results.csv").exists()
