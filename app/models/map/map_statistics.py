"""What is in a lasso: how many, of which actions, values, ages and origins. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.models.wording import (
    action_text,
    age_text,
    count_text,
    level_text,
    origin_text,
    percent_text,
)
from nec_engine.messages import (
    I64,
    U8,
    Entry,
    EntrySet,
    MapAnswer,
    Moment,
    Origin,
    Projection,
    read_only,
)

SHEET_SIZE: Final = 12
MOST_NAMED: Final = 3  # kinds of one sort, the rest is summed up


def contact_sheet_of(answer: MapAnswer, chosen: I64) -> I64:
    """Up to twelve of the chosen entries, drawn at random, the highest value first.

    The order of a map is random and lasting, so the first ones are a fair draw and stay the same.
    """
    drawn = chosen[:SHEET_SIZE]
    return drawn[np.argsort(-answer.values[drawn], kind="stable")]


def statistics_of(answer: MapAnswer, chosen: I64, action_names: Sequence[str]) -> tuple[str, ...]:
    """Lines of words about the chosen entries, which are one or more."""
    values, ages = answer.values[chosen], answer.ages_steps[chosen]
    low, high = float(values.min()), float(values.max())
    span = max(high - low, abs(high), abs(low))
    names = [action_text(name) for name in action_names]
    origins = [origin_text(origin) for origin in Origin]
    return (
        f"{count_text(len(chosen))} of {count_text(len(answer.xy))} entries on the map",
        f"Mean value {level_text(float(values.mean()), span)}"
        f" ({level_text(low, span)} to {level_text(high, span)})",
        _parts(answer.actions[chosen], names),
        f"Written {age_text(int(ages.max()))} to {age_text(int(ages.min()))}",
        "By " + _parts(answer.origins[chosen], origins),
    )


def entry_at(answer: MapAnswer, index: int) -> Entry:
    """One entry of a map, named for all views."""
    return Entry(
        int(answer.actions[index]),
        int(answer.slots[index]),
        Moment(int(answer.episodes[index]), int(answer.steps[index])),
        int(answer.state_hashes[index]),
    )


def entries_at(answer: MapAnswer, chosen: I64) -> EntrySet:
    """Some entries of a map, named for an edit of all of them."""
    return EntrySet(
        read_only(answer.actions[chosen].astype(np.int64)),
        read_only(answer.state_hashes[chosen]),
        read_only(answer.episodes[chosen].astype(np.int64)),
        read_only(answer.steps[chosen].astype(np.int64)),
    )


def index_of(answer: MapAnswer, entry: Entry) -> int | None:
    """Where an entry is on the map; None when it is no point of it.

    When others are deleted it may take another slot, and a visit changes its moment.
    """
    is_in_place = (answer.slots == entry.slot) | (
        (answer.episodes == entry.moment.episode) & (answer.steps == entry.moment.step)
    )
    found = np.flatnonzero(
        (answer.state_hashes == np.uint64(entry.state_hash))
        & (answer.actions == entry.action)
        & is_in_place
    )
    return int(found[0]) if len(found) else None


def is_same_plane(answer: MapAnswer, before: MapAnswer | None) -> bool:
    """Whether places of one map mean the same on the other."""
    now, then = answer.projection, None if before is None else before.projection
    if isinstance(now, Projection) and isinstance(then, Projection):
        return now.axes is then.axes
    return now is not None and now is then


def _parts(codes: U8, texts: Sequence[str]) -> str:
    """The most frequent first: LEFT 61 %, UP 30 %, 4 others 9 %."""
    parts = np.bincount(codes, minlength=len(texts)) / len(codes)
    order = [code for code in np.argsort(-parts, kind="stable").tolist() if parts[code]]
    words = [f"{texts[code]} {percent_text(parts[code])}" for code in order]
    if len(words) > MOST_NAMED + 1:
        others = percent_text(float(parts[order[MOST_NAMED:]].sum()))
        words[MOST_NAMED:] = [f"{len(order) - MOST_NAMED} others {others}"]
    return ", ".join(words)
