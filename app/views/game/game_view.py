"""The game: sharp pixels in their true shape, and in words, colour and border who plays."""

from __future__ import annotations

import time
from typing import Final

from PyQt6.QtCore import QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.controls import speed_words
from app.look.theme import DARK, Theme
from app.models.frame.status_words import recording_words
from app.models.wording import score_text
from app.views.game.joystick import draw_joystick, stick_of_action
from app.views.saliency.heat import HeatLight
from app.views.saliency.region_picker import RegionPicker
from nec_engine.messages import F32, U8, Frame, GameInfo, LiveStatus, Player

WIDTH: Final = 160  # native pixels
PIXEL_ASPECT: Final = 2.0  # a pixel of the machine is twice as wide as high
HEAD: Final = 30  # pixels above the picture: who plays
FOOT: Final = 38  # below it: joystick, score
BORDER: Final = 7
SIDE: Final = 8  # free at the left and the right
SNAP: Final = 0.9  # so much smaller a picture is accepted for pixels of equal width

WHO: Final = {
    Player.AGENT: "AGENT PLAYS",
    Player.PERSON: "YOU PLAY",
    Player.TRAINER: "TRAINING GAME",
}
WHO_PLAYED: Final = {
    Player.AGENT: "PAST · AGENT",
    Player.PERSON: "PAST · YOU",
    Player.TRAINER: "PAST",
}


class GameView(QWidget):
    """Shows the newest frame. ``painted`` tells each new frame's number and when it was painted.

    Only the picture is painted for each frame; head, foot and border when they change.
    """

    painted = pyqtSignal(int, float)  # Frame.number, time.perf_counter()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Game")
        self.setMinimumSize(WIDTH * 2 + 2 * (BORDER + SIDE), 210 + HEAD + FOOT + 2 * BORDER)
        self.num_painted = 0  # new frames that reached the screen
        self._theme = DARK
        self._frame: Frame | None = None
        self._painted_number = -1
        self._action_names: tuple[str, ...] = ()
        self._player, self._is_past = Player.AGENT, False
        self.setAccessibleDescription(WHO[self._player])
        self._state_words = ""
        self._foot_words = ("", "")
        self._heat: tuple[F32, float] | None = None
        self._light: HeatLight | None = None
        self._picture = QRect()
        self.picker = RegionPicker(self, lambda: QRectF(self._picture))
        self._place_picture(210)

    def open_game(self, info: GameInfo) -> None:
        """Forget the last game's picture and make ready for this one's."""
        self._frame = None
        self._heat = self._light = None
        self._painted_number = -1
        self._action_names = info.action_names
        self._place_picture(info.screen_height)
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Paint ``frame`` as soon as Qt can."""
        if self._frame is None or frame.rgb.shape != self._frame.rgb.shape:
            self._place_picture(frame.rgb.shape[0])
            self._light = None
            self.update()
        self._frame = frame
        self._show_player(frame.player, is_past=frame.is_past)
        words = (self._action_name(frame), _score_words(frame))
        if words != self._foot_words:
            self._foot_words = words
            self.update(self._foot)
        self.repaint(self._picture)  # at once: not behind what else the same news brings

    def show_status(self, status: LiveStatus) -> None:
        """Say how the game is run: paused, slowed, recorded."""
        if status.is_paused and not status.is_past:  # no frame tells who has the stick now
            self._show_player(status.player, is_past=False)
        words = []
        if status.recording is not None:
            words.append(recording_words(status))
        if status.is_past:
            words.append("P plays on")
        elif status.is_paused:
            words.append("PAUSED")
        elif status.speed != 1.0 and not status.is_watching_training:
            words.append(speed_words(status.speed))
        text = "   ".join(words)
        if text != self._state_words:
            self._state_words = text
            self.update(self._head)

    def _show_player(self, player: Player, *, is_past: bool) -> None:
        if (player, is_past) != (self._player, self._is_past):
            self._player, self._is_past = player, is_past
            self.setAccessibleDescription(self._who)
            self.update()

    @property
    def frame(self) -> Frame | None:
        """The newest that was shown of this game."""
        return self._frame

    @property
    def _who(self) -> str:
        return (WHO_PLAYED if self._is_past else WHO)[self._player]

    def set_overlay(self, heat: F32 | None, opacity: float) -> None:
        """Lay saliency over the picture, or take it away."""
        self._heat = None if heat is None or opacity <= 0 else (heat, opacity)
        self._light = None
        self.update(self._picture)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.picker.set_theme(theme)
        self.update()

    @property
    def picture_rect(self) -> QRect:
        """Where the picture is, in this widget."""
        return QRect(self._picture)

    # --- places ---

    @property
    def _head(self) -> QRect:
        frame = self._picture.adjusted(-BORDER, -BORDER, BORDER, BORDER)
        return QRect(frame.left(), frame.top() - HEAD, frame.width(), HEAD)

    @property
    def _foot(self) -> QRect:
        frame = self._picture.adjusted(-BORDER, -BORDER, BORDER, BORDER)
        return QRect(frame.left(), frame.bottom() + 1, frame.width(), FOOT)

    def _place_picture(self, native_height: int) -> None:
        """Centre the largest picture of the true shape; with pixels of equal width if near."""
        ratio = self.devicePixelRatioF()
        room_w = (self.width() - 2 * BORDER - 2 * SIDE) * ratio
        room_h = (self.height() - 2 * BORDER - HEAD - FOOT) * ratio
        width = max(WIDTH, min(room_w, room_h * WIDTH * PIXEL_ASPECT / native_height))
        whole = width // WIDTH * WIDTH
        if whole >= SNAP * width:
            width = whole
        size = QSize(int(width / ratio), int(width * native_height / WIDTH / PIXEL_ASPECT / ratio))
        left = (self.width() - size.width()) // 2
        top = HEAD + BORDER + (self.height() - HEAD - FOOT - 2 * BORDER - size.height()) // 2
        self._picture = QRect(left, max(HEAD + BORDER, top), size.width(), size.height())

    def _action_name(self, frame: Frame) -> str:
        return (
            self._action_names[frame.action] if frame.action < len(self._action_names) else "noop"
        )

    # --- painting ---

    def _paint_picture(self, painter: QPainter, frame: Frame) -> None:
        rgb = frame.rgb
        if self._heat is not None:
            if self._light is None:
                heat, opacity = self._heat
                self._light = HeatLight(heat, opacity, rgb.shape[0], rgb.shape[1])
            rgb = self._light.over(rgb)
        painter.drawImage(self._picture, _image(rgb))  # nearest neighbour: pixels stay sharp

    def _paint_border(self, painter: QPainter) -> None:
        """Agent: a thin line. You: a thick double one. Training: dashes. The past: dots."""
        theme = self._theme
        box = QRectF(self._picture).adjusted(-3.5, -3.5, 3.5, 3.5)
        if self._is_past:
            painter.setPen(QPen(QColor(theme.text), 4, Qt.PenStyle.DotLine))
            painter.drawRect(box)
        elif self._player is Player.PERSON:
            painter.setPen(QPen(QColor(theme.origins[1]), 5))
            painter.drawRect(box)
            painter.setPen(QPen(QColor(theme.background), 1))
            painter.drawRect(box)
        elif self._player is Player.TRAINER:
            painter.setPen(QPen(QColor(theme.origins[3]), 3, Qt.PenStyle.DashLine))
            painter.drawRect(box)
        else:
            painter.setPen(QPen(QColor(theme.origins[0]), 2))
            painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))

    def _paint_head(self, painter: QPainter) -> None:
        theme, head = self._theme, self._head
        colour = {
            Player.AGENT: theme.origins[0],
            Player.PERSON: theme.origins[1],
            Player.TRAINER: theme.origins[3],
        }[self._player]
        if self._is_past:
            colour = theme.text
        painter.setFont(self._bold())
        text = self._who
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        chip = QRectF(head.left(), head.top() + 4, width, head.height() - 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._player is Player.AGENT and not self._is_past:
            painter.setPen(QPen(QColor(colour), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ink = colour
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            ink = theme.background if self._is_past else theme.on_accent
        painter.drawRoundedRect(chip.adjusted(1, 0, -1, 0), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(ink))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(theme.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(head.adjusted(0, 0, -2, 0), right, self._state_words)

    def _paint_foot(self, painter: QPainter) -> None:
        theme, foot = self._theme, self._foot.adjusted(0, 4, -2, -4)
        action, score = self._foot_words
        draw_joystick(painter, QRectF(foot), stick_of_action(action), theme)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted))
        painter.drawText(foot.adjusted(foot.height() * 2, 0, 0, 0), middle, action)
        painter.setPen(QColor(theme.text))
        painter.setFont(self._bold())
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | middle, score)
        painter.setFont(self.font())

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(640 + 2 * BORDER, 420 + HEAD + FOOT + 2 * BORDER)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place_picture(210 if self._frame is None else self._frame.rgb.shape[0])

    def paintEvent(self, event: QPaintEvent | None) -> None:
        assert event is not None
        painter = QPainter(self)
        region = event.region()
        is_more = not self._picture.contains(region.boundingRect())
        if is_more:
            painter.fillRect(self.rect(), QColor(self._theme.background))
            self._paint_border(painter)
            self._paint_head(painter)
            self._paint_foot(painter)
        if self._frame is None:
            painter.fillRect(self._picture, QColor("black"))
        elif region.intersects(self._picture):
            self._paint_picture(painter, self._frame)
        painter.end()
        if self._frame is not None and self._frame.number != self._painted_number:
            self._painted_number = self._frame.number
            self.num_painted += 1
            self.painted.emit(self._frame.number, time.perf_counter())


def _image(rgb: U8) -> QImage:
    """A QImage in the screen's own format: a copy, so nothing is borrowed."""
    height, width, _ = rgb.shape
    borrowed = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def _score_words(frame: Frame) -> str:
    words = f"score {score_text(frame.score)}"
    return f"{words}   lives {frame.lives}" if frame.lives else words
