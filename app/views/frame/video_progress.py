"""How far a video of the past has come, and the way to give it up."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget


class VideoProgress(QWidget):
    """A small bar and a button; hidden while no video is being written."""

    cancel_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setMaximumWidth(120)
        self.bar.setFormat("video %p%")
        self.bar.setAccessibleName("Video being written")
        self.bar.setToolTip("A video of the past is being written; the game goes on meanwhile")
        self.cancel = QToolButton()
        self.cancel.setText("Cancel")
        self.cancel.setAccessibleName("Cancel the video")
        self.cancel.setToolTip("Stop writing the video; no file is left behind")
        self.cancel.clicked.connect(self.cancel_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)
        self.show_fraction(None)

    def show_fraction(self, fraction: float | None) -> None:
        """0 .. 1; None: no video is being written."""
        self.setVisible(fraction is not None)
        self.bar.setValue(min(100, round(100 * (fraction or 0.0))))
