"""What is seen while a game is being opened and none was open before."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget


class LoadingView(QWidget):
    """Says what is being opened; can be cancelled."""

    cancel_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.words = QLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        font = self.words.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self.words.setFont(font)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(260)
        self.bar.setAccessibleName("Opening")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Do not open it")
        self.cancel.clicked.connect(self.cancel_clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(self.words, 0, centre)
        layout.addWidget(self.bar, 0, centre)
        layout.addWidget(self.cancel, 0, centre)
        layout.addStretch(1)

    def show_words(self, words: str) -> None:
        """Say what is being opened; empty: nothing is, and the bar stands still."""
        self.words.setText(f"Opening {words}…" if words else "")
        self.bar.setRange(0, 0 if words else 1)
