"""What the columns of the memory are called, and what stands in their cells. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.models.wording import (
    action_text,
    count_text,
    distance_text,
    origin_text,
    short_count_text,
    value_text,
)
from nec_engine.messages import FIRST_LIVE_EPISODE, Column, EntryColumns


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column as a person meets it."""

    title: str
    tip: str
    widest: str  # a text as wide as they come


WORDS: Final = {
    Column.ACTION: ColumnWords("Action", "What was done in the remembered state.", "LEFT FIRE"),
    Column.ORIGIN: ColumnWords("Made by", "Who played when it was first written.", "imported"),
    Column.VALUE: ColumnWords(
        "Value", "The score that this action promised from there on, later points counting less.",
        "−123.4",
    ),
    Column.DISTANCE: ColumnWords(
        "Distance", "How far its key lies from the one that is compared with; 0: the same.",
        "0.00012",
    ),
    Column.AGE: ColumnWords("Age", "Training steps since it was last written.", "123.4k"),
    Column.RETRIEVALS: ColumnWords(
        "Found", "How often training found it among the nearest neighbours.", "123,456"
    ),
    Column.IDLE: ColumnWords(
        "Last found",
        "How many lookups and writes of training ago it was last found or written. When the\n"
        "memory of its action is full, what was not found for longest makes room.",
        "123.4k ago",
    ),
    Column.UPDATES: ColumnWords(
        "Updates", "How often its state was met again and its value moved.", "12,345"
    ),
    Column.EPISODE: ColumnWords(
        "Episode", "The game in which it was last written: of training, or a live game.",
        "live 1,234",
    ),
    Column.STEP: ColumnWords("Step", "The step of that game.", "27,000"),
}  # fmt: skip
TABLE_COLUMNS: Final = tuple(WORDS)
LEFT_ALIGNED: Final = (Column.ACTION, Column.ORIGIN)


def cell_text(
    column: Column,
    columns: EntryColumns,
    row: int,
    action_names: tuple[str, ...],
    distance_sq: float | None = None,
) -> str:
    """What stands in ``column`` of the entry in ``row``."""
    match column:
        case Column.ACTION:
            return action_text(action_names[columns.entry(row).action])
        case Column.VALUE:
            return value_text(float(columns.values[row]))
        case Column.AGE:
            return short_count_text(max(columns.clock - int(columns.clocks[row]), 0))
        case Column.RETRIEVALS:
            return count_text(int(columns.num_retrievals[row]))
        case Column.IDLE:
            return idle_text(columns.stamp - int(columns.stamps[row]))
        case Column.UPDATES:
            return count_text(int(columns.num_updates[row]))
        case Column.ORIGIN:
            return origin_text(int(columns.origins[row]))
        case Column.EPISODE:
            return short_episode_text(int(columns.episodes[row]))
        case Column.STEP:
            return count_text(int(columns.steps[row]))
        case Column.DISTANCE:
            return "" if distance_sq is None else distance_text(distance_sq)


def idle_text(lookups: int) -> str:
    """How long ago in lookups and writes: "just now", "61.2k ago"."""
    return "just now" if lookups <= 0 else f"{short_count_text(lookups)} ago"


def short_episode_text(episode: int) -> str:
    """Which game, in a cell: "41" of training, "live 3"."""
    if episode >= FIRST_LIVE_EPISODE:
        return f"live {episode - FIRST_LIVE_EPISODE + 1:,}"
    return f"{episode:,}"
