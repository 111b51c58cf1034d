"""What a comparison takes of main memory, before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from nec_engine.errors import NecError, SnapshotError
from nec_engine.machine import MOST_OF_RAM, machine_ram_bytes
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import ComparisonPlanned, TwoSnapshots, WithAndWithoutEdits
from nec_engine.run.checks import refuse_other_files
from nec_engine.storage.snapshot import read_header

# Of the process that plays, without its entries: torch and 32 emulators (measured: 0.44 GB).
BYTES_OF_CHILD: Final = 450_000_000
# Of an entry, beside its key: norm, value, record, stamps; and what the slot map takes for it.
BYTES_BESIDE_KEY: Final = 90
BYTES_IN_MAP: Final = 140


def entry_bytes(key_size: int) -> int:
    """What the arrays of one entry take."""
    return 4 * key_size + BYTES_BESIDE_KEY


def plan_edits(
    sides: WithAndWithoutEdits, memory: EpisodicMemory | None, num_edited: int
) -> ComparisonPlanned:
    """For the open agent, ``num_edited`` entries of which an undo would put back.

    A copy of its memory here, and it is loaded there.
    """
    if memory is None:
        return ComparisonPlanned(sides, 0, "This agent has no memory that could be edited.")
    if not num_edited:
        return ComparisonPlanned(
            sides, 0, "No edit can be undone. Edit a memory first: select one, then Del or Ctrl+E."
        )
    num_entries, key_size = sum(memory.sizes), memory.settings.key_size
    copy = num_entries * entry_bytes(key_size)
    needed = copy + _child_bytes([(num_entries + num_edited, key_size)])
    return ComparisonPlanned(sides, needed, _refusal(needed))


def plan_snapshots(sides: TwoSnapshots) -> ComparisonPlanned:
    """For two files: they are loaded there one after the other."""
    try:
        paths = (sides.first, sides.second)
        headers = [read_header(path) for path in paths]
        for path, header in zip(paths, headers, strict=True):
            refuse_other_files(path, header)
        _refuse_different_games(paths, headers)
    except NecError as error:
        return ComparisonPlanned(sides, 0, f"{error}.")
    needed = _child_bytes(
        [(sum(header["memory"]["sizes"]), header["memory"]["key_size"]) for header in headers]
    )
    return ComparisonPlanned(sides, needed, _refusal(needed))


def _child_bytes(memories: Sequence[tuple[int, int]]) -> int:
    """For the largest of these (entries, key size): as read, and as loaded."""
    return BYTES_OF_CHILD + max(
        num * (2 * entry_bytes(key_size) + BYTES_IN_MAP) for num, key_size in memories
    )


def _refusal(needed: int) -> str:
    ram = machine_ram_bytes()
    if needed <= MOST_OF_RAM * ram:
        return ""
    return (
        f"It would take {needed / 1e9:.1f} GB of main memory, more than 60 % of this machine's "
        f"{ram / 1e9:.1f} GB. Compare exported snapshots, which hold fewer entries."
    )


def _refuse_different_games(paths: tuple[Path, Path], headers: Sequence[dict[str, Any]]) -> None:
    first, second = (header["game"] for header in headers)
    if first != second:
        raise SnapshotError(
            "these snapshots cannot be compared",
            f"{paths[0].name} is of {first}, {paths[1].name} of {second}",
            "choose two of one game",
        )
