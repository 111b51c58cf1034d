"""The way to a recorded moment: rebuilt, checked, and said in words when it cannot be entered."""

from __future__ import annotations

from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder, RebuiltMoment
from nec_engine.messages import GoTo, Moment


class Guide:
    """Finds the places that the live game is sent to; the live thread's."""

    def __init__(self, rebuilder: Rebuilder, journal: Journal) -> None:
        self._rebuilder, self._journal = rebuilder, journal

    def find(self, wish: GoTo) -> RebuiltMoment:
        """The place to go on from; a few milliseconds.

        Raises :class:`DataError` when the moment is not in the journal any more, or when what is
        rebuilt is not what was seen there.
        """
        there = self._rebuilder.rebuild_exactly(self._journal, wish.moment, wish.state_hash)
        if not wish.steps_before:
            return there
        step = max(0, wish.moment.step - wish.steps_before)
        return self.rebuild(Moment(wish.moment.episode, step))

    def rebuild(self, moment: Moment) -> RebuiltMoment:
        """Any recorded moment; a few milliseconds. Raises :class:`DataError`."""
        return self._rebuilder.rebuild(self._journal, moment)

    def action_at(self, moment: Moment) -> int:
        """What was played there; at the end of its episode the last action, or the no-op."""
        episode = self._journal.episode(moment.episode)
        step = min(moment.step, episode.num_steps - 1)
        return episode.actions(step, step + 1)[0] if step >= 0 else 0

    def action_in(self, moment: Moment) -> int | None:
        """What was done in that state; None at the end of its episode, where nothing was."""
        episode = self._journal.episode(moment.episode)
        if moment.step == episode.num_steps:
            return None
        (action,) = episode.actions(moment.step, moment.step + 1)
        return action
