"""Two windows of one game on one folder: neither touches what the other saves by itself."""

from __future__ import annotations

from pathlib import Path

from other_process import held_elsewhere

from nec_engine.config import Settings
from nec_engine.messages import Notice, SetLessonWeight
from nec_engine.run.engine import Engine

SMALL = Settings(agent="mfec", embedding="dct", capacity=100, key_size=16, torch_threads=1)
LOCK = ".pong-autosave.lock"
OF_FIRST, OF_SECOND = "pong-autosave-1.nec", "pong-window-2-autosave-1.nec"


def play_and_close(folder: Path) -> list[str]:
    """A window of Pong in which something is changed and that is closed; what it told."""
    engine = Engine.open_game("pong", SMALL, folder)
    engine.start(training=False)
    engine.send(SetLessonWeight(4.0))
    engine.stop()
    return [event.text for event in engine.pull().events if isinstance(event, Notice)]


def test_a_window_beside_another_of_the_game_saves_under_names_of_its_own_and_says_so(
    tmp_path: Path,
) -> None:
    snapshots = tmp_path / "snapshots"
    with held_elsewhere(snapshots / LOCK):
        told = play_and_close(tmp_path)
        assert sorted(path.name for path in snapshots.iterdir()) == [LOCK, OF_SECOND]
    assert told == [
        "Another window or run of Pong saves itself in the same folder; "
        f"this one autosaves as {OF_SECOND} and pong-window-2-autosave-2.nec"
    ]
    assert play_and_close(tmp_path) == []  # the other one was killed
    assert sorted(path.name for path in snapshots.iterdir()) == [OF_FIRST, OF_SECOND]


def test_a_window_that_saves_nothing_leaves_nothing(tmp_path: Path) -> None:
    engine = Engine.open_game("pong", SMALL, tmp_path)
    engine.start(training=False)
    engine.stop()
    assert list(tmp_path.iterdir()) == []
