"""The menu bar, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QMainWindow

from app.actions import MENUS, Actions, ActionSpec


def make_menus(window: QMainWindow, specs: Sequence[ActionSpec], actions: Actions) -> None:
    """Fill the window's menu bar; a separator stands between groups."""
    bar = window.menuBar()
    assert bar is not None
    for title in MENUS:
        rows = [spec for spec in specs if spec.menu == title]
        menu = bar.addMenu(f"&{title}")
        assert menu is not None
        menu.setToolTipsVisible(True)
        for before, spec in zip([None, *rows], rows, strict=False):
            if before is not None and before.group != spec.group:
                menu.addSeparator()
            menu.addAction(actions[spec.name])
