"""A place that says: drop a file here, or click."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QWidget

from app.look.theme import DARK, Theme


class DropZone(QAbstractButton):
    """A wide button with a dashed edge; the window takes the drop itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self.setText("Drop a game or a snapshot here")
        self.setAccessibleName("Open a game file or a snapshot")
        self.setToolTip("Open a game file or a snapshot (Ctrl+O)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(96)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 110)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_lit = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent if is_lit else theme.muted), 2,
                            Qt.PenStyle.DashLine))  # fmt: skip
        painter.setBrush(QColor(theme.panel))
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QColor(theme.text))
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        half = box.height() / 2
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box.adjusted(0, 0, 0, -half), centre | Qt.AlignmentFlag.AlignBottom,
                         self.text())  # fmt: skip
        painter.setFont(self.font())
        painter.setPen(QColor(theme.muted))
        painter.drawText(box.adjusted(0, half + 6, 0, 0), centre | Qt.AlignmentFlag.AlignTop,
                         "or click to choose one (Ctrl+O)")  # fmt: skip
        painter.end()
