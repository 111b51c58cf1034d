"""A thread that answers questions: every panel's newest, in turns."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Final, Generic, Protocol, TypeVar

from nec_engine.messages import Answer, ThreadFailed
from nec_engine.run.outbox import Outbox
from nec_engine.run.priority import INSPECT_NICENESS, lower_this_thread


class OfPanel(Protocol):
    """A question that a panel asks."""

    @property
    def panel(self) -> str: ...


AnyQuestion = TypeVar("AnyQuestion", bound=OfPanel)
Turns = Iterator[Answer | None]  # None: nothing to tell yet, but the work goes on
PATIENCE_S: Final = 0.3  # so long the others wait while something urgent is answered


class AnsweringThread(ABC, Generic[AnyQuestion]):
    """Answers questions on a thread of its own; what kinds there are is for each to say.

    A panel's new question replaces its old one, answered or not; panels take turns, one answer or
    one part of long work at a time, so that none starves another. Urgent questions come before the
    others, a while at most.
    """

    def __init__(self, name: str, outbox: Outbox) -> None:
        self._name = name
        self._outbox = outbox
        self._condition = threading.Condition()
        self._newest: dict[str, AnyQuestion] = {}  # by panel, not yet begun
        self._urgent: set[str] = set()  # panels whose question is urgent
        self._all_had_a_turn_s = 0.0
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=name)

    # --- any thread ---

    def start(self) -> None:
        self._thread.start()

    def ask(self, question: AnyQuestion) -> None:
        with self._condition:
            self._newest[question.panel] = question
            self._condition.notify()

    def ask_stop(self) -> None:
        with self._condition:
            self._is_stopping = True
            self._condition.notify()

    def join(self, timeout_s: float) -> bool:
        """True when the thread is gone."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the thread itself ---

    @abstractmethod
    def _answers(self, question: AnyQuestion) -> Turns:
        """The answers to one question, each a turn; None after a part of long work."""

    def _is_urgent(self, question: AnyQuestion) -> bool:  # noqa: ARG002 - for who has such ones
        """Whether a person waits for the answer from one moment to the next."""
        return False

    def _run(self) -> None:
        lower_this_thread(INSPECT_NICENESS)
        open_answers: dict[str, Turns] = {}
        while self._take_questions(open_answers):
            for panel in self._whose_turn(open_answers):
                try:
                    answer = self._take_turn(panel, open_answers[panel])
                except StopIteration:
                    del open_answers[panel]
                    continue
                except Exception as error:  # noqa: BLE001 - told to the window; the next one may do
                    del open_answers[panel]
                    self._outbox.post_event(ThreadFailed.by(self._name, error))
                    continue
                if answer is not None:
                    self._outbox.post_answer(answer)

    def _whose_turn(self, panels: Collection[str]) -> list[str]:
        urgent = [panel for panel in panels if panel in self._urgent]
        now_s = time.perf_counter()
        if 0 < len(urgent) < len(panels) and now_s - self._all_had_a_turn_s < PATIENCE_S:
            return urgent
        self._all_had_a_turn_s = now_s
        return sorted(panels, key=lambda panel: panel not in urgent)

    def _take_turn(self, panel: str, turns: Turns) -> Answer | None:
        start_s = time.thread_time()
        try:
            return next(turns)
        finally:
            self._outbox.note_work(panel, time.thread_time() - start_s)

    def _take_questions(self, open_answers: dict[str, Turns]) -> bool:
        """Replace what is asked anew; wait while there is nothing; False when stopping."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._is_stopping or bool(self._newest) or bool(open_answers)
            )
            questions, self._newest = self._newest, {}
            is_stopping = self._is_stopping
        # Without the lock: what is given up here may take its time, and who asks must not wait.
        for panel, question in questions.items():
            open_answers[panel] = self._answers(question)
            if self._is_urgent(question):
                self._urgent.add(panel)
            else:
                self._urgent.discard(panel)
        return not is_stopping
