"""The trained brains that come with the program, a button each."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QPushButton, QWidget

from app.views.widgets.flow_layout import FlowLayout
from nec_engine.run.shipped import Brain


class BrainRow(QWidget):
    """Empty while there is none."""

    chosen = pyqtSignal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self._layout = FlowLayout(6, self)

    def show_brains(self, brains: Sequence[Brain]) -> None:
        for old in self.buttons:
            self._layout.removeWidget(old)
            old.deleteLater()
        self.buttons = []
        for brain in brains:
            button = QPushButton(f"{brain.title}: trained for {frames_text(brain.frames)}")
            button.setToolTip(f"Watch what {brain.path.name} has learned")
            button.clicked.connect(lambda _, path=brain.path: self.chosen.emit(path))
            self._layout.addWidget(button)
            self.buttons.append(button)


def frames_text(frames: int) -> str:
    """``240,000 frames``, ``2.5 million frames``."""
    return f"{frames / 1e6:.3g} million frames" if frames >= 1_000_000 else f"{frames:,} frames"
