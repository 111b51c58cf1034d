import pytest
from PyQt6.QtCore import QPoint, QRectF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import LIGHT
from app.views.saliency.region_picker import FIRST_BOX, STEP, RegionPicker
from nec_engine.messages import Box

LEFT_BUTTON = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def picker(qtbot: QtBot) -> RegionPicker:
    """Over a picture of 168 x 84 pixels that begins at (10, 20)."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(300, 200)
    made = RegionPicker(parent, lambda: QRectF(10, 20, 168, 84))
    with qtbot.waitExposed(parent):
        parent.show()
    made.set_active(True)
    made.keep = parent  # type: ignore[attr-defined]  # kept alive with it
    return made


@pytest.fixture
def boxes(picker: RegionPicker) -> list[Box]:
    taken: list[Box] = []
    picker.picked.connect(taken.append)
    return taken


def drag(picker: RegionPicker, start: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(picker, LEFT_BUTTON, pos=QPoint(*start))
    QTest.mouseMove(picker, QPoint(*end))
    QTest.mouseRelease(picker, LEFT_BUTTON, pos=QPoint(*end))


def test_a_drag_is_a_box_of_the_agents_pixels_in_whatever_direction(
    picker: RegionPicker, boxes: list[Box]
) -> None:
    drag(picker, (30, 30), (70, 60))
    drag(picker, (70, 60), (30, 30))
    assert boxes == [Box(10, 10, 20, 30)] * 2
    assert not picker.grab().isNull()


def test_a_drag_that_leaves_the_picture_ends_at_its_edge(
    picker: RegionPicker, boxes: list[Box]
) -> None:
    drag(picker, (110, 60), (290, 190))
    assert boxes == [Box(50, 40, 34, 44)]


def test_a_click_and_a_drag_from_outside_are_nothing(
    picker: RegionPicker, boxes: list[Box]
) -> None:
    drag(picker, (30, 30), (31, 30))
    drag(picker, (200, 150), (60, 60))
    assert boxes == []


def test_the_keyboard_moves_and_stretches_the_box_and_enter_takes_it(
    picker: RegionPicker, boxes: list[Box]
) -> None:
    for _ in range(30):
        QTest.keyClick(picker, Qt.Key.Key_Left)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    _, y, width, height = FIRST_BOX
    assert boxes == [Box(0, y + STEP, width + STEP, height)]


def test_it_covers_its_parent_while_it_is_active_and_forgets_its_box(picker: RegionPicker) -> None:
    parent = picker.parentWidget()
    assert parent is not None
    parent.resize(400, 250)
    assert picker.size() == parent.size()
    picker.show_box(FIRST_BOX)
    picker.set_theme(LIGHT)
    picker.set_active(False)
    assert picker.isHidden()
    assert picker.box is None


def test_it_explains_itself(picker: RegionPicker) -> None:
    assert picker.accessibleName()
    assert "Enter" in picker.toolTip()
