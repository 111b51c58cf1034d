"""What the status bar says, in parts that give way one after the other where room is short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.controls import speed_words
from app.files import clock_words
from app.models.wording import score_text, short_episode_text
from nec_engine.messages import Frame, GameInfo, LiveStatus, Progress

BETWEEN: Final = "  "


class Part(NamedTuple):
    """Some words, whole or not at all: numbers that are cut would read as other numbers."""

    text: str
    rank: int = 0  # the highest gives way first, 0 never


Parts = tuple[Part, ...]


def line_of(parts: Parts) -> str:
    """The parts as one text."""
    return BETWEEN.join(part.text for part in parts)


def fitting(
    labels: Sequence[Parts], width_of: Callable[[Sequence[Parts]], int], room: int
) -> list[Parts]:
    """What of each label is shown in ``room`` pixels: as few parts as it takes are left out."""
    shown = list(labels)
    ranks = sorted({part.rank for parts in labels for part in parts if part.rank}, reverse=True)
    for rank in ranks:
        if width_of(shown) <= room:
            break
        shown = [tuple(part for part in parts if part.rank != rank) for parts in shown]
    return shown


def game_parts(info: GameInfo | None, frame: Frame | None) -> Parts:
    """The game, the episode, where in it, its score and the best one."""
    if info is None:
        return (Part("No game is open"),)
    parts = [Part(info.title, 1)]
    if frame is not None:
        parts.append(Part(short_episode_text(frame.moment.episode), 4))
        parts += [Part(f"step {frame.moment.step:,}", 6), Part(f"score {score_text(frame.score)}")]
        if frame.best_score is not None:
            parts.append(Part(f"best {score_text(frame.best_score)}", 10))
    return tuple(parts)


def pace_parts(status: LiveStatus | None) -> Parts:
    """Frames a second and the speed of the live game; or that it stands still."""
    if status is None or status.is_watching_training:  # the game that is shown has neither
        return ()
    if status.is_past:
        return (Part("the past"),)
    if status.is_paused:
        return (Part("paused"),)
    speed = speed_words(status.speed)
    if status.frames_per_s > 65:
        speed = f"{speed}, 60 drawn"
    return Part(f"{status.frames_per_s:.0f} fps", 5), Part(speed)


def training_parts(progress: Progress | None) -> Parts:
    """Whether training goes on, how fast, how far it is, how much it explores."""
    if progress is None:
        return ()
    steps = Part(f"{progress.steps:,} steps", 9)
    if not progress.is_training:
        return Part("training off", 2), steps
    rate = Part(f"{progress.activity} {progress.steps_per_s:.0f} steps/s", 2)
    return rate, steps, Part(f"ε {progress.epsilon:.3g}", 7)


def recording_words(status: LiveStatus | None) -> str:
    """That a video of the live game is made, how long it is, and whether it waits for that game."""
    if status is None or status.recording is None:
        return ""
    words = f"● REC {clock_words(status.recording_s)}"
    return f"{words}, waits" if status.is_watching_training else words


def memory_parts(progress: Progress | None) -> Parts:
    """How full the memory is, and how good its index."""
    if progress is None:
        return ()
    if not progress.memory_sizes:
        return (Part("no memory", 3),)
    room = progress.memory_capacity * len(progress.memory_sizes)
    filled = Part(f"memory {sum(progress.memory_sizes):,}/{room:,}", 3)
    if progress.recall_at_50 is None:
        return (filled,)
    return filled, Part(f"recall {progress.recall_at_50:.2f}", 8)
