"""The timeline of the live game: a strip to drag along, its courses, and a moment in words."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from app.models.timeline.timeline_ruler import game_ruler, session_ruler
from app.models.timeline.timeline_words import SURPRISE_TIP, moment_words
from app.views.timeline.course_list import CourseList
from app.views.timeline.timeline_marks import LEGEND
from app.views.timeline.timeline_strip import TimelineStrip
from app.views.widgets.fitted_label import ElidedLabel, SentenceLabel
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    BranchHere,
    Command,
    Entry,
    LookAt,
    LookBack,
    Moment,
    ReturnToPresent,
)
from nec_engine.messages import Timeline as TimelineMessage

REFRESH_MS: Final = 60
HIGH: Final = 240  # pixels: a panel higher than this is no strip
QWIDGETSIZE_MAX: Final = (1 << 24) - 1  # Qt's, which PyQt does not name
EMPTY: Final = "Nothing has been played yet. Open a game, or press P to let it play."


class TimelineView(Panel):
    """What is wanted of the game is told as a command by ``wanted``."""

    wanted = pyqtSignal(object)  # Command

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Timeline", REFRESH_MS, parent, clock)
        self._timeline: TimelineMessage | None = None
        self._is_new = False
        self._shown: Moment | None = None
        self._pointed: Moment | None = None
        self._is_past = False
        self.strip = TimelineStrip()
        self.courses = CourseList()
        self.words = ElidedLabel()
        self.long_words = SentenceLabel(2)  # the same where there is room for two lines
        for label in (self.words, self.long_words):
            label.setAccessibleName("The moment that is shown")
        self.hint = muted(QLabel(EMPTY))
        self.hint.setWordWrap(True)
        self.legend = muted(QLabel(LEGEND))
        self.legend.setWordWrap(True)
        self.whole_session = self._button(
            "Whole session", "Show every game of this session, one after the other"
        )
        self.whole_session.setCheckable(True)
        self.branch = self._button(
            "Branch", "Begin a branch at the moment that is shown; the old course is kept (Ctrl+B)"
        )
        self.new_luck = self._button(
            "New luck", "The same, but sticky actions fall otherwise from there on (Ctrl+Shift+B)"
        )
        self.present = self._button(
            "Present", "Leave the past as it was; the game stands where you left it (Alt+End)"
        )
        self.present.setEnabled(False)
        self._lay_out()
        self._connect()
        self.set_theme(self.theme)
        self._show_what_there_is()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.strip.set_theme(theme)

    def forget(self) -> None:
        """Another game is open now: nothing of the last one is shown."""
        self._timeline = self._shown = self._pointed = None
        self._is_past = False
        self._is_new = True
        self.courses.forget()
        self.request_refresh()

    def show_timeline(self, timeline: TimelineMessage) -> None:
        """Show the newest of what was played."""
        self._timeline, self._is_new = timeline, True
        self.request_refresh()

    def show_moment(self, moment: Moment, *, is_past: bool) -> None:
        """Say that this moment is on the screen."""
        if (moment, is_past) != (self._shown, self._is_past):
            self._shown, self._is_past = moment, is_past
            self.request_refresh()

    def set_selected(self, entry: Entry | None) -> None:
        """Ring where the selected memory was last met, when that was in this session."""
        self.strip.set_selected(None if entry is None else entry.moment)

    def refresh(self) -> None:
        if self._is_new:
            self._is_new = False
            self._show_what_there_is()
        self.strip.show_moment(self._shown, is_past=self._is_past)
        self.present.setEnabled(self._is_past)
        self._show_words()

    # --- inside ---

    def _show_what_there_is(self) -> None:
        timeline = self._timeline
        has_any = timeline is not None and bool(timeline.episodes)
        self.hint.setVisible(not has_any)
        for part in (self.strip, self.courses):
            part.setVisible(has_any)
        for button in (self.branch, self.whole_session):
            button.setEnabled(has_any)
        self.new_luck.setVisible(timeline is not None and timeline.has_luck)
        if timeline is None:
            return
        is_whole = self.whole_session.isChecked()
        ruler = session_ruler(timeline) if is_whole else game_ruler(timeline)
        self.strip.show_ruler(ruler, timeline.quick_states, timeline.present)
        route = timeline.route
        self.courses.show_episodes(timeline.episodes, None if route is None else route.episode)

    def _show_words(self) -> None:
        moment = self._pointed or self._shown
        timeline = self._timeline
        if timeline is None or moment is None:
            self.words.show_text("")
            self.long_words.show_text("")
            return
        words = moment_words(timeline, moment)
        self.words.show_text(words)
        self.long_words.show_text(words)
        self.long_words.setToolTip(SURPRISE_TIP)
        self.words.setToolTip(f"{words}\n{SURPRISE_TIP}")
        self.strip.setAccessibleDescription(words)

    def _point_at(self, moment: Moment | None) -> None:
        self._pointed = moment
        self.request_refresh()

    def _choose_zoom(self) -> None:
        self._is_new = True
        self.request_refresh()

    def _want(self, command: Command) -> None:
        self.wanted.emit(command)

    def _connect(self) -> None:
        self.strip.look_wanted.connect(lambda moment: self._want(LookAt(moment)))
        self.strip.steps_wanted.connect(lambda steps: self._want(LookBack(steps)))
        self.strip.present_wanted.connect(lambda: self._want(ReturnToPresent()))
        self.strip.pointed_at.connect(self._point_at)
        self.courses.look_wanted.connect(lambda moment: self._want(LookAt(moment)))
        self.branch.clicked.connect(lambda: self._want(BranchHere()))
        self.new_luck.clicked.connect(lambda: self._want(BranchHere(new_luck=True)))
        self.present.clicked.connect(lambda: self._want(ReturnToPresent()))
        self.whole_session.toggled.connect(self._choose_zoom)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.whole_session, self.branch, self.new_luck, self.present):
            buttons.addWidget(button)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(6)
        self._head.addWidget(self.words, 1)
        self._head.addWidget(self.long_words)
        self._head.addLayout(buttons)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.strip)
        self.parts.addWidget(self.courses)
        self.parts.setStretchFactor(0, 1)
        self.parts.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 3)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(self.legend)
        layout.addWidget(self.hint)
        layout.addWidget(self.parts, 1)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """A low panel has all side by side, a high one below each other, with the legend."""
        super().resizeEvent(event)
        is_high = self.height() > HIGH
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._head.setDirection(down if is_high else right)
        self.parts.setOrientation(Qt.Orientation.Vertical if is_high else Qt.Orientation.Horizontal)
        self.strip.setMaximumHeight(HIGH // 2 if is_high else QWIDGETSIZE_MAX)
        for part in (self.legend, self.long_words):
            part.setVisible(is_high)
        self.words.setVisible(not is_high)
