"""Recorded episodes seen again, and what the agent of now thinks of their steps."""

from __future__ import annotations

import itertools
from typing import Final

from nec_engine.config import Settings
from nec_engine.errors import NecError
from nec_engine.game.roms import Rom
from nec_engine.journal.playback import Playback, PlayedStep
from nec_engine.messages import (
    AskHindsight,
    AskReplay,
    HindsightAnswer,
    ReplayPart,
    ReplayStep,
    pack_picture,
)
from nec_engine.run.answering.answering_thread import Turns
from nec_engine.run.answering.desk import Desk
from nec_engine.run.past.hindsight import decide_again

PART_STEPS: Final = 6  # a turn of some 10 ms


class Projector:
    """Two emulators for the replay panel: one runs the pictures, one what is thought of them.

    Each goes on where it stands, so that a whole episode is one pass. The inspect thread's.
    """

    def __init__(
        self, rom: Rom, settings: Settings, action_names: tuple[str, ...], desk: Desk
    ) -> None:
        self._desk = desk
        self._action_names = action_names
        self._pictures = Playback(rom, settings, desk.give_way)
        self._thoughts = Playback(rom, settings, desk.give_way)
        self._numbers = itertools.count(1)

    def replay(self, question: AskReplay) -> Turns:
        """The first step alone, so that it is seen at once; then some steps at a time."""
        panel, place, journal = question.panel, question.first, self._desk.journal
        try:
            start = pack_picture(self._pictures.start(journal, place))
            num_left = question.num_steps
            for size in itertools.chain([1], itertools.repeat(PART_STEPS)):
                with self._desk.hurry():
                    steps = tuple(
                        self._packed(step)
                        for step in self._pictures.steps(journal, place, min(size, num_left))
                    )
                num_recorded = self._pictures.num_recorded(journal, place)
                yield ReplayPart(panel, place, num_recorded, start, steps)
                num_left -= len(steps)
                place = place._replace(step=place.step + len(steps))
                if not steps or not num_left:
                    return
        except NecError as error:
            yield ReplayPart(panel, place, 0, b"", (), str(error))

    def hindsight(self, question: AskHindsight) -> Turns:
        """One answer a step; none while no policy is published, or when the record is gone."""
        published = self._desk.publication.newest
        if published is None:
            return
        try:
            for step in self._thoughts.steps(
                self._desk.journal, question.first, question.num_steps
            ):
                number = next(self._numbers)
                decision = decide_again(published, step, self._action_names, number)
                yield HindsightAnswer(question.panel, decision)
        except NecError:  # the pictures of the same steps say it
            return

    def _packed(self, step: PlayedStep) -> ReplayStep:
        frames = []
        for frame in step.frames:
            frames.append(pack_picture(frame.rgb))
            self._desk.give_way()
        return ReplayStep(
            step.action,
            step.score,
            step.lives,
            step.state_hash,
            tuple(frames),
            step.score_after,
            step.is_as_recorded,
        )
