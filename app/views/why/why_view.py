"""Why this action: one sentence, six facts, and a bar of evidence for each action."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.why.why_sentence import why_sentence
from app.models.wording import CHOICE_WORDS, NO_NUMBER, distance_text, percent_text, value_text
from app.views.game.fact_strip import Fact, FactStrip
from app.views.why.action_bars import ActionBars
from app.views.why.bar_layout import SMALLEST_ROW
from app.views.why.bar_legend import BarLegend
from app.views.widgets.fitted_label import SentenceLabel
from app.views.widgets.panel import Clock, Panel
from app.views.widgets.scrolling import scrolling
from nec_engine.messages import Decision

REFRESH_MS: Final = 60  # 15 times a second, with room for jitter
LEGEND_FROM_HEIGHT: Final = 330  # pixels; in a lower panel the bars need the room
LEAST_BARS_HEIGHT: Final = 58
AXIS_HEIGHT: Final = 20
FACTS: Final = (
    Fact("choice", "Choice: why this action and no other.\n"
         "greedy: it has the highest Q; explored: by chance, as epsilon wants;\n"
         "random: the memory is empty; you: you hold the stick;\n"
         "recorded: played before, and judged by what is remembered now."),
    Fact("gap", "Gap: how far the best action's Q is ahead of the second best.\n"
         "Near zero, the two are as good as each other to the agent."),
    Fact("epsilon", "Epsilon: how often the agent plays at random instead of the best action,\n"
         "to find out what it does not know yet."),
    Fact("familiar", "Familiarity: how near the nearest memory of any action is.\n"
         "100 %: this very screen was seen before. 50 %: the nearest memory is as far\n"
         "as the fiftieth usually is. Near 0 %: nothing like it is known, Q is a guess."),
    Fact("nearest", "Nearest: distance between what the agent sees now and the nearest memory\n"
         "of any action, as the network measures it."),
    Fact("effective", "Effective neighbours of the best action: 1 / sum of squared shares.\n"
         "Near 1, a single memory decides; near the number of neighbours, all speak equally.\n"
         "The prior, where there is one, counts as one more."),
)  # fmt: skip
NO_DECISION: Final = "No decision to explain yet: one comes with the next step of the live game."
WIDTHS: Final = (29, 26, 33)


class WhyView(Panel):
    """Explains the newest decision; a click on an action asks for its neighbours."""

    action_clicked = pyqtSignal(object)  # int, or None for the best again

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Why this action", REFRESH_MS, parent, clock)
        self._decision: Decision | None = None
        self.sentence = SentenceLabel()
        self.sentence.setAccessibleName("Why, in one sentence")
        self.facts = FactStrip(FACTS, WIDTHS)
        self.bars = ActionBars()
        self.bars.action_clicked.connect(self.action_clicked)
        self.bars_area = scrolling(self.bars)
        self.bars_area.setMinimumHeight(LEAST_BARS_HEIGHT)
        self.legend = BarLegend()
        self.setFocusProxy(self.bars)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.sentence)
        layout.addWidget(self.facts)
        layout.addWidget(self.bars_area, 1)
        layout.addWidget(self.legend)
        self.set_theme(self.theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.facts.set_theme(theme)
        self.bars.set_theme(theme)
        self.legend.set_theme(theme)

    def show_decision(self, decision: Decision | None) -> None:
        """Explain ``decision``; None: nothing, until there is another."""
        self._decision = decision
        self.request_refresh()

    def open_game(self) -> None:
        """Another game: its bars have a scale of their own."""
        self.bars.forget()

    def set_selected(self, action: int | None) -> None:
        """Outline the action whose neighbours are shown; None: the best one's."""
        self.bars.set_selected(action)

    def refresh(self) -> None:
        decision = self._decision
        num_actions = 0 if decision is None else len(decision.evidence)
        self.bars.setMinimumHeight(round(SMALLEST_ROW * num_actions) + AXIS_HEIGHT)
        self.bars.show_decision(decision, self.clock())
        if decision is None:
            self.sentence.show_text(NO_DECISION)
            self.facts.show_facts({fact.name: NO_NUMBER for fact in FACTS})
        else:
            self.sentence.show_text(why_sentence(decision))
            self.facts.show_facts(_fact_texts(decision))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.legend.setVisible(self.height() >= LEGEND_FROM_HEIGHT)


def _fact_texts(decision: Decision) -> dict[str, str]:
    best = decision.evidence[decision.best_action]
    nearest, familiarity = decision.nearest_distance_sq, decision.familiarity
    num_voices = len(best.slots) + (best.prior_share > 0) + (best.network_share > 0)
    return {
        "choice": CHOICE_WORDS[decision.choice],
        "gap": value_text(decision.gap),
        "epsilon": percent_text(decision.epsilon),
        "familiar": NO_NUMBER if familiarity is None else percent_text(familiarity),
        "nearest": NO_NUMBER if nearest is None else distance_text(nearest),
        "effective": _effective_text(decision, num_voices, best.effective_neighbours),
    }


def _effective_text(decision: Decision, num_voices: int, effective: float) -> str:
    if not decision.has_memory:
        return NO_NUMBER
    return f"{effective:.1f} of {num_voices}" if num_voices else "none"
