"""Recorded games with only the key states that are needed: every moment is still there."""

from __future__ import annotations

import numpy as np
import pytest
from test_rebuild import record_games

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator, StepResult
from nec_engine.game.roms import find_rom
from nec_engine.journal.episode import PackedEpisode
from nec_engine.journal.journal import Journal
from nec_engine.journal.packing import pack_episodes
from nec_engine.journal.playback import NOTE_EVERY_STEPS, Playback
from nec_engine.journal.rebuild import WARM_UP_STEPS, Rebuilder
from nec_engine.journal.thinning import (
    bare_bytes,
    key_numbers_for,
    key_state_bytes,
    stored_bytes,
    thinned,
    with_shared_starts,
)
from nec_engine.messages import Moment

GAME = "ms_pacman"
NEEDED = np.array([0, 3, 16, 90, 91, 149, 150])


def reopened(journal: Journal, episodes: list[PackedEpisode], settings: Settings) -> Journal:
    other = Journal(settings, find_rom(GAME))
    assert other.load_state_dict({**journal.state_dict(), **pack_episodes(episodes)}) == []
    assert other.check_valid() == []
    return other


@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_needed_moments_are_rebuilt_from_the_same_state_and_all_others_too(sticky: float) -> None:
    settings = Settings(sticky_actions=sticky)
    journal, recorded = record_games(GAME, settings, 300)
    packed = [journal.episode(number).packed() for number in journal.training_episodes()]
    thin = [thinned(episode, key_numbers_for(episode, NEEDED)) for episode in packed]
    other = reopened(journal, thin, settings)
    for number in other.training_episodes():
        for step in NEEDED.tolist():
            place = other.episode(number).key_step_at_or_before(step - 5)
            assert place == journal.episode(number).key_step_at_or_before(step - 5)
    rebuilder = Rebuilder(find_rom(GAME), settings)
    for moment, seen in list(recorded.items())[::7]:
        rebuilt = rebuilder.rebuild(other, moment)
        assert (rebuilt.state_hash, rebuilt.rgb.tobytes()) == (seen[0], seen[2])


def test_thinned_games_take_less_and_as_much_as_was_said() -> None:
    settings = Settings()
    journal, _ = record_games(GAME, settings, 150)
    episode = journal.episode(0).packed()
    numbers = key_numbers_for(episode, NEEDED)
    thin = thinned(episode, numbers)
    sizes = key_state_bytes(episode)
    assert len(thin.keys) == sizes[np.unique(numbers)].sum() < len(episode.keys) / 2
    assert stored_bytes(episode) == journal.num_bytes
    nothing, arrays = pack_episodes([]), pack_episodes([thin])
    added = sum(
        array.nbytes - nothing[name].nbytes
        for name, array in arrays.items()
        if isinstance(array, np.ndarray)
    )
    assert added == bare_bytes(thin) + len(thin.keys)


def test_thinning_again_keeps_what_it_may_and_still_finds_every_moment() -> None:
    settings = Settings()
    journal, recorded = record_games(GAME, settings, 150)
    once = journal.episode(0).packed()
    once = thinned(once, key_numbers_for(once, np.array([90])))
    twice = thinned(once, key_numbers_for(once, np.array([125])))  # its own state is gone already
    assert twice.keys == once.keys
    other = reopened(journal, [thinned(twice, np.empty(0, np.int64))], settings)
    rebuilt = Rebuilder(find_rom(GAME), settings).rebuild(other, Moment(0, 125))
    assert rebuilt.state_hash == recorded[Moment(0, 125)][0]


@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_starts_that_are_alike_are_stored_as_what_differs(sticky: float) -> None:
    settings = Settings(sticky_actions=sticky)
    journal, recorded = record_games(GAME, settings, 300)
    packed = [journal.episode(number).packed() for number in journal.training_episodes()]
    base, shared = with_shared_starts(packed)
    for own, slim in zip(packed, shared, strict=True):
        assert len(slim.start.state) < len(own.start.state) / 10
    other = Journal(settings, find_rom(GAME))
    state = {**journal.state_dict(), **pack_episodes(shared), "start_base": base}
    assert other.load_state_dict(state) == []
    assert other.check_valid() == []
    rebuilder = Rebuilder(find_rom(GAME), settings)
    for moment, seen in list(recorded.items())[::11]:
        assert rebuilder.rebuild(other, moment).state_hash == seen[0]
    assert with_shared_starts([]) == (b"", [])


def test_going_back_in_a_thinned_game_takes_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    journal, recorded = record_games(GAME, settings, 300)
    longest = max(recorded, key=lambda moment: moment.step).episode
    bare = thinned(journal.episode(longest).packed(), np.array([0]))
    other = reopened(journal, [bare], settings)
    playback = Playback(find_rom(GAME), settings)
    num_steps = len(list(playback.steps(other, Moment(longest, 0), 300)))
    taken: list[int] = []
    play_step = Emulator.step

    def step_and_note(emulator: Emulator, action: int, *, is_seen: bool) -> StepResult:
        taken.append(action)
        return play_step(emulator, action, is_seen=is_seen)

    monkeypatch.setattr(Emulator, "step", step_and_note)
    for step in range(num_steps - 1, 0, -37):
        taken.clear()
        (played,) = playback.steps(other, Moment(longest, step), 1)
        assert played.state_hash == recorded[Moment(longest, step)][0]
        assert len(taken) < NOTE_EVERY_STEPS + WARM_UP_STEPS
