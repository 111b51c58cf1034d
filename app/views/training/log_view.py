"""What happened, a line each with its time."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from PyQt6.QtGui import QColor, QTextCharFormat, QTextCursor
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from app.look.theme import DARK, Theme

NUM_LINES: Final = 2000


class LogView(QPlainTextEdit):
    """Lines can be selected and copied; the newest is kept in view unless one scrolled away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setMaximumBlockCount(NUM_LINES)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setAccessibleName("Log")
        self.setToolTip("What happened since the program was started")
        self._theme = DARK
        self._lines: deque[tuple[str, bool]] = deque(maxlen=NUM_LINES)

    def add(self, text: str, is_problem: bool = False) -> None:
        """Add a line; a problem says so in a word and in colour."""
        mark = "Problem: " if is_problem else ""
        line = f"{time.strftime('%H:%M:%S')}  {mark}{text}"
        self._lines.append((line, is_problem))
        self._write(line, is_problem)

    def set_theme(self, theme: Theme) -> None:
        """Write everything again in the theme's colours."""
        self._theme = theme
        self.clear()
        for line, is_problem in self._lines:
            self._write(line, is_problem)

    def _write(self, line: str, is_problem: bool) -> None:
        bar, document = self.verticalScrollBar(), self.document()
        assert bar is not None
        assert document is not None
        is_at_end = bar.value() >= bar.maximum() - 2
        form = QTextCharFormat()
        form.setForeground(QColor(self._theme.warning if is_problem else self._theme.text))
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(line if document.isEmpty() else f"\n{line}", form)
        if is_at_end:
            bar.setValue(bar.maximum())
