"""Lesson files: each lesson as the state it begins in and the actions played from there."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.roms import Rom
from nec_engine.game.state import ALE_VERSION, EmulatorState, StartPoint
from nec_engine.journal.episode import World
from nec_engine.messages import U8, pack_picture, unpack_picture
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import write_snapshot
from nec_engine.version import PROGRAM_VERSION

KIND: Final = "lessons"
# What recorded actions depend on; how often the journal keeps a state is none of it.
WORLD_NAMES: Final = tuple(name for name in World._fields if name != "journal_key_steps")


@dataclass(frozen=True, slots=True)
class RecordedLesson:
    """A lesson that can be played again, by itself."""

    start: StartPoint
    actions: U8  # uint8[N], in the order of the game's action set
    last_hash: int  # of the observation after the last action: what a replay must end in
    points: float  # rewards on the way


def write_lessons(
    path: Path, lessons: Sequence[RecordedLesson], rom: Rom, settings: Settings
) -> int:
    """Bytes of the file written, whole and on the disk. Raises :class:`SnapshotError`."""
    header = {
        "kind": KIND,
        "program_version": PROGRAM_VERSION,
        "ale_py_version": ALE_VERSION,
        "game": rom.name,
        "rom_md5": rom.md5,
        "num_lessons": len(lessons),
        "num_steps": sum(len(lesson.actions) for lesson in lessons),
        "points": sum(lesson.points for lesson in lessons),
        "world": _world(settings),
    }
    tree = {"lessons": {str(number): _packed(lesson) for number, lesson in enumerate(lessons)}}
    return write_snapshot(path, tree, header=header)


def read_lessons(path: Path, rom: Rom, settings: Settings) -> tuple[RecordedLesson, ...]:
    """The lessons of a file that fits this game and these settings, every byte checked.

    Raises :class:`SnapshotError` for a damaged file and :class:`DataError` for one that does not
    fit.
    """
    with SnapshotReader(path) as reader:
        _refuse_foreign(path, reader.header, rom, settings)
        reader.verify()
        tree = reader.read()
    try:
        packed = tree["lessons"]
        lessons = tuple(_unpacked(packed[str(number)]) for number in range(len(packed)))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path.name} cannot be read",
            f"its parts do not fit together ({type(error).__name__}: {error})",
            "use another lesson file",
        ) from error
    if not all(lesson.start.state.is_of_game(rom.md5) for lesson in lessons):
        raise DataError(
            f"{path.name} cannot be played",
            "its start states are not of the game it names",
            "use another lesson file",
        )
    return lessons


def refuse_other_world(world: World, settings: Settings) -> None:
    """Raise :class:`DataError` where actions of ``world`` would do something else now."""
    differing = _differing(world._asdict(), settings)
    if differing:
        raise DataError(
            f"it was played with {', '.join(differing)}",
            "with the settings of now its actions would do something else",
            "open the game with those to save it",
        )


def _differing(world: Mapping[str, Any], settings: Settings) -> list[str]:
    """What of ``world`` is another than now, as name=value."""
    ours = _world(settings)
    return [f"{name}={world.get(name)}" for name in ours if world.get(name) != ours[name]]


def _world(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in WORLD_NAMES}


def _refuse_foreign(path: Path, header: Mapping[str, Any], rom: Rom, settings: Settings) -> None:
    if header.get("kind") != KIND:
        raise DataError(
            f"{path.name} is no lesson file", "it is a snapshot", "open it with Open…, or choose "
            "a file that Save lessons wrote",
        )  # fmt: skip
    if header.get("rom_md5") != rom.md5:
        raise DataError(
            f"{path.name} holds lessons of {header.get('game')}",
            f"the game that is open is {rom.name}"
            + (", with another MD5" if header.get("game") == rom.name else ""),
            "open the game that they belong to",
        )
    if header.get("ale_py_version") != ALE_VERSION:
        raise DataError(
            f"{path.name} was saved with ale-py {header.get('ale_py_version')}",
            f"ale-py {ALE_VERSION}, which is installed, does not understand its start states",
            "install that version, or teach anew",
        )
    world = header.get("world")
    differing = _differing(world if isinstance(world, Mapping) else {}, settings)
    if differing:
        raise DataError(
            f"{path.name} was played with {', '.join(differing)}",
            "here its actions would do something else",
            "open the game with these settings",
        )


def _packed(lesson: RecordedLesson) -> dict[str, Any]:
    start = lesson.start
    return {
        "state": start.state.data,
        "checksum": start.state.checksum,
        "stack": start.stack,
        "picture": pack_picture(start.rgb),
        "actions": lesson.actions,
        "last_hash": f"{lesson.last_hash:016x}",
        "points": lesson.points,
    }


def _picture(values: Mapping[str, Any], stack: U8) -> U8:
    """What was seen before the first step, uint8[H, 160, 3]; older files have it small and grey."""
    if "picture" not in values:
        grey = cv2.resize(stack[-1], (160, int(values["height"])))
        return np.repeat(grey[:, :, None], 3, axis=2)
    try:
        return unpack_picture(bytes(values["picture"])).copy()
    except zlib.error as error:
        raise ValueError(f"a picture that cannot be unpacked: {error}") from error


def _unpacked(values: Mapping[str, Any]) -> RecordedLesson:
    state = EmulatorState(bytes(values["state"]), int(values["checksum"]))
    state.split()
    stack = np.array(values["stack"], np.uint8)
    if stack.shape != (4, 84, 84):
        raise ValueError(f"a stack of screens with the shape {stack.shape}")
    rgb = _picture(values, stack)
    return RecordedLesson(
        StartPoint.join(state, stack, rgb),
        np.array(values["actions"], np.uint8),
        int(values["last_hash"], 16),
        float(values["points"]),
    )
