"""Keeping, forgetting, saving and going on with recorded games."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.emulator import Emulator, EmulatorState
from nec_engine.game.roms import Rom, find_rom
from nec_engine.journal import packing
from nec_engine.journal.episode import Episode, PackedEpisode
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import FIRST_LIVE_EPISODE, Moment

LIMIT_S = 60.0


@pytest.fixture
def rom() -> Rom:
    return find_rom("pong")


@pytest.fixture
def emulator(rom: Rom) -> Emulator:
    return Emulator(rom, Settings(), seed=1)


@pytest.fixture
def journal(rom: Rom) -> Journal:
    return Journal(Settings(), rom)


def play(emulator: Emulator, writer: EpisodeWriter, num_steps: int, seed: int = 0) -> None:
    for action in np.random.default_rng(seed).integers(6, size=num_steps).tolist():
        writer.append(action, emulator.state)
        emulator.step(action)


def contents(journal: Journal) -> dict[str, Any]:
    """All that is saved, comparable with ==."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in journal.state_dict().items()
    }


def test_ids_tell_training_from_the_live_game(journal: Journal, emulator: Emulator) -> None:
    start = emulator.clone()
    writers = [journal.begin(start, is_live=is_live) for is_live in (False, True, False, True)]
    ids = [writer.episode_id for writer in writers]
    assert ids == [0, FIRST_LIVE_EPISODE, 1, FIRST_LIVE_EPISODE + 1]
    assert journal.training_episodes() == (0, 1)
    assert journal.live_episodes() == (FIRST_LIVE_EPISODE, FIRST_LIVE_EPISODE + 1)
    assert journal.episode(FIRST_LIVE_EPISODE).is_live
    assert not journal.episode(1).is_live


def test_a_state_is_asked_for_only_every_few_steps(journal: Journal, emulator: Emulator) -> None:
    writer = journal.begin(emulator.clone(), is_live=False)
    asked = []

    def state() -> EmulatorState:
        asked.append(step)
        return emulator.state()

    for step in range(35):  # noqa: B007 - read in state()
        writer.append(0, state)
        emulator.step(0)
    assert asked == [10, 20, 30]
    assert [journal.episode(0).key_step_at_or_before(step) for step in (0, 9, 10, 29, 34)] == [
        0, 0, 10, 20, 30,
    ]  # fmt: skip


def test_what_is_not_an_action_or_comes_too_late_is_refused(
    journal: Journal, emulator: Emulator
) -> None:
    writer = journal.begin(emulator.clone(), is_live=False)
    for action in (-1, 18, 255):
        with pytest.raises(ValueError, match="action"):
            writer.append(action, emulator.state)
    writer.end()
    writer.end()
    with pytest.raises(ValueError, match="ended"):
        writer.append(0, emulator.state)
    assert writer.num_steps == 0


def test_an_episode_is_forgotten_unless_it_is_being_written(
    journal: Journal, emulator: Emulator
) -> None:
    writer = journal.begin(emulator.clone(), is_live=False)
    play(emulator, writer, 25)
    assert not journal.forget(0)
    writer.end()
    held = journal.episode(0)
    assert journal.forget(0)
    assert journal.forget(0)
    assert (journal.num_episodes, journal.num_steps, journal.num_bytes) == (0, 0, 0)
    assert len(held.actions(0, 25)) == 25  # a reader may finish what it began
    with pytest.raises(DataError, match="episode 0 is not in the journal"):
        journal.episode(0)
    assert journal.begin(emulator.clone(), is_live=False).episode_id == 1


def test_a_saved_journal_comes_back_whole_and_goes_on_counting(
    journal: Journal, emulator: Emulator, rom: Rom
) -> None:
    for is_live in (False, True, False):
        writer = journal.begin(emulator.clone(), is_live=is_live)
        play(emulator, writer, 23)
        writer.end()
    journal.forget(0)
    loaded = Journal(Settings(), rom)
    assert loaded.load_state_dict(journal.state_dict()) == []
    assert contents(loaded) == contents(journal)
    assert loaded.check_valid() == []
    assert (loaded.num_episodes, loaded.num_steps) == (2, 46)
    assert loaded.num_bytes == journal.num_bytes
    assert loaded.begin(emulator.clone(), is_live=False).episode_id == 2
    assert loaded.begin(emulator.clone(), is_live=True).episode_id == FIRST_LIVE_EPISODE + 1


def test_episodes_are_begun_while_a_journal_is_saved(
    journal: Journal, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(emulator, journal.begin(emulator.clone(), is_live=False), 20)
    start, packed = emulator.clone(), Episode.packed

    def meanwhile(episode: Episode) -> PackedEpisode:
        game = threading.Thread(target=journal.begin, args=(start,), kwargs={"is_live": True})
        game.start()
        game.join(LIMIT_S)
        assert not game.is_alive()
        return packed(episode)

    monkeypatch.setattr(Episode, "packed", meanwhile)
    state = journal.state_dict()
    assert state["episode_ids"].tolist() == [0]
    assert state["next_live_id"] == FIRST_LIVE_EPISODE
    assert journal.live_episodes() == (FIRST_LIVE_EPISODE,)


def test_an_empty_journal_is_saved_and_loaded(journal: Journal, rom: Rom) -> None:
    loaded = Journal(Settings(), rom)
    assert loaded.load_state_dict(journal.state_dict()) == []
    assert loaded.num_episodes == 0


def test_an_unfinished_episode_goes_on_after_loading_as_if_nothing_had_happened(
    journal: Journal, emulator: Emulator, rom: Rom
) -> None:
    start = emulator.clone()
    writer = journal.begin(start, is_live=False)
    play(emulator, writer, 37, seed=1)
    saved, point = journal.state_dict(), emulator.clone()
    play(emulator, writer, 30, seed=2)

    resumed, other = Journal(Settings(), rom), Emulator(rom, Settings(), seed=2)
    assert resumed.load_state_dict(saved) == []
    other.restore(point)
    writer_again = resumed.resume(0)
    assert writer_again.num_steps == 37
    play(other, writer_again, 30, seed=2)
    assert contents(resumed) == contents(journal)
    with pytest.raises(ValueError, match="already"):
        resumed.resume(0)


def test_an_unfinished_episode_of_other_settings_does_not_go_on_and_it_is_said(
    journal: Journal, emulator: Emulator, rom: Rom
) -> None:
    play(emulator, journal.begin(emulator.clone(), is_live=False), 12)
    resumed = Journal(Settings(frame_skip=3), rom)
    sentences = resumed.load_state_dict(journal.state_dict())
    assert len(sentences) == 1
    assert "frame_skip was 4 and is 3" in sentences[0]
    with pytest.raises(DataError, match="frame_skip was 4 and is 3"):
        resumed.resume(0)
    assert resumed.num_steps == 12


def test_only_the_wanted_episodes_are_exported(journal: Journal, emulator: Emulator) -> None:
    for _ in range(4):
        journal.begin(emulator.clone(), is_live=False).end()
    exported = Journal(Settings(), emulator.rom)
    exported.load_state_dict(journal.state_dict(episodes={1, 3, 77}))
    assert exported.training_episodes() == (1, 3)


def test_states_of_another_version_are_left_out_with_a_sentence_and_ids_go_on(
    journal: Journal, emulator: Emulator, rom: Rom, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(emulator, journal.begin(emulator.clone(), is_live=False), 12)
    saved = journal.state_dict()
    monkeypatch.setattr(packing, "ALE_VERSION", "0.13.7")
    loaded = Journal(Settings(), rom)
    sentences = loaded.load_state_dict(saved)
    assert len(sentences) == 1
    assert "1 recorded episodes" in sentences[0]
    assert "0.12." in sentences[0]
    assert "0.13.7" in sentences[0]
    assert loaded.num_episodes == 0
    assert loaded.check_valid() == []
    with pytest.raises(DataError, match="another version of ale-py"):
        loaded.episode(0)
    assert loaded.begin(emulator.clone(), is_live=False).episode_id == 1


def test_a_journal_of_another_game_is_refused_and_nothing_changes(
    journal: Journal, emulator: Emulator
) -> None:
    play(emulator, journal.begin(emulator.clone(), is_live=False), 12)
    before = contents(journal)
    other = Journal(Settings(), find_rom("breakout"))
    with pytest.raises(DataError, match="MD5"):
        journal.load_state_dict(other.state_dict())
    assert contents(journal) == before


@pytest.mark.parametrize(
    "name", ["num_keys", "key_sizes", "actions_sizes", "keys_sizes", "keys", "episode_worlds"]
)
def test_arrays_that_do_not_fit_each_other_are_refused_and_nothing_changes(
    journal: Journal, emulator: Emulator, name: str
) -> None:
    play(emulator, journal.begin(emulator.clone(), is_live=False), 35)
    saved, before = journal.state_dict(), contents(journal)
    damaged = saved[name] + 1 if name != "keys" else saved[name][:-1]
    with pytest.raises(DataError, match="damaged"):
        journal.load_state_dict({**saved, name: damaged})
    assert contents(journal) == before


def test_a_reader_sees_whole_moments_while_the_writer_appends(
    journal: Journal, emulator: Emulator, rom: Rom
) -> None:
    writer = journal.begin(emulator.clone(), is_live=True)
    seen: dict[int, bytes] = {0: emulator.observation().tobytes()}
    recorded, failures = threading.Event(), []

    def write() -> None:
        for action in np.random.default_rng(1).integers(6, size=500).tolist():
            writer.append(action, emulator.state)
            emulator.step(action)
            seen[writer.num_steps] = emulator.observation().tobytes()
        recorded.set()

    def read() -> None:
        rebuilder, rng = Rebuilder(rom, Settings()), np.random.default_rng(2)
        while not recorded.is_set():
            published = journal.episode(writer.episode_id).num_steps
            step = int(rng.integers(max(0, published - 12), published + 1))
            rebuilt = rebuilder.rebuild(journal, Moment(writer.episode_id, step))
            loaded = Journal(Settings(), rom)
            loaded.load_state_dict(journal.state_dict())
            if loaded.check_valid():
                failures.append(loaded.check_valid())
            if step < published and rebuilt.observation.tobytes() != seen[step]:
                failures.append([f"step {step} of {published}"])

    threads = [threading.Thread(target=target) for target in (write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert writer.num_steps == 500
