"""A box dragged over a picture: which part of the agent's screen is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from app.look.theme import DARK, Theme
from nec_engine.messages import Box

SIDE: Final = 84  # of the agent's screens: boxes are in their pixels
LEAST: Final = 2  # pixels of a box: less is a click that slipped
FIRST_BOX: Final = Box(32, 32, 20, 20)
STEP: Final = 4  # pixels for each arrow key
ARROWS: Final = {
    Qt.Key.Key_Left: (-STEP, 0),
    Qt.Key.Key_Right: (STEP, 0),
    Qt.Key.Key_Up: (0, -STEP),
    Qt.Key.Key_Down: (0, STEP),
}


class RegionPicker(QWidget):
    """Lies over ``parent`` while it is active, and tells each box that is dragged on it.

    With the keyboard: arrows move the box, with Shift they change its size, Enter takes it.
    """

    picked = pyqtSignal(object)  # Box

    def __init__(self, parent: QWidget, picture: Callable[[], QRectF]) -> None:
        """``picture``: where the whole of the agent's screen is, in ``parent``."""
        super().__init__(parent)
        self._picture = picture
        self._theme = DARK
        self._box: Box | None = None  # that is shown
        self._start: QPointF | None = None  # of the drag
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Region to blur")
        self.setToolTip(
            "Drag a box to blur it and ask again.\nArrow keys move it, with Shift they change its"
            " size, Enter asks, Esc leaves."
        )
        parent.installEventFilter(self)
        self.hide()

    @property
    def box(self) -> Box | None:
        """The box that is drawn."""
        return self._box

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_active(self, is_active: bool) -> None:
        """Lie over the parent and take the mouse, or be gone."""
        self._start = None
        if is_active:
            self._cover()
            self.raise_()
        else:
            self._box = None
        self.setVisible(is_active)

    def show_box(self, box: Box | None) -> None:
        """Draw this one, as when it was dragged over another picture of the same screen."""
        self._box = box
        self.update()

    def _cover(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(parent.rect())

    def _box_between(self, first: QPointF, last: QPointF) -> Box:
        """The pixels that the drag touches, kept on the screen."""
        picture = self._picture()
        places = [
            (
                min(max((point.x() - picture.x()) / picture.width(), 0.0), 1.0) * SIDE,
                min(max((point.y() - picture.y()) / picture.height(), 0.0), 1.0) * SIDE,
            )
            for point in (first, last)
        ]
        left, right = sorted(round(x) for x, _ in places)
        top, bottom = sorted(round(y) for _, y in places)
        return Box(left, top, right - left, bottom - top)

    def _take(self, box: Box) -> None:
        if box.width >= LEAST and box.height >= LEAST:
            self.show_box(box)
            self.picked.emit(box)

    # --- Qt ---

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        if event.button() == Qt.MouseButton.LeftButton and self._picture().contains(
            event.position()
        ):
            self._start = event.position()
            self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        if self._start is not None:
            self.show_box(self._box_between(self._start, event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        if self._start is not None and event.button() == Qt.MouseButton.LeftButton:
            start, self._start = self._start, None
            self._take(self._box_between(start, event.position()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None
        key = Qt.Key(event.key())
        box = self._box or FIRST_BOX
        if key in ARROWS:
            x, y = ARROWS[key]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                width = min(max(box.width + x, STEP), SIDE - box.left)
                height = min(max(box.height + y, STEP), SIDE - box.top)
                self.show_box(Box(box.left, box.top, width, height))
            else:
                left = min(max(box.left + x, 0), SIDE - box.width)
                top = min(max(box.top + y, 0), SIDE - box.height)
                self.show_box(Box(left, top, box.width, box.height))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(box)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        if self._box is None:
            return
        picture, box = self._picture(), self._box
        x, y = picture.width() / SIDE, picture.height() / SIDE
        rect = QRectF(
            picture.x() + box.left * x, picture.y() + box.top * y, box.width * x, box.height * y
        )
        painter = QPainter(self)
        painter.setPen(QPen(QColor("black"), 3))
        painter.drawRect(rect)
        painter.setPen(QPen(QColor(self._theme.accent), 1.4, Qt.PenStyle.DashLine))
        painter.drawRect(rect)
        painter.end()

    def eventFilter(self, receiver: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return super().eventFilter(receiver, event)
