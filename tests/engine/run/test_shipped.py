"""Which files beside the program are trained brains."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.run import shipped
from nec_engine.run.shipped import FOLDER, Brain, shipped_brains
from nec_engine.storage.snapshot import write_snapshot


def put(path: Path, **header: object) -> None:
    about = {"game": path.stem, "agent": "nec", "frames": 400, "play_only": {}}
    write_snapshot(path, {"counters": {}}, header={**about, **header})


def test_brains_are_looked_for_beside_the_program() -> None:
    assert (FOLDER.parent / "main.py").is_file()
    assert FOLDER.name == "snapshots"


def test_only_what_export_made_of_a_bundled_game_is_a_brain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    assert shipped_brains() == ()
    put(tmp_path / "pong.nec")
    put(tmp_path / "ms_pacman.nec")
    put(tmp_path / "hero.nec", game="pong")
    put(tmp_path / "no_game.nec")
    put(tmp_path / "pong-000000400.nec", game="pong")
    (tmp_path / "breakout.nec").write_bytes(b"cut short")
    write_snapshot(
        tmp_path / "alien.nec", {"counters": {}},
        header={"game": "alien", "agent": "nec", "frames": 400},  # a run of one's own
    )  # fmt: skip
    (tmp_path / "qbert.nec").mkdir()
    assert shipped_brains() == (
        Brain("ms_pacman", "Ms. Pac-Man", tmp_path / "ms_pacman.nec", "nec", 400),
        Brain("pong", "Pong", tmp_path / "pong.nec", "nec", 400),
    )
