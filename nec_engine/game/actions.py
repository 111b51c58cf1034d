"""From the joystick in a person's hand to the game's actions."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

from nec_engine.messages import HoldStick

NOOP: Final = "noop"

# What the stick does in games where what people expect of it is something else. Pong's paddle
# turns right to go up; in Enduro fire accelerates, in Tetris it turns; Assault shoots with up;
# the pieces of Video Checkers move along diagonals.
_ALIASES: Final[Mapping[str, Mapping[str, str]]] = {
    "assault": {"fire": "up"},
    "enduro": {"up": "fire", "up left": "left fire", "up right": "right fire"},
    "pong": {"up": "right", "down": "left"},
    "tetris": {"up": "fire"},
    "video_checkers": {
        "up": "up right",
        "right": "down right",
        "down": "down left",
        "left": "up left",
    },
}

# A wish that is not met weighs more than an extra that was not wished for, and a direction more
# than fire: of LEFT and FIRE, left and fire together get LEFT; of LEFTFIRE and NOOP, left gets
# LEFTFIRE; up gets NOOP where there is neither an up nor an alias.
_MISSING_DIRECTION, _MISSING_FIRE, _EXTRA_DIRECTION, _EXTRA_FIRE = 4, 3, 2, 1


def stick_to_action(stick: HoldStick, action_names: tuple[str, ...], game: str) -> int:
    """Index of the action nearest to ``stick`` in the game's set; ties go to the earlier one.

    Opposite directions cancel each other.
    """
    vertical = "" if stick.up == stick.down else "up" if stick.up else "down"
    horizontal = "" if stick.left == stick.right else "left" if stick.left else "right"
    return _nearest(f"{vertical} {horizontal}".strip(), stick.fire, action_names, game)


@functools.cache
def _nearest(direction: str, fire: bool, action_names: tuple[str, ...], game: str) -> int:
    """``direction`` is one of the eight in words ("up left") or empty."""
    aliases = _ALIASES.get(game, {})
    held = f"{direction} fire".strip() if fire else direction
    words = aliases.get(held) or aliases.get(direction, direction) + " fire" * fire
    wanted = set(words.split())

    def distance(index: int) -> int:
        offered = set(action_names[index].split()) - {NOOP}
        missing, extra = wanted - offered, offered - wanted
        return (
            _MISSING_DIRECTION * len(missing - {"fire"})
            + _MISSING_FIRE * ("fire" in missing)
            + _EXTRA_DIRECTION * len(extra - {"fire"})
            + _EXTRA_FIRE * ("fire" in extra)
        )

    return min(range(len(action_names)), key=distance)
