"""Keys pressed over the game."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.startup.lifecycle import Desktop

OpenDesktop = Callable[..., Desktop]
Key = Qt.Key
Mod = Qt.KeyboardModifier


def press(qtbot: QtBot, desktop: Desktop, key: Key, mod: Mod = Mod.NoModifier) -> None:
    """Press and release over the game."""
    qtbot.keyClick(desktop.window.central.game, key, mod)
