"""The memory, entry by entry: all in a table, filtered, in any order; one of them in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import QLabel, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.memory.filter_words import filter_text
from app.models.neighbours.neighbour_rows import NO_MEMORIES
from app.models.wording import count_text, moment_text
from app.views.memory.entry_details import EntryDetails
from app.views.memory.entry_filter_row import EntryFilterRow
from app.views.memory.entry_table_view import EntryTableView
from app.views.widgets.flow_layout import FlowLayout
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    AskEntries,
    Column,
    EntriesAnswer,
    Entry,
    EntryFilter,
    GameInfo,
    LetEntriesGo,
    LikeEntry,
    LikeMoment,
    Likeness,
    Limits,
    Moment,
)

PANEL: Final = "memory"
REFRESH_MS: Final = 100
RECENT_S: Final = 20.0  # entries read so lately serve another filter or order
EVERY_MS: Final = 3000  # read anew, while it is seen, or
TIMES_TAKEN: Final = 20  # so many times as long as reading takes
LOST_AFTER_MS: Final = 60_000  # an answer that has not come by then never will
BUSY_AFTER_MS: Final = 300
LET_GO_AFTER_MS: Final = 60_000  # that nobody has looked: 49 bytes an entry
TABLE_WIDTH: Final = 755
SIDE_BY_SIDE: Final = 820  # from this width on, table and details stand side by side


class MemoryView(Panel):
    """Asks for entries while somebody looks, and shows the answer. Sorts and filters nothing."""

    entries_wanted = pyqtSignal(object)  # AskEntries, LetEntriesGo
    visit_wanted = pyqtSignal(object)  # Entry: double-clicked
    entry_chosen = pyqtSignal(object)  # Entry: by mouse or keyboard

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Memory", REFRESH_MS, parent, clock)
        self._info: GameInfo | None = None
        self._sort, self._is_descending = Column.AGE, False
        self._like: Likeness | None = None
        self._like_text = ""
        self._asked: AskEntries | None = None  # last
        self._is_due = False  # no answer has come yet
        self._most_age_s = 0.0
        self.filter_row = EntryFilterRow()
        self.table = EntryTableView()
        self.details = EntryDetails(self.clock)
        self.like_button, self.refresh_button = QToolButton(), QToolButton()
        self.count = muted(QLabel())
        self.hint = muted(QLabel())
        self._pages, self._split = QStackedWidget(), QSplitter(Qt.Orientation.Horizontal)
        self._again = _single_shot(self, self._read_again)
        self._unseen = _single_shot(self, self._let_go)
        self._busy = _single_shot(self, self._say_busy)
        self._is_split = False
        self._like_buttons = FlowLayout()
        self._lay_out()
        self.set_theme(self.theme)
        self.open_game(None)

    # --- what it is told ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.details.set_theme(theme)

    def set_actions(self, like: list[QAction], of_entry: list[QAction]) -> None:
        """Have buttons for what lists likenesses, and for what is done with the selected entry."""
        for action in like:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._like_buttons.addWidget(button)
        self.details.set_actions(of_entry)

    def open_game(self, info: GameInfo | None) -> None:
        """List the entries of another game's agent; None: no game is open."""
        self._info = info
        names = () if info is None else info.action_names
        for timer in (self._again, self._unseen, self._busy):
            timer.stop()
        self._asked, self._is_due = None, False
        self._set_like(None, "")
        self._sort, self._is_descending = Column.AGE, False
        self.filter_row.open_game(names)
        self.table.set_action_names(names)
        self.table.show_sort(self._sort, self._is_descending)
        self.details.open_game(names)
        self.details.setVisible(info is None or info.has_memory)  # there is no row to click
        self._most_age_s = 0.0
        self._show_count()
        self.request_refresh()

    def set_selected(self, entry: Entry | None) -> None:
        """Mark this entry in the table, and tell all about it beside it."""
        self.table.set_selected(entry)
        self.details.set_entry(entry)
        if self.is_watched():
            self.details.ask()

    def show_entries(self, answer: EntriesAnswer) -> None:
        """List what was found."""
        if answer.question != self._asked:  # asked twice, the second answer is newer
            return
        self._is_due = False
        self._busy.stop()
        self.table.show_answer(answer)
        self.filter_row.show_extents(dict(answer.extents))
        if answer.problem:
            self._set_like(None, "")
        self._show_count(answer.problem)
        self._again.start(max(EVERY_MS, round(1000 * TIMES_TAKEN * answer.took_s)))

    def show_episode(self, episode: int) -> None:
        """List the entries of one recorded game, as it was played."""
        self._set_like(None, "")
        limits = {Column.EPISODE: Limits(episode, episode)}
        self.filter_row.set_filter(EntryFilter(limits))
        self._order_by(Column.EPISODE, False)

    def show_like_moment(self, moment: Moment) -> None:
        """List what is most like the screens of a recorded moment first."""
        self._set_like(LikeMoment(moment), f"like {moment_text(moment)}")
        self._order_by(Column.DISTANCE, False)

    def show_like_entry(self, entry: Entry) -> None:
        """List what is most like an entry first, beginning with itself."""
        self._set_like(LikeEntry(entry), f"like {moment_text(entry.moment)}")
        self._order_by(Column.DISTANCE, False)

    def read_anew(self) -> None:
        """The entries as they are now; when nobody looks, once somebody does."""
        self._is_due = False
        self._most_age_s = 0.0
        self.request_refresh()

    @property
    def shown(self) -> EntriesAnswer | None:
        """What is listed: for whatever is done with all of it."""
        return self.table.table.answer

    # --- asking ---

    def refresh(self) -> None:
        """Ask for the entries; the answer comes when it comes."""
        if self._info is None or not self._info.has_memory:
            return
        question = AskEntries(
            PANEL, self.filter_row.filter, self._sort, self._is_descending, self._like,
            self._most_age_s,
        )  # fmt: skip
        if self._is_due and question == self._asked:
            return
        self._asked, self._is_due = question, True
        self._unseen.stop()
        self._again.start(LOST_AFTER_MS)
        self._busy.start(BUSY_AFTER_MS)
        self.entries_wanted.emit(question)
        self.details.ask()

    def _ask_again(self) -> None:
        """Another choice among entries that were read a moment ago."""
        self._most_age_s = RECENT_S
        self.request_refresh()

    def _order_by(self, column: Column, is_descending: bool) -> None:
        if column is Column.DISTANCE and self._like is None:
            return
        self._sort, self._is_descending = column, is_descending
        self.table.show_sort(column, is_descending)
        self._ask_again()

    def _set_like(self, like: Likeness | None, text: str) -> None:
        self._like, self._like_text = like, text
        self.like_button.setText(f"{text} ✕")
        self.like_button.setVisible(like is not None)
        if like is None and self._sort is Column.DISTANCE:
            self._sort, self._is_descending = Column.AGE, False
            self.table.show_sort(self._sort, self._is_descending)

    def _end_like(self) -> None:
        self._set_like(None, "")
        self._ask_again()

    def _read_again(self) -> None:
        self.read_anew()
        if not self.is_watched():
            self._unseen.start(LET_GO_AFTER_MS)

    def _let_go(self) -> None:
        """Nobody looks: neither the engine nor the table need hold the entries."""
        if not self.is_watched():
            self._asked = None
            self.table.show_answer(None)
            self._show_count()
            self.entries_wanted.emit(LetEntriesGo(PANEL))

    # --- showing ---

    def _say_busy(self) -> None:
        self.count.setText("Reading the memory …")

    def _show_count(self, problem: str = "") -> None:
        answer = self.shown
        num_all = 0 if answer is None else len(answer.columns)
        num = 0 if answer is None else len(answer.order)
        text = ""
        if answer is not None and self._info is not None:
            conditions = filter_text(answer.question.filter, self._info.action_names)
            text = f"{count_text(num)} of {count_text(num_all)}"
            text += f": {conditions}" if conditions else " entries"
        self.count.setText(problem or text)
        self.count.setToolTip(problem or text)
        self.hint.setText(self._why_empty(answer))
        self._pages.setCurrentIndex(0 if num else 1)

    def _why_empty(self, answer: EntriesAnswer | None) -> str:
        if self._info is None:
            return "Open a game to see what its agent remembers."
        if not self._info.has_memory:
            return f"{NO_MEMORIES[0]}. {NO_MEMORIES[1]}"
        if answer is None:
            return "Reading the memory …"
        if not len(answer.columns):
            return "Nothing is remembered yet. Let the agent train (T), or play yourself (M)."
        return "No entry meets these conditions. Widen them, or press Clear."

    def _lay_out(self) -> None:
        self.like_button.setAccessibleName("End the comparison")
        self.like_button.setToolTip("Stop comparing: list the newest entries first again")
        self.like_button.clicked.connect(self._end_like)
        self.refresh_button.setText("Refresh")
        self.refresh_button.setAccessibleName("Read the memory anew")
        self.refresh_button.setToolTip(
            "Read the memory anew; while it is seen, it is read every few seconds anyway"
        )
        self.refresh_button.clicked.connect(self.read_anew)
        self.filter_row.filter_changed.connect(lambda _: self._ask_again())
        self.table.sort_wanted.connect(self._order_by)
        self.table.entry_chosen.connect(self.entry_chosen)
        self.table.visit_wanted.connect(self.visit_wanted)
        self.count.setMinimumHeight(self.refresh_button.sizeHint().height())
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        like_buttons = QWidget()
        like_buttons.setLayout(self._like_buttons)
        top = FlowLayout()
        for part in (
            self.filter_row, like_buttons, self.refresh_button, self.like_button, self.count,
        ):  # fmt: skip
            top.addWidget(part)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.hint)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._pages)
        self._split.addWidget(self.details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self._split, 1)
        self.setFocusProxy(self.table)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Side by side in a wide panel, one above the other in a narrow one."""
        super().resizeEvent(event)
        is_wide = self.width() >= SIDE_BY_SIDE
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if event is not None and (self._split.orientation() is not wanted or not self._is_split):
            self._is_split = True
            self._split.setOrientation(wanted)
            self._split.setSizes(
                [TABLE_WIDTH, self.width() - TABLE_WIDTH] if is_wide else [300, 150]
            )


def _single_shot(view: MemoryView, do: Callable[[], None]) -> QTimer:
    """A timer of the view that calls ``do`` once each time it is started."""
    timer = QTimer(view)
    timer.setSingleShot(True)
    timer.timeout.connect(do)
    return timer
