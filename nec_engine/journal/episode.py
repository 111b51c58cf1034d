"""One recorded game: where it began, one byte for each step, a key state every few steps.

Measured (docs/decisions.md): a state of the emulator differs from the first state of its episode
in so few bytes that the difference deflates to 130 to 350, in all games, at any distance. So each
key state stands on the start alone, and any moment costs one key state and a few steps.
"""

from __future__ import annotations

import dataclasses
import zlib
from array import array
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE
from nec_engine.game.state import EmulatorState, StartPoint
from nec_engine.messages import FIRST_LIVE_EPISODE

_STACK_SHAPE: Final = (STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE)
_STACK_BYTES: Final = STACK_SIZE * SCREEN_SIZE * SCREEN_SIZE


class World(NamedTuple):
    """The settings that the recorded actions depend on."""

    frame_skip: int
    sticky_actions: float
    full_action_set: bool
    game_mode: int
    game_difficulty: int
    journal_key_steps: int

    @classmethod
    def of(cls, settings: Settings) -> World:
        return cls(*(getattr(settings, name) for name in cls._fields))

    def settings(self, base: Settings) -> Settings:
        """``base`` changed to this world."""
        return dataclasses.replace(base, **self._asdict())


@dataclass(frozen=True, slots=True)
class PackedStart:
    """A :class:`StartPoint` deflated: about 5 KB instead of 136."""

    state: bytes
    pictures: bytes  # the observation and the colours

    @classmethod
    def pack(cls, point: StartPoint) -> PackedStart:
        pictures = point.stack.tobytes() + point.rgb.tobytes()
        return cls(zlib.compress(point.state.data), zlib.compress(pictures))

    def unpack_state(self) -> EmulatorState:
        return EmulatorState.from_data(zlib.decompress(self.state))

    def unpack(self) -> StartPoint:
        pictures = np.frombuffer(zlib.decompress(self.pictures), np.uint8)
        stack = pictures[:_STACK_BYTES].reshape(_STACK_SHAPE)
        rgb = pictures[_STACK_BYTES:].reshape(-1, 160, 3)
        return StartPoint.join(self.unpack_state(), stack, rgb)


class Episode:
    """A recorded game. One thread appends; any thread reads, up to ``num_steps``."""

    __slots__ = (
        "_actions",
        "_key_ends",
        "_keys",
        "_packed_start",
        "episode_id",
        "is_open",
        "num_steps",
        "world",
    )

    def __init__(
        self,
        episode_id: int,
        world: World,
        packed_start: PackedStart,
        *,
        actions: bytes = b"",
        keys: bytes = b"",
        key_ends: array[int] | None = None,
    ) -> None:
        """A closed episode with what is recorded of it already; see :meth:`open`."""
        self.episode_id = episode_id
        self.world = world
        self._packed_start = packed_start
        self._actions: bytes | bytearray = actions
        self._keys: bytes | bytearray = keys
        self._key_ends = array("Q") if key_ends is None else key_ends
        self.is_open = False
        self.num_steps = len(actions)  # published last: what stands before it is complete

    @property
    def is_live(self) -> bool:
        return self.episode_id >= FIRST_LIVE_EPISODE

    @property
    def num_bytes(self) -> int:
        """What is stored."""
        start = self._packed_start
        stored = len(start.state) + len(start.pictures) + len(self._actions) + len(self._keys)
        return stored + len(self._key_ends) * self._key_ends.itemsize

    # --- the writer's thread ---

    def open(self) -> None:
        """From now on steps can be appended."""
        self._actions, self._keys = bytearray(self._actions), bytearray(self._keys)
        self.is_open = True

    def close(self) -> None:
        """Gives back the room kept for further steps."""
        self._actions, self._keys = bytes(self._actions), bytes(self._keys)
        self.is_open = False

    def append(self, action: int, key_state: bytes | None, start_state: bytes) -> None:
        """Records one step; ``key_state`` is the state before it where one is due."""
        assert isinstance(self._actions, bytearray)
        assert isinstance(self._keys, bytearray)
        if key_state is not None:
            self._keys += state_difference(key_state, start_state)
            self._key_ends.append(len(self._keys))
        self._actions.append(action)
        self.num_steps += 1

    # --- any thread ---

    def start(self) -> StartPoint:
        """Where the episode began."""
        return self._packed_start.unpack()

    def start_state(self) -> EmulatorState:
        return self._packed_start.unpack_state()

    def actions(self, first: int, last: int) -> bytes:
        """The actions of the steps ``first`` to ``last - 1``, one byte each."""
        assert 0 <= first <= last <= self.num_steps
        return bytes(self._actions[first:last])

    def key_step_at_or_before(self, step: int) -> int:
        """The latest step up to ``step`` whose state is stored; 0 for the start."""
        period = self.world.journal_key_steps
        number = max(0, min(step // period, len(self._key_ends)))
        while number and not self._key_bytes(number):
            number -= 1
        return number * period

    def key_state(self, step: int) -> EmulatorState:
        """The state before ``step``, which must be one of the stored ones (not the start)."""
        difference = self._key_bytes(step // self.world.journal_key_steps)
        start_state = self.start_state().data
        return EmulatorState.from_data(state_from(difference, start_state))

    def packed(self) -> PackedEpisode:
        """A consistent copy, also while another thread appends."""
        num_steps = self.num_steps
        num_keys = self._num_keys(num_steps)
        key_ends = self._key_ends[:num_keys]
        return PackedEpisode(
            self.episode_id,
            self.world,
            self._packed_start,
            bytes(self._actions[:num_steps]),
            bytes(self._keys[: key_ends[-1] if num_keys else 0]),
            key_ends,
            self.is_open,
        )

    def check_valid(self) -> list[str]:
        """Problems; must not be called while another thread appends."""
        name, ends = f"episode {self.episode_id}", self._key_ends
        problems = []
        if len(self._actions) != self.num_steps:
            problems.append(f"{name}: {len(self._actions)} actions of {self.num_steps} steps")
        if len(ends) != self._num_keys(self.num_steps):
            problems.append(f"{name}: {len(ends)} key states in {self.num_steps} steps")
        if any(a > b for a, b in zip([0, *ends], ends, strict=False)):
            problems.append(f"{name}: key states out of order")
        if (ends[-1] if ends else 0) != len(self._keys):
            problems.append(f"{name}: {len(self._keys)} bytes of key states")
        return problems

    def _key_bytes(self, number: int) -> bytes:
        """The difference of the key state before step ``number`` K, from 1; empty: left out."""
        first = self._key_ends[number - 2] if number > 1 else 0
        return bytes(self._keys[first : self._key_ends[number - 1]])

    def _num_keys(self, num_steps: int) -> int:
        """Key states stand before the steps K, 2K ...; the state before step 0 is the start."""
        return max(0, num_steps - 1) // self.world.journal_key_steps


class PackedEpisode(NamedTuple):
    """All that :class:`Episode` stores, at one instant."""

    episode_id: int
    world: World
    start: PackedStart
    actions: bytes
    keys: bytes
    key_ends: array[int]
    is_open: bool


def state_difference(state: bytes, base: bytes) -> bytes:
    """``state`` as what differs from ``base``, deflated."""
    return zlib.compress(_exclusive_or(state, base), level=6, wbits=-zlib.MAX_WBITS)


def state_from(difference: bytes, base: bytes) -> bytes:
    """The state whose :func:`state_difference` from ``base`` this is."""
    return _exclusive_or(zlib.decompress(difference, wbits=-zlib.MAX_WBITS), base)


def _exclusive_or(state: bytes, base: bytes) -> bytes:
    """Byte by byte as far as both reach; the rest of a longer ``state`` as it is."""
    shared = min(len(state), len(base))
    mixed = np.frombuffer(state, np.uint8, shared) ^ np.frombuffer(base, np.uint8, shared)
    return mixed.tobytes() + state[shared:]
