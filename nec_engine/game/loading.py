"""A loaded emulator, set to its mode, and the actions its game offers."""

from __future__ import annotations

import re
from typing import Final

from ale_py import Action, ALEInterface, LoggerMode

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.game.roms import Rom

_SEED: Final = 1  # of luck inside ale-py, which no supported game depends on


def load_game(rom: Rom, settings: Settings, *, sound: bool) -> ALEInterface:
    """The loaded game, before its first reset; sticky actions are left to the caller.

    Raises :class:`SettingError` for a mode or difficulty that the game does not have.
    """
    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.setInt("random_seed", _SEED)  # options count only when they are set before loading
    ale.setFloat("repeat_action_probability", 0.0)
    ale.setBool("sound_obs", sound)
    ale.loadROM(rom.load_path)
    modes, difficulties = ale.getAvailableModes(), ale.getAvailableDifficulties()
    if _is_offered("game_mode", settings.game_mode, modes, rom):
        ale.setMode(settings.game_mode)
    if _is_offered("game_difficulty", settings.game_difficulty, difficulties, rom):
        ale.setDifficulty(settings.game_difficulty)
    return ale


def action_set(
    ale: ALEInterface, *, full_action_set: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names ("up right fire") and the emulator's codes of the actions to choose from.

    Backgammon and Video Checkers have no no-op in their minimal sets; it is added, because a
    person must be able to let go of the stick.
    """
    actions = ale.getLegalActionSet() if full_action_set else ale.getMinimalActionSet()
    if Action.NOOP not in actions:
        actions = [Action.NOOP, *actions]
    names = (re.sub("(?<=.)(UP|DOWN|LEFT|RIGHT|FIRE)", r" \1", action.name) for action in actions)
    return tuple(name.lower() for name in names), tuple(int(action.value) for action in actions)


def _is_offered(name: str, value: int, offered: list[int], rom: Rom) -> bool:
    """False for 0 in a game that counts from elsewhere: it then stays as it is loaded."""
    if value not in offered and value != 0:
        raise SettingError(
            f"{name}={value}",
            f"{rom.title} does not have it",
            "choose one of " + ", ".join(map(str, offered)),
        )
    return value in offered
