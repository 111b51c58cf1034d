"""What the map panel says: of an entry, of the whole map, and in place of one. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.models.map.map_colours import Colouring
from app.models.neighbours.neighbour_rows import NO_MEMORIES
from app.models.wording import (
    action_text,
    age_text,
    count_text,
    origin_text,
    percent_text,
    short_moment_text,
    value_text,
)
from nec_engine.messages import Landmarks, MapAnswer, Moment

ABOUT_COLOURS: Final = {
    Colouring.VALUE: "Colour: the value that an entry promises.",
    Colouring.ACTION: "Colour: the action that an entry is about.",
    Colouring.AGE: "Colour: how long ago an entry was last written, in steps of training.",
    Colouring.ORIGIN: "Colour: who made an entry.",
}
UMAP_DUE: Final = "UMAP is at work; the map stays until then"
ABOUT_MAP: Final = (
    "Each point is a memory: like states lie side by side.\n"
    "The plane is the one in which the keys differ most: it shows so much of their variance.\n"
    "It holds still while the agent learns. Grey: where more entries are than there are points.\n"
    "The dot with a tail is the game now: the mean of its neighbours (rings) by their shares.\n"
    "UMAP lays it out by neighbourhoods instead: near is alike there, far means little.\n"
    "Click a point to select it in every panel, double-click to play on from there.\n"
    "Drag or arrow keys: move. Wheel, + and −: zoom. 0: see all. Shift and drag: a lasso."
)


def why_no_map(answer: MapAnswer | None, action: int | None) -> tuple[str, str]:
    """What to say in place of the map, and what will change it; empty when there is one."""
    if answer is None:
        return "The map is on its way", "It takes a moment when the memory is large."
    if not answer.num_entries:
        return NO_MEMORIES
    if not len(answer.xy):
        return (
            "The memory is empty",
            "Entries appear soon after training is on (T), or when you play yourself (M).",
        )
    if action is not None and not (answer.actions == action).any():
        return "No memories of this action yet", "Choose another one above to see its memories."
    return "", ""


def map_text(answer: MapAnswer) -> str:
    """How many entries are seen, and how much of their differences."""
    if answer.projection is None:
        return ""
    num, total = len(answer.xy), sum(answer.num_entries)
    entries = f"{count_text(total)} entries"
    if num < total:
        entries = f"{count_text(num)} of {entries} as points"
    if isinstance(answer.projection, Landmarks):
        return f"{entries}, by UMAP"
    return f"{entries}, {percent_text(answer.projection.explained)} of variance"


def entry_lines(answer: MapAnswer, index: int, action_names: Sequence[str]) -> tuple[str, ...]:
    """One entry in a few short lines."""
    action = int(answer.actions[index])
    moment = Moment(int(answer.episodes[index]), int(answer.steps[index]))
    return (
        action_text(action_names[action]),
        f"value {value_text(float(answer.values[index]))}",
        f"{origin_text(int(answer.origins[index]))}, {age_text(int(answer.ages_steps[index]))}",
        short_moment_text(moment),
    )
