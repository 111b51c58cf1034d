"""Why this action: one sentence, four numbers, and a bar of evidence for each action."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.models.why_sentence import why_sentence
from app.models.wording import CHOICE_WORDS, distance_text, percent_text, value_text
from app.theme import Theme
from app.views.action_bars import ActionBars
from app.views.marks import draw_best_mark, draw_played_mark, unfamiliar_brush
from app.views.panel import Clock, Panel
from nec_engine.messages import Decision

REFRESH_MS: Final = 60  # 15 times a second, with room for jitter
_FACTS: Final = (
    ("gap", "Gap: how much the best action's Q is ahead of the second best.\n"
            "Near zero, the two are as good as each other to the agent."),
    ("epsilon", "Epsilon: how often the agent plays at random instead of the best action,\n"
                "to find out what it does not know yet."),
    ("familiarity", "Familiarity: how near the nearest memory of any action is to what the agent"
                    " sees now.\n100 %: seen before. Below 50 %: nearer than usual there is"
                    " nothing,\nso the numbers below are a guess from afar."),
    ("neighbours that count", "Effective neighbours of the best action: 1 / sum of squared"
                              " shares.\n1: a single memory decides. 50: all fifty speak"
                              " equally."),
)  # fmt: skip


class WhyView(Panel):
    """Explains the newest decision; a click on an action asks for its neighbours."""

    action_clicked = pyqtSignal(object)  # int, or None for the best again

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Why this action", REFRESH_MS, parent, clock)
        self._decision: Decision | None = None
        self.sentence = _sentence_label()
        self.bars = ActionBars()
        self.bars.action_clicked.connect(self.action_clicked)
        self.setFocusProxy(self.bars)
        self._legend = _Legend()
        self.facts: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.sentence)
        layout.addLayout(self._make_facts())
        layout.addWidget(self.bars, 1)
        layout.addWidget(self._legend)
        self.show_decision(None)
        self.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.bars.set_theme(theme)
        self._legend.set_theme(theme)

    def show_decision(self, decision: Decision | None) -> None:
        """Explain ``decision``; None when no game is open."""
        self._decision = decision
        self.request_refresh()

    def set_selected(self, action: int | None) -> None:
        """Outline the action whose neighbours are shown; None: the best one's."""
        self.bars.set_selected(action)

    def refresh(self) -> None:
        decision = self._decision
        self.bars.show_decision(decision, self.clock())
        if decision is None:
            self._show_texts("No decision yet: the game has not begun.", ("–",) * len(_FACTS))
            return
        best = decision.evidence[decision.best_action]
        nearest, familiarity = decision.nearest_distance_sq, decision.familiarity
        familiar = "nothing known"
        if nearest is not None and familiarity is not None:
            familiar = f"{percent_text(familiarity)}, nearest {distance_text(nearest)}"
        num_neighbours = len(best.slots)
        effective = f"{value_text(best.effective_neighbours)} of {num_neighbours}"
        self._show_texts(
            why_sentence(decision),
            (
                value_text(decision.gap),
                percent_text(decision.epsilon),
                familiar,
                effective if num_neighbours else "none",
            ),
        )

    def _show_texts(self, sentence: str, facts: tuple[str, ...]) -> None:
        reason = f"\nChoice: {CHOICE_WORDS[self._decision.choice]}." if self._decision else ""
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence + reason)
        for (name, _), text in zip(_FACTS, facts, strict=True):
            self.facts[name].setText(text)

    def _make_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        for column, (name, explanation) in enumerate(_FACTS):
            caption, value = self.add_muted_label(QLabel(name)), QLabel()
            font = caption.font()
            font.setPointSizeF(font.pointSizeF() * 0.85)
            caption.setFont(font)
            for label in (caption, value):
                label.setToolTip(explanation)
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            value.setAccessibleName(name)
            grid.addWidget(caption, 0, column)
            grid.addWidget(value, 1, column)
            grid.setColumnStretch(column, (2, 2, 5, 4)[column])
            self.facts[name] = value
        return grid


def _sentence_label() -> QLabel:
    """A label of always two lines, so that nothing below it jumps."""
    label = QLabel()
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.08)
    label.setFont(font)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setFixedHeight(round(2 * label.fontMetrics().lineSpacing()) + 2)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    label.setAccessibleName("Why, in one sentence")
    return label


class _Legend(QWidget):
    """The shapes of the bars in words."""

    def __init__(self) -> None:
        super().__init__()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        self.setFont(font)
        self._theme: Theme | None = None
        self.setToolTip(
            "Each bar is made of its neighbours' contributions (share × value): the eight largest"
            " one by one,\nthe rest as one pale piece; below zero to the left. They add up to Q,"
            " where the line stands."
        )
        self.setFixedHeight(round(QFontMetricsF(font).height()) + 2)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._theme is None:
            return
        theme, painter = self._theme, QPainter(self)
        metrics = QFontMetricsF(self.font())
        x, size = 2.0, 10.0
        top = (self.height() - size) / 2
        for kind, text in enumerate(("played", "best", "net Q", "the rest", "unfamiliar")):
            mark = QRectF(x, top, size, size)
            if kind == 0:
                draw_played_mark(painter, mark, QColor(theme.accent))
            elif kind == 1:
                draw_best_mark(painter, mark, QColor(theme.text))
            elif kind == 2:
                painter.fillRect(QRectF(x + 4, top - 1, 2, size + 2), QColor(theme.text))
                painter.fillRect(QRectF(x + 2, top - 1, 6, 2), QColor(theme.text))
                painter.fillRect(QRectF(x + 2, top + size - 1, 6, 2), QColor(theme.text))
            elif kind == 3:
                pale = QColor(theme.positive)
                pale.setAlphaF(0.33)
                painter.fillRect(mark, pale)
            else:
                painter.fillRect(mark, unfamiliar_brush(theme))
                painter.setPen(QColor(theme.unfamiliar))
                painter.drawRect(mark.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(x + size + 4, top + size - 1), text)
            x += size + 4 + metrics.horizontalAdvance(text) + 12
        painter.end()
