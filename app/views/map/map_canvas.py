"""The map itself: zoomed, pulled, pointed at and encircled, with what moves over it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QWidget

from app.look.theme import Theme
from app.models.map.map_dot import Live, Place
from app.models.map.map_frame import MapFrame
from app.views.map.map_marks import (
    draw_card,
    draw_dot,
    draw_lasso,
    draw_neighbours,
    draw_selected,
    draw_tail,
    draw_words,
)
from app.views.map.map_picture import Layout, MapPicture

WHEEL_NOTCH: Final = 120
WHEEL_FACTOR: Final = 1.25
KEY_FACTOR: Final = 1.5
KEY_STEP: Final = 40.0  # pixels
FEWEST_CORNERS: Final = 3

Key = Qt.Key
_PULLS: Final = {
    Key.Key_Left: (KEY_STEP, 0.0), Key.Key_Right: (-KEY_STEP, 0.0),
    Key.Key_Up: (0.0, KEY_STEP), Key.Key_Down: (0.0, -KEY_STEP),
}  # fmt: skip


class _Drag(Enum):
    NOTHING = "nothing"
    PRESSED = "pressed"  # not yet known whether it becomes a click
    PULLING = "pulling"
    LASSO = "lasso"


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of the entry under the pointer."""

    image: QImage | None
    problem: str  # why there is no image; empty: it is on its way
    lines: tuple[str, ...]


class MapCanvas(QWidget):
    """Shows a :class:`Layout` and what lies over it. Qt's thread.

    A painting costs one ready picture and some marks, however many entries there are.
    """

    pointed = pyqtSignal(object)  # the entry under the pointer, int, or None
    picked = pyqtSignal(object)  # the entry that was clicked, or None for the ground
    opened = pyqtSignal(int)  # the entry that was double-clicked
    encircled = pyqtSignal(object)  # I64, the shown entries inside the lasso, ascending

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = MapPicture()
        self._draws_lasso = False
        self.words = ("", "")
        self._is_fitted = True  # until somebody zooms or pulls
        self.live = Live()
        self.selected: Place | None = None
        self.card: Card | None = None
        self._lasso: list[Place] = []  # in places of the map, so that it stays on its entries
        self._drag = _Drag.NOTHING
        self._dragged_from = QPointF()
        self._pointer = QPointF()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.setAccessibleName("Map of the memory")

    # --- what the panel tells ---

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.update()

    def show_layout(self, layout: Layout | None, words: tuple[str, str] = ("", "")) -> None:
        """Draw these entries; None: show ``words``, a line and what to do, in their place."""
        self.words = words
        self.picture.set_layout(layout)
        if layout is None:
            self._lasso, self.card, self._is_fitted = [], None, True
        elif self._is_fitted:
            self.fit()
        self.update()

    def show_live(self, live: Live) -> None:
        """Move the dot."""
        if live != self.live:
            self.live = live
            self.update()

    def show_selected(self, place: Place | None) -> None:
        """Mark the selected entry; None: there is none, or nobody knows where."""
        if place != self.selected:
            self.selected = place
            self.update()

    def show_card(self, card: Card | None) -> None:
        """Tell of the entry under the pointer."""
        self.card = card
        self.update()

    @property
    def has_lasso(self) -> bool:
        """Whether something is encircled."""
        return bool(self._lasso)

    def set_drawing_lasso(self, is_on: bool) -> None:
        """Whether dragging draws a lasso even without Shift."""
        self._draws_lasso = is_on

    def clear_lasso(self) -> None:
        """Nothing is encircled any more."""
        self._lasso = []
        self.update()

    def fit(self) -> None:
        """All of the map in sight, from now on whatever comes."""
        self._is_fitted = True
        layout = self.picture.layout
        frame = MapFrame(max(self.width(), 1), max(self.height(), 1))
        has_entries = layout is not None and len(layout.xy)
        self.picture.set_frame(frame.fitted(layout.xy) if layout and has_entries else frame)
        self.update()

    def start_fitted(self) -> None:
        """The next layout is another map: all of it is to be seen."""
        self._is_fitted = True

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller around a pixel, or around the middle."""
        at = at or QRectF(self.rect()).center()
        self._show_frame(self.picture.frame.zoomed(factor, at.x(), at.y()))

    def _show_frame(self, frame: MapFrame) -> None:
        if self.picture.layout is not None:
            self._is_fitted = False
            self.picture.set_frame(frame)
            self.update()

    # --- places and pixels ---

    def _point(self, place: Place) -> QPointF:
        return QPointF(*self.picture.frame.pixel_of(*place))

    def _lasso_polygon(self) -> QPolygonF:
        return QPolygonF([self._point(place) for place in self._lasso])

    def _add_to_lasso(self, at: QPointF) -> None:
        self._lasso.append(self.picture.frame.place_at(at.x(), at.y()))
        self.update()

    def _end_lasso(self) -> None:
        inside = self.picture.entries_inside(self._lasso_polygon())
        if len(self._lasso) < FEWEST_CORNERS or not len(inside):
            self.clear_lasso()
        self.encircled.emit(inside)

    def _point_at(self, at: QPointF) -> None:
        self._pointer = at
        self.pointed.emit(self.picture.entry_at(at, self.devicePixelRatioF()))

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        theme, live = self.picture.theme, self.live
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.panel))
        image = self.picture.image(self.devicePixelRatioF())
        if image is None:
            draw_words(painter, QRectF(self.rect()), self.words, theme)
            painter.end()
            return
        painter.drawImage(QPointF(), image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_neighbours(painter, [self._point(p) for p in live.neighbours], live.shares, theme)
        draw_tail(painter, [self._point(place) for place in live.tail], theme)
        if live.tail:
            draw_dot(painter, self._point(live.tail[-1]), theme)
        if len(self._lasso) > 1:
            draw_lasso(painter, self._lasso_polygon(), theme)
        if self.selected is not None:
            draw_selected(painter, self._point(self.selected), theme)
        if self.card is not None:
            self._draw_card(painter, self.card)
        painter.end()

    def _draw_card(self, painter: QPainter, card: Card) -> None:
        words, theme = card.problem or "…", self.picture.theme
        draw_card(painter, self.rect(), self._pointer, card.image, words, card.lines, theme)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        else:
            size = max(self.width(), 1), max(self.height(), 1)
            self._show_frame(self.picture.frame.resized(*size))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        if event.button() is not Qt.MouseButton.LeftButton or self.picture.layout is None:
            return
        self._dragged_from = event.position()
        if self._draws_lasso or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag, self._lasso = _Drag.LASSO, []
            self._add_to_lasso(event.position())
        else:
            self._drag = _Drag.PRESSED

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        at = event.position()
        way = at - self._dragged_from
        if (
            self._drag is _Drag.PRESSED
            and way.manhattanLength() >= QApplication.startDragDistance()
        ):
            self._drag = _Drag.PULLING
            self.pointed.emit(None)
        if self._drag is _Drag.PULLING:
            self._show_frame(self.picture.frame.moved(way.x(), way.y()))
            self._dragged_from = at
        elif self._drag is _Drag.LASSO:
            self._add_to_lasso(at)
        elif self._drag is _Drag.NOTHING:
            self._point_at(at)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        drag, self._drag = self._drag, _Drag.NOTHING
        if drag is _Drag.LASSO:
            self._end_lasso()
        elif drag is _Drag.PRESSED:
            self.picked.emit(self.picture.entry_at(event.position(), self.devicePixelRatioF()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        self._drag = _Drag.NOTHING
        entry = self.picture.entry_at(event.position(), self.devicePixelRatioF())
        if entry is not None and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(entry)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        assert event is not None
        notches = event.angleDelta().y() / WHEEL_NOTCH
        self.zoom(WHEEL_FACTOR**notches, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None
        if event.key() in (Key.Key_Plus, Key.Key_Minus):
            self.zoom(KEY_FACTOR if event.key() == Key.Key_Plus else 1 / KEY_FACTOR)
        elif event.key() == Key.Key_0:
            self.fit()
        elif event.key() in _PULLS:
            self._show_frame(self.picture.frame.moved(*_PULLS[Key(event.key())]))
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)
