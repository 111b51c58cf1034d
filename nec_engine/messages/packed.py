"""Pictures that many of are kept: deflated, 2 to 4 KB instead of 100."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from nec_engine.messages.arrays import U8, read_only


@dataclass(frozen=True, slots=True)
class PackedPicture:
    """A picture of the game, uint8[H, 160, 3]; packing takes a millisecond, unpacking less."""

    data: bytes

    @classmethod
    def pack(cls, rgb: U8) -> PackedPicture:
        return cls(zlib.compress(rgb.tobytes(), 1))

    def unpack(self) -> U8:
        """uint8[H, 160, 3], read-only."""
        return read_only(np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(-1, 160, 3))
