"""Which index is used, and which can be on this machine: the library of one is an extra."""

from __future__ import annotations

import importlib.util
from typing import Final

from nec_engine.errors import SettingError

EXTRAS: Final = {"hnsw": "hnswlib"}  # index, which is the extra's name as well: its library


def chosen_index(wanted: str, device: str) -> str:
    """The index that is meant, by the type of device that keys lie on.

    A GPU reads the keys of all actions in one go; a forest is asked on the host, action by action.
    """
    if wanted != "auto":
        return wanted
    return "annoy" if device == "cpu" else "exact"


def refuse_missing(index: str) -> None:
    """Raise :class:`SettingError` when the library of this index is not installed; costs little."""
    library = EXTRAS.get(index)
    if library is not None and importlib.util.find_spec(library) is None:
        raise SettingError(
            f"index={index} cannot be used",
            f"its library {library} is not installed",
            f"install the extra named {index} (pip install -e '.[{index}]'), or give --index annoy",
        )
