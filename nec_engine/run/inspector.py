"""The inspect thread: pictures of memories and saliency, each panel's newest question first."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator

from nec_engine.errors import NecError
from nec_engine.insight.saliency import gradient_of_q, heat_of
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import (
    Answer,
    AskPictures,
    AskSaliency,
    Moment,
    PictureAnswer,
    Question,
    SaliencyAnswer,
    ThreadFailed,
    read_only,
)
from nec_engine.run.outbox import Outbox
from nec_engine.run.priority import INSPECT_NICENESS, lower_this_thread
from nec_engine.run.publication import Publication


class Inspector:
    """Answers questions on its own thread with its own emulator.

    A panel's new question replaces its old one, answered or not; panels take turns, one picture or
    one map at a time, so that none starves another.
    """

    def __init__(
        self,
        rebuilder: Rebuilder,
        journal: Journal,
        publication: Publication,
        outbox: Outbox,
    ) -> None:
        self._rebuilder = rebuilder
        self._journal = journal
        self._publication = publication
        self._outbox = outbox
        self._condition = threading.Condition()
        self._newest: dict[str, Question] = {}  # by panel, not yet begun
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="inspect")

    # --- any thread ---

    def start(self) -> None:
        self._thread.start()

    def ask(self, question: Question) -> None:
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

    # --- the inspect thread ---

    def _run(self) -> None:
        lower_this_thread(INSPECT_NICENESS)
        open_answers: dict[str, Iterator[Answer]] = {}
        while self._take_questions(open_answers):
            for panel in list(open_answers):
                try:
                    answer = next(open_answers[panel], None)
                except Exception as error:  # noqa: BLE001 - told to the window; the next one may do
                    answer = None
                    self._outbox.post_event(
                        ThreadFailed(
                            "inspect", f"{type(error).__name__}: {error}", traceback.format_exc()
                        )
                    )
                if answer is None:
                    del open_answers[panel]
                else:
                    self._outbox.post_answer(answer)

    def _take_questions(self, open_answers: dict[str, Iterator[Answer]]) -> bool:
        """Replace what is asked anew; wait while there is nothing; False when stopping."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._is_stopping or bool(self._newest) or bool(open_answers)
            )
            for panel, question in self._newest.items():
                open_answers[panel] = self._answers(question)
            self._newest.clear()
            return not self._is_stopping

    def _answers(self, question: Question) -> Iterator[Answer]:
        match question:
            case AskPictures():
                return self._pictures(question)
            case AskSaliency():
                return self._saliency(question)

    def _pictures(self, question: AskPictures) -> Iterator[Answer]:
        for moment, state_hash in zip(question.moments, question.state_hashes, strict=True):
            yield self._picture(question.panel, moment, state_hash)

    def _picture(self, panel: str, moment: Moment, state_hash: int) -> PictureAnswer:
        try:
            rebuilt = self._rebuilder.rebuild(self._journal, moment)
        except NecError as error:
            return PictureAnswer(panel, moment, None, None, False, str(error))
        is_exact = rebuilt.state_hash == state_hash
        return PictureAnswer(
            panel,
            moment,
            read_only(rebuilt.rgb),
            read_only(rebuilt.observation[-1].copy()),
            is_exact,
            "" if is_exact else "the rebuilt screen differs from the one that was stored",
        )

    def _saliency(self, question: AskSaliency) -> Iterator[Answer]:
        published = self._publication.newest
        if published is None:
            return
        start_s = time.perf_counter()
        decision = question.decision
        action = decision.action if question.action is None else question.action
        found = gradient_of_q(published.policy, decision.observation, action)
        if found is None:
            return
        yield SaliencyAnswer(
            question.panel,
            decision.number,
            decision.moment,
            action,
            read_only(heat_of(found.gradient)),
            read_only(found.gradient),
            found.q,
            published.policy.saliency_method,
            time.perf_counter() - start_s,
        )
