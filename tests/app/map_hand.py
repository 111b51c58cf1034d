"""A hand on the map: where entries lie, and drags around them."""

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest

from app.views.map.map_view import MapView

Left = Qt.MouseButton.LeftButton
Shift = Qt.KeyboardModifier.ShiftModifier


def pixel_of(view: MapView, index: int) -> QPoint:
    frame = view.canvas.picture.frame
    return QPointF(*frame.pixel_of(index // 10, index % 10)).toPoint()


def drag(view: MapView, corners: list[QPoint], modifier: Qt.KeyboardModifier) -> None:
    QTest.mousePress(view.canvas, Left, modifier, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(view.canvas, corner)
    QTest.mouseRelease(view.canvas, Left, modifier, corners[-1])


def around(view: MapView, first: int, last: int) -> list[QPoint]:
    """The corners of a rectangle around these entries and all between."""
    a, b = pixel_of(view, first), pixel_of(view, last)
    left, right, top, bottom = a.x() - 4, b.x() + 4, b.y() - 4, a.y() + 4
    return [QPoint(left, top), QPoint(right, top), QPoint(right, bottom), QPoint(left, bottom)]


def of_kind(questions: list[object], kind: type) -> list[object]:
    return [question for question in questions if isinstance(question, kind)]
