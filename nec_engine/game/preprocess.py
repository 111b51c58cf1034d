"""From the emulator's screens to what the agent sees (Mnih et al. 2015)."""

from __future__ import annotations

import hashlib
from typing import Final

import cv2
import numpy as np

from nec_engine.messages import U8

SCREEN_SIZE: Final = 84
STACK_SIZE: Final = 4


def shrink_screen(grey: U8, out: U8) -> None:
    """Fills ``out`` uint8[84, 84] with the grey screen uint8[H, 160], averaged over areas."""
    cv2.resize(grey, (SCREEN_SIZE, SCREEN_SIZE), dst=out, interpolation=cv2.INTER_AREA)


def hash_observation(observation: U8) -> int:
    """64 bits that tell observations apart: "the same state" of docs/nec.md.

    Takes uint8[4, 84, 84]. Equal arrays give equal hashes on every machine.
    """
    digest = hashlib.blake2b(np.ascontiguousarray(observation).data, digest_size=8).digest()
    return int.from_bytes(digest, "little")
