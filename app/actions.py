"""The one table of actions: menus, tool bar, tool tips, shortcuts and the cheat sheet come from it.

A row says what an action is called and which keys it has; what it does is connected by what
``app/startup/lifecycle.py`` puts together. Keys that are *held* (the joystick, fast) are handled by
``app/keyboard.py`` and stand in :data:`HELD_KEYS`, so that the cheat sheet is complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QWidget

MENUS: Final = ("File", "Game", "Agent", "Memory", "View", "Help")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing a person can do."""

    name: str
    menu: str  # one of MENUS
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""  # what it does, in a sentence without a full stop
    group: int = 0  # a separator stands between groups of a menu
    is_checkable: bool = False
    needs_game: bool = True  # disabled while no game is open
    on_start: bool | None = None  # enabled on the start screen; None: where it needs no game
    repeats: bool = False  # while its key is held
    short: str = ""  # its text on a button, where that of the menu is too long


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that works while it is held down."""

    keys: str
    text: str


def _file() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("open", "File", "Open…", ("Ctrl+O",),
                   "Open a game file or a snapshot", needs_game=False),
        ActionSpec("choose_game", "File", "Choose a game", (),
                   "Show the games that come with the program", needs_game=False),
        ActionSpec("save", "File", "Save snapshot", ("Ctrl+S",),
                   "Save all that was learned as a new file in the snapshots folder", 1,
                   on_start=True),
        ActionSpec("save_as", "File", "Save snapshot as…", ("Ctrl+Shift+S",),
                   "Save all that was learned in a file of your choice", 1, on_start=True),
        ActionSpec("screenshot", "File", "Screenshot", ("F12",),
                   "Save a picture of this window", 2, needs_game=False),
        ActionSpec("record", "File", "Record video", ("R",),
                   "Record the game with its sound, until pressed again", 2, is_checkable=True),
        ActionSpec("save_last", "File", "Save the last 30 seconds", ("Shift+R",),
                   "Save the last 30 seconds of the game as a video, without having recorded", 2),
        ActionSpec("record_overlay", "File", "Q bars in the video", (),
                   "Draw the agent's Q values into the next video", 2, is_checkable=True,
                   needs_game=False),
        ActionSpec("quit", "File", "Quit", ("Ctrl+Q",),
                   "Close the program", 3, needs_game=False),
    )  # fmt: skip


def _game() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("pause", "Game", "Pause", ("P", "Pause"),
                   "Pause the game; training goes on", is_checkable=True),
        ActionSpec("step", "Game", "One step", ("F",),
                   "Pause and play on to the next decision", repeats=True),
        ActionSpec("step_frame", "Game", "One frame", ("Shift+F",),
                   "Pause and play one frame", repeats=True),
        ActionSpec("slower", "Game", "Slower", ("A",), "Slow the game down", 1),
        ActionSpec("faster", "Game", "Faster", ("S",), "Speed the game up", 1),
        ActionSpec("normal_speed", "Game", "Normal speed", ("=",),
                   "60 frames a second", 1),
        ActionSpec("take_over", "Game", "Take over", ("M",),
                   "Play yourself, or give the stick back to the agent", 2, is_checkable=True),
        ActionSpec("give_back", "Game", "Give back", ("Esc",),
                   "Give the stick back to the agent; leave full screen", 2, needs_game=False),
        ActionSpec("new_episode", "Game", "New episode", ("Ctrl+R",),
                   "Start the game again", 2),
        ActionSpec("louder", "Game", "Louder", ("]",), "Turn the sound up", 3, repeats=True),
        ActionSpec("quieter", "Game", "Quieter", ("[",), "Turn the sound down", 3, repeats=True),
        ActionSpec("mute", "Game", "Mute", ("Ctrl+]",), "Turn the sound off or on", 3,
                   is_checkable=True),
    )  # fmt: skip


def _time() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("step_back", "Game", "One step back", ("Alt+Left",),
                   "Look at the moment a step before; play goes on from there", 4, repeats=True),
        ActionSpec("step_forward", "Game", "One step forward", ("Alt+Right",),
                   "Look at the moment a step later, up to the present", 4, repeats=True),
        ActionSpec("ten_back", "Game", "Ten steps back", ("Alt+Shift+Left",),
                   "Look at the moment ten steps before", 4, repeats=True),
        ActionSpec("ten_forward", "Game", "Ten steps forward", ("Alt+Shift+Right",),
                   "Look at the moment ten steps later, up to the present", 4, repeats=True),
        ActionSpec("present", "Game", "Back to the present", ("Alt+End",),
                   "Leave the past as it was; the game stands where you left it", 4),
        ActionSpec("branch", "Game", "Branch here", ("Ctrl+B",),
                   "Begin a branch at the moment that is shown; the old course is kept", 5),
        ActionSpec("branch_luck", "Game", "Branch with new luck", ("Ctrl+Shift+B",),
                   "The same, but sticky actions fall otherwise from there on", 5),
        ActionSpec("quick_save", "Game", "Save quick state", ("F9",),
                   "Remember this moment in the present slot, until the program ends", 6),
        ActionSpec("quick_load", "Game", "Load quick state", ("F11",),
                   "Go on from the moment in the present slot", 6),
        ActionSpec("quick_slot", "Game", "Next slot", ("F10",),
                   "Choose the next of ten slots for quick states", 6),
    )  # fmt: skip


def _agent() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("train", "Agent", "Train", ("T",),
                   "Learn in the background, in a game of its own", is_checkable=True),
        ActionSpec("greedy", "Agent", "Greedy", ("E",),
                   "Always the highest Q; off: explore now and then as in training",
                   is_checkable=True),
        ActionSpec("what_if", "Agent", "What if", ("W",),
                   "Pause and play every action out from here", 1),
        ActionSpec("second_brain", "Agent", "Compare with another brain…", (),
                   "Choose a snapshot that plays from the same start, in step", 1),
        ActionSpec("watch_training", "Agent", "Watch the training game", (),
                   "Show the game the agent trains in, until you do something to the live one",
                   1, is_checkable=True),
        ActionSpec("teach", "Memory", "Remember what I play", (),
                   "What you play enters the agent's memory", is_checkable=True),
        ActionSpec("store_agent", "Memory", "Remember the agent's live play", (),
                   "What the agent plays in the live game enters its memory too",
                   is_checkable=True),
        ActionSpec("save_lessons", "Memory", "Save lessons…", (),
                   "Write all that you taught to a file: start states and actions"),
        ActionSpec("load_lessons", "Memory", "Load lessons…", (),
                   "Teach the agent what a lesson file holds, as if you played it now"),
        ActionSpec("forget_lessons", "Memory", "Forget my lessons", (),
                   "Take out what only you taught, and give other memories the values they would "
                   "have without you; Ctrl+Z brings all of it back"),
        ActionSpec("visit", "Memory", "Go to the nearest memory", ("G",),
                   "Let the game go on from the first memory among the neighbours; "
                   "where they are hidden, from the selected one", 1),
        ActionSpec("replay_nearest", "Memory", "Replay the nearest memory", ("Shift+G",),
                   "Show the recorded game around the first memory among the neighbours; "
                   "where they are hidden, around the selected one", 1),
        ActionSpec("visit_selected", "Memory", "Go to the selected memory", ("Ctrl+G",),
                   "Let the game go on from the memory that is selected", 1, short="Go there"),
        ActionSpec("like_selected", "Memory", "Memories like the selected one", ("Shift+L",),
                   "List the memories whose keys lie nearest to that of the selected one", 1,
                   short="Like this"),
        ActionSpec("like_now", "Memory", "Memories like now", ("L",),
                   "List the memories whose keys lie nearest to what the screen shows now", 1,
                   short="Like now"),
        ActionSpec("replay_selected", "Memory", "Replay the selected memory", ("Ctrl+Shift+G",),
                   "Show the recorded game around the memory that is selected", 1, short="Replay"),
        ActionSpec("freeze", "Memory", "Freeze the neighbours", ("N",),
                   "Hold the neighbours still to look at them", 1, is_checkable=True),
    )  # fmt: skip


def _view() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("next_saliency", "View", "Heat over the game", ("V",),
                   "Saliency over the game: of the played action, of the best, off", 1),
        ActionSpec("blur_and_ask", "View", "Blur and ask", ("X",),
                   "Drag a box over the game or the agent's screen and see what changes without it",
                   1, is_checkable=True),
        ActionSpec("test_saliency", "View", "Test the map", ("Shift+X",),
                   "Let the network forget layer by layer and see whether the saliency map changes",
                   1, is_checkable=True),
        ActionSpec("dark", "View", "Dark colours", (), "Light or dark", 2, is_checkable=True,
                   needs_game=False),
        ActionSpec("full_screen", "View", "Full screen", ("Alt+Return", "Alt+Enter"),
                   "Fill the screen with the window", 2, is_checkable=True, needs_game=False),
        ActionSpec("reset_layout", "View", "Reset layout", (),
                   "Put every panel back where it was at first", 2, needs_game=False),
        ActionSpec("keys", "Help", "Keys", ("?", "F1"), "Show every key", needs_game=False),
        ActionSpec("about", "Help", "About", (), "What this program is", needs_game=False),
    )  # fmt: skip


def _edits() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("change_value", "Memory", "Edit memories…", ("Ctrl+E",),
                   "Change the value of the selected memory, or of many at once", 2,
                   short="Edit…"),
        ActionSpec("pin_selected", "Memory", "Pin the selected memory", ("Ctrl+P",),
                   "Keep the selected memory for ever, or let it go when it is pinned", 2,
                   short="Pin"),
        ActionSpec("delete_selected", "Memory", "Delete the selected memory", ("Del",),
                   "Take the selected memory out; the agent decides without it at once", 2,
                   short="Delete"),
        ActionSpec("delete_episode", "Memory", "Delete all of its episode", (),
                   "Take out every memory from the episode of the selected one", 2,
                   short="Delete episode"),
        ActionSpec("delete_origin", "Memory", "Delete all of its origin", (),
                   "Take out every memory made by who made the selected one: "
                   "the agent, you, an import or an edit", 2, short="Delete origin"),
        ActionSpec("edit_listed", "Memory", "Edit all that are listed…", (),
                   "Set the value of, pin or delete every memory that the table lists", 2,
                   short="Edit listed…"),
        ActionSpec("undo_edit", "Memory", "Undo the edit", ("Ctrl+Z",),
                   "Put the memories of the last edit back as they were", 3),
        ActionSpec("redo_edit", "Memory", "Redo the edit", ("Ctrl+Y", "Ctrl+Shift+Z"),
                   "Do the edit again that was undone last", 3),
    )  # fmt: skip


SPECS: Final = (*_file(), *_game(), *_time(), *_agent(), *_edits(), *_view())

# What can be done with the selected memory: buttons beside its picture, and only with one selected.
ENTRY_ACTIONS: Final = (
    "visit_selected", "replay_selected", "like_selected", "change_value", "pin_selected",
    "delete_selected", "delete_episode", "delete_origin",
)  # fmt: skip

HELD_KEYS: Final = (
    HeldKey("Arrows or keypad", "Joystick, while you play"),
    HeldKey("Space", "Fire, while you play"),
    HeldKey("Tab", "As fast as possible, while held over the game"),
    HeldKey("Backspace", "Rewind, while held; the game goes on from there"),
)


def panel_spec(number: int, name: str, title: str) -> ActionSpec:
    """The row of a panel: shown, raised or hidden, the first ten by Ctrl+1 to Ctrl+9 and Ctrl+0."""
    return ActionSpec(
        f"panel_{name}", "View", title, (f"Ctrl+{number % 10}",) if number <= 10 else (),
        f"Show or hide the panel “{title}”", 0, is_checkable=True, needs_game=False,
        on_start=False,
    )  # fmt: skip


class Actions:
    """A QAction for each row of the table, by name."""

    def __init__(self, specs: tuple[ActionSpec, ...], parent: QWidget) -> None:
        self.specs = specs
        self._has_game = self._is_on_start = False
        self._refused: set[str] = set()  # for a reason that is told
        self._idle: set[str] = set()  # there is nothing they could act on
        self._by_name = {spec.name: self._make(spec, parent) for spec in specs}
        parent.addActions(list(self._by_name.values()))

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def enable_for_game(self, has_game: bool) -> None:
        """Enable what makes sense with a game open, or without one."""
        self._has_game = has_game
        self._enable_all()

    def enable_on_start(self, is_on_start: bool) -> None:
        """On the start screen, disable what acts on a game or panels that nobody sees."""
        self._is_on_start = is_on_start
        self._enable_all()

    def allow(self, name: str, is_allowed: bool) -> None:
        """Disable an action while there is nothing that it could act on."""
        if is_allowed:
            self._idle.discard(name)
        else:
            self._idle.add(name)
        self._enable(self._spec(name))

    def refuse(self, name: str, reason: str) -> None:
        """Disable an action that needs a game and say why in its tooltip; empty: enable it."""
        if reason:
            self._refused.add(name)
        else:
            self._refused.discard(name)
        action, spec = self._by_name[name], self._spec(name)
        self._enable(spec)
        action.setToolTip(refused_tip(tool_tip(spec), reason))

    def _spec(self, name: str) -> ActionSpec:
        return next(spec for spec in self.specs if spec.name == name)

    def _enable_all(self) -> None:
        for spec in self.specs:
            self._enable(spec)

    def _enable(self, spec: ActionSpec) -> None:
        is_game_there = self._has_game or not spec.needs_game
        on_start = not spec.needs_game if spec.on_start is None else spec.on_start
        is_seen = on_start or not self._is_on_start
        has_use = spec.name not in self._refused | self._idle
        self._by_name[spec.name].setEnabled(is_game_there and is_seen and has_use)

    @staticmethod
    def _make(spec: ActionSpec, parent: QWidget) -> QAction:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.name)
        if spec.short:
            action.setIconText(spec.short)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.is_checkable)
        action.setAutoRepeat(spec.repeats)
        action.setToolTip(tool_tip(spec))
        action.setStatusTip(spec.tip)
        return action


def tool_tip(spec: ActionSpec) -> str:
    """What it does and its first key: ``Pause the game (P)``."""
    what = spec.tip or spec.text
    return f"{what} ({key_words(spec.keys[0])})" if spec.keys else what


def refused_tip(tip: str, reason: str) -> str:
    """The tooltip of what cannot be done now, for a reason; without one, as it was."""
    return f"{tip}\n{reason}" if reason else tip


def key_words(key: str) -> str:
    """A key as it stands on a keyboard: ``Alt+Enter`` and not ``Alt+Return``."""
    return key.replace("Return", "Enter")
