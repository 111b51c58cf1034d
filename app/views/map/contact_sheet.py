"""What a lasso holds: some of its pictures, to be clicked, and its statistics in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QImage, QPixmap, QResizeEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.map.map_statistics import SHEET_SIZE
from app.views.widgets.panel import muted

NUM_COLUMNS: Final = 6
PICTURE: Final = (40, 32)  # the room of one, pixels


class ContactSheet(QScrollArea):
    """Up to twelve pictures and some lines; hidden until there is something to show.

    As high as it needs to be, but never so high that no room is left: then it scrolls.
    """

    picked = pyqtSignal(int)  # the place on the sheet of the picture that was clicked
    closed = pyqtSignal()
    edit_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Contact sheet of the lasso")
        self.buttons = [QToolButton() for _ in range(SHEET_SIZE)]
        self.lines = QLabel()
        self.edit_button, self.close_button = QToolButton(), QToolButton()
        self._most_height = 10_000
        self._height = 0  # what it would like
        self._lay_out()
        self.hide()

    def picture_size(self) -> QSize:
        """The room for one picture."""
        return QSize(*PICTURE)

    def show_sheet(self, tips: Sequence[str], lines: Sequence[str]) -> None:
        """Room for a picture for each of ``tips``, which tell of its entry, and the statistics."""
        for place, button in enumerate(self.buttons):
            has_entry = place < len(tips)
            button.setVisible(has_entry)
            button.setIcon(QIcon())
            if has_entry:
                button.setToolTip(f"{tips[place]}\nClick: select it in every panel.")
                button.setAccessibleName(tips[place])
        self.lines.setText("\n".join(lines))
        self._fit()
        self.show()

    def set_most_height(self, height: int) -> None:
        """Take no more room than this, in pixels."""
        self._most_height = height
        self._fit()

    def show_picture(self, place: int, image: QImage | None, problem: str) -> None:
        """Put a picture on its place; None: it is on its way, or ``problem`` says why not."""
        button = self.buttons[place]
        button.setText("?" if problem else "…")
        if image is not None:
            button.setIcon(QIcon(QPixmap.fromImage(image)))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(2)
        for place, button in enumerate(self.buttons):
            button.setAccessibleName("A memory inside the lasso")
            button.setToolTip("Select this memory in every panel")
            button.setIconSize(self.picture_size())
            button.setFixedSize(PICTURE[0] + 6, PICTURE[1] + 6)
            button.setStyleSheet("padding: 0px;")
            button.clicked.connect(partial(self._pick, place))
            grid.addWidget(button, *divmod(place, NUM_COLUMNS))
        grid.setColumnStretch(NUM_COLUMNS, 1)
        self.lines.setWordWrap(True)
        self.lines.setTextFormat(Qt.TextFormat.PlainText)
        muted(self.lines)
        font = self.lines.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        self.lines.setFont(font)
        self.close_button.setText("✕")
        self.close_button.setAccessibleName("Forget the lasso")
        self.close_button.setToolTip("Forget the lasso and make room for the map")
        self.close_button.clicked.connect(self.closed)
        words = QHBoxLayout()
        words.addWidget(self.lines, 1)
        self.edit_button.setText("Edit…")
        self.edit_button.setAccessibleName("Edit what the lasso holds")
        self.edit_button.setToolTip("Set the value of, pin or delete all points inside the lasso")
        self.edit_button.clicked.connect(self.edit_clicked)
        words.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(words)
        layout.addLayout(grid)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _fit(self) -> None:
        inside = self.widget()
        assert inside is not None
        wanted = max(inside.heightForWidth(self.width()), 0)
        self._height = min(wanted, self._most_height)
        self.setMaximumHeight(self._height)
        self.updateGeometry()

    def _pick(self, place: int, _: bool = False) -> None:
        self.picked.emit(place)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(240, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, PICTURE[1] + 6)  # a row of pictures

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and event.size().width() != event.oldSize().width():
            self._fit()
