"""What of a saved agent is needed to play from it: all but what only learning needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nec_engine.learning.open_game import MORE_GAMES

SIDE: Final = "side"  # another agent's state in that of an agent that hands over to it
_NOT_TO_PLAY: Final = (
    "replay", "optimiser", "pending", "num_written", "previous_row", MORE_GAMES,
)  # fmt: skip


def places_not_to_play() -> list[str]:
    """What a reader of a snapshot may leave out, as places in the file."""
    return [f"{at}/{name}" for at in ("agent", f"agent/{SIDE}") for name in _NOT_TO_PLAY]


def to_play(agent: Mapping[str, Any]) -> dict[str, Any]:
    """An agent's state without what only learning needs."""
    left = {name: part for name, part in agent.items() if name not in _NOT_TO_PLAY}
    if SIDE in left:
        left[SIDE] = to_play(left[SIDE])
    return left
