"""What if: each action played out from the moment on the screen."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from app.models.experiments.what_if_rows import what_if_rows, what_if_sentence
from app.views.experiments.what_if_list import WhatIfList
from app.views.widgets.fitted_label import SentenceLabel
from app.views.widgets.panel import Clock, Panel, muted
from app.views.widgets.scrolling import scrolling
from nec_engine.messages import AskWhatIf, Decision, WhatIfAnswer

PANEL: Final = "what_if"
REFRESH_MS: Final = 100
FORCED_STEPS: Final = 4
FREE_STEPS: Final = 30
MOST_STEPS: Final = 300
NOTHING_ASKED: Final = (
    "Press W to pause and see what would have come of every action: each is held for some steps,"
    " then the agent plays on."
)


class WhatIfView(Panel):
    """Asks what would have come of each action, and shows it as it comes in."""

    asked = pyqtSignal(object)  # AskWhatIf

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("What if", REFRESH_MS, parent, clock)
        self._newest: Decision | None = None
        self._decision: Decision | None = None  # the one asked about
        self._question: AskWhatIf | None = None
        self._number = 0  # of the newest question
        self._answers: list[WhatIfAnswer] = []
        self._is_waiting = False  # for a decision to ask about
        self.sentence = SentenceLabel(3)
        self.sentence.setAccessibleName("What was tried, and what came of it")
        self.forced_box, self.free_box = QSpinBox(), QSpinBox()
        self.ask_button = QPushButton("Ask")
        self.list = WhatIfList()
        self._lay_out()
        self.set_theme(self.theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.list.set_theme(theme)

    def open_game(self) -> None:
        """Another game is open: what was asked is of the past."""
        self._newest = self._decision = self._question = None
        self._answers, self._is_waiting = [], False
        self.request_refresh()

    def show_decision(self, decision: Decision | None) -> None:
        """The newest decision: what :meth:`ask` asks about; None: it is not known just now."""
        self._newest = decision
        if decision is not None and self._is_waiting:
            self.ask()

    def ask(self) -> None:
        """Ask about the newest decision, or about the next one when there is none yet."""
        decision = self._newest
        self._is_waiting = decision is None
        if decision is not None:
            self._decision, self._answers = decision, []
            self._number += 1
            self._question = AskWhatIf(
                PANEL,
                decision.moment,
                decision.state_hash,
                self.forced_box.value(),
                self.free_box.value(),
                self._number,
            )
            self.asked.emit(self._question)
        self.request_refresh()

    def show_what_if(self, answer: WhatIfAnswer) -> None:
        """One more action is played out; what an earlier question brought late is passed over."""
        if self._question is not None and answer.number == self._number:
            self._answers.append(answer)
            self.request_refresh()

    def refresh(self) -> None:
        decision, question = self._decision, self._question
        if decision is None or question is None:
            waiting = "The agent has not decided yet: play one step on (F)."
            self.sentence.show_text(waiting if self._is_waiting else NOTHING_ASKED)
            self.list.show_rows(())
            return
        self.sentence.show_text(
            what_if_sentence(decision, self._answers, question.num_forced, question.num_free)
        )
        has_problem = any(answer.problem for answer in self._answers)
        self.list.show_rows(() if has_problem else what_if_rows(decision, self._answers))

    def _lay_out(self) -> None:
        for box, value, name, tip in (
            (self.forced_box, FORCED_STEPS, "Steps each action is held",
             "For how many steps, one decision each, the action is held"),
            (self.free_box, FREE_STEPS, "Steps of the agent after it",
             "For how many steps the agent plays on after it"),
        ):  # fmt: skip
            box.setRange(0 if box is self.free_box else 1, MOST_STEPS)
            box.setValue(value)
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ask_button.setToolTip("Pause the game and play every action out (W)")
        self.ask_button.setAccessibleName("Play every action out")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(muted(QLabel("hold")))
        row.addWidget(self.forced_box)
        row.addWidget(muted(QLabel("then agent")))
        row.addWidget(self.free_box)
        row.addWidget(muted(QLabel("steps")))
        row.addStretch(1)
        row.addWidget(self.ask_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.sentence)
        area = scrolling(self.list)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # with many actions it has to be scrolled
        area.setAccessibleName("What came of each action")
        layout.addWidget(area, 1)
