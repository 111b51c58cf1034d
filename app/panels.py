"""The panels around the game: docks that are remembered, tabbed when the window is small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zlib import crc32

from PyQt6.QtCore import QByteArray, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QToolBar

from app.actions import ActionSpec, panel_spec
from app.look.theme import Theme
from app.startup.settings import WindowSettings
from app.views.experiments.brains_view import BrainsView
from app.views.experiments.what_if_view import WhatIfView
from app.views.map.map_view import MapView
from app.views.memory.compare_view import CompareView
from app.views.memory.episodes_view import EpisodesView
from app.views.memory.lessons_view import LessonsView
from app.views.memory.memory_view import MemoryView
from app.views.neighbours.neighbours_view import NeighboursView
from app.views.replay.replay_view import ReplayView
from app.views.saliency.saliency_view import SaliencyView
from app.views.timeline.timeline_view import TimelineView
from app.views.training.curves_view import CurvesView
from app.views.training.log_view import LogView
from app.views.why.why_view import WhyView

COMPACT_WIDTH: Final = 1180  # a window narrower than this, or
COMPACT_HEIGHT: Final = 680  # lower than this, has all panels in one stack of tabs
TIMELINE_HEIGHT: Final = 98  # of a strip at first, its title included
LARGE_WIDTH: Final = 1800  # a window wider than this has a layout of its own too

Area = Qt.DockWidgetArea
HORIZONTAL, VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


@dataclass(frozen=True, slots=True)
class PanelName:
    """What a panel is called in files and on the screen, and where it stands at first."""

    name: str
    title: str
    place: str  # panels of one place are tabs of one stack
    is_open: bool = True  # at first


PANELS: Final = (
    PanelName("why", "Why this action", "why"),
    PanelName("neighbours", "Neighbours", "evidence"),
    PanelName("saliency", "Saliency", "below why"),
    PanelName("curves", "Learning curves", "bottom"),
    PanelName("memory", "Memory", "bottom"),
    PanelName("episodes", "Episodes", "bottom"),
    PanelName("log", "Log", "bottom"),
    PanelName("replay", "Replay", "evidence"),
    PanelName("map", "Map", "evidence"),
    PanelName("timeline", "Timeline", "timeline"),
    PanelName("what_if", "What if", "evidence", is_open=False),
    PanelName("brains", "Two brains", "evidence", is_open=False),
    PanelName("lessons", "Lessons", "bottom"),
    PanelName("compare", "Compare", "evidence", is_open=False),
)
# A layout that was remembered with other panels places none of those that are new.
LAYOUT_VERSION: Final = crc32(" ".join(panel.name for panel in PANELS).encode()) & 0x7FFFFFFF
PANEL_SPECS: Final[tuple[ActionSpec, ...]] = tuple(
    panel_spec(number, panel.name, panel.title) for number, panel in enumerate(PANELS, start=1)
)


class Panels(QObject):
    """The docks and their views. Qt's thread.

    There are three arrangements, compact, wide and large; each has its own remembered layout, and
    the size of the window chooses between them.
    """

    visibility_changed = pyqtSignal()

    def __init__(self, window: QMainWindow, settings: WindowSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._arrangement = ""
        self._are_away = False
        self.why = WhyView()
        self.neighbours = NeighboursView()
        self.saliency = SaliencyView()
        self.curves = CurvesView()
        self.memory = MemoryView()
        self.episodes = EpisodesView()
        self.log = LogView()
        self.replay = ReplayView()
        self.map = MapView()
        self.timeline = TimelineView()
        self.what_if = WhatIfView()
        self.brains = BrainsView()
        self.lessons = LessonsView()
        self.compare = CompareView()
        self._views = (
            self.why, self.neighbours, self.saliency, self.curves, self.memory, self.episodes,
            self.log, self.replay, self.map, self.timeline, self.what_if, self.brains,
            self.lessons, self.compare,
        )  # fmt: skip
        self.docks: dict[str, QDockWidget] = {}
        for panel, view in zip(PANELS, self._views, strict=True):
            dock = QDockWidget(panel.title, window)
            dock.setObjectName(f"dock_{panel.name}")
            dock.setWidget(view)
            dock.visibilityChanged.connect(self.visibility_changed)
            self.docks[panel.name] = dock
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        for area in (Area.RightDockWidgetArea, Area.LeftDockWidgetArea, Area.BottomDockWidgetArea):
            window.setTabPosition(area, QTabWidget.TabPosition.North)

    def is_seen(self, name: str) -> bool:
        """Whether any of the panel can be on the screen: not closed, behind a tab or minimised."""
        dock = self.docks[name]
        return (
            dock.isVisible()
            and not self._window.isMinimized()
            and not dock.visibleRegion().isEmpty()
        )

    def is_closed(self, name: str) -> bool:
        """Whether the panel was closed; one behind a tab is not."""
        toggle = self.docks[name].toggleViewAction()
        return toggle is None or not toggle.isChecked()

    @property
    def are_away(self) -> bool:
        """All of them are hidden, as on the start screen, and come back as they were."""
        return self._are_away

    def toggle(self, name: str) -> None:
        """Show the panel in front, or close it when it is there already."""
        dock = self.docks[name]
        if self.is_seen(name):
            dock.close()
        else:
            self.bring_to_front(name)

    def bring_to_front(self, name: str) -> None:
        """Show the panel in front of the others of its stack."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        view = dock.widget()
        if view is not None:
            view.setFocus()

    def bring_forward(self, name: str) -> None:
        """Show the panel, in front of the tabs it lies among; the keyboard stays where it is."""
        self.docks[name].show()
        self.docks[name].raise_()

    def set_cost(self, name: str, words: str) -> None:
        """Say behind the panel's title what it costs; nothing where ``words`` are empty."""
        title = next(panel.title for panel in PANELS if panel.name == name)
        self.docks[name].setWindowTitle(f"{title} \N{EM DASH} {words}" if words else title)

    def set_theme(self, theme: Theme) -> None:
        for view in self._views:
            # Qt keeps the palette from before a style sheet and puts it back with the next one.
            view.setStyleSheet("")
            view.set_theme(theme)

    # --- where they are ---

    def fit(self, width: int, height: int) -> None:
        """Take the arrangement for a window of this size, as it was left the last time."""
        arrangement = arrangement_for(width, height)
        if arrangement != self._arrangement:
            self.remember()
            self._arrangement = arrangement
            if not self._are_away:
                self._take_layout()

    def remember(self) -> None:
        """Keep the layout as it stands for the next time."""
        if self._arrangement and not self._are_away:
            self._settings.set_layout(self._arrangement, self._state())

    def put_away(self) -> None:
        """Hide every panel, as on the start screen; :meth:`bring_back` undoes it."""
        if not self._are_away:
            self.remember()
            self._are_away = True
            for dock in self.docks.values():
                dock.hide()

    def bring_back(self) -> None:
        """Show what :meth:`put_away` hid, where it was."""
        if self._are_away:
            self._are_away = False
            self._take_layout()

    def close(self) -> None:
        """Remember the layout and say nothing any more: the window is going."""
        self.remember()
        for dock in self.docks.values():
            dock.visibilityChanged.disconnect(self.visibility_changed)
            if dock.isFloating():
                dock.hide()

    def reset(self) -> None:
        """Every panel where it was at first, in all arrangements."""
        self._settings.forget_layouts()
        if not self._are_away:
            self.arrange()

    def arrange(self) -> None:
        """Put every panel at its first place for the present arrangement."""
        for dock in self.docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        if self._arrangement == "compact":
            self._stack()
        else:
            self._spread()
        for panel in PANELS:
            self.docks[panel.name].setVisible(panel.is_open)
        fronts = (
            [self._stacks()["why"]] if self._arrangement == "compact" else self._stacks().values()
        )
        for stack in fronts:
            stack[0].raise_()
        self._give_sizes()
        QTimer.singleShot(0, self._give_sizes)  # again when a new window has its own size

    def _take_layout(self) -> None:
        if not self._arrangement:  # the window was never shown
            return
        layout = self._settings.layout(self._arrangement)
        if layout.isEmpty() or not self._window.restoreState(layout, LAYOUT_VERSION):
            self.arrange()
        for bar in self._window.findChildren(QToolBar):
            bar.show()  # nothing in the window could, were it hidden in a remembered layout

    def _stacks(self) -> dict[str, list[QDockWidget]]:
        """The docks by place; the first of each stack is in front."""
        stacks: dict[str, list[QDockWidget]] = {}
        for panel in PANELS:
            stacks.setdefault(panel.place, []).append(self.docks[panel.name])
        return stacks

    def _spread(self) -> None:
        stacks = self._stacks()
        first = {place: stack[0] for place, stack in stacks.items()}
        window = self._window
        window.addDockWidget(Area.RightDockWidgetArea, first["why"])
        window.splitDockWidget(first["why"], first["evidence"], HORIZONTAL)
        window.splitDockWidget(first["why"], first["below why"], VERTICAL)
        window.addDockWidget(Area.BottomDockWidgetArea, first["timeline"])
        window.splitDockWidget(first["timeline"], first["bottom"], VERTICAL)
        for stack in stacks.values():
            for dock in stack[1:]:
                window.tabifyDockWidget(stack[0], dock)

    def _stack(self) -> None:
        first, *others = self.docks.values()
        self._window.addDockWidget(Area.RightDockWidgetArea, first)
        for dock in others:
            self._window.tabifyDockWidget(first, dock)

    def _give_sizes(self) -> None:
        """The first sizes: shares of the window's, in percent."""
        first = {place: stack[0] for place, stack in self._stacks().items()}
        window = self._window
        width, height = window.width(), window.height()
        if self._arrangement == "compact":
            window.resizeDocks([first["why"]], [width * 49 // 100], HORIZONTAL)
            return
        shares = (23, 22) if self._arrangement == "large" else (27, 25)
        window.resizeDocks(
            [first["why"], first["evidence"]],
            [width * share // 100 for share in shares],
            HORIZONTAL,
        )
        window.resizeDocks(
            [first["timeline"], first["bottom"]],
            [TIMELINE_HEIGHT, height * 19 // 100],
            VERTICAL,
        )
        window.resizeDocks(
            [first["why"], first["below why"]],
            [height * 38 // 100, height * 20 // 100],
            VERTICAL,
        )

    def _state(self) -> QByteArray:
        return self._window.saveState(LAYOUT_VERSION)


def arrangement_for(width: int, height: int) -> str:
    """``compact``, ``wide`` or ``large``: how panels stand in a window of this size, in pixels."""
    if width < COMPACT_WIDTH or height < COMPACT_HEIGHT:
        return "compact"
    return "large" if width > LARGE_WIDTH else "wide"
