"""The courses of the live game in a list: where each branched off, its score, how it stands."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.models.timeline.timeline_words import course_cells, course_words
from nec_engine.messages import LiveEpisode, Moment

COLUMNS: Final = ("Course", "Score", "Steps", "")
MOST_SHOWN: Final = 200  # the newest
LEAST_HEIGHT: Final = 48  # pixels: as low as the strip beside it may be
LOW: Final = 110  # pixels: a list lower than this has no header


class CourseList(QTreeWidget):
    """Newest first. ``look_wanted`` tells the end of the course that was chosen."""

    look_wanted = pyqtSignal(object)  # Moment

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._episodes: dict[int, LiveEpisode] = {}
        self._items: dict[int, QTreeWidgetItem] = {}
        self.setColumnCount(len(COLUMNS))
        self.setHeaderLabels(COLUMNS)
        self.setMinimumHeight(LEAST_HEIGHT)  # Qt asks for more than the strip
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Courses of the live game")
        self.setToolTip("Double-click or Enter: look at the end of a course; P plays on from there")
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.itemActivated.connect(self._choose)

    def forget(self) -> None:
        """Another game was opened."""
        self.clear()
        self._episodes, self._items = {}, {}

    def show_episodes(self, episodes: tuple[LiveEpisode, ...], shown: int | None) -> None:
        """List these; ``shown`` is the one that the strip ends in, written in bold."""
        for episode in episodes[-MOST_SHOWN:]:
            self._show(episode)
        while self.topLevelItemCount() > MOST_SHOWN:
            oldest = self.takeTopLevelItem(self.topLevelItemCount() - 1)
            assert oldest is not None
            number = oldest.data(0, Qt.ItemDataRole.UserRole)
            del self._episodes[number], self._items[number]
        for number, item in self._items.items():
            font = item.font(0)
            if font.bold() != (number == shown):
                font.setBold(number == shown)
                item.setFont(0, font)

    def _show(self, episode: LiveEpisode) -> None:
        if self._episodes.get(episode.episode) is episode:
            return
        self._episodes[episode.episode] = episode
        item = self._items.get(episode.episode)
        if item is None:
            item = QTreeWidgetItem()
            item.setData(0, Qt.ItemDataRole.UserRole, episode.episode)
            for column in (1, 2):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.insertTopLevelItem(0, item)
            self._items[episode.episode] = item
        for column, text in enumerate(course_cells(episode)):
            if item.text(column) != text:
                item.setText(column, text)
        item.setToolTip(0, course_words(episode))

    def _choose(self, item: QTreeWidgetItem, _column: int) -> None:
        episode = self._episodes[item.data(0, Qt.ItemDataRole.UserRole)]
        self.look_wanted.emit(Moment(episode.episode, episode.num_steps))

    def sizeHint(self) -> QSize:
        return QSize(280, 64)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.setHeaderHidden(self.height() < LOW)
