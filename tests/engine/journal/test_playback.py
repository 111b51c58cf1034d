"""Recorded steps of real games, played again in one pass."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.emulator import Emulator, EmulatorState
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import Rom, find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.playback import Playback
from nec_engine.messages import Moment

SETTINGS = Settings(sticky_actions=0.25)
STEPS = 120


class Recorded:
    """A game that was played, with every frame that was shown."""

    def __init__(self, game: str, *, sound: bool) -> None:
        self.rom: Rom = find_rom(game)
        emulator = Emulator(self.rom, SETTINGS, seed=1, sound=sound)
        emulator.reset(9)
        self.journal = Journal(SETTINGS, self.rom)
        writer = self.journal.begin(emulator.clone(), is_live=sound)
        self.episode = writer.episode_id
        self.frames: list[list[bytes]] = []
        self.sounds: list[np.ndarray] = []
        self.hashes: list[int] = []
        self.scores: list[float] = []
        rng = np.random.default_rng(3)
        for _ in range(STEPS):
            action = int(rng.integers(emulator.num_actions))
            self.hashes.append(hash_observation(emulator.observation()))
            self.scores.append(emulator.score)
            writer.append(action, emulator.state)
            step, is_whole = [], False
            while not is_whole:
                is_whole = emulator.act_frame(action).completed_step
                step.append(emulator.rgb().tobytes())
                self.sounds.append(emulator.audio())
            self.frames.append(step)
        writer.end()

    def playback(self) -> Playback:
        return Playback(self.rom, SETTINGS)


@functools.cache
def recorded_game(game: str, *, sound: bool = True) -> Recorded:
    """One for all tests that leave it as it is."""
    return Recorded(game, sound=sound)


@pytest.mark.parametrize(
    ("game", "sound"), [("pong", True), ("ms_pacman", True), ("ms_pacman", False), ("qbert", False)]
)
def test_every_frame_is_that_which_was_shown_from_wherever_it_begins(
    game: str, sound: bool
) -> None:
    recorded = recorded_game(game, sound=sound)
    playback = recorded.playback()
    for first in (0, 1, 37, 90):
        steps = list(playback.steps(recorded.journal, Moment(recorded.episode, first), 25))
        assert len(steps) == 25
        for number, step in enumerate(steps, start=first):
            assert step.moment == Moment(recorded.episode, number)
            assert [frame.rgb.tobytes() for frame in step.frames] == recorded.frames[number]
            assert step.state_hash == recorded.hashes[number]
            assert step.score == recorded.scores[number]
            assert step.is_as_recorded


def test_what_follows_is_played_on_without_going_back(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = recorded_game("pong")
    playback = recorded.playback()
    list(playback.steps(recorded.journal, Moment(recorded.episode, 20), 10))
    monkeypatch.setattr(Emulator, "restore_state", None)  # of which every jump asks
    steps = list(playback.steps(recorded.journal, Moment(recorded.episode, 30), 5))
    assert [step.state_hash for step in steps] == recorded.hashes[30:35]


def test_a_little_ahead_is_played_to_and_what_lies_behind_is_gone_back_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded = recorded_game("pong")
    playback, journal, episode = recorded.playback(), recorded.journal, recorded.episode
    num_restored = 0
    restore_state = Emulator.restore_state

    def counted(emulator: Emulator, state: EmulatorState) -> None:
        nonlocal num_restored
        num_restored += 1
        restore_state(emulator, state)

    monkeypatch.setattr(Emulator, "restore_state", counted)
    for first, expected in ((31, 1), (34, 1), (39, 1), (90, 2), (60, 3)):
        (step,) = playback.steps(journal, Moment(episode, first), 1)
        assert step.state_hash == recorded.hashes[first]
        assert [frame.rgb.tobytes() for frame in step.frames] == recorded.frames[first]
        assert num_restored == expected, first


def test_a_state_that_is_not_reached_again_is_told() -> None:
    recorded = Recorded("pong", sound=True)
    episode = recorded.journal.episode(recorded.episode)
    assert isinstance(episode._actions, bytes)
    other = bytes([(episode._actions[44] + 1) % 6])
    episode._actions = episode._actions[:44] + other + episode._actions[45:]
    steps = recorded.playback().steps(recorded.journal, Moment(recorded.episode, 0), 80)
    told = [step.is_as_recorded for step in steps]
    assert told == [True] * 50 + [False] * 30


def test_it_ends_where_the_record_ends_and_says_when_there_is_none() -> None:
    recorded = recorded_game("pong")
    playback, episode = recorded.playback(), recorded.episode
    assert len(list(playback.steps(recorded.journal, Moment(episode, STEPS - 3), 50))) == 3
    assert playback.num_frames(recorded.journal, Moment(episode, STEPS - 3), 50) == 12
    assert list(playback.steps(recorded.journal, Moment(episode, STEPS), 5)) == []
    with pytest.raises(DataError, match="is not in the journal"):
        list(playback.steps(recorded.journal, Moment(episode + 1, 0), 5))


def test_an_episode_that_is_being_watched_stays_when_the_journal_drops_it() -> None:
    recorded = Recorded("pong", sound=False)
    playback = recorded.playback()
    list(playback.steps(recorded.journal, Moment(recorded.episode, 0), 5))
    assert recorded.journal.forget(recorded.episode)
    steps = list(playback.steps(recorded.journal, Moment(recorded.episode, 60), 5))
    assert [step.state_hash for step in steps] == recorded.hashes[60:65]


def test_its_sound_is_as_loud_as_what_was_heard() -> None:
    recorded = recorded_game("ms_pacman")
    steps = recorded.playback().steps(recorded.journal, Moment(recorded.episode, 40), 60)
    again = np.concatenate([frame.audio for step in steps for frame in step.frames])
    heard = np.concatenate(recorded.sounds[160:400])
    loudness = [float(np.abs(sound.astype(int) - 128).mean()) for sound in (heard, again)]
    assert loudness[0] > 1
    assert loudness[1] == pytest.approx(loudness[0], rel=0.1)
