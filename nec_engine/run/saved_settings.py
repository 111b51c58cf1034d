"""Which settings a saved run can take: others than those that its arrays are built on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError

# The saved arrays are built on these.
FIXED_BY_SNAPSHOT: Final = (
    "key_size",
    "replay_capacity",
    "agent",
    "embedding",
    "full_action_set",
    "frame_skip",
)
# Of these a play-only snapshot has no more than what is in it.
FREE_WITHOUT_REPLAY: Final = ("replay_capacity",)
# What is chosen for new runs: a saved one has its own, or takes another only under conditions.
FOR_NEW_RUNS: Final = (*FIXED_BY_SNAPSHOT, "capacity", "value_update", "provisional_every")


def settings_of_snapshot(header: Mapping[str, Any], changes: Mapping[str, Any]) -> Settings:
    """The saved settings with ``changes``, but for those that the saved arrays are built on.

    The memory's room may be another, as long as all its entries have a place; such a run goes on
    well, and not as it would have with the old room. Raises :class:`SettingError`.
    """
    base = Settings.from_json(header["settings"])
    free = FREE_WITHOUT_REPLAY if "play_only" in header else ()
    for name in FIXED_BY_SNAPSHOT:
        if name not in free and name in changes and changes[name] != getattr(base, name):
            raise SettingError(
                f"{name}={changes[name]} does not fit the snapshot",
                f"it was made with {getattr(base, name)}",
                f"leave out {name}, or begin a new run",
            )
    settings = changed(base, changes)
    _refuse_other_entries(base, settings)
    _refuse_less_room(header, settings)
    return settings


def most_held(header: Mapping[str, Any]) -> int:
    """Entries of the action that has most of them; 0 for an agent without a memory."""
    return max(header.get("memory", {}).get("sizes", ()), default=0)


def _refuse_other_entries(base: Settings, settings: Settings) -> None:
    """With ``append`` a state has an entry for each visit, otherwise one for all of them."""
    was, wanted = base.value_update, settings.value_update
    if settings.has_memory and was != wanted and "append" in (was, wanted):
        held = "an entry for each visit" if was == "append" else "one entry for all visits"
        raise SettingError(
            f"value_update={wanted} does not fit the snapshot",
            f"its memory was made with {was} and has {held} of a state",
            "leave out value_update, or begin a new run",
        )


def _refuse_less_room(header: Mapping[str, Any], settings: Settings) -> None:
    held, room = most_held(header), settings.resolved_capacity()
    if settings.has_memory and held > room:
        raise SettingError(
            f"capacity={room} is too small for the snapshot",
            f"it holds {held} entries of one action",
            f"set capacity to {held} or more, or leave it out",
        )
