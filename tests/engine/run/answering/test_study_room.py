"""What the study thread has at hand, and what it leaves to the open run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from test_replayed_games import SETTINGS, show_of

from nec_engine.config import Settings, changed
from nec_engine.errors import DataError, SnapshotError
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import AskWhatIf, Moment
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.study_room import StudyRoom
from nec_engine.run.answering.study_thread import StudyThread
from nec_engine.run.answering.what_if import what_if
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.outbox import Outbox
from nec_engine.run.publication import Publication
from nec_engine.run.training.saving import save_run

SMALL = Settings(agent="mfec", capacity=200, replay_capacity=200, torch_threads=1)


def test_a_place_is_played_on_from_only_where_it_is_what_was_seen_there() -> None:
    show = show_of("pong")
    entry, rom = show.remembered(), find_rom("pong")
    room = StudyRoom(rom, SETTINGS, show.desk, lambda: None)
    emulator = room.emulator()
    room.place(emulator, entry.moment, entry.state_hash)
    assert hash_observation(emulator.observation()) == entry.state_hash
    with pytest.raises(DataError, match="the rebuilt screens are not those"):
        room.place(emulator, entry.moment, entry.state_hash ^ 1)


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("threads")
def test_a_second_brain_takes_no_more_cores_than_the_open_run_does(tmp_path: Path) -> None:
    rom, path = find_rom("pong"), tmp_path / "other.nec"
    other = open_new(rom, changed(SMALL, {"torch_threads": 3})).trainer
    save_run(other, path)
    names = other.emulator.action_names
    other.close()
    torch.set_num_threads(SMALL.torch_threads)
    desk = Desk(Rebuilder(rom, SMALL), Journal(SMALL, rom), Publication(), None, lambda: None)
    room = StudyRoom(rom, SMALL, desk, lambda: None)
    room.second_brain(path, names)
    assert torch.get_num_threads() == 1
    room.close()


@pytest.mark.usefixtures("threads")
def test_a_brain_that_is_being_opened_is_given_up_as_the_game_is_closed(tmp_path: Path) -> None:
    rom, path = find_rom("pong"), tmp_path / "other.nec"
    other = open_new(rom, SMALL).trainer
    save_run(other, path)
    names = other.emulator.action_names
    other.close()
    calls = 0

    def stop_in_the_end() -> None:
        nonlocal calls
        calls += 1
        if calls == last:
            raise SnapshotError("not opened", "closing", "open it again")

    last = -1
    open_saved(path, {}, go_on=stop_in_the_end).trainer.close()
    for last in (calls, 2):  # while its parts are read, and while it is checked
        calls = 0
        with pytest.raises(SnapshotError, match="closing"):
            open_saved(path, {}, go_on=stop_in_the_end)
        assert calls == last  # nothing is read after that

    desk = Desk(Rebuilder(rom, SMALL), Journal(SMALL, rom), Publication(), None, lambda: None)
    room = StudyRoom(rom, SMALL, desk, lambda: None)
    thread = StudyThread(room, Outbox())
    thread.start()
    thread.ask_stop()
    with pytest.raises(SnapshotError, match="the game is being closed"):
        room.second_brain(path, names)
    assert thread.join(60)


def test_where_the_game_is_over_nothing_is_played_and_a_sentence_says_so() -> None:
    show, rom = show_of("pong"), find_rom("pong")
    journal = Journal(SETTINGS, rom)
    emulator = Emulator(rom, SETTINGS, seed=5, colour=False)
    writer = journal.begin(emulator.clone(), is_live=True)
    while not emulator.is_over:
        writer.append(0, emulator.state)
        emulator.step(0)
    writer.end()
    moment, at_end = Moment(writer.episode_id, writer.num_steps), emulator.observation()
    desk = dataclasses.replace(show.desk, journal=journal)
    room = StudyRoom(rom, SETTINGS, desk, lambda: None)
    state_hash = hash_observation(at_end)
    question = AskWhatIf("what if", moment, state_hash, num_forced=1, num_free=1)
    (answer,) = what_if(question, room)
    assert answer.problem.startswith("nothing can be played from here; the game is over")
    with pytest.raises(DataError, match="one step back"):
        room.place(room.emulator(), moment, state_hash)
