"""What the keys of time travel do: rewind, steps back and forth, branches, quick states."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QObject

from app.session import Session
from app.window import MainWindow
from nec_engine.messages import (
    NUM_QUICK_STATES,
    BranchHere,
    Command,
    LoadQuickState,
    LookBack,
    ReturnToPresent,
    SaveQuickState,
    SetRewinding,
)

COMMANDS: Final[dict[str, Command]] = {
    "step_back": LookBack(1),
    "step_forward": LookBack(-1),
    "ten_back": LookBack(10),
    "ten_forward": LookBack(-10),
    "present": ReturnToPresent(),
    "branch": BranchHere(),
    "branch_luck": BranchHere(new_luck=True),
}


class TimeCommands(QObject):
    """Connects the actions and held controls of time travel to the session. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._slot = 0
        actions = window.actions_by_name
        for name, command in COMMANDS.items():
            actions[name].triggered.connect(lambda _, sent=command: session.send(sent))
        actions["quick_save"].triggered.connect(lambda: session.send(SaveQuickState(self._slot)))
        actions["quick_load"].triggered.connect(lambda: session.send(LoadQuickState(self._slot)))
        actions["quick_slot"].triggered.connect(self._choose_next_slot)
        window.keyboard.rewind_changed.connect(self._rewind)
        window.tool_bar.rewind_held.connect(self._rewind)

    def _rewind(self, is_held: bool) -> None:
        """While it is held; over the start screen there is nothing to rewind."""
        if not is_held or self._window.central.is_game_shown:
            self._session.send(SetRewinding(is_held))

    def _choose_next_slot(self) -> None:
        self._slot = (self._slot + 1) % NUM_QUICK_STATES
        self._session.tell_briefly(f"Slot {self._slot}: F9 saves a quick state, F11 loads it")
