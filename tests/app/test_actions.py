"""The table of actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PyQt6.QtGui import QAction, QKeySequence

from app.actions import HELD_KEYS, MENUS, SPECS, ActionSpec, tool_tip
from app.panels import PANEL_SPECS
from app.startup.lifecycle import Desktop

ALL = (*SPECS, *PANEL_SPECS)
NAMED_KEYS = (
    "M", "Esc", "A", "S", "=", "P", "Pause", "F", "Shift+F", "R", "Ctrl+S", "Ctrl+Shift+S",
    "Ctrl+O", "F12", "T", "E", "Ctrl+R", "[", "]", "Ctrl+]", "?", "F1", "Alt+Return", "Alt+Enter",
    "Ctrl+Q", "V", "N", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5",
    "Ctrl+6", "Ctrl+7", "Ctrl+8", "Ctrl+9", "Ctrl+0",
)  # fmt: skip


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in ALL for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_two_actions_share_a_name() -> None:
    assert len({spec.name for spec in ALL}) == len(ALL)


@pytest.mark.parametrize("key", NAMED_KEYS)
def test_a_key_of_the_agreed_list_belongs_to_an_action(key: str) -> None:
    assert any(key in spec.keys for spec in ALL)


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_every_key_is_one_that_qt_knows_and_every_action_explains_itself(
    spec: ActionSpec,
) -> None:
    for key in spec.keys:
        assert QKeySequence(key).count() == 1
    assert spec.menu in MENUS
    assert spec.tip
    assert not spec.tip.endswith(".")
    if spec.keys:
        assert spec.keys[0].replace("Return", "Enter") in tool_tip(spec)


def test_held_keys_stand_beside_the_table() -> None:
    assert {"Space", "Tab"} <= {held.keys for held in HELD_KEYS}


def test_every_action_stands_in_a_menu_and_does_something(
    open_desktop: Callable[..., Desktop],
) -> None:
    window = open_desktop().window
    bar = window.menuBar()
    assert bar is not None
    listed: list[QAction] = []
    for top in bar.actions():
        menu = top.menu()
        assert menu is not None
        listed += menu.actions()
    for spec in window.specs:
        action = window.actions_by_name[spec.name]
        assert action in listed, spec.name
        assert action.receivers(action.triggered) > 0, spec.name
