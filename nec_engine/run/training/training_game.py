"""One of the games that are trained on: its emulator, and the episode that is recorded of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import Rom
from nec_engine.game.state import StartPoint
from nec_engine.journal.journal import Journal
from nec_engine.messages import Moment
from nec_engine.seeding import derived_seed


class TrainingGame:
    """A game and its place in recorded time; what is learned from it is the agent's. One thread."""

    def __init__(
        self, number: int, rom: Rom, settings: Settings, journal: Journal, num_noops: int
    ) -> None:
        """``number`` counts the games played side by side from 0; each has its own luck."""
        self.number = number
        place = (number,) if number else ()
        self.emulator = Emulator(
            rom, settings, seed=derived_seed(settings.seed, "training game", *place), colour=False
        )
        self.last_action = 0
        self._journal = journal
        self.begin_episode(num_noops)

    @property
    def episode_id(self) -> int:
        return self._writer.episode_id

    @property
    def moment(self) -> Moment:
        """Where it stands."""
        return Moment(self.episode_id, self.step_in_episode)

    def begin_episode(self, num_noops: int) -> None:
        """A new game, recorded from the first frame after ``num_noops`` of doing nothing."""
        self.emulator.reset(num_noops)
        self._writer = self._journal.begin(self.emulator.clone(), is_live=False)
        self.step_in_episode = 0

    def record(self, action: int) -> None:
        """``action`` is about to be played."""
        self._writer.append(action, self.emulator.state)
        self.last_action = action

    def end_episode(self) -> float:
        """Its score; nothing more is recorded of it."""
        self._writer.end()
        return self.emulator.score

    def state_dict(self) -> dict[str, Any]:
        """Arrays, bytes and JSON values; between two steps."""
        return {
            "game": self.emulator.clone().state_dict(),
            "episode": self.episode_id,
            "step_in_episode": self.step_in_episode,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on as saved, in an episode that the journal holds already."""
        self.emulator.restore(StartPoint.from_state_dict(state["game"]))
        self._writer = self._journal.resume(int(state["episode"]))
        self.step_in_episode = int(state["step_in_episode"])
