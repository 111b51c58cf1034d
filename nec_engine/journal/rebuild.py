"""Any recorded moment again, bit by bit: what was seen there, and a game to play on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.emulator import Emulator, StartPoint
from nec_engine.game.preprocess import STACK_SIZE, hash_observation
from nec_engine.game.roms import Rom
from nec_engine.journal.episode import Episode, World
from nec_engine.journal.journal import Journal
from nec_engine.messages import U8, Moment, read_only

# The observation holds the screens of the last four steps. One step more, because the picture is
# not part of a state: a frame that the game draws only in part shows what was there before.
WARM_UP_STEPS: Final = STACK_SIZE + 1


@dataclass(frozen=True, slots=True)
class RebuiltMoment:
    """A moment as it was; arrays are read-only."""

    moment: Moment
    rgb: U8  # uint8[H, 160, 3]: pixelwise maximum of the last two frames of the step before
    observation: U8  # uint8[4, 84, 84], oldest first: what the agent saw
    state_hash: int  # of the observation
    point: StartPoint  # to play on from


class Rebuilder:
    """Rebuilds moments with its own emulator, one for each set of settings it meets.

    One thread at a time may use it.
    """

    def __init__(
        self, rom: Rom, settings: Settings, give_way: Callable[[], None] = lambda: None
    ) -> None:
        """``give_way`` is called between steps, for threads that are in more of a hurry."""
        self._give_way = give_way
        self._rom = rom
        self._settings = settings
        self._emulators: dict[World, Emulator] = {}

    def prepare(self) -> None:
        """Loads the game now, so that the first moment is as quick as the others."""
        self._emulator(World.of(self._settings))

    def rebuild(self, journal: Journal, moment: Moment) -> RebuiltMoment:
        """What was seen before the action of that step; at most a few milliseconds.

        Raises :class:`DataError` when the moment is not, or no longer, in the journal.
        """
        episode = recorded_episode(journal, moment)
        emulator = self._emulator(episode.world)
        key_step = warm_up(emulator, episode, moment.step)
        first_seen = moment.step - STACK_SIZE
        for step, action in enumerate(episode.actions(key_step, moment.step), start=key_step):
            emulator.step(action, is_seen=step >= first_seen)
            self._give_way()
        observation = read_only(emulator.observation())
        return RebuiltMoment(
            moment,
            read_only(emulator.step_rgb()),
            observation,
            hash_observation(observation),
            emulator.clone(),
        )

    def rebuild_exactly(self, journal: Journal, moment: Moment, state_hash: int) -> RebuiltMoment:
        """The same, where what is rebuilt is what was seen there.

        Raises :class:`DataError` when its observation has not that hash.
        """
        rebuilt = self.rebuild(journal, moment)
        if rebuilt.state_hash != state_hash:
            raise DataError(
                f"step {moment.step} of episode {moment.episode} cannot be entered",
                "the rebuilt screens are not those that were seen there",
                "choose another memory",
            )
        return rebuilt

    def _emulator(self, world: World) -> Emulator:
        if world not in self._emulators:
            settings = world.settings(self._settings)
            self._emulators[world] = Emulator(self._rom, settings, seed=0)
        return self._emulators[world]


def recorded_episode(journal: Journal, moment: Moment) -> Episode:
    """The episode of ``moment``; :class:`DataError` when that is not, or no longer, recorded."""
    episode = journal.episode(moment.episode)
    if not 0 <= moment.step <= episode.num_steps:
        raise DataError(
            f"step {moment.step} of episode {moment.episode} is not in the journal",
            f"the episode has {episode.num_steps} steps",
            "choose one of them",
        )
    return episode


def warm_up(emulator: Emulator, episode: Episode, step: int) -> int:
    """Takes ``emulator`` to a stored state from which ``step`` can be played to; its step."""
    key_step = episode.key_step_at_or_before(step - WARM_UP_STEPS)
    if key_step > 0:
        emulator.restore_state(episode.key_state(key_step))
    else:
        emulator.restore(episode.start())
    return key_step
