"""One card of the neighbours panel: the picture of a memory beside its numbers, painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from app.look.theme import Theme
from app.models.neighbours.neighbour_rows import NeighbourRow
from app.models.neighbours.picture_store import PictureStore
from app.models.neighbours.screen_difference import differing_part
from app.views.neighbours.card_pictures import CardMode, CardPictures
from app.views.widgets.marks import draw_origin_mark
from nec_engine.messages import U8, Entry, Moment, PictureAnswer

PADDING: Final = 6.0
SELECTED_WIDTH: Final = 3.0  # of the frame
BAR_HEIGHT: Final = 3.0
NUM_LINES: Final = 6
PICTURE_SHAPE: Final = 320 / 210  # width over height of most games
SMALLEST_WIDTH: Final = 240
VISIT_TEXT: Final = "Go there"  # on the button of the card under the mouse
REPLAY_TEXT: Final = "Replay"  # on its other button, over the picture


@dataclass(frozen=True, slots=True)
class CardPicture:
    """What is known of a card's picture."""

    answer: PictureAnswer | None  # None: on its way
    steps_off: int = 0  # the picture is of so many steps later; 0: of the very moment

    @property
    def note(self) -> str:
        """What the picture is, when it is not simply that of the moment."""
        if self.answer is None:
            return "Its picture is on its way."
        if self.steps_off:
            return f"{_off_text(self.steps_off).capitalize()}: stands in until its own comes."
        if self.answer.rgb is None:
            return f"It cannot be rebuilt: {self.answer.problem}"
        if not self.answer.is_exact:
            return "Not exact: the rebuilt screens are not those the entry was written with."
        return ""


def card_picture(store: PictureStore, moment: Moment) -> CardPicture:
    """What ``store`` has for a memory of this moment; one of a near moment stands in meanwhile."""
    answer = store.get(moment)
    if answer is not None:
        return CardPicture(answer)
    near = store.near(moment)
    return CardPicture(near, near.moment.step - moment.step if near else 0)


@dataclass(frozen=True, slots=True)
class CardScene:
    """What all cards of one painting share."""

    theme: Theme
    mode: CardMode
    now: U8  # uint8[84, 84]: the newest screen of the decision
    number: int  # of the decision
    is_now_phase: bool  # flicker shows the screen of now
    pixel_ratio: float
    selected: Entry | None  # has a thick frame


class NeighbourCard:
    """Paints cards; one for a whole list."""

    def __init__(self, font: QFont) -> None:
        self._pictures = CardPictures()
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Work out sizes for another font."""
        self._font = QFont(font)
        self._font.setPixelSize(max(round(QFontMetricsF(font).height() * 0.74), 10))
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._badge = QFont(self._font)
        self._badge.setPixelSize(max(self._font.pixelSize() - 2, 9))
        self._line = QFontMetricsF(self._font).height() + 0.5
        self.height = round(NUM_LINES * self._line + BAR_HEIGHT + 2 * PADDING)

    def clear_pictures(self) -> None:
        """Forget the scaled images, as when another game is opened."""
        self._pictures.clear()

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        row: NeighbourRow,
        picture: CardPicture,
        scene: CardScene,
    ) -> None:
        """Paint one card into ``rect``."""
        theme = scene.theme
        is_selected = row.entry.is_same(scene.selected)
        width = SELECTED_WIDTH if is_selected else 1.0
        painter.setPen(QPen(QColor(theme.accent if is_selected else theme.border), width))
        painter.setBrush(QColor(theme.raised))
        painter.drawRect(rect.adjusted(width / 2, width / 2, -width / 2, -width / 2))
        frame = self._picture_rect(rect)
        self._paint_picture(painter, frame, row, picture, scene)
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        text = inner.adjusted(frame.width() + 8.0, 0.0, 0.0, 0.0)
        self._paint_text(painter, text, row, theme)

    def button_rect(self, rect: QRectF) -> QRectF:
        """Where the button of the card in ``rect`` is: at the top right, beside the action."""
        width = QFontMetricsF(self._bold).horizontalAdvance(VISIT_TEXT) + 2 * PADDING
        corner = rect.adjusted(0, PADDING / 2, -PADDING / 2, 0).topRight()
        return QRectF(corner.x() - width, corner.y(), width, self._line + PADDING)

    def replay_rect(self, rect: QRectF) -> QRectF:
        """Where the other button of the card in ``rect`` is: at the top left of the picture."""
        width = QFontMetricsF(self._bold).horizontalAdvance(REPLAY_TEXT) + 2 * PADDING
        corner = self._picture_rect(rect).topLeft()
        return QRectF(corner.x() + 2, corner.y() + 2, width, self._line + PADDING)

    def paint_buttons(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Lay both buttons over the card that the mouse points at."""
        painter.setFont(self._bold)
        for button, text in (
            (self.button_rect(rect), VISIT_TEXT), (self.replay_rect(rect), REPLAY_TEXT),
        ):  # fmt: skip
            painter.setPen(QPen(QColor(theme.accent), 1.0))
            painter.setBrush(QColor(theme.background))
            painter.drawRoundedRect(button, 3.0, 3.0)
            painter.setPen(QColor(theme.text))
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, text)

    def _picture_rect(self, rect: QRectF) -> QRectF:
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        width = min(inner.height() * PICTURE_SHAPE, inner.width() * 0.46)
        return QRectF(inner.left(), inner.top(), width, inner.height())

    def _paint_text(self, painter: QPainter, rect: QRectF, row: NeighbourRow, theme: Theme) -> None:
        text, muted = QColor(theme.text), QColor(theme.muted)
        line = QRectF(rect.left(), rect.top(), rect.width(), self._line)
        painter.setFont(self._bold)
        painter.setPen(text)
        self._left(painter, line, f"{row.rank}  {row.action}")
        line.translate(0.0, self._line)
        value = f"value {row.value}"
        self._left(painter, line, value)
        left = QFontMetricsF(self._bold).horizontalAdvance(value + "  ")
        painter.setFont(self._font)
        share = f"share {row.share_text}"
        has_room = left + QFontMetricsF(self._font).horizontalAdvance(share) <= line.width()
        self._right(painter, line, share if has_room else row.share_text)
        bar = QRectF(line.left(), line.bottom() - 0.5, line.width(), BAR_HEIGHT)
        painter.fillRect(bar, QColor(theme.border))
        bar.setWidth(max(bar.width() * row.share, 1.0))
        painter.fillRect(bar, QColor(theme.positive))
        line.translate(0.0, BAR_HEIGHT)
        for words, colour in ((row.distance, text), (row.age, muted)):
            line.translate(0.0, self._line)
            painter.setPen(colour)
            self._left(painter, line, words)
        line.translate(0.0, self._line)
        size = min(10.0, self._line - 4.0)
        mark = QRectF(line.left(), line.center().y() - size / 2, size, size)
        draw_origin_mark(painter, mark, row.origin, theme)
        painter.setPen(text)
        self._left(painter, line.adjusted(size + 5.0, 0, 0, 0), row.origin_word)
        line.translate(0.0, self._line)
        painter.setPen(muted)
        is_narrow = QFontMetricsF(self._font).horizontalAdvance(row.place) > line.width()
        self._left(painter, line, row.short_place if is_narrow else row.place)

    def _paint_picture(
        self,
        painter: QPainter,
        frame: QRectF,
        row: NeighbourRow,
        picture: CardPicture,
        scene: CardScene,
    ) -> None:
        painter.fillRect(frame, QColor(scene.theme.background))
        answer = picture.answer
        if answer is None:
            self._say(painter, frame, "picture on\nits way", scene.theme)
            return
        image = self._image(frame, answer, scene)
        if image is None:
            self._say(painter, frame, answer.problem or "cannot be\nrebuilt", scene.theme)
            return
        target = QRectF(frame)
        if scene.mode is CardMode.PICTURE:
            size = image.deviceIndependentSize()
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(frame.center())
        painter.drawImage(target, image)
        badge = _badge(row, picture, answer, scene)
        if badge:
            self._paint_badge(painter, frame, badge, scene.theme)

    def _image(self, frame: QRectF, answer: PictureAnswer, scene: CardScene) -> QImage | None:
        if scene.mode is CardMode.PICTURE:
            box = QSize(int(frame.width()), int(frame.height()))
            return self._pictures.colour(answer, box, scene.pixel_ratio)
        if answer.screen is None:
            return None
        if scene.mode is CardMode.DIFFERENCE:
            return self._pictures.difference(answer, scene.now, scene.number, scene.theme)
        if scene.is_now_phase:
            return self._pictures.grey(scene.now, None, scene.number)
        return self._pictures.grey(answer.screen, answer.moment, scene.number)

    def _paint_badge(self, painter: QPainter, frame: QRectF, words: str, theme: Theme) -> None:
        painter.setFont(self._badge)
        metrics = QFontMetricsF(self._badge)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, frame.width() - 6.0)
        width = metrics.horizontalAdvance(words) + 6.0
        box = QRectF(frame.left(), frame.bottom() - metrics.height(), width, metrics.height())
        backing = QColor(theme.panel)
        backing.setAlphaF(0.86)
        painter.fillRect(box, backing)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(box.left() + 3.0, box.top() + metrics.ascent()), words)

    def _say(self, painter: QPainter, frame: QRectF, words: str, theme: Theme) -> None:
        painter.setFont(self._badge)
        painter.setPen(QColor(theme.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(frame.adjusted(4, 2, -4, -2), flags, words)

    def _left(self, painter: QPainter, line: QRectF, words: str) -> None:
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(QPointF(line.left(), line.top() + metrics.ascent()), words)

    def _right(self, painter: QPainter, line: QRectF, words: str) -> None:
        metrics = QFontMetricsF(painter.font())
        left = line.right() - metrics.horizontalAdvance(words)
        painter.drawText(QPointF(left, line.top() + metrics.ascent()), words)


def _badge(row: NeighbourRow, picture: CardPicture, answer: PictureAnswer, scene: CardScene) -> str:
    """What must be said on the picture itself so that it does not mislead."""
    if picture.steps_off:
        return _off_text(picture.steps_off)
    if not answer.is_exact:
        return "not exact"
    if scene.mode is CardMode.FLICKER:
        return "now" if scene.is_now_phase else "then"
    if scene.mode is CardMode.DIFFERENCE and answer.screen is not None:
        return f"{100 * differing_part(answer.screen, scene.now):.0f} % differs"
    return "same screen as now" if row.is_same_state else ""


def _off_text(steps: int) -> str:
    count = "1 step" if abs(steps) == 1 else f"{abs(steps)} steps"
    return f"{count} {'later' if steps > 0 else 'earlier'}"
