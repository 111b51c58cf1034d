"""Which agent a new game is played with, and what that one is good for."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.models.start.agents import AgentWords


class AgentChoice(QWidget):
    """A list to choose from, and a sentence on what is chosen."""

    def __init__(self, agents: Sequence[AgentWords], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._agents = tuple(agents)
        self.list = QComboBox()
        self.list.setAccessibleName("Agent of a new game")
        self.list.setToolTip("Which agent plays and learns in a game that you open here")
        for words in self._agents:
            self.list.addItem(words.title, words.name)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.list, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.about, 1)
        self.list.currentIndexChanged.connect(self._show_about)
        self._show_about()

    @property
    def agent(self) -> str:
        """The setting ``agent`` of a new game."""
        return str(self.list.currentData())

    def choose(self, agent: str) -> None:
        """Have this one chosen, if it is there."""
        place = self.list.findData(agent)
        if place >= 0:
            self.list.setCurrentIndex(place)

    def _show_about(self) -> None:
        self.about.setText(self._agents[self.list.currentIndex()].about)
