"""The settings that a person asks for, in a TOML file and as ``name=value``, each of its type."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_type_hints

from nec_engine.config import Settings, field_of
from nec_engine.errors import SettingError
from nec_engine.named_files import open_to_read

MOST_BITS: Final = 1023  # of a whole number that is a float too


def changes_from_texts(texts: Mapping[str, str], config: Path | None = None) -> dict[str, Any]:
    """What a TOML file and then the ``name=value`` texts ask for, by name, for :func:`changed`.

    Each value has its type; its range is checked when it meets the rest, in :func:`changed`.
    Raises :class:`SettingError` naming the setting, the value and what was expected.
    """
    changes: dict[str, Any] = {}
    if config is not None:
        changes.update(_read_config(config))
    for name, text in texts.items():
        changes[name] = _parse(name, text)
    return changes


def _read_config(path: Path) -> dict[str, Any]:
    try:
        with open_to_read(path) as file:
            values = tomllib.load(file)
    except (OSError, ValueError, RecursionError) as error:  # no TOML, or more than Python reads
        raise SettingError(
            f"cannot read settings from {path}",
            str(error),
            "give a TOML file of name = value lines",
        ) from error
    for name, value in values.items():
        wanted = _type_of(name)
        if type(value) is int and value.bit_length() > MOST_BITS:
            raise SettingError(
                f"{name} in {path}", "the number is too large", "see 'python main.py settings'"
            )
        if wanted is float and type(value) is int:
            values[name] = float(value)
    return values


def _parse(name: str, text: str) -> Any:
    wanted = _type_of(name)
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    try:
        if wanted is bool:
            return words[text.strip().lower()]
        if wanted is int:
            number = float(text)
            if number != int(number):
                raise ValueError(text)
            return int(number)
        return wanted(text)
    except (KeyError, ValueError, OverflowError) as error:
        kind = {bool: "true or false", int: "a whole number", float: "a number"}[wanted]
        raise SettingError(
            f"{name}={text}", f"{kind} was expected", "see 'python main.py settings'"
        ) from error


def _type_of(name: str) -> Any:
    return get_type_hints(Settings)[field_of(name).name]
