"""Labels that keep their height and never cut a text off without saying so."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

SMALLER: Final = (1.0, 0.92, 0.85, 0.78)


class SentenceLabel(QLabel):
    """A text on always ``num_lines`` lines, so that nothing below it jumps; smaller if it must."""

    def __init__(self, num_lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = [_sized(self.font(), part) for part in SMALLER]
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setFixedHeight(num_lines * QFontMetrics(self._sizes[0]).lineSpacing() + 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show ``text`` in the largest font that fits it."""
        self.setText(text)
        self._fit()

    def _fit(self) -> None:
        room = QRect(0, 0, max(self.width() - 2, 20), 10_000)
        for font in self._sizes:
            needed = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
            if needed.height() <= self.height():
                break
        if font != self.font():
            self.setFont(font)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()


class ElidedLabel(QLabel):
    """One line that ends in dots when it is too long; the whole of it is the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def whole_text(self) -> str:
        return self._whole

    def show_text(self, text: str) -> None:
        """Show as much of ``text`` as there is room for."""
        self._whole = text
        self._fit()

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width()
        )
        self.setText(fitting)
        self.setToolTip(self._whole if fitting != self._whole else "")

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()


def _sized(font: QFont, part: float) -> QFont:
    sized = QFont(font)
    sized.setPointSizeF(font.pointSizeF() * part)
    return sized
