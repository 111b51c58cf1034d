"""The journal against a plain list of everything that was seen, through random operations."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import Moment

ROM = find_rom("breakout")
SETTINGS = Settings(sticky_actions=0.25, journal_key_steps=3)
EMULATORS = {is_live: Emulator(ROM, SETTINGS, seed=int(is_live)) for is_live in (False, True)}
REBUILDER = Rebuilder(ROM, SETTINGS)


class JournalMachine(RuleBasedStateMachine):
    """One training and one live game, recorded, forgotten, saved and loaded at random."""

    episodes = Bundle("episodes")

    @initialize()
    def begin_empty(self) -> None:
        self.journal = Journal(SETTINGS, ROM)
        self.seen: dict[int, list[tuple[bytes, bytes, float]]] = {}
        self.writers: dict[bool, EpisodeWriter | None] = {False: None, True: None}
        for is_live, emulator in EMULATORS.items():
            emulator.reseed(int(is_live))
            emulator.reset(0)

    @rule(target=episodes, is_live=st.booleans(), no_ops=st.none() | st.integers(0, 30))
    def begin(self, is_live: bool, no_ops: int | None) -> int:
        """A new game, or a new episode from the middle of the one that is played."""
        emulator, writer = EMULATORS[is_live], self.writers[is_live]
        if writer is not None:
            writer.end()
        if no_ops is not None or emulator.lives == 0:
            emulator.reset(no_ops or 0)
        else:
            emulator.restore(emulator.clone())  # the colours shown are those of one frame now
        new = self.writers[is_live] = self.journal.begin(emulator.clone(), is_live=is_live)
        self.seen[new.episode_id] = [self._seen(emulator)]
        return new.episode_id

    @rule(is_live=st.booleans(), num_steps=st.integers(1, 40), seed=st.integers(0, 99))
    def play(self, is_live: bool, num_steps: int, seed: int) -> None:
        emulator, writer = EMULATORS[is_live], self.writers[is_live]
        for action in np.random.default_rng(seed).integers(4, size=num_steps).tolist():
            if writer is None or emulator.lives == 0:
                return
            writer.append(action, emulator.state)
            emulator.step(action)
            self.seen[writer.episode_id].append(self._seen(emulator))

    @rule(is_live=st.booleans())
    def end(self, is_live: bool) -> None:
        writer = self.writers[is_live]
        if writer is not None:
            writer.end()
        self.writers[is_live] = None

    @rule(episode=episodes)
    def forget(self, episode: int) -> None:
        is_gone = self.journal.forget(episode)
        assert is_gone == (not self._is_open(episode) or episode not in self.seen)
        if is_gone:
            self.seen.pop(episode, None)

    @rule()
    def save_and_load(self) -> None:
        loaded = Journal(SETTINGS, ROM)
        assert loaded.load_state_dict(self.journal.state_dict()) == []
        self.journal = loaded
        for is_live, writer in self.writers.items():
            if writer is not None:
                self.writers[is_live] = loaded.resume(writer.episode_id)

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def rebuild(self, data: st.DataObject) -> None:
        episode = data.draw(st.sampled_from(sorted(self.seen)))
        for seed in range(4):
            step = int(np.random.default_rng(seed).integers(len(self.seen[episode])))
            rebuilt = REBUILDER.rebuild(self.journal, Moment(episode, step))
            again = (rebuilt.observation.tobytes(), rebuilt.rgb.tobytes(), rebuilt.point.score)
            assert again == self.seen[episode][step]

    @invariant()
    def the_same_episodes_and_lengths_are_kept(self) -> None:
        kept = {*self.journal.training_episodes(), *self.journal.live_episodes()}
        assert kept == set(self.seen)
        for episode, seen in self.seen.items():
            assert self.journal.episode(episode).num_steps == len(seen) - 1
        assert self.journal.num_steps == sum(len(seen) - 1 for seen in self.seen.values())
        assert self.journal.check_valid() == []

    def _is_open(self, episode: int) -> bool:
        return any(writer and writer.episode_id == episode for writer in self.writers.values())

    def _seen(self, emulator: Emulator) -> tuple[bytes, bytes, float]:
        return (emulator.observation().tobytes(), emulator.step_rgb().tobytes(), emulator.score)


TestJournal = JournalMachine.TestCase
TestJournal.settings = hypothesis_settings(max_examples=40, stateful_step_count=30, deadline=None)
