"""Whoever saves itself has names that nobody else has, and the first ones that are free."""

from __future__ import annotations

from pathlib import Path

from other_process import held_elsewhere

from nec_engine.run.training.autosave_names import AutosaveNames


def taken(folder: Path) -> AutosaveNames:
    names = AutosaveNames(folder, "pong")
    names.take()
    return names


def test_the_first_has_the_plain_names_and_leaves_no_trace(tmp_path: Path) -> None:
    names = taken(tmp_path / "snapshots")
    first, second = (path.name for path in names.paths)
    assert (first, second) == ("pong-autosave-1.nec", "pong-autosave-2.nec")
    assert names.previous_path.name == "pong-autosave-previous.nec"
    names.release()
    names.release()
    assert list(tmp_path.iterdir()) == []


def test_a_third_window_has_the_first_names_that_are_free(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path / ".pong-autosave.lock"):
        with held_elsewhere(tmp_path / ".pong-window-2-autosave.lock"):
            third = taken(tmp_path)
            assert third.previous_path.name == "pong-window-3-autosave-previous.nec"
        fourth = taken(tmp_path)
        assert fourth.number == 2
    fifth = taken(tmp_path)
    assert fifth.number == 1
    for names in (third, fourth, fifth):
        names.release()
    assert list(tmp_path.iterdir()) == []


def test_a_game_opened_again_in_the_same_window_keeps_its_names(tmp_path: Path) -> None:
    before, after = taken(tmp_path), taken(tmp_path)
    assert before.paths == after.paths
    before.release()
    assert (tmp_path / ".pong-autosave.lock").exists()
    after.release()


def test_a_folder_that_cannot_be_made_keeps_nobody_from_the_plain_names(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    names = taken(tmp_path / "file" / "snapshots")
    assert names.number == 1
    names.release()
