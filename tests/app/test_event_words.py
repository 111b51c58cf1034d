"""Events in the log and as notes."""

from __future__ import annotations

from pathlib import Path

from app.event_words import line_of, note_of
from nec_engine.messages import (
    EpisodeEnded,
    MemoryEdited,
    Notice,
    Player,
    RecordingEnded,
    SaveFailed,
    SaveProgressed,
    SnapshotSaved,
    ThreadFailed,
)

PATH = Path("/data/snapshots/pong-1.nec")


def test_an_episodes_end_is_a_line_with_who_played_and_no_note() -> None:
    event = EpisodeEnded(Player.PERSON, -7.0, 300, 1200, 4)
    assert line_of(event) == "You: episode 4 ended, score −7 (300 steps, 0:20)"
    assert note_of(event) is None


def test_a_save_by_hand_is_noted_and_an_autosave_only_logged() -> None:
    by_hand = SnapshotSaved(PATH, 12_300_000, 0.4, is_autosave=False)
    alone = SnapshotSaved(PATH, 12_300_000, 0.4, is_autosave=True)
    note = note_of(by_hand)
    assert note is not None
    assert "pong-1.nec" in note.text
    assert note_of(alone) is None
    assert line_of(alone).startswith("Autosaved")


def test_a_save_that_failed_is_a_problem_and_a_cancelled_one_is_not() -> None:
    failed = note_of(SaveFailed(PATH, "the disk is full"))
    cancelled = note_of(SaveFailed(PATH, "cancelled", is_cancelled=True))
    assert failed is not None
    assert failed.is_problem
    assert "the disk is full" in failed.text
    assert cancelled is not None
    assert not cancelled.is_problem


def test_how_far_a_save_has_come_is_neither_logged_nor_noted() -> None:
    event = SaveProgressed(PATH, 0.5)
    assert line_of(event) == ""
    assert note_of(event) is None


def test_a_recording_tells_its_length_and_what_was_left_out() -> None:
    note = note_of(RecordingEnded(Path("a.mp4"), 41.0, 12))
    assert note is not None
    assert not note.is_problem
    assert "0:41" in note.text
    assert "12 frames" in note.text


def test_a_recording_that_ended_early_says_why_and_that_the_rest_plays() -> None:
    note = note_of(RecordingEnded(Path("a.mp4"), 41.0, 0, "the disk is full"))
    assert note is not None
    assert note.is_problem
    assert "the disk is full" in note.text


def test_a_fault_in_a_thread_offers_to_save_and_logs_the_traceback() -> None:
    event = ThreadFailed("train", "ValueError: no", "Traceback ...")
    note = note_of(event)
    assert note is not None
    assert note.action == "save"
    assert "Traceback" in line_of(event)


def test_a_notice_is_noted_only_when_it_matters() -> None:
    assert note_of(Notice("an index was built")) is None
    assert note_of(Notice("no GPU", is_important=True)) is not None


def test_an_edit_of_the_memory_is_logged_and_noted() -> None:
    event = MemoryEdited("Deleted 3 entries of LEFT", "deleting 3 entries of LEFT", "", 1, 0)
    assert line_of(event) == "Deleted 3 entries of LEFT"
    note = note_of(event)
    assert note is not None
    assert not note.is_problem
