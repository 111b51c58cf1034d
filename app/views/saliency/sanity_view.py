"""Is the map of what was learned? A row of maps while the network forgets, layer by layer."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.look.theme import DARK, Theme
from app.views.neighbours.card_pictures import grey_image
from app.views.widgets.fitted_label import SentenceLabel
from nec_engine.messages import SanityAnswer

GAP: Final = 4.0
TIP: Final = (
    "From left to right one more layer of the network is random, from the top down; the memory\n"
    "stays. Below each map is its rank correlation with the first. A map that hardly changes does\n"
    "not show what was learned, but what any network makes of this screen (Adebayo et al. 2018)."
)


class SanityView(QWidget):
    """Takes the maps as they come and says how far the check is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = _Maps()
        self.sentence = SentenceLabel(2)
        self.sentence.setAccessibleName("What the check says")
        self.setToolTip(TIP)
        self._answers: list[SanityAnswer] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.sentence)
        layout.addWidget(self.row, 1)
        self.clear()

    @property
    def is_complete(self) -> bool:
        """No more maps are to come."""
        return bool(self._answers) and len(self._answers) == self._answers[-1].num

    def set_theme(self, theme: Theme) -> None:
        self.row.set_theme(theme)

    def clear(self) -> None:
        """A check was asked for."""
        self._answers = []
        self.row.show_maps(())
        self.sentence.show_text("The network forgets layer by layer; the first map is on its way.")

    def add(self, answer: SanityAnswer) -> None:
        """One more map."""
        self._answers.append(answer)
        if answer.problem:
            self.sentence.show_text(answer.problem[0].upper() + answer.problem[1:] + ".")
            return
        self.row.show_maps(tuple(self._answers))
        self.sentence.show_text(self._sentence(answer))

    def _sentence(self, newest: SanityAnswer) -> str:
        if not self.is_complete:
            return f"Map {len(self._answers)} of {newest.num}; another target or method ends this."
        if newest.correlation is None:
            return "One of the maps is empty: there is nothing to compare."
        return (
            f"With every layer random the map agrees with the true one by {newest.correlation:.2f}"
            " (1: the same). The less, the more of it was learned."
        )


class _Maps(QWidget):
    """The maps side by side, what is random and how like the first it is below each."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._maps: tuple[tuple[QImage, str, str], ...] = ()
        self._num = 1
        self.setMinimumSize(200, 50)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_maps(self, answers: tuple[SanityAnswer, ...]) -> None:
        self._num = answers[-1].num if answers else 1
        self._maps = tuple(
            (grey_image((255 * answer.heat).astype(np.uint8)), _layer(answer), _likeness(answer))
            for answer in answers
        )
        spoken = (f"{layer}: {likeness}" for _, layer, likeness in self._maps)
        self.setAccessibleName("Maps of a network that forgets: " + ", ".join(spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 120)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        line = painter.fontMetrics().height()
        width = (self.width() - (self._num - 1) * GAP) / self._num
        side = max(10.0, min(width, self.height() - 2 * line - 2))
        for place, (image, layer, likeness) in enumerate(self._maps):
            middle = place * (width + GAP) + width / 2
            painter.drawImage(QRectF(middle - side / 2, 0, side, side), image)
            for row, (text, colour) in enumerate(
                ((layer, self._theme.muted), (likeness, self._theme.text))
            ):
                painter.setPen(QColor(colour))
                box = QRectF(middle - width / 2, side + 1 + row * line, width, line)
                fitting = painter.fontMetrics().elidedText(
                    text, Qt.TextElideMode.ElideRight, int(width)
                )
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, fitting)
        painter.end()


def _layer(answer: SanityAnswer) -> str:
    return f"+ {answer.layer}" if answer.number > 1 else answer.layer or "as it is"


def _likeness(answer: SanityAnswer) -> str:
    if answer.number == 0:
        return "1"
    return "–" if answer.correlation is None else f"{answer.correlation:.2f}".replace("-", "−")
