"""From the live game to the memory: its steps, sent on as soon as their returns are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nec_engine.learning.returns import Matured, NStepReturns
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import U8, Moment, Origin
from nec_engine.run.lesson_files.lesson_book import LessonBook


@dataclass(frozen=True, slots=True)
class _LiveStep:
    moment: Moment
    action: int
    state_hash: int
    screens: tuple[U8, ...]  # shared with the steps around: a whole episode may wait
    reward: float
    origin: Origin


class Lessons:
    """Collects steps of the live game and hands them to the trainer (live thread only).

    A sum of rewards never crosses a change of player, an episode's end or a lost life: the first
    is bootstrapped with the value of the state reached, the others just stop.
    """

    def __init__(
        self,
        n_step: int,
        gamma: float,
        send: Callable[[list[TaughtStep]], None],
        book: LessonBook | None = None,
    ) -> None:
        """What a person plays is entered in ``book`` as well."""
        self._book = book
        self._returns: NStepReturns[_LiveStep] = NStepReturns(n_step, gamma)
        self._last: _LiveStep | None = None
        self._send = send
        self.num_sent_by_person = 0

    def __len__(self) -> int:
        return len(self._returns)

    @property
    def is_full(self) -> bool:
        """The oldest step waits for nothing but the value of the state now reached."""
        return self._returns.is_full

    def decide(self, max_q: float) -> None:
        """A state was reached whose best Q is ``max_q``: the step N before it may be known now."""
        matured = self._returns.mature(max_q)
        if matured is not None:
            self._hand_over([matured])

    def add(
        self,
        moment: Moment,
        action: int,
        state_hash: int,
        observation: U8,
        reward: float,
        origin: Origin,
    ) -> None:
        """A whole step was played."""
        screens = self._screens(moment, observation)
        if self._book is not None and origin is Origin.PERSON:
            self._book.add_step(moment)
        self._last = _LiveStep(moment, action, state_hash, screens, reward, origin)
        self._returns.push(self._last, reward)

    def stop(self, bootstrap: float | None = None) -> None:
        """The sums end here: None after an end, the best Q of this state at a change of player."""
        matured = self._returns.flush(bootstrap or 0.0)
        self._hand_over(matured, last=self._last if bootstrap is None else None)

    def forget(self) -> None:
        """What waits for its return is never handed over; what comes is another lesson."""
        self._returns.flush()
        if self._book is not None:
            self._book.close_all()

    def _screens(self, moment: Moment, observation: U8) -> tuple[U8, ...]:
        last = self._last
        if last is not None and moment == Moment(last.moment.episode, last.moment.step + 1):
            return (*last.screens[1:], observation[-1].copy())
        return tuple(screen.copy() for screen in observation)

    def _hand_over(self, matured: list[Matured[_LiveStep]], last: _LiveStep | None = None) -> None:
        if not matured:
            return
        self.num_sent_by_person += sum(item.step.origin == Origin.PERSON for item in matured)
        self._send(
            [
                TaughtStep(
                    item.step.moment,
                    item.step.action,
                    item.step.state_hash,
                    item.step.screens,
                    item.step.reward,
                    item.n_step_return,
                    item.step.origin,
                    is_last=item.step is last,
                )
                for item in matured
            ]
        )
