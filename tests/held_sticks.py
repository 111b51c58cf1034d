"""Joysticks as a person holds them."""

from __future__ import annotations

from nec_engine.game.actions import STICK_WORDS
from nec_engine.messages import HoldStick


def stick_for(words: str) -> HoldStick:
    """Held in these directions: "up left fire"; also those of an action's name, "noop" is none."""
    return HoldStick(**{word: word in words.split() for word in STICK_WORDS})
