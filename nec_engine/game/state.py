"""What a game can be put back to: the emulator's inside, and everything beside it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import ale_py
import numpy as np

from nec_engine.errors import DataError
from nec_engine.messages import U8, read_only

ALE_VERSION: Final[str] = ale_py.__version__


class Counts(NamedTuple):
    """What belongs to a game but is not inside ale-py's own state."""

    luck: int  # of sticky actions, 64 bits
    last_action: int  # executed, in ale-py's codes
    lives: int
    score: float
    num_frames: int  # of this episode, no-ops included
    num_steps: int  # of this episode


_COUNTS: Final = struct.Struct("<QBbdII")
_MD5_AT: Final = slice(32, 64)  # of the game, in ale-py's own data
_SOUND_PART: Final = b"TIASound"
_PART_AFTER_SOUND: Final = b"Cartridge"
_PARTS: Final = (b"System", b"M6502", b"M6532", b"TIA", _SOUND_PART, _PART_AFTER_SOUND)  # in order


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Everything inside the emulator and the counts beside it, but no screen (7.7 KB).

    Only the same version of ale-py with the same game understands it.
    """

    data: bytes
    checksum: int  # crc32: ale-py itself takes some damaged states without a word

    @classmethod
    def from_data(cls, data: bytes) -> EmulatorState:
        """The state that is in ``data``, which is taken to be whole."""
        return cls(data, zlib.crc32(data))

    @classmethod
    def join(cls, counts: Counts, ale_data: bytes) -> EmulatorState:
        return cls.from_data(_COUNTS.pack(*counts) + ale_data)

    def split(self) -> tuple[Counts, bytes]:
        """The parts of :meth:`join`; raises :class:`DataError` when the bytes are damaged."""
        if len(self.data) <= _COUNTS.size or zlib.crc32(self.data) != self.checksum:
            raise DataError(
                "a state of the emulator is damaged",
                "its checksum does not match",
                "use an older copy of the file",
            )
        return self.counts, self.data[_COUNTS.size :]

    def is_of_game(self, rom_md5: str) -> bool:
        """Whether ale-py's own data names the game and has all its parts.

        To be asked before every restore: ale-py refuses most nonsense by an exception, but from
        some it never returns.
        """
        data = self.data[_COUNTS.size :]
        if data[_MD5_AT] != rom_md5.encode():
            return False
        place = _MD5_AT.stop
        for part in _PARTS:
            place = data.find(part, place)
            if place < 0:
                return False
        return True

    def is_like(self, other: EmulatorState) -> bool:
        """Whether both are the same place of the same game, byte by byte but for the sound.

        A game that is played without sound keeps its sound chip as it was at first.
        """
        return self._without_sound() == other._without_sound()

    def _without_sound(self) -> bytes:
        start = self.data.find(_SOUND_PART, _COUNTS.size)
        end = self.data.find(_PART_AFTER_SOUND, start)
        return self.data[:start] + self.data[end:]

    @property
    def counts(self) -> Counts:
        """The counts of a whole state."""
        return Counts(*_COUNTS.unpack_from(self.data))


@dataclass(frozen=True, slots=True)
class StartPoint:
    """Everything that play goes on from, between two steps; arrays are read-only."""

    state: EmulatorState
    stack: U8  # uint8[4, 84, 84], oldest first
    rgb: U8  # uint8[H, 160, 3]: the last frame
    score: float
    frame: int  # frames of this episode so far, no-ops included
    lives: int

    @classmethod
    def join(cls, state: EmulatorState, stack: U8, rgb: U8) -> StartPoint:
        """The point of a state and what was seen there, which is nobody else's from now on."""
        counts = state.counts
        return cls(
            state,
            read_only(stack),
            read_only(rgb),
            counts.score,
            counts.num_frames,
            counts.lives,
        )

    def state_dict(self) -> dict[str, Any]:
        """Arrays, bytes and JSON values."""
        return {
            "state": self.state.data,
            "checksum": self.state.checksum,
            "stack": self.stack,
            "rgb": self.rgb,
        }

    @classmethod
    def from_state_dict(cls, values: Mapping[str, Any]) -> StartPoint:
        """The point that :meth:`state_dict` described.

        Raises :class:`DataError` when it is damaged.
        """
        state = EmulatorState(bytes(values["state"]), int(values["checksum"]))
        state.split()
        return cls.join(
            state, np.array(values["stack"], np.uint8), np.array(values["rgb"], np.uint8)
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
