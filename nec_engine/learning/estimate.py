"""How much main memory an agent takes, before it is taken."""

from __future__ import annotations

from typing import Final

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.learning.replay import HISTORY, SCREEN
from nec_engine.machine import MOST_OF_RAM, machine_ram_bytes
from nec_engine.memory.estimate import estimate_bytes

# A screen, the rows of its stack, action, return, episode, next row.
BYTES_OF_REPLAYED: Final = SCREEN[0] * SCREEN[1] + 8 * HISTORY + 1 + 4 + 8 + 8


def replay_bytes(settings: Settings) -> int:
    """What the full replays of an agent take. Lazily: only what is filled is really used."""
    is_dqn = settings.agent == "dqn"
    num = int(is_dqn) or int(settings.embedding == "learned") + int(settings.dqn_handover_steps > 0)
    return num * settings.replay_capacity * BYTES_OF_REPLAYED


def refuse_too_large(
    num_actions: int, capacity: int, settings: Settings, num_held: int | None = None
) -> None:
    """Raise :class:`SettingError` when full memory and replay would take more than 60 % of the RAM.

    ``num_held``: entries of the fullest action of a saved memory, which all need a place; None
    where nothing is to be loaded.
    """
    of_memory = estimate_bytes(num_actions, capacity, settings) if settings.has_memory else 0
    of_replay = replay_bytes(settings)
    ram = machine_ram_bytes()
    room = int(MOST_OF_RAM * ram)
    if of_memory + of_replay <= room:
        return
    limit = f"more than 60 % of this machine's {ram / 1e9:.1f} GB"
    if of_replay > of_memory or of_replay >= room:
        beside = f", with a memory of {of_memory / 1e9:.1f} GB" if of_memory else ""
        raise SettingError(
            f"replay_capacity={settings.replay_capacity} is too large",
            f"a full replay takes {of_replay / 1e9:.1f} GB{beside} {limit}",
            _smaller_replay(of_replay, room - of_memory, settings, is_new=num_held is None),
        )
    beside = f", with a replay of {of_replay / 1e9:.1f} GB" if of_replay else ""
    raise SettingError(
        f"capacity={capacity} is too large",
        f"{num_actions} actions of {capacity} entries take {of_memory / 1e9:.1f} GB when "
        f"full{beside}, {limit}",
        _smaller_memory(int(capacity * (room - of_replay) / of_memory), num_held),
    )


def _smaller_replay(of_replay: int, room: int, settings: Settings, *, is_new: bool) -> str:
    if not is_new:  # a ring that holds something cannot be cut anew
        return (
            "give another replay_capacity for an exported brain; a run with its replay needs a "
            "machine with more RAM"
        )
    fitting = int(settings.replay_capacity * room / of_replay)
    return f"set replay_capacity to {fitting} or less" if fitting > 0 else "set a smaller one"


def _smaller_memory(fitting: int, num_held: int | None) -> str:
    if num_held is None:
        return f"set capacity to {fitting} or less, or a smaller key_size"
    if num_held <= fitting:
        return f"give --set capacity={fitting}, in which all that it remembers has a place"
    return (
        f"its {num_held} entries of one action need a machine with more RAM; there, 'python "
        "main.py export' makes a smaller file of it"
    )
