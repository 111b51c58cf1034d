"""The first screen: choose a game, drop a file, or go on where one stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QModelIndex, QSize, QSortFilterProxyModel, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPalette, QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import DARK, Theme
from app.models.start.agents import agents
from app.views.start.agent_choice import AgentChoice
from app.views.start.brain_row import BrainRow
from app.views.start.choice_list import ChoiceList
from app.views.start.drop_zone import DropZone
from app.views.start.game_grid import COLUMN_WIDTH, ROW_HEIGHT, GameGrid
from nec_engine.run.shipped import Brain

GOOD_FIRST: Final = ("pong", "ms_pacman", "bowling", "boxing", "hero", "frostbite", "alien")
LEFT_WIDTH: Final = 400
_ROLE: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be opened: a bundled game's name, or a file."""

    title: str
    detail: str
    target: str | Path


class StartView(QWidget):
    """Shown while no game is open, and on wish beside one."""

    chosen = pyqtSignal(object)  # str: a bundled game; Path: a file
    brain_chosen = pyqtSignal(object)  # Path
    open_clicked = pyqtSignal()
    back_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Start")
        self._theme = DARK
        self._muted: list[QLabel] = []
        outer = QHBoxLayout(self)
        outer.setContentsMargins(28, 22, 28, 22)
        outer.setSpacing(28)
        left = QWidget()
        left.setLayout(self._make_left())
        left.setMaximumWidth(LEFT_WIDTH)
        outer.addWidget(left, 2)
        outer.addLayout(self._make_right(), 3)

    def show_games(self, games: Sequence[Choice]) -> None:
        """The bundled games; ``target`` is the name."""
        self._games.clear()
        for game in games:
            item = QStandardItem(game.title)
            item.setData(game.target, _ROLE)
            item.setData(f"{game.title} {game.target}", _ROLE + 1)
            item.setToolTip(f"Play {game.title} ({game.target})")
            item.setEditable(False)
            item.setSizeHint(QSize(COLUMN_WIDTH, ROW_HEIGHT))
            self._games.appendRow(item)
        by_name = {game.target: game.title for game in games}
        for name, button in self._first.items():
            button.setText(by_name.get(name, name))
            button.setVisible(name in by_name)
        self._count_games()

    def show_recent(self, recent: Sequence[Choice]) -> None:
        """What was opened or saved lately, newest first."""
        self._recent.clear()
        for choice in recent:
            item = QStandardItem(f"{choice.title}\n{choice.detail}")
            item.setData(choice.target, _ROLE)
            item.setToolTip(str(choice.target))
            item.setEditable(False)
            self._recent.appendRow(item)
        self.recent_list.setVisible(bool(recent))
        self._no_recent.setVisible(not recent)

    def show_brains(self, brains: Sequence[Brain]) -> None:
        """Trained snapshots that come with the program."""
        self.brains.show_brains(brains)
        for part in (self._brains_heading, self.brains):
            part.setVisible(bool(brains))

    def set_can_go_back(self, can: bool) -> None:
        """Whether a game is open to go back to."""
        self.back.setVisible(can)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for label in self._muted:
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.muted))
            label.setPalette(palette)
        self.drop_zone.set_theme(theme)
        for view in (self.recent_list, self.game_list):
            view.setStyleSheet(
                f"QListView {{ background: {theme.panel}; border-radius: 6px; padding: 4px; }}"
                "QListView::item { padding: 4px 6px; border-radius: 4px; }"
                f"QListView::item:hover {{ background: {theme.raised}; }}"
                f"QListView::item:selected {{ background: {theme.accent};"
                f" color: {theme.on_accent}; }}"
            )

    def _make_left(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        title = QLabel("Watch an agent learn to play")
        title.setFont(_larger(self.font(), 1.55))
        title.setWordWrap(True)
        layout.addWidget(title)
        about = QLabel(
            "It remembers what it did and what came of it. See why it moves, find the memory "
            "behind the move, take the stick and teach it."
        )
        about.setWordWrap(True)
        layout.addWidget(self._mute(about))
        layout.addSpacing(8)
        self.drop_zone = DropZone()
        self.drop_zone.clicked.connect(self.open_clicked)
        layout.addWidget(self.drop_zone)
        layout.addSpacing(8)
        layout.addWidget(_heading("Recent"))
        self._no_recent = self._mute(QLabel("Games and snapshots you open will be listed here."))
        self._no_recent.setWordWrap(True)
        layout.addWidget(self._no_recent)
        self._recent = QStandardItemModel(self)
        self.recent_list = self._prepare(ChoiceList(), "Recently opened and saved")
        self.recent_list.setModel(self._recent)
        layout.addWidget(self.recent_list, 3)
        layout.addStretch(1)
        self.back = QPushButton("Back to the game")
        self.back.setToolTip("Show the game that is open (Esc)")
        self.back.clicked.connect(self.back_clicked)
        layout.addWidget(self.back)
        self.show_recent(())
        self.set_can_go_back(False)
        return layout

    def _make_right(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(8)
        self._brains_heading = _heading("Trained brains, to watch at once")
        layout.addWidget(self._brains_heading)
        self.brains = BrainRow()
        self.brains.chosen.connect(self.brain_chosen)
        layout.addWidget(self.brains)
        self.show_brains(())
        layout.addWidget(_heading("New game, with the agent"))
        self.agents = AgentChoice(agents())
        self._mute(self.agents.about)
        layout.addWidget(self.agents)
        layout.addSpacing(4)
        layout.addWidget(_heading("Good to begin with"))
        first = QGridLayout()
        first.setSpacing(6)
        self._first: dict[str, QPushButton] = {}
        for place, name in enumerate(GOOD_FIRST):
            button = QPushButton(name)
            button.setToolTip("The agent's paper shows how it learns this game")
            button.clicked.connect(lambda _, name=name: self.chosen.emit(name))
            self._first[name] = button
            first.addWidget(button, place // 4, place % 4)
        layout.addLayout(first)
        layout.addSpacing(8)
        row = QHBoxLayout()
        self._heading = _heading("All games")
        row.addWidget(self._heading)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search the games")
        self.search.setToolTip("Type a part of a name; Enter plays the first one found")
        self.search.setMaximumWidth(240)
        row.addWidget(self.search, 1)
        layout.addLayout(row)
        self._games = QStandardItemModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._games)
        self._found.setFilterRole(_ROLE + 1)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._choose_first)
        self.game_list = self._prepare(GameGrid(), "All games")
        self.game_list.setModel(self._found)
        layout.addWidget(self.game_list, 1)
        return layout

    def _prepare(self, view: ChoiceList, name: str) -> ChoiceList:
        view.setAccessibleName(name)
        view.setToolTip(f"{name}: click one to open it")
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.chosen.connect(self._choose)
        view.setCursor(Qt.CursorShape.PointingHandCursor)
        return view

    def _mute(self, label: QLabel) -> QLabel:
        self._muted.append(label)
        return label

    def _search(self, text: str) -> None:
        self._found.setFilterFixedString(text.strip())
        self._count_games()

    def _count_games(self) -> None:
        found, there = self._found.rowCount(), self._games.rowCount()
        words = f"{there} games" if found == there else f"{found} of {there} games"
        self._heading.setText(words)

    def _choose_first(self) -> None:
        if self._found.rowCount():
            self._choose(self._found.index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        target = index.data(_ROLE)
        if target is not None:
            self.chosen.emit(target)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(_larger(label.font(), 1.1))
    return label


def _larger(font: QFont, factor: float) -> QFont:
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * factor)
    larger.setBold(True)
    return larger
