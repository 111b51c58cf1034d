"""The joystick as it stands, drawn."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from app.look.theme import Theme
from nec_engine.messages import HoldStick


def stick_of_action(action_name: str) -> HoldStick:
    """Where the stick stands for an action's name, such as ``up right fire``."""
    words = set(action_name.split())
    return HoldStick(**{name: name in words for name in ("up", "down", "left", "right", "fire")})


def draw_joystick(painter: QPainter, rect: QRectF, stick: HoldStick, theme: Theme) -> None:
    """A gate with the stick leaning where it is held, and the button: filled while pressed."""
    side = min(rect.height(), rect.width() / 1.8)
    gate = QRectF(rect.left(), rect.center().y() - side / 2, side, side).adjusted(1, 1, -1, -1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.muted), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(gate, 4, 4)
    reach = gate.width() * 0.27
    lean = QPointF((stick.right - stick.left) * reach, (stick.down - stick.up) * reach)
    knob = gate.center() + lean
    is_held = stick.up or stick.down or stick.left or stick.right
    colour = QColor(theme.accent if is_held else theme.muted)
    painter.setPen(QPen(colour, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(gate.center(), knob)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(knob, gate.width() * 0.19, gate.width() * 0.19)
    button = QRectF(0, 0, side * 0.5, side * 0.5)
    button.moveCenter(QPointF(gate.right() + side * 0.42, gate.center().y()))
    painter.setPen(QPen(QColor(theme.accent if stick.fire else theme.muted), 1.4))
    painter.setBrush(QColor(theme.accent) if stick.fire else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(button)
    painter.restore()
