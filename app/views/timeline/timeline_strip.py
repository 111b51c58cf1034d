"""The timeline's strip: painted, dragged, and walked along with the keys."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.look.theme import DARK, Theme
from app.models.timeline.timeline_columns import PaintedColumns
from app.models.timeline.timeline_marks import PaintedMarks, PlacedMark
from app.models.timeline.timeline_ruler import Ruler
from app.models.timeline.timeline_words import mark_words
from app.views.timeline.timeline_marks import LEGEND
from app.views.timeline.timeline_painting import Lanes, paint_cursor, paint_ground
from nec_engine.messages import Moment, QuickState

LOOK_MS: Final = 33  # between two moments asked for while dragging: thirty a second
NEAR: Final = 5.0  # pixels between the pointer and what it means
RING: Final = 6.0  # pixels: its radius
MOST_WORDS: Final = 6  # bookmarks in one tooltip

HINT: Final = f"Drag to any moment; play goes on from there as a branch.\n{LEGEND}"


class TimelineStrip(QWidget):
    """Shows a :class:`Ruler`; ``look_wanted`` tells the moment that a person goes to."""

    look_wanted = pyqtSignal(object)  # Moment
    steps_wanted = pyqtSignal(int)  # back; below 0: forward
    present_wanted = pyqtSignal()
    pointed_at = pyqtSignal(object)  # Moment under the pointer, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Timeline of the live game")
        self.setToolTip(HINT)
        self._theme: Theme = DARK
        self._ruler = Ruler(())
        self._marks: tuple[PlacedMark, ...] = ()
        self._painted_marks, self._painted_columns = PaintedMarks(), PaintedColumns()
        self._quick_states: tuple[QuickState, ...] = ()
        self._shown: Moment | None = None
        self._present: Moment | None = None
        self._selected: Moment | None = None
        self._is_past = False
        self._ground: QPixmap | None = None
        self._wanted: Moment | None = None  # asked for as soon as the timer allows
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._ask)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._repaint_all()

    def show_ruler(
        self, ruler: Ruler, quick_states: tuple[QuickState, ...], present: Moment | None
    ) -> None:
        """Paint this from now on."""
        self._ruler, self._quick_states, self._present = ruler, quick_states, present
        self._marks = self._painted_marks.on(ruler, self.width())
        self._repaint_all()

    def show_moment(self, moment: Moment | None, *, is_past: bool) -> None:
        """Put the cursor there; costs nothing while it stays on its pixel."""
        before = self.cursor_x
        self._shown = moment
        if self.cursor_x != before or is_past != self._is_past:
            self._is_past = is_past
            self.update()

    def set_selected(self, moment: Moment | None) -> None:
        """Ring the moment of the selected memory, when it lies on the strip."""
        if moment != self._selected:
            self._selected = moment
            self.update()

    @property
    def selected_x(self) -> int | None:
        """Pixel of the selected memory; None when it is of another game."""
        return self._x_of(self._selected)

    @property
    def ruler(self) -> Ruler:
        return self._ruler

    @property
    def cursor_x(self) -> int | None:
        """Pixel of the moment that is shown; None when it is not on the strip."""
        return self._x_of(self._shown)

    @property
    def lanes(self) -> Lanes:
        """Where things are now."""
        return Lanes(self.width(), self.height(), self._ruler.num_lanes)

    def moment_at(self, point: QPointF) -> Moment | None:
        """What the pointer means there: a branch, a bookmark, else the place on the way."""
        place = point.x() * self._ruler.span / max(1, self.width())
        for branch in self._ruler.branches:
            stretch = branch.stretch
            if (
                self.lanes.branch(branch.lane).contains(point)
                and stretch.place <= place <= stretch.end
            ):
                step = stretch.first_step + round(place) - stretch.place
                return Moment(stretch.episode.episode, step)
        marks = self._marks_near(point)
        return self._ruler.moment_at(marks[-1].place if marks else round(place))

    def _marks_near(self, point: QPointF) -> list[PlacedMark]:
        if not self.lanes.marks.contains(point):
            return []
        reach = NEAR * self._ruler.span / max(1, self.width())
        place = point.x() * self._ruler.span / max(1, self.width())
        return [item for item in self._marks if abs(item.place - place) <= reach]

    def _x_of(self, moment: Moment | None) -> int | None:
        place = None if moment is None else self._ruler.place_of(moment)
        return None if place is None else round(place * self.width() / self._ruler.span)

    def _repaint_all(self) -> None:
        self._ground = None
        self.update()

    # --- going there ---

    def _want(self, moment: Moment | None) -> None:
        if moment is None:
            return
        self._wanted = moment
        if not self._timer.isActive():
            self._ask()

    def _ask(self) -> None:
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.look_wanted.emit(wanted)
            self._timer.start()

    def _go_to_mark(self, direction: int) -> None:
        """The next bookmark to the left (-1) or right (1) of what is shown."""
        here = None if self._shown is None else self._ruler.place_of(self._shown)
        places = sorted({item.place for item in self._marks}, reverse=direction < 0)
        for place in places:
            if here is not None and (place - here) * direction > 0:
                self._want(self._ruler.moment_at(place))
                return

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(600, 64)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._marks = self._painted_marks.on(self._ruler, self.width())
        self._repaint_all()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        if event.button() == Qt.MouseButton.LeftButton:
            self._want(self.moment_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        point = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            point.setY(self.lanes.plot.center().y())  # along the way only
            self._want(self.moment_at(point))
        self.pointed_at.emit(self.moment_at(point))

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self.pointed_at.emit(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left:
                self.steps_wanted.emit(10 if is_shift else 1)
            case Qt.Key.Key_Right:
                self.steps_wanted.emit(-10 if is_shift else -1)
            case Qt.Key.Key_Home:
                self._want(self._ruler.moment_at(0))
            case Qt.Key.Key_End:
                self.present_wanted.emit()
            case Qt.Key.Key_PageUp:
                self._go_to_mark(-1)
            case Qt.Key.Key_PageDown:
                self._go_to_mark(1)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _show_tip(self, at: QPoint, on_screen: QPoint) -> None:
        marks = sorted(self._marks_near(QPointF(at)), key=lambda item: item.place)
        lines = [f"step {item.mark.step:,}: {mark_words(item.mark)}" for item in marks]
        if len(lines) > MOST_WORDS:
            lines[MOST_WORDS:] = [f"and {len(lines) - MOST_WORDS} more"]
        QToolTip.showText(on_screen, "\n".join(lines) or HINT, self, QRect(at, QSize(8, 8)))

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted_ground())
        if self._is_past:
            paint_cursor(painter, self.lanes, self._x_of(self._present), self._theme.muted)
        paint_cursor(painter, self.lanes, self.cursor_x, self._theme.text)
        self._paint_ring(painter, self.selected_x)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _painted_ground(self) -> QPixmap:
        if self._ground is None:
            ratio = self.devicePixelRatioF()
            self._ground = QPixmap(self.size() * ratio)
            self._ground.setDevicePixelRatio(ratio)
            self._ground.fill(QColor(self._theme.panel))
            painter = QPainter(self._ground)
            paint_ground(
                painter,
                self.lanes,
                self._ruler,
                self._painted_columns.of(self._ruler, self.width()),
                self._marks,
                self._quick_states,
                self._theme,
            )
            painter.end()
        return self._ground

    def _paint_ring(self, painter: QPainter, x: int | None) -> None:
        """Around the place of the selected memory, as the map rings it."""
        if x is None:
            return
        lanes = self.lanes
        centre = QPointF(min(x, self.width() - 1) + 0.5, lanes.plot.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self._theme.panel, 4.0), (self._theme.accent, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(centre, RING, RING)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
