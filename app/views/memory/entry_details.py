"""The selected memory: its picture, what is known of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import DARK, Theme
from app.models.memory.entry_sentences import NOTHING_SELECTED, lines_of, title_of
from app.models.neighbours.picture_store import PictureStore
from app.views.neighbours.card_pictures import CardPictures
from app.views.neighbours.neighbour_card import PICTURE_SHAPE
from app.views.widgets.flow_layout import FlowLayout
from app.views.widgets.panel import Clock, muted
from app.views.widgets.scrolling import scrolling
from nec_engine.messages import (
    AskEntry,
    AskPictures,
    Entry,
    EntryAnswer,
    EntryFacts,
    PictureAnswer,
)

PICTURES: Final = "memory picture"  # who asks: a question replaces an older one of the same name
FACTS: Final = "memory facts"
NUM_PICTURES: Final = 60
NARROWEST: Final = 90  # pixels: of the picture


class EntryDetails(QWidget):
    """Asks for the facts and the picture of the entry it is given."""

    pictures_wanted = pyqtSignal(object)  # AskPictures
    facts_wanted = pyqtSignal(object)  # AskEntry

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entry: Entry | None = None
        self._facts: EntryFacts | None = None
        self._is_gone = False
        self._action_names: tuple[str, ...] = ()
        self._store = PictureStore(NUM_PICTURES)
        self.picture = _Picture()
        self.title, self.text = QLabel(), muted(QLabel())
        self.buttons: list[QToolButton] = []
        self._button_row = FlowLayout()
        self._lay_out()
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)

    def set_actions(self, actions: Iterable[QAction]) -> None:
        """Have a button for each of these; they act on the selected memory."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._button_row.addWidget(button)
            self.buttons.append(button)

    def open_game(self, action_names: tuple[str, ...]) -> None:
        """Forget the last game."""
        self._action_names = action_names
        self._store.clear()
        self.picture.clear()
        self.set_entry(None)

    def set_entry(self, entry: Entry | None) -> None:
        """Show ``entry``; what is not known of it yet is asked by :meth:`ask`."""
        if entry is None or not entry.is_same(self._entry):
            self._facts, self._is_gone = None, False
        self._entry = entry
        self._show()

    @property
    def facts(self) -> EntryFacts | None:
        """How the entry was when it was last asked about; None when that is not known."""
        return None if self._is_gone else self._facts

    def ask(self) -> None:
        """Ask how the entry is now, and what its moment looked like unless that is known."""
        if self._entry is None:
            return
        self.facts_wanted.emit(AskEntry(FACTS, self._entry))
        moment = self._entry.moment
        if self._store.is_wanted(moment, self._clock()):
            self.pictures_wanted.emit(AskPictures(PICTURES, (moment,), (self._entry.state_hash,)))

    def show_facts(self, answer: EntryAnswer) -> None:
        """Tell how the entry is now; facts of another one are left out."""
        if answer.panel != FACTS or not answer.entry.is_same(self._entry):
            return
        self._is_gone = answer.facts is None
        self._facts = answer.facts or self._facts
        self._show()

    def show_picture(self, answer: PictureAnswer) -> None:
        """Keep the picture, and show it if it is that of the entry."""
        if answer.panel == PICTURES:
            self._store.put(answer, self._clock())
            self._show_picture()

    def _show(self) -> None:
        entry = self._entry
        for part in (self.picture, self._buttons):
            part.setVisible(entry is not None)
        if entry is None:
            title, hint = NOTHING_SELECTED
            self.title.setText(title)
            self.text.setText(hint)
            return
        self.title.setText(title_of(entry, self.facts, self._action_names))
        self.text.setText("\n".join(lines_of(entry, self.facts, is_gone=self._is_gone)))
        self._show_picture()

    def _show_picture(self) -> None:
        if self._entry is not None:
            self.picture.show_answer(self._store.get(self._entry.moment))

    def _lay_out(self) -> None:
        self.setAccessibleName("Selected memory")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        for label in (self.title, self.text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addStretch(1)
        self._buttons = _scrolling(self._button_row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.picture)
        layout.addWidget(_scrolling(words), 1)
        layout.addWidget(self._buttons, 1)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The picture is as wide as its height asks for, and leaves room for the words."""
        super().resizeEvent(event)
        self.picture.setFixedWidth(
            max(min(round(self.height() * PICTURE_SHAPE), self.width() * 2 // 5), NARROWEST)
        )


def _scrolling(content: QLayout) -> QScrollArea:
    """``content`` in a frame that scrolls where the panel is too low for all of it."""
    inside = QWidget()
    inside.setLayout(content)
    area = scrolling(inside)
    area.setMinimumHeight(40)
    return area


class _Picture(QWidget):
    """The picture in its true shape, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._answer: PictureAnswer | None = None
        self._images = CardPictures()
        self.setAccessibleName("Picture of the selected memory")
        self.setToolTip("What the screen looked like then, rebuilt from the recorded game")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(60)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_answer(self, answer: PictureAnswer | None) -> None:
        """None: it is on its way."""
        self._answer = answer
        self.update()

    def clear(self) -> None:
        self._images.clear()
        self.show_answer(None)

    def sizeHint(self) -> QSize:
        return QSize(180, 110)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        answer = self._answer
        image = None
        if answer is not None:
            image = self._images.colour(answer, self.size(), self.devicePixelRatioF())
        area = QRectF(self.rect())
        painter.setPen(QColor(self._theme.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        if image is None:
            words = "Its picture is on its way" if answer is None else answer.problem
            painter.drawText(area, flags, words or "It cannot be rebuilt")
        else:
            size = image.deviceIndependentSize()
            target = QRectF(0, 0, size.width(), size.height())
            target.moveTopLeft(area.topLeft())
            painter.drawImage(target, image)
            if answer is not None and not answer.is_exact:
                painter.fillRect(QRectF(0, 0, size.width(), 18), QColor(self._theme.panel))
                painter.drawText(QRectF(4, 0, size.width(), 18), Qt.AlignmentFlag.AlignVCenter,
                                 "not exact")  # fmt: skip
        painter.end()
