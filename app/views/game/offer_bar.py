"""A bar above the game: a sentence and what it offers. It takes no focus and can be sent away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.look.theme import DARK, Theme
from app.views.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True)
class Choosable:
    """A button of the bar."""

    name: str
    text: str
    tip: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bar says, and what can be chosen."""

    text: str
    choices: tuple[Choosable, ...] = ()


class OfferBar(QFrame):
    """Hidden while there is nothing to offer."""

    chosen = pyqtSignal(str)  # Choosable.name
    dismissed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.offer: Offer | None = None
        self._theme = DARK
        self._buttons: list[QToolButton] = []
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self._close = self._button("✕", "Do not show this again while the program runs")
        self._close.setAutoRaise(True)
        self._close.setAccessibleName("Dismiss")
        self._close.clicked.connect(self.dismissed)
        words = QHBoxLayout()
        words.setSpacing(6)
        words.addWidget(self.label, 1)
        words.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._choices = FlowLayout(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 5, 6)
        layout.setSpacing(5)
        layout.addLayout(words)
        layout.addLayout(self._choices)
        self.hide()

    def show_offer(self, offer: Offer | None) -> None:
        """Show it instead of what is shown; None hides the bar."""
        if offer == self.offer:
            return
        before, self.offer = self.offer, offer
        if offer is not None:
            self.label.setText(offer.text)
            self.setAccessibleName(offer.text)
            if before is None or before.choices != offer.choices:
                self._show_choices(offer.choices)
        self.setVisible(offer is not None)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.raised))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        self.setPalette(palette)

    def button(self, name: str) -> QToolButton | None:
        """The button of a choice, if it is offered."""
        return next((one for one in self._buttons if one.objectName() == name), None)

    def _show_choices(self, choices: Sequence[Choosable]) -> None:
        for old in self._buttons:
            self._choices.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for choice in choices:
            button = self._button(choice.text, choice.tip)
            button.setObjectName(choice.name)
            button.clicked.connect(lambda _, name=choice.name: self.chosen.emit(name))
            self._choices.addWidget(button)
            self._buttons.append(button)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the game
        return button
