"""Recorded steps played again, one after the other, in one pass of one emulator."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import STACK_SIZE, hash_observation
from nec_engine.game.roms import Rom
from nec_engine.game.state import EmulatorState
from nec_engine.journal.episode import Episode, World
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import WARM_UP_STEPS, recorded_episode, warm_up
from nec_engine.messages import U8, Moment, read_only

NOTE_EVERY_STEPS: Final = 16  # where the journal keeps its states farther apart


@dataclass(frozen=True, slots=True)
class PlayedFrame:
    """One emulator frame as it was shown; arrays are read-only."""

    rgb: U8  # uint8[H, 160, 3]
    audio: U8  # uint8[512]: the tones that were heard, not their very samples; see Playback


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """One recorded step: what was seen before it, what was done, every frame of it."""

    moment: Moment
    action: int
    observation: U8  # uint8[4, 84, 84], read-only: what the agent saw
    state_hash: int  # of the observation
    score: float  # before the step
    lives: int
    score_after: float  # the step
    frames: tuple[PlayedFrame, ...]  # frame_skip of them, fewer where the game ends
    is_as_recorded: bool  # no stored state that was passed on the way differs from what is played


class Playback:
    """Plays recorded episodes with its own emulator; goes on where it stands when it can.

    Pictures are bit-equal to those that were shown: every stored state on the way (one in ten
    steps) is compared with the one reached. Sound is not: ale-py leaves a part of its sound chip
    out of its states, so that tones come back in another phase. One thread at a time may use it.

    A play-only snapshot keeps few states of its games. There the states passed on the way are
    noted while one episode is looked at, so that going back and forth in it is quick.
    """

    def __init__(
        self, rom: Rom, settings: Settings, give_way: Callable[[], None] = lambda: None
    ) -> None:
        """``give_way`` is called between frames, for threads that are in more of a hurry."""
        self._give_way = give_way
        self._rom = rom
        self._settings = settings
        self._emulators: dict[World, Emulator] = {}
        self._next: Moment | None = None  # the step before which the emulator of its world stands
        self._is_as_recorded = True
        self._held: Episode | None = None  # played last: it goes on when the journal drops it
        self._noted: dict[int, EmulatorState] = {}  # of that episode, by step

    def steps(self, journal: Journal, first: Moment, num_steps: int) -> Iterator[PlayedStep]:
        """Up to ``num_steps`` steps from ``first`` on, fewer where the record ends.

        Raises :class:`DataError` when ``first`` is not, or no longer, in the journal.
        """
        episode = self._find(journal, first)
        if episode is not self._held:
            self._held, self._noted = episode, {}
        emulator = self._emulator(episode.world)
        if self._next != first:
            self._seek(emulator, episode, first)
        last = min(first.step + num_steps, episode.num_steps)
        for step, action in enumerate(episode.actions(first.step, last), start=first.step):
            yield self._play(emulator, episode, step, action)

    def start(self, journal: Journal, first: Moment) -> U8:
        """uint8[H, 160, 3], read-only: the picture before the episode's first step."""
        return self._find(journal, first).start().rgb

    def num_recorded(self, journal: Journal, first: Moment) -> int:
        """Steps of the episode so far; raises as :meth:`steps`."""
        return self._find(journal, first).num_steps

    def num_frames(self, journal: Journal, first: Moment, num_steps: int) -> int:
        """How many frames these steps have at most; raises as :meth:`steps`."""
        episode = self._find(journal, first)
        last = min(first.step + num_steps, episode.num_steps)
        return (last - first.step) * episode.world.frame_skip

    def _find(self, journal: Journal, first: Moment) -> Episode:
        held = self._held
        if held is not None and held.episode_id == first.episode and first.step <= held.num_steps:
            return held
        return recorded_episode(journal, first)

    def _seek(self, emulator: Emulator, episode: Episode, first: Moment) -> None:
        """Brings the emulator to where it stood before the step ``first``, the shorter way."""
        here, self._next = self._next, None
        latest = first.step - WARM_UP_STEPS
        key_step = episode.key_step_at_or_before(latest)
        noted_step = self._noted_step_at_or_before(latest)
        here_step = here.step if here is not None and here.episode == first.episode else -1
        if max(key_step, noted_step) <= here_step < first.step:
            begin = here_step
        elif noted_step > key_step:
            self._is_as_recorded = True
            emulator.restore_state(self._noted[noted_step])
            begin = noted_step
        else:
            self._is_as_recorded = True
            begin = warm_up(emulator, episode, first.step)
        for step, action in enumerate(episode.actions(begin, first.step), start=begin):
            self._pass(emulator, episode, step)
            emulator.step(action, is_seen=step >= first.step - STACK_SIZE)
            self._give_way()
        self._next = first

    def _play(self, emulator: Emulator, episode: Episode, step: int, action: int) -> PlayedStep:
        self._next = None  # until the step is whole
        self._pass(emulator, episode, step)
        observation = read_only(emulator.observation())
        score, lives = emulator.score, emulator.lives
        frames = []
        is_whole = False
        while not is_whole:
            is_whole = emulator.act_frame(action).completed_step
            frames.append(PlayedFrame(read_only(emulator.rgb()), read_only(emulator.audio())))
            self._give_way()
        self._next = Moment(episode.episode_id, step + 1)
        return PlayedStep(
            Moment(episode.episode_id, step),
            action,
            observation,
            hash_observation(observation),
            score,
            lives,
            emulator.score,
            tuple(frames),
            self._is_as_recorded,
        )

    def _pass(self, emulator: Emulator, episode: Episode, step: int) -> None:
        """Compares the state reached with the stored one, or notes it where none is near."""
        key_step = episode.key_step_at_or_before(step)
        if key_step == step > 0:
            is_same = episode.key_state(step).is_like(emulator.state())
            self._is_as_recorded = self._is_as_recorded and is_same
            return
        is_far = step - key_step >= NOTE_EVERY_STEPS
        if is_far and step % NOTE_EVERY_STEPS == 0 and self._is_as_recorded:
            self._noted[step] = emulator.state()

    def _noted_step_at_or_before(self, step: int) -> int:
        """-1 where there is none."""
        steps = sorted(self._noted)
        at = bisect_right(steps, step)
        return steps[at - 1] if at else -1

    def _emulator(self, world: World) -> Emulator:
        if world not in self._emulators:
            settings = world.settings(self._settings)
            self._emulators[world] = Emulator(self._rom, settings, seed=0, sound=True, colour=False)
        return self._emulators[world]
