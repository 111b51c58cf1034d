"""Joysticks as a person holds them."""

from __future__ import annotations

from typing import Final

from nec_engine.messages import HoldStick

STICK_WORDS: Final = ("up", "down", "left", "right", "fire")


def stick_for(words: str) -> HoldStick:
    """Held in these directions: "up left fire"; also those of an action's name, "noop" is none."""
    return HoldStick(**{word: word in words.split() for word in STICK_WORDS})
