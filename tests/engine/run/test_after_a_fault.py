"""What is left when training has come to a fault: saves, and sentences."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from nec_engine.config import Settings
from nec_engine.messages import (
    DeleteEntries,
    ForgetLessons,
    MemoryEdited,
    OfOrigin,
    Origin,
    ThreadFailed,
    UndoEdit,
)
from nec_engine.run.engine import Engine
from nec_engine.run.training.trainer import Trainer

LIMIT_S = 60.0
SMALL = Settings(agent="mfec", capacity=500, replay_capacity=500)


def test_edits_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Trainer) -> bool:
        raise ValueError("a fault")

    monkeypatch.setattr(Trainer, "step", fail)
    engine = Engine.open_game("pong", SMALL, tmp_path)
    bell = threading.Event()

    def until(kind: type) -> Any:
        deadline_s = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline_s:
            for event in engine.pull().events:
                if isinstance(event, kind):
                    return event
            bell.wait(0.05)
            bell.clear()
        raise AssertionError(f"no {kind.__name__} was told")

    engine.start(bell.set)
    try:
        assert until(ThreadFailed).thread == "train"
        for command in (DeleteEntries(OfOrigin(Origin.AGENT)), UndoEdit(), ForgetLessons()):
            engine.send(command)
            told = until(MemoryEdited)
            assert told.is_problem
            assert "Training stopped after a fault" in told.text
    finally:
        engine.stop()
