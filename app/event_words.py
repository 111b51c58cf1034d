"""What the engine's events are called in the log and in passing notes."""

from __future__ import annotations

from collections.abc import Iterable

from app.files import clock_words, size_words
from app.lesson_words import lesson_words
from app.models.memory.comparison_words import comparison_words
from app.models.wording import episode_text, moment_text, score_text
from app.note import Note
from nec_engine.messages import (
    BranchBegan,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    EpisodeEnded,
    Event,
    LessonsFailed,
    LessonsLoaded,
    LessonsSaved,
    Luck,
    MemoryEdited,
    Notice,
    Player,
    RecordingEnded,
    RecordingStarted,
    SaveFailed,
    SaveProgressed,
    SnapshotSaved,
    ThreadFailed,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
    WentTo,
)

_WHO = {
    Player.AGENT: "Agent",
    Player.PERSON: "You",
    Player.TRAINER: "Training",
}


def line_of(event: Event) -> str:
    """One line for the log; empty for what is not worth one."""
    match event:
        case Notice(text=text):
            return text
        case EpisodeEnded(player, score, steps, frames, episode):
            length = clock_words(frames / 60)
            who = f"{_WHO[player]}: {episode_text(episode)} ended"
            return f"{who}, score {score_text(score)} ({steps:,} steps, {length})"
        case WentTo():
            return _arrival_words(event)
        case BranchBegan():
            return _branch_words(event)
        case SnapshotSaved(path, num_bytes, took_s, is_autosave):
            what = "Autosaved" if is_autosave else "Saved"
            return f"{what} {path} ({size_words(num_bytes)}, {took_s:.1f} s)"
        case SaveFailed(path, message, is_cancelled):
            return f"Saving {path.name} was cancelled" if is_cancelled else message
        case RecordingStarted(path):
            return f"Recording to {path}"
        case RecordingEnded():
            return _recording_words(event)
        case ThreadFailed(thread, message, trace):
            return f"Fault in the {thread} thread: {message}\n{trace.rstrip()}"
        case VideoSaved(path):
            return f"{_video_words(event)}, {path}"
        case VideoFailed():
            return _lost_video_words(event)
        case MemoryEdited(text=text):
            return text
        case LessonsSaved() | LessonsLoaded() | LessonsFailed():
            return lesson_words(event)
        case ComparisonEnded():
            return comparison_words(event)
        case SaveProgressed() | VideoProgressed() | ComparisonPlanned() | ComparisonProgressed():
            return ""


def note_of(event: Event) -> Note | None:
    """A passing note, or None when the log is enough."""
    match event:
        case Notice(text, is_important, is_problem):
            return Note(text, is_problem) if is_important or is_problem else None
        case WentTo():
            return Note(_arrival_words(event))
        case BranchBegan(is_asked_for=True):
            return Note(_branch_words(event))
        case SnapshotSaved(path, num_bytes, is_autosave=False):
            return Note(f"Saved {path.name} ({size_words(num_bytes)})")
        case SaveFailed(message=message, is_cancelled=is_cancelled, path=path):
            if is_cancelled:
                return Note(f"Saving {path.name} was cancelled")
            return Note(f"Not saved: {message}", is_problem=True)
        case RecordingEnded(problem=problem):
            return Note(_recording_words(event), is_problem=bool(problem))
        case VideoSaved(is_as_recorded=is_as_recorded):
            return Note(_video_words(event), is_problem=not is_as_recorded)
        case VideoFailed(is_cancelled=is_cancelled):
            return Note(_lost_video_words(event), is_problem=not is_cancelled)
        case ComparisonEnded(is_cancelled=False):
            return Note(comparison_words(event), is_problem=bool(event.problem))
        case MemoryEdited(text=text, is_problem=is_problem):
            return Note(text, is_problem)
        case LessonsSaved() | LessonsLoaded() | LessonsFailed():
            return Note(lesson_words(event), is_problem=isinstance(event, LessonsFailed))
        case ThreadFailed(thread, message):
            return Note(
                f"A fault in the {thread} thread: {message}. "
                "The rest goes on; save a snapshot to keep what was learned.",
                is_problem=True,
                action="save",
            )
    return None


def last_words_of(events: Iterable[Event]) -> list[tuple[str, bool]]:
    """(line, whether it is a problem) for what a game told of its files as it was closed."""
    words = []
    for event in events:
        match event:
            case SnapshotSaved():
                words.append((f"{line_of(event)} as its game was closed", False))
            case RecordingEnded(path, problem=problem):
                words.append((f"{line_of(event)}; its game was closed; {path}", bool(problem)))
            case (
                SaveFailed() | VideoSaved() | VideoFailed(is_cancelled=False)
                | LessonsSaved() | LessonsFailed() | Notice(is_problem=True)
            ):  # fmt: skip
                note = note_of(event)
                words.append((line_of(event), note is not None and note.is_problem))
    return words


def _recording_words(event: RecordingEnded) -> str:
    words = f"Recorded {event.path.name} ({clock_words(event.seconds)})"
    if event.num_dropped:
        words += f"; {event.num_dropped:,} frames were left out, the machine was too slow"
    if event.problem:
        if event.seconds == 0:
            return f"Nothing was recorded: {event.problem}"
        return f"The recording ended early: {event.problem}. {words}, what was written plays"
    return words


def _video_words(event: VideoSaved) -> str:
    length, size = clock_words(event.seconds), size_words(event.num_bytes)
    words = f"Saved {event.path.name} ({length}, {size})"
    return words if event.is_as_recorded else f"{words}; it is not exactly what was played"


def _lost_video_words(event: VideoFailed) -> str:
    if event.is_cancelled:
        return f"The video {event.path.name} was cancelled"
    return f"No video was saved: {event.message}"


def _arrival_words(event: WentTo) -> str:
    place, before = moment_text(event.moment), event.steps_before
    if before:
        place = f"{'one step' if before == 1 else f'{before:,} steps'} before {place}"
    return f"The game goes on from {place}"


def _branch_words(event: BranchBegan) -> str:
    words = {Luck.SAME: ", with the same luck", Luck.NEW: ", with new luck", Luck.NONE: ""}
    return f"A branch goes on from {moment_text(event.parent)}{words[event.luck]}"
