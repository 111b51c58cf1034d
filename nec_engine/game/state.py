"""What a game can be put back to: the emulator's inside, and everything beside it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ale_py
import numpy as np

from nec_engine.errors import DataError
from nec_engine.messages import U8, read_only

ALE_VERSION: Final[str] = ale_py.__version__
_LUCK: Final = struct.Struct("<QB")  # state of the generator, code of the last executed action


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Everything inside the emulator and the luck of sticky actions, but no screen (7.7 KB).

    Only the same version of ale-py with the same game understands it.
    """

    data: bytes
    checksum: int  # crc32: ale-py itself takes some damaged states without a word

    @classmethod
    def from_data(cls, data: bytes) -> EmulatorState:
        """The state that is in ``data``, which is taken to be whole."""
        return cls(data, zlib.crc32(data))

    @classmethod
    def join(cls, ale_data: bytes, luck: int, last_action: int) -> EmulatorState:
        """The state of its parts: ale-py's own, the generator's, the last executed action."""
        return cls.from_data(_LUCK.pack(luck, last_action) + ale_data)

    def split(self) -> tuple[bytes, int, int]:
        """The parts of :meth:`join`; raises :class:`DataError` when the bytes are damaged."""
        if len(self.data) <= _LUCK.size or zlib.crc32(self.data) != self.checksum:
            raise DataError(
                "a state of the emulator is damaged",
                "its checksum does not match",
                "use an older copy of the file",
            )
        luck, last_action = _LUCK.unpack_from(self.data)
        return self.data[_LUCK.size :], luck, last_action


@dataclass(frozen=True, slots=True)
class StartPoint:
    """Everything that play goes on from, between two steps; arrays are read-only."""

    state: EmulatorState
    stack: U8  # uint8[4, 84, 84], oldest first
    rgb: U8  # uint8[H, 160, 3]: the last frame
    score: float
    frame: int  # frames of this episode so far, no-ops included
    lives: int

    def state_dict(self) -> dict[str, Any]:
        """Arrays, bytes and JSON values."""
        return {
            "state": self.state.data,
            "checksum": self.state.checksum,
            "stack": self.stack,
            "rgb": self.rgb,
            "score": self.score,
            "frame": self.frame,
            "lives": self.lives,
        }

    @classmethod
    def from_state_dict(cls, values: Mapping[str, Any]) -> StartPoint:
        """The point that :meth:`state_dict` described; its state is checked when it is used."""
        return cls(
            EmulatorState(bytes(values["state"]), int(values["checksum"])),
            read_only(np.array(values["stack"], np.uint8)),
            read_only(np.array(values["rgb"], np.uint8)),
            float(values["score"]),
            int(values["frame"]),
            int(values["lives"]),
        )


def check_portable(ale_version: str, rom_md5: str, here_md5: str) -> None:
    """Raises :class:`DataError` when states of that version and game mean nothing here."""
    if ale_version != ALE_VERSION:
        raise DataError(
            f"states of the emulator were saved by ale-py {ale_version}",
            f"ale-py {ALE_VERSION}, which is installed, does not understand them",
            "the rest of the data is not affected",
        )
    if rom_md5 != here_md5:
        raise DataError(
            f"states of the emulator belong to the game with MD5 {rom_md5}",
            f"the game that is open has {here_md5}",
            "open the game that they belong to",
        )
