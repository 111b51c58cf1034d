"""How much memory the memory takes, before it is taken."""

from __future__ import annotations

from typing import Final

from nec_engine.config import AUTO, Settings
from nec_engine.errors import SettingError
from nec_engine.memory.neighbours import RECORD

MOST_OF_DEVICE: Final = 0.8  # of what is free there: networks and what is computed need the rest
LESS_CAPACITY: Final = 100_000  # where nobody set another and the paper's has no room
# Squared norm and value (4 each), stamp, retrievals and hash by slot (8 each), and the entry of
# the hash -> slot map with its two Python integers.
BYTES_BESIDE_KEY = 4 + 4 + 3 * 8 + RECORD.itemsize + 130


def estimate_bytes(num_actions: int, capacity: int, settings: Settings) -> int:
    """What a full memory takes, its index included. Lazily: only what is filled is really used."""
    key_bytes = 4 * settings.key_size
    per_entry = key_bytes + BYTES_BESIDE_KEY
    if settings.index in ("auto", "annoy"):
        # A copy of the keys, about 12 bytes a tree (nodes and leaves), place and shift in the tail.
        per_entry += key_bytes + 12 * settings.annoy_trees + 8
    if settings.index == "hnsw":
        # A node is a copy of the key, its links and 160 bytes (measured); a third may be deleted
        # ones. Node, shift and flags of a slot.
        per_entry += 3 * (key_bytes + 8 * settings.hnsw_m + 160) // 2 + 14
    return num_actions * capacity * per_entry


def device_bytes(num_actions: int, capacity: int, settings: Settings) -> int:
    """What a memory takes on a device, all of it from the start: keys, squared norms, values."""
    return num_actions * capacity * (4 * settings.key_size + 4 + 4)


def capacity_on_device(
    num_actions: int,
    capacity: int,
    settings: Settings,
    free_bytes: int,
    num_held: int | None = None,
) -> int:
    """``capacity``, or 1e5 where nobody has set it and no more has room in ``free_bytes``.

    Raises :class:`SettingError` when neither has. ``num_held``: entries of the fullest
    action of a saved memory, which all need a place; None where nothing is to be loaded.
    """
    most = MOST_OF_DEVICE * free_bytes
    if device_bytes(num_actions, capacity, settings) <= most:
        return capacity
    less = min(capacity, LESS_CAPACITY)
    if settings.capacity == AUTO and device_bytes(num_actions, less, settings) <= most:
        return less
    needed = device_bytes(num_actions, capacity, settings)
    fitting = int(most / device_bytes(num_actions, 1, settings))
    remedy = "use --device cpu"
    if fitting >= max(1, num_held or 0):
        remedy += f", or set capacity to {fitting} or less"
    raise SettingError(
        f"capacity={capacity} is too large for the GPU",
        f"{num_actions} actions of {capacity} entries take {needed / 1e9:.1f} GB there, more than "
        f"80 % of the {free_bytes / 1e9:.1f} GB that are free",
        remedy,
    )
