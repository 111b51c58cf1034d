"""A scrolling grid of neighbour cards; only those that can be seen are worked out and painted."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import Final

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PyQt6.QtWidgets import QAbstractScrollArea, QMenu, QToolTip, QWidget

from app.look.theme import DARK, Theme
from app.models.neighbours.neighbour_rows import entry_of, moment_of, neighbour_row, why_no_cards
from app.models.neighbours.picture_store import PictureStore
from app.views.neighbours.card_grid import CardGrid
from app.views.neighbours.card_pictures import CardMode
from app.views.neighbours.neighbour_card import (
    REPLAY_TEXT,
    SMALLEST_WIDTH,
    VISIT_TEXT,
    CardPicture,
    CardScene,
    NeighbourCard,
    card_picture,
)
from nec_engine.messages import ActionEvidence, Decision, Entry

BEFORE_TEXT: Final = "Go to two seconds before"


class CardButton(Enum):
    """What shows on the card under the mouse."""

    VISIT = "go there"
    REPLAY = "replay"


class CardList(QAbstractScrollArea):
    """Cards of one action's neighbours, nearest first."""

    scrolled = pyqtSignal()
    visit_wanted = pyqtSignal(object, int)  # ActionEvidence, index of the neighbour to go to
    replay_wanted = pyqtSignal(object, int)  # the same, to be seen again
    before_wanted = pyqtSignal(object, int)  # the same, but a little before it
    entry_clicked = pyqtSignal(object)  # Entry

    def __init__(
        self,
        pictures: PictureStore,
        parent: QWidget | None = None,
    ) -> None:
        """Paints those of ``pictures`` that are there; :meth:`show_pictures` when more came."""
        super().__init__(parent)
        self.theme: Theme = DARK
        self.mode = CardMode.PICTURE
        self.is_now_phase = False
        self._pictures = pictures
        self._decision: Decision | None = None
        self._action = 0
        self._empty_texts = why_no_cards(None, None)
        self.card = NeighbourCard(self.font())
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area().setMouseTracking(True)
        self._pointed: int | None = None  # the card under the mouse
        self._selected: Entry | None = None
        self._entry_actions: list[QAction] = []
        # What was pressed: the game goes on, and other memories are on the cards by the release.
        self._pressed: tuple[ActionEvidence, int] | None = None
        self._pressed_button: CardButton | None = None
        self.setAccessibleName("Neighbours, nearest first: arrows choose one, Enter goes there")
        self.setMinimumSize(180, 100)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._update()

    def set_mode(self, mode: CardMode) -> None:
        self.mode = mode
        self._update()

    def set_now_phase(self, is_now: bool) -> None:
        """Which of its two screens flicker shows."""
        self.is_now_phase = is_now
        self._update()

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the card of ``entry`` from now on, whenever it is among them."""
        self._selected = entry
        self._update()

    def set_entry_actions(self, actions: Sequence[QAction]) -> None:
        """What else a card's menu offers to do with the selected memory."""
        self._entry_actions = list(actions)

    def show_neighbours(
        self, decision: Decision | None, action: int, empty_texts: tuple[str, str]
    ) -> None:
        """Paint the neighbours of ``action`` from now on; if there are none, ``empty_texts``."""
        self._decision, self._action, self._empty_texts = decision, action, empty_texts
        self._fit_scroll_bar()
        self._update()

    def show_pictures(self) -> None:
        """Paint again: a picture came."""
        self._update()

    @property
    def num_cards(self) -> int:
        return len(self._evidence.slots) if self._evidence is not None else 0

    def seen_cards(self) -> range:
        """Indices of the neighbours whose cards are at least partly on the screen."""
        return self._grid.seen

    def card_rect(self, index: int) -> QRectF:
        """Where the card of neighbour ``index`` is painted on the viewport."""
        return self._grid.rect(index)

    @property
    def _evidence(self) -> ActionEvidence | None:
        return self._decision.evidence[self._action] if self._decision else None

    @property
    def _grid(self) -> CardGrid:
        area, bar = self._area(), self.verticalScrollBar()
        return CardGrid(
            self.num_cards, SMALLEST_WIDTH, self.card.height, area.width(), area.height(),
            0 if bar is None else bar.value(),
        )  # fmt: skip

    def _area(self) -> QWidget:
        viewport = self.viewport()
        assert viewport is not None
        return viewport

    def _picture_of(self, evidence: ActionEvidence, index: int) -> CardPicture:
        return card_picture(self._pictures, moment_of(evidence, index))

    def _tooltip(self, index: int) -> str:
        assert self._decision is not None
        picture = self._picture_of(self._decision.evidence[self._action], index)
        row = neighbour_row(self._decision, self._action, index)
        hint = "Click: select it. Double-click: the game goes on from there."
        return "\n".join(filter(None, (row.spoken, picture.note, hint)))

    def _update(self) -> None:
        self._area().update()

    def _fit_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        assert bar is not None
        grid = self._grid
        bar.setRange(0, grid.most_top)
        bar.setPageStep(grid.view_height)
        bar.setSingleStep(grid.pitch)

    def _paint_empty(self, painter: QPainter) -> None:
        title, hint = self._empty_texts
        font = self.font()
        area = QRectF(self._area().rect()).adjusted(12, 0, -12, 0)
        height = QFontMetricsF(font).lineSpacing()
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        middle = area.center().y()
        painter.setPen(QColor(self.theme.muted))
        hint_rect = QRectF(area.left(), middle + 2, area.width(), 4 * height)
        painter.drawText(hint_rect, flags | Qt.AlignmentFlag.AlignTop, hint)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        title_rect = QRectF(area.left(), middle - 4 * height, area.width(), 4 * height)
        painter.drawText(title_rect, flags | Qt.AlignmentFlag.AlignBottom, title)

    def sizeHint(self) -> QSize:
        return QSize(300, 320)

    def scrollContentsBy(self, *_: int) -> None:
        self._update()
        self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit_scroll_bar()
        self.scrolled.emit()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self.card.set_font(self.font())
            self._fit_scroll_bar()

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self._area())
        painter.fillRect(self._area().rect(), QColor(self.theme.panel))
        decision, evidence = self._decision, self._evidence
        if decision is None or evidence is None or not self.num_cards:
            self._paint_empty(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            scene = CardScene(
                self.theme, self.mode, decision.observation[-1], decision.number,
                self.is_now_phase, self.devicePixelRatioF(),
                self._selected,
            )  # fmt: skip
            grid = self._grid
            for index in grid.seen:
                row = neighbour_row(decision, self._action, index)
                picture = self._picture_of(evidence, index)
                rect = grid.rect(index)
                self.card.paint(painter, rect, row, picture, scene)
                if index == self._pointed:
                    self.card.paint_buttons(painter, rect, self.theme)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows, Home and End choose a card; Enter goes on from its memory."""
        if event is None or not self.num_cards or self._evidence is None:
            super().keyPressEvent(event)
            return
        chosen = self._chosen_card()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.visit_wanted.emit(self._evidence, chosen)
            return
        wanted = self._card_by_key(event.key(), chosen)
        if wanted is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self._show_card(wanted)
        self.entry_clicked.emit(entry_of(self._evidence, wanted))

    def _chosen_card(self) -> int | None:
        """Index of the selected memory's card; None where it has none."""
        evidence, selected = self._evidence, self._selected
        if evidence is None or selected is None:
            return None
        of_same = (
            index for index in range(self.num_cards) if selected.is_same(entry_of(evidence, index))
        )
        return next(of_same, None)

    def _card_by_key(self, key: int, chosen: int | None) -> int | None:
        """Which card a key leads to from the chosen one; None for a key of another meaning."""
        last, columns = self.num_cards - 1, self._grid.num_columns
        steps: dict[int, int] = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_Home: -last, Qt.Key.Key_End: last,
        }  # fmt: skip
        if key not in steps:
            return None
        if chosen is None:
            return last if key == Qt.Key.Key_End else 0
        return min(max(chosen + steps[key], 0), last)

    def _show_card(self, index: int) -> None:
        """Scroll to a card and say what is on it."""
        bar, rect = self.verticalScrollBar(), self.card_rect(index)
        assert bar is not None
        assert self._decision is not None
        below = rect.bottom() - self._area().height()
        bar.setValue(bar.value() + round(min(rect.top(), 0) + max(below, 0)))
        self.setAccessibleDescription(neighbour_row(self._decision, self._action, index).spoken)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._point_at(self._grid.at(event.position()))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._pressed = self._pressed_button = None
        index = self._grid.at(event.position())
        if index is not None and self._evidence is not None:
            self._pressed = (self._evidence, index)
            if event.button() == Qt.MouseButton.LeftButton:
                self._pressed_button = self._button_at(event.position(), index)
            self.entry_clicked.emit(entry_of(*self._pressed))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        button, self._pressed_button = self._pressed_button, None
        pressed = self._pressed_at(event.position())
        if pressed is None or button is not self._button_at(event.position(), pressed[1]):
            return
        if button is CardButton.VISIT:
            self.visit_wanted.emit(*pressed)
        elif button is CardButton.REPLAY:
            self.replay_wanted.emit(*pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        pressed = self._pressed_at(event.position())
        if pressed is not None and self._button_at(event.position(), pressed[1]) is None:
            self.visit_wanted.emit(*pressed)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is None or (index := self._grid.at(event.pos().toPointF())) is None:
            return
        evidence = self._evidence  # those now seen: the game goes on while the menu is open
        pressed = self._pressed_at(event.pos().toPointF())
        if pressed is not None and event.reason() == QContextMenuEvent.Reason.Mouse:
            evidence, index = pressed
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, wanted in (
            (VISIT_TEXT, self.visit_wanted), (BEFORE_TEXT, self.before_wanted),
            (REPLAY_TEXT, self.replay_wanted),
        ):  # fmt: skip
            action = menu.addAction(text)
            assert action is not None
            action.triggered.connect(partial(wanted.emit, evidence, index))
        if self._entry_actions:  # about the selected memory: the one that was clicked
            menu.addSeparator()
            menu.addActions(self._entry_actions)
        menu.popup(event.globalPos())

    def _pressed_at(self, position: QPointF) -> tuple[ActionEvidence, int] | None:
        """The neighbour that was pressed, if ``position`` is on its card still."""
        if self._pressed is None or self._grid.at(position) != self._pressed[1]:
            return None
        return self._pressed

    def _button_at(self, position: QPointF, index: int) -> CardButton | None:
        """The button of card ``index`` at ``position``."""
        rect = self.card_rect(index)
        if self.card.button_rect(rect).contains(position):
            return CardButton.VISIT
        if self.card.replay_rect(rect).contains(position):
            return CardButton.REPLAY
        return None

    def _point_at(self, index: int | None) -> None:
        if index != self._pointed:
            self._pointed = index
            self._update()

    def viewportEvent(self, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Leave:
            self._point_at(None)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._grid.at(event.pos().toPointF())
            if index is not None:
                QToolTip.showText(event.globalPos(), self._tooltip(index), self)
                return True
            QToolTip.hideText()
            return True
        return super().viewportEvent(event)
