"""Why this action: one sentence, five facts, and a bar of evidence for each action."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.models.why_sentence import why_sentence
from app.models.wording import CHOICE_WORDS, distance_text, percent_text, value_text
from app.theme import Theme
from app.views.action_bars import ActionBars
from app.views.bar_legend import BarLegend
from app.views.fitted_label import SentenceLabel
from app.views.panel import Clock, Panel, muted
from nec_engine.messages import Decision

REFRESH_MS: Final = 60  # 15 times a second, with room for jitter
# caption, part of the width, explanation
_FACTS: Final = (
    ("choice", 6, "Choice: why this action and no other.\n"
        "greedy: it has the highest Q; explored: by chance, as epsilon wants;\n"
        "random: the memory is empty; you: you hold the stick."),
    ("gap", 5, "Gap: how far the best action's Q is ahead of the second best.\n"
        "Near zero, the two are as good as each other to the agent."),
    ("epsilon", 5, "Epsilon: how often the agent plays at random instead of the best action,\n"
        "to find out what it does not know yet."),
    ("familiar, nearest", 11, "Familiarity, and the distance to the nearest memory of any"
        " action.\n100 %: this very screen was seen before. 50 %: the nearest memory is as far\n"
        "as the fiftieth usually is. Near 0 %: nothing like it is known, Q is a guess."),
    ("effective neighbours", 11, "Effective neighbours of the best action: 1 / sum of squared"
        " shares.\nNear 1, a single memory decides; near 50, all fifty speak equally."),
)  # fmt: skip


class WhyView(Panel):
    """Explains the newest decision; a click on an action asks for its neighbours."""

    action_clicked = pyqtSignal(object)  # int, or None for the best again

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Why this action", REFRESH_MS, parent, clock)
        self._decision: Decision | None = None
        self.sentence = SentenceLabel()
        self.sentence.setAccessibleName("Why, in one sentence")
        self.facts: dict[str, QLabel] = {}
        self.bars = ActionBars()
        self.bars.action_clicked.connect(self.action_clicked)
        self._legend = BarLegend()
        self.setFocusProxy(self.bars)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.sentence)
        layout.addLayout(self._make_facts())
        layout.addWidget(self.bars, 1)
        layout.addWidget(self._legend)
        self.set_theme(self.theme)
        self.refresh()

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
            self._show_texts("No decision yet: no game is running.", ("–",) * len(_FACTS))
        else:
            self._show_texts(why_sentence(decision), _fact_texts(decision))

    def _show_texts(self, sentence: str, facts: tuple[str, ...]) -> None:
        self.sentence.show_text(sentence)
        for (name, _, _), text in zip(_FACTS, facts, strict=True):
            self.facts[name].setText(text)

    def _make_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for column, (name, width, explanation) in enumerate(_FACTS):
            caption, value = muted(QLabel(name)), QLabel()
            font = caption.font()
            font.setPointSizeF(font.pointSizeF() * 0.82)
            caption.setFont(font)
            for row, label in enumerate((caption, value)):
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setToolTip(explanation)
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                grid.addWidget(label, row, column)
            value.setAccessibleName(name)
            grid.setColumnStretch(column, width)
            self.facts[name] = value
        return grid


def _fact_texts(decision: Decision) -> tuple[str, ...]:
    best = decision.evidence[decision.best_action]
    nearest, familiarity = decision.nearest_distance_sq, decision.familiarity
    familiar = "nothing known"
    if nearest is not None and familiarity is not None:
        familiar = f"{percent_text(familiarity)}, {distance_text(nearest)}"
    num_neighbours = len(best.slots)
    effective = f"{best.effective_neighbours:.1f} of {num_neighbours}"
    return (
        CHOICE_WORDS[decision.choice],
        value_text(decision.gap),
        percent_text(decision.epsilon),
        familiar,
        effective if num_neighbours else "none",
    )
