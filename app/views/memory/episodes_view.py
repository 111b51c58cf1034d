"""The recorded games: how long, how good, and how much of each is still remembered."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QModelIndex, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.memory.episode_table import GAME, TITLES, EpisodeTable
from app.models.wording import count_text
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    AskEpisodes,
    AskScores,
    Entry,
    EpisodeEnded,
    EpisodesAnswer,
    Frame,
    GameInfo,
    ScoreAnswer,
)

GAMES: Final = "episodes"  # who asks: a question replaces an older one of the same name
SCORES: Final = "episodes scores"
REFRESH_MS: Final = 300
EVERY_MS: Final = 3000
SCORES_AT_ONCE: Final = 6  # each costs the rebuilding of a moment
COLUMN_WIDTHS: Final = ("live game 1,234", "being played", "27,000", "being played", "Memories")


class EpisodesView(Panel):
    """Asks for the games while somebody looks, and for the scores of those in sight."""

    episodes_wanted = pyqtSignal(object)  # AskEpisodes
    scores_wanted = pyqtSignal(object)  # AskScores
    episode_chosen = pyqtSignal(object)  # int: whose memories to list

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Episodes", REFRESH_MS, parent, clock)
        self._has_game = False
        self._selected: int | None = None  # the game of the selected memory
        self._due: set[int] = set()  # scores asked and not answered
        self._is_descending = True
        self._sort = GAME
        self.games = EpisodeTable(self)
        self.table = QTableView()
        self.list_button = QToolButton()
        self.count, self.hint = muted(QLabel()), muted(QLabel())
        self._pages = QStackedWidget()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(EVERY_MS)
        self._again.timeout.connect(self.request_refresh)
        self._lay_out()
        self.set_theme(self.theme)
        self.open_game(None)

    # --- what it is told ---

    def open_game(self, info: GameInfo | None) -> None:
        """List the games of another run; None: no game is open."""
        self._has_game = info is not None
        self._due.clear()
        self._selected = None
        self._again.stop()
        self.games.clear()
        self._show_count()
        self.request_refresh()

    def show_episodes(self, answer: EpisodesAnswer) -> None:
        """List these games; the rows in sight stay where they are."""
        bar = self.table.verticalScrollBar()
        value = 0 if bar is None else bar.value()
        current = self._current()
        self.games.show_answer(answer)
        self._mark(self._selected if current is None else current)  # scrolls to the marked row
        if bar is not None:
            self.table.updateGeometries()
            bar.setValue(value)
        self._show_count()
        self._ask_for_scores()
        self._again.start()

    def show_score(self, answer: ScoreAnswer) -> None:
        """Note what a game ended with."""
        if answer.panel == SCORES:
            self._due.discard(answer.episode)
            self.games.note_score(answer.episode, answer.score)
            if not self._due:
                self._ask_for_scores()

    def note_ended(self, ended: EpisodeEnded) -> None:
        """A live game is over: who played it, and its score."""
        self.games.note_player(ended.episode, ended.player)
        self.games.note_score(ended.episode, ended.score)
        self.request_refresh()

    def note_frame(self, frame: Frame) -> None:
        """Who plays the live game now."""
        if frame.moment.episode >= FIRST_LIVE_EPISODE and not frame.is_past:
            self.games.note_playing(frame.moment.episode, frame.player)

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the game that the selected memory is of."""
        self._selected = None if entry is None else entry.moment.episode
        self._mark(self._selected)

    # --- asking ---

    def refresh(self) -> None:
        """Ask which games there are."""
        if self._has_game:
            self._due.clear()  # what has not come by now never will
            self._again.start()
            self.episodes_wanted.emit(AskEpisodes(GAMES))

    def _ask_for_scores(self) -> None:
        if self._due or not self.is_watched():
            return
        first = max(self.table.rowAt(0), 0)
        area = self.table.viewport()
        lines = 1 if area is None else area.height() // max(self.table.rowHeight(first), 1) + 1
        missing = self.games.without_score(range(first, first + lines))[:SCORES_AT_ONCE]
        if missing:
            self._due = set(missing)
            self.scores_wanted.emit(AskScores(SCORES, tuple(missing)))

    # --- showing ---

    def _current(self) -> int | None:
        index = self.table.currentIndex()
        return self.games.episode(index.row()) if index.isValid() else None

    def _mark(self, episode: int | None) -> None:
        place = None if episode is None else self.games.place_of(episode)
        if place is None:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        else:
            self.table.selectRow(place)
        self._enable_button()

    def _enable_button(self) -> None:
        self.list_button.setEnabled(self._current() is not None)

    def _show_count(self) -> None:
        num = self.games.rowCount()
        self.count.setText(f"{count_text(num)} recorded games" if num != 1 else "1 recorded game")
        self.hint.setText(
            "The first game appears when it begins." if self._has_game
            else "Open a game to see which games of it are recorded."
        )  # fmt: skip
        self._pages.setCurrentIndex(0 if num else 1)

    def _sort_by(self, column: int) -> None:
        is_other = column != self._sort
        self._is_descending = True if is_other else not self._is_descending
        self._sort = column
        current = self._current()
        self.games.sort_by(column, self._is_descending)
        self._mark(current)
        self._point_arrow()
        self._ask_for_scores()

    def _point_arrow(self) -> None:
        falling, rising = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self._header().setSortIndicator(self._sort, falling if self._is_descending else rising)

    def _choose(self, index: QModelIndex) -> None:
        episode = self.games.episode(index.row())
        if episode is not None:
            self.episode_chosen.emit(episode)

    def _header(self) -> QHeaderView:
        header = self.table.horizontalHeader()
        assert header is not None
        return header

    def _lay_out(self) -> None:
        table, header = self.table, self._header()
        table.setModel(self.games)
        table.setAccessibleName("Recorded games")
        table.setToolTip("Double-click a game to list its memories")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.doubleClicked.connect(self._choose)
        rows, bar = table.verticalHeader(), table.verticalScrollBar()
        chosen = table.selectionModel()
        assert rows is not None
        assert bar is not None
        assert chosen is not None
        chosen.currentRowChanged.connect(lambda *_: self._enable_button())
        rows.hide()
        metrics = QFontMetrics(table.font())
        rows.setDefaultSectionSize(metrics.height() + 4)
        bar.valueChanged.connect(lambda _: self._ask_for_scores())
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort_by)
        for column, text in enumerate(COLUMN_WIDTHS):
            widths = [metrics.horizontalAdvance(one) for one in (text, TITLES[column][0])]
            table.setColumnWidth(column, max(widths) + 28)
        self._point_arrow()
        self.list_button.setText("List its memories")
        self.list_button.setAccessibleName("List the memories of the game")
        self.list_button.setToolTip("List the memories of this game in the panel Memory")
        self.list_button.clicked.connect(lambda: self._choose(table.currentIndex()))
        top = QHBoxLayout()
        top.addWidget(self.count)
        top.addStretch(1)
        top.addWidget(self.list_button)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self._pages.addWidget(table)
        self._pages.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(table)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._ask_for_scores()
