"""Conditions on entries, from what a person writes and back into words. No Qt here."""

from __future__ import annotations

import math
import re
from typing import Final

from app.models.memory.entry_words import WORDS, short_episode_text
from app.models.wording import (
    MINUS,
    action_text,
    distance_text,
    episode_text,
    origin_text,
    short_count_text,
    value_text,
)
from nec_engine.messages import FIRST_LIVE_EPISODE, Column, EntryFilter, Limits

# Those that are limited from and to; actions and makers are chosen from lists.
RANGED: Final = tuple(column for column in WORDS if column not in (Column.ACTION, Column.ORIGIN))
_NUMBER: Final = re.compile(r"(live )?([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)([kmg]?)", re.IGNORECASE)
_UNITS: Final = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9}


def limit_of(column: Column, text: str) -> float | None:
    """The end of a range: "1,200", "5k", "−0.5", of episodes also "live 3"; None when left empty.

    Distances are squared, as they are compared. ``ValueError`` when it is no number.
    """
    plain = " ".join(text.replace(",", "").replace(MINUS, "-").split())
    if not plain:
        return None
    match = _NUMBER.fullmatch(plain)
    if match is None or (match[1] and column is not Column.EPISODE):
        raise ValueError(text)
    number = float(match[2]) * _UNITS[match[3].lower()]
    if match[1]:
        return number - 1 + FIRST_LIVE_EPISODE
    return number * number if column is Column.DISTANCE else number


def limit_text(column: Column, limit: float) -> str:
    """The end of a range as it is written; empty when it is open."""
    if not math.isfinite(limit):
        return ""
    if column is Column.EPISODE:
        return short_episode_text(int(limit))
    if column is Column.DISTANCE:
        return distance_text(limit)
    return value_text(limit) if column is Column.VALUE else short_count_text(int(limit))


def filter_text(entry_filter: EntryFilter, action_names: tuple[str, ...]) -> str:
    """All conditions in a few words: "LEFT, value 1.0 to 3.0, found from 5"; empty without any."""
    return ", ".join(
        _condition_text(column, limits, action_names)
        for column, limits in entry_filter.limits.items()
    )


def _condition_text(column: Column, limits: Limits, action_names: tuple[str, ...]) -> str:
    if column is Column.ACTION:
        return action_text(action_names[int(limits.low)])
    if column is Column.ORIGIN:
        return f"made by {origin_text(int(limits.low))}"
    if column is Column.EPISODE and limits.low == limits.high:
        return episode_text(int(limits.low))
    title = WORDS[column].title.lower()
    low, high = limit_text(column, limits.low), limit_text(column, limits.high)
    if low == high:
        return f"{title} {low}"
    if low and high:
        return f"{title} {low} to {high}"
    return f"{title} from {low}" if low else f"{title} up to {high}"
