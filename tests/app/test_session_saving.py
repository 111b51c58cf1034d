"""Saving by hand: how far it is, what ends it, and what leaves it alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import FakeEngine
from listening import heard
from made_news import progress
from made_sessions import notes_of
from pytestqt.qtbot import QtBot

from app.session import Session
from nec_engine.messages import (
    CancelSave,
    SaveFailed,
    SaveProgressed,
    SaveSnapshot,
    SnapshotSaved,
)


def test_a_snapshot_is_saved_as_a_new_file_named_by_its_frames(
    qtbot: QtBot, session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    told = heard(session.bridge.progress_came)
    engine.publish(progress=progress(steps=25))
    qtbot.waitUntil(lambda: [item.steps for item in told][-1:] == [25])
    session.save()
    assert engine.commands == [SaveSnapshot(tmp_path / "snapshots" / "pong-000000100.nec")]
    session.bridge.pull()
    assert not session.is_saving


@pytest.fixture
def fractions(session: Session) -> list[float]:
    """How far saving is, as it is told."""
    return heard(session.save_progressed)


def test_saving_shows_how_far_it_is_and_ends_when_it_fails(
    session: Session, engine: FakeEngine, fractions: list[float], tmp_path: Path
) -> None:
    engine._autowake = False
    notes = notes_of(session)
    session.save(tmp_path / "mine.nec")
    assert session.is_saving
    engine.publish(events=(SaveFailed(tmp_path / "mine.nec", "the disk is full"),))
    session.bridge.pull()
    assert not session.is_saving
    assert fractions == [0.0, -1.0]
    assert "the disk is full" in notes[0].text


def test_what_becomes_of_an_autosave_leaves_the_save_by_hand_as_it_is(
    session: Session, engine: FakeEngine, fractions: list[float], tmp_path: Path
) -> None:
    engine._autowake = False
    mine, auto = tmp_path / "mine.nec", tmp_path / "pong-autosave-1.nec"
    session.save(mine)
    engine.publish(
        events=(
            SaveProgressed(auto, 0.9),
            SaveFailed(auto, "the disk is full"),
            SnapshotSaved(auto, 1_000, 0.1, is_autosave=True),
            SaveProgressed(mine, 0.5),
        )
    )
    session.bridge.pull()
    assert session.is_saving
    assert fractions == [0.0, 0.5]
    engine.publish(events=(SnapshotSaved(mine, 1_000, 0.1, is_autosave=False),))
    session.bridge.pull()
    assert not session.is_saving


def test_a_second_save_is_refused_in_words_and_the_first_can_still_be_cancelled(
    session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    engine._autowake = False
    notes = notes_of(session)
    session.save(tmp_path / "first.nec")
    session.save(tmp_path / "second.nec")
    assert session.is_saving
    assert "first.nec is still being saved" in notes[0].text
    session.cancel_save()
    assert engine.commands == [SaveSnapshot(tmp_path / "first.nec"), CancelSave()]
