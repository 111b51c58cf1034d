"""A new run does not overwrite what an earlier one, which crashed perhaps, left behind."""

from __future__ import annotations

import os
from pathlib import Path

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.messages import Notice
from nec_engine.run.engine import Engine
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.training.saving import save_run
from nec_engine.storage.snapshot import read_header

SMALL = Settings(agent="mfec", embedding="dct", capacity=100, key_size=16, torch_threads=1)


def autosaves(folder: Path) -> Path:
    """Two autosaves of a run, the second written after the first; the folder of snapshots."""
    trainer = open_new(find_rom("pong"), SMALL).trainer
    for number in (1, 2):
        trainer.step()
        path = folder / "snapshots" / f"pong-autosave-{number}.nec"
        save_run(trainer, path)
        os.utime(path, (number, number))
    trainer.close()
    return folder / "snapshots"


def told(engine: Engine) -> list[str]:
    texts = [event.text for event in engine.pull().events if isinstance(event, Notice)]
    engine.stop()
    return texts


def test_the_last_autosave_of_an_earlier_run_is_kept_under_another_name(tmp_path: Path) -> None:
    snapshots = autosaves(tmp_path)
    newest = (snapshots / "pong-autosave-2.nec").read_bytes()
    texts = told(Engine.open_game("pong", SMALL, tmp_path))
    previous = snapshots / "pong-autosave-previous.nec"
    assert texts == [f"The last autosave of the earlier run is kept as {previous.name}"]
    assert previous.read_bytes() == newest
    names = sorted(path.name for path in snapshots.iterdir())
    assert names == ["pong-autosave-1.nec", previous.name]
    trainer = open_saved(previous, {}).trainer
    assert trainer.steps == 2
    trainer.close()


def test_a_game_that_goes_on_and_one_without_autosaves_leave_all_as_it_is(tmp_path: Path) -> None:
    snapshots = autosaves(tmp_path)
    path = snapshots / "pong-autosave-2.nec"
    assert told(Engine.open_snapshot(path, {}, tmp_path)) == []
    assert told(Engine.open_game("breakout", SMALL, tmp_path)) == []
    names = sorted(path.name for path in snapshots.iterdir())
    assert names == ["pong-autosave-1.nec", "pong-autosave-2.nec"]


def test_a_broken_autosave_is_not_what_is_kept(tmp_path: Path) -> None:
    snapshots = autosaves(tmp_path)
    os.truncate(snapshots / "pong-autosave-2.nec", 50)
    told(Engine.open_game("pong", SMALL, tmp_path))
    assert read_header(snapshots / "pong-autosave-previous.nec")["steps"] == 1
