"""Passing notes: a sentence over the window that goes away by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QColor, QPalette
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.look.theme import DARK, Theme
from app.note import Note

PASSING_MS: Final = 4000
PROBLEM_MS: Final = 15000
NUM_NOTES: Final = 3
MARGIN: Final = 12
WIDTH: Final = 460

FindAction = Callable[[str], QAction]


class Notes(QObject):
    """Stacks the newest notes at the bottom of ``area``, over whatever is there."""

    def __init__(self, area: QWidget, find_action: FindAction) -> None:
        super().__init__(area)
        self._area = area
        self._find_action = find_action
        self._cards: list[_Card] = []
        self._theme = DARK
        area.installEventFilter(self)

    def show(self, note: Note) -> None:
        """Show ``note`` now; the oldest makes room."""
        if self._cards and self._cards[-1].note == note:  # said again: once is enough
            self._cards[-1].restart()
            return
        action = self._find_action(note.action) if note.action else None
        card = _Card(note, action, self._theme, self._area)
        card.dismissed.connect(self._drop)
        self._cards.append(card)
        while len(self._cards) > NUM_NOTES:
            self._drop(self._cards[0])
        card.show()
        self._place()

    def texts(self) -> list[str]:
        """What is shown now, oldest first."""
        return [card.note.text for card in self._cards]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for card in self._cards:
            card.set_theme(theme)

    def clear(self) -> None:
        """Take every note away."""
        for card in list(self._cards):
            self._drop(card)

    def _drop(self, card: _Card) -> None:
        if card in self._cards:
            self._cards.remove(card)
            card.stop()
            card.hide()
            card.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._area.height() - MARGIN
        width = min(WIDTH, self._area.width() - 2 * MARGIN)
        for card in reversed(self._cards):
            height = card.height_for(width)
            card.setGeometry((self._area.width() - width) // 2, bottom - height, width, height)
            card.raise_()
            bottom -= height + 6

    def eventFilter(self, _: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self._cards:
            self._place()
        return False


class _Card(QFrame):
    """One note. Opaque, so that the game beneath need not be painted twice."""

    dismissed = pyqtSignal(object)

    def __init__(self, note: Note, action: QAction | None, theme: Theme, area: QWidget) -> None:
        super().__init__(area)
        self.note = note
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self._label = QLabel(f"Problem: {note.text}" if note.is_problem else note.text)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(self._label.text())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 6, 8)
        layout.addWidget(self._label, 1)
        if action is not None:
            layout.addWidget(self._button(action.text(), action.toolTip(), action.trigger))
        close = self._button("✕", "Dismiss this note", self._dismiss)
        close.setAccessibleName("Dismiss")
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._dismiss)
        self.set_theme(theme)
        self.restart()

    def height_for(self, width: int) -> int:
        return self.heightForWidth(width)

    def restart(self) -> None:
        """Stay for the whole time from now on."""
        self._timer.start(PROBLEM_MS if self.note.is_problem else PASSING_MS)

    def stop(self) -> None:
        self._timer.stop()

    def set_theme(self, theme: Theme) -> None:
        palette = self.palette()
        edge = theme.warning if self.note.is_problem else theme.border
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.raised))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(edge))
        self.setPalette(palette)
        ink = self._label.palette()
        ink.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        self._label.setPalette(ink)
        self.setLineWidth(2 if self.note.is_problem else 1)

    def _button(self, text: str, tip: str, clicked: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: clicked())
        return button

    def _dismiss(self) -> None:
        self.dismissed.emit(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
