"""Moments of real games, rebuilt bit by bit."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import FIRST_LIVE_EPISODE, Moment

Recorded = dict[Moment, tuple[Any, ...]]


def seen(emulator: Emulator) -> tuple[Any, ...]:
    observation = emulator.observation()
    return (
        hash_observation(observation),
        observation.tobytes(),
        emulator.step_rgb().tobytes(),
        (emulator.score, emulator.lives, emulator.num_frames),
    )


def record(
    emulator: Emulator, writer: EpisodeWriter, num_steps: int, seed: int = 0
) -> tuple[Recorded, bool]:
    """Plays and records up to ``num_steps`` random steps; what was seen, and whether it ended."""
    rng = np.random.default_rng(seed)
    recorded: Recorded = {}
    for _ in range(num_steps):
        recorded[Moment(writer.episode_id, writer.num_steps)] = seen(emulator)
        action = int(rng.integers(emulator.num_actions))
        writer.append(action, emulator.state)
        if emulator.step(action).is_game_over:
            return recorded, True
    return recorded, False


def record_games(game: str, settings: Settings, num_steps: int) -> tuple[Journal, Recorded]:
    """Several games with no-ops before each, as training plays them."""
    rom = find_rom(game)
    emulator, journal = Emulator(rom, settings, seed=1), Journal(settings, rom)
    recorded: Recorded = {}
    while len(recorded) < num_steps:
        emulator.reset(1 + len(recorded) % 30)
        writer = journal.begin(emulator.clone(), is_live=False)
        more, _ = record(emulator, writer, 150, seed=len(recorded))
        recorded.update(more)
        writer.end()
    return journal, recorded


@pytest.mark.parametrize("sticky", [0.0, 0.25])
@pytest.mark.parametrize("game", ["pong", "ms_pacman", "qbert", "tetris"])
def test_random_moments_of_a_real_game_are_rebuilt_bit_by_bit_by_another_emulator(
    game: str, sticky: float
) -> None:
    settings = Settings(sticky_actions=sticky)
    journal, recorded = record_games(game, settings, 400)
    rebuilder = Rebuilder(find_rom(game), settings)
    moments = list(recorded)
    chosen = np.random.default_rng(7).choice(len(moments), 40, replace=False)
    for moment in (moments[number] for number in [0, 1, 4, 5, 10, 14, 15, *chosen]):
        rebuilt = rebuilder.rebuild(journal, moment)
        again = (
            rebuilt.state_hash,
            rebuilt.observation.tobytes(),
            rebuilt.rgb.tobytes(),
            (rebuilt.point.score, rebuilt.point.lives, rebuilt.point.frame),
        )
        assert again == recorded[moment], moment
        assert rebuilt.moment == moment
    assert journal.check_valid() == []


def test_a_rebuilt_moment_is_a_game_to_play_on_from_as_it_was_played() -> None:
    settings = Settings(sticky_actions=0.25)
    journal, recorded = record_games("ms_pacman", settings, 150)
    point = Rebuilder(find_rom("ms_pacman"), settings).rebuild(journal, Moment(0, 77)).point
    emulator = Emulator(find_rom("ms_pacman"), settings, seed=5)
    emulator.restore(point)
    for step, action in enumerate(journal.episode(0).actions(77, 110), start=77):
        assert hash_observation(emulator.observation()) == recorded[Moment(0, step)][0]
        emulator.step(action)


def test_an_episode_may_begin_anywhere() -> None:
    settings, rom = Settings(sticky_actions=0.25), find_rom("breakout")
    journal, _ = record_games("breakout", settings, 100)
    rebuilder = Rebuilder(rom, settings)
    branch = rebuilder.rebuild(journal, Moment(0, 63)).point
    emulator = Emulator(rom, settings, seed=3)
    emulator.restore(branch)
    writer = journal.begin(branch, is_live=True)
    assert writer.episode_id == FIRST_LIVE_EPISODE
    recorded, _ = record(emulator, writer, 60)
    for moment in recorded:
        rebuilt = rebuilder.rebuild(journal, moment)
        assert (rebuilt.state_hash, rebuilt.rgb.tobytes()) == recorded[moment][::2][:2]
        assert rebuilt.point.frame == branch.frame + 4 * moment.step


def test_frames_played_one_by_one_are_recorded_like_steps() -> None:
    settings, rom = Settings(), find_rom("breakout")
    emulator, journal = Emulator(rom, settings, seed=1, sound=True), Journal(settings, rom)
    writer = journal.begin(emulator.clone(), is_live=True)
    recorded: Recorded = {}
    for action in np.random.default_rng(1).integers(4, size=90).tolist():
        recorded[Moment(writer.episode_id, writer.num_steps)] = seen(emulator)
        writer.append(action, emulator.state)
        while not emulator.act_frame(action).completed_step:
            pass
    rebuilder = Rebuilder(rom, settings)
    for moment, was in recorded.items():
        assert rebuilder.rebuild(journal, moment).state_hash == was[0]


def test_the_moment_after_the_last_step_is_rebuilt_too() -> None:
    settings, rom = Settings(), find_rom("breakout")
    emulator, journal = Emulator(rom, settings, seed=1), Journal(settings, rom)
    writer = journal.begin(emulator.clone(), is_live=True)
    recorded, ended = record(emulator, writer, 10_000)
    assert ended
    rebuilt = Rebuilder(rom, settings).rebuild(journal, Moment(writer.episode_id, len(recorded)))
    assert rebuilt.observation.tobytes() == emulator.observation().tobytes()
    assert rebuilt.point.score == emulator.score
    assert rebuilt.point.lives == 0


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_a_long_episode_takes_less_than_100_bytes_a_step_all_told(game: str) -> None:
    settings, rom = Settings(), find_rom(game)
    emulator, journal = Emulator(rom, settings, seed=1, colour=False), Journal(settings, rom)
    rng = np.random.default_rng(1)
    start = emulator.clone()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    writer = journal.begin(start, is_live=False)
    for _ in range(2000):
        action = int(rng.integers(emulator.num_actions))
        writer.append(action, emulator.state)
        if emulator.step(action).is_game_over:
            emulator.restore(start)  # what is recorded need only be as varied as a long game
    writer.end()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert journal.num_steps == 2000
    assert journal.num_bytes < 40 * 2000
    assert after - before < 60 * 2000  # what Python really holds for it
    assert sum(array.nbytes for array in _arrays(journal.state_dict())) < 40 * 2000


def _arrays(values: dict[str, Any]) -> list[np.ndarray]:
    return [value for value in values.values() if isinstance(value, np.ndarray)]


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (Moment(0, 151), "step 151 of episode 0 is not in the journal; the episode has 150 steps"),
        (Moment(0, -1), "step -1 of episode 0"),
        (Moment(99, 0), "episode 99 is not in the journal"),
    ],
)
def test_a_moment_that_is_not_there_is_told_in_a_sentence(moment: Moment, sentence: str) -> None:
    journal, _ = record_games("pong", Settings(), 150)
    with pytest.raises(DataError, match=sentence):
        Rebuilder(find_rom("pong"), Settings()).rebuild(journal, moment)


@pytest.mark.parametrize(
    "changes", [{"frame_skip": 3}, {"sticky_actions": 0.5}, {"full_action_set": True}]
)
def test_moments_are_rebuilt_in_the_settings_they_were_recorded_with(
    changes: dict[str, Any],
) -> None:
    journal, recorded = record_games("breakout", Settings(sticky_actions=0.25), 60)
    rom = find_rom("breakout")
    later = Settings(**{"sticky_actions": 0.25, **changes})
    loaded = Journal(later, rom)
    loaded.load_state_dict(journal.state_dict())
    rebuilder = Rebuilder(rom, later)
    for moment in list(recorded)[::7]:
        assert rebuilder.rebuild(loaded, moment).state_hash == recorded[moment][0]
