"""Several training games side by side: each is recorded, summed and saved as if it were alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.journal.episode import Episode
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.returns import NStepReturns
from nec_engine.memory.neighbours import EntryInfo
from nec_engine.run.export.play_only import Exporter, read_to_export
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.reader import SnapshotReader

GAMMA = 0.9


def new_trainer(num_games: int, game: str = "breakout", **changes: object) -> Trainer:
    settings = changed(Settings(), {"index": "exact", "capacity": 3000, **changes})
    rom = find_rom(game)
    return Trainer(
        rom, settings, capacity=3000, device=torch.device("cpu"),
        journal=Journal(settings, rom), num_games=num_games,
    )  # fmt: skip


def entries_of(trainer: Trainer) -> list[EntryInfo]:
    memory = trainer.agent.memory
    assert memory is not None
    return [
        memory.contents.entry(action, slot)
        for action, size in enumerate(memory.sizes)
        for slot in range(size)
    ]


def test_each_game_has_its_episode_and_each_entry_its_moment() -> None:
    trainer = new_trainer(4, "ms_pacman", n_step=5, learning_starts=1_000_000, replay_capacity=3000)
    for _ in range(40):
        assert trainer.step() == []
    assert (trainer.steps, trainer.frames) == (160, 640)
    assert [game.step_in_episode for game in trainer.games] == [40] * 4
    recorded = {game.episode_id: trainer.journal.episode(game.episode_id) for game in trainer.games}
    assert len(recorded) == 4
    assert [episode.num_steps for episode in recorded.values()] == [40] * 4
    assert len({episode.actions(0, 40) for episode in recorded.values()}) == 4

    entries = entries_of(trainer)
    assert {entry.moment.episode for entry in entries} == set(recorded)
    rebuilder = Rebuilder(trainer.rom, trainer.settings)
    for entry in entries[::7]:
        assert rebuilder.rebuild(trainer.journal, entry.moment).state_hash == entry.state_hash
        (played,) = recorded[entry.moment.episode].actions(entry.moment.step, entry.moment.step + 1)
        assert played == entry.action
    trainer.close()


def returns_of(episode: Episode, settings: Settings) -> dict[int, float]:
    """What each step of a whole game is worth when it is played once more, alone."""
    emulator = Emulator(find_rom("breakout"), settings, seed=0, colour=False)
    emulator.restore(episode.start())
    sums: NStepReturns[int] = NStepReturns(settings.n_step, settings.gamma)
    values: dict[int, float] = {}
    for step, action in enumerate(episode.actions(0, episode.num_steps)):
        result = emulator.step(action)
        sums.push(step, result.reward)
        if result.is_life_lost or result.is_game_over:
            values |= {matured.step: matured.n_step_return for matured in sums.flush()}
    assert result.is_game_over
    return values


def test_returns_are_those_of_the_same_games_played_alone() -> None:
    trainer = new_trainer(2, agent="mfec", value_update="append", gamma=GAMMA, n_step=0, seed=3)
    scores: list[float] = []
    while trainer.episodes < 2:
        scores += trainer.step()
    values: dict[int, dict[int, float]] = {}
    for entry in entries_of(trainer):
        values.setdefault(entry.moment.episode, {})[entry.moment.step] = entry.value
    current = {game.episode_id for game in trainer.games}
    ended = [number for number in trainer.journal.training_episodes() if number not in current]
    assert len(ended) == len(scores) == 2
    for number in ended:
        alone = returns_of(trainer.journal.episode(number), trainer.settings)
        assert values[number] == pytest.approx(alone, rel=1e-5)
    assert any(value > 0 for number in ended for value in values[number].values())
    trainer.close()


def test_open_returns_are_written_every_so_many_steps_of_each_game() -> None:
    num_games, every = 5, 5  # a count of all games' steps would write one game's alone
    trainer = new_trainer(num_games, "ms_pacman", agent="ec", provisional_every=every)
    num_rounds = 18
    for _ in range(num_rounds):
        trainer.step()
    written = dict.fromkeys((game.episode_id for game in trainer.games), 0)
    for entry in entries_of(trainer):
        written[entry.moment.episode] += 1
    latest = [  # the last turn of each game: all that it had played before
        max(turn for turn in range(num_rounds) if (turn + place) % every == 0)
        for place in range(num_games)
    ]
    assert list(written.values()) == latest
    trainer.close()


@pytest.mark.parametrize("agent", ["nec", "mfec"])
def test_one_lookup_says_of_each_game_what_it_would_say_of_it_alone(agent: str) -> None:
    trainer = new_trainer(3, "pong", agent=agent, n_step=3, learning_starts=1_000_000)
    for _ in range(40):
        trainer.step()
    for game in trainer.games:
        trainer.agent.end_sum(game=game.number)
    observations = np.stack([game.emulator.observation() for game in trainer.games])
    alone = trainer.agent.policy().q_values(observations)
    acted = trainer.agent.act(observations, 0, np.random.default_rng(0))
    assert [its.game for its in acted] == [0, 1, 2]
    np.testing.assert_allclose(
        [its.max_q for its in acted], alone.max(axis=1), rtol=1e-4, atol=1e-4
    )
    trainer.close()


def test_learning_and_exploring_go_by_the_steps_of_all_games() -> None:
    trainer = new_trainer(
        3, agent="dqn", replay_capacity=200, batch_size=8, learning_starts=40,
        update_period=4, epsilon_decay_start=0, epsilon_decay_end=100, epsilon_end=0.0,
    )  # fmt: skip
    for _ in range(20):
        trainer.step()
    assert trainer.steps == 60
    assert trainer.agent.version == len(range(40, 61, 4))
    observations = np.stack([game.emulator.observation() for game in trainer.games])
    acted = trainer.agent.act(observations, trainer.steps, np.random.default_rng(0))
    assert [its.epsilon for its in acted] == pytest.approx([0.40, 0.39, 0.38])
    trainer.close()


EXACT = {
    "deterministic": True, "capacity": 100, "replay_capacity": 200, "learning_starts": 24,
    "n_step": 10, "batch_size": 8, "index": "exact",
}  # fmt: skip
SWITCHES = {"dqn_handover_steps": 300, "exploration_bonus": 0.5, "target_update": 5}
HALF = 18  # decisions of each game


@pytest.mark.parametrize("changes", [SWITCHES, {"agent": "ec", "n_step": 200}, {"agent": "dqn"}])
def test_a_run_of_several_games_goes_on_exactly_where_it_was(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    settings = changed(Settings(), {**EXACT, **changes})
    whole = open_new(find_rom("breakout"), settings, 2).trainer
    for _ in range(HALF):
        whole.step()
    save_run(whole, tmp_path / "half.nec")
    for _ in range(HALF):
        whole.step()
    save_run(whole, tmp_path / "whole.nec")
    whole.close()

    opened = open_saved(tmp_path / "half.nec", {}, num_games=2)
    assert (opened.lost, opened.missing) == ((), ())
    for _ in range(HALF):
        opened.trainer.step()
    save_run(opened.trainer, tmp_path / "cut.nec")
    opened.trainer.close()
    assert (tmp_path / "cut.nec").read_bytes() == (tmp_path / "whole.nec").read_bytes()


@pytest.fixture(scope="module")
def of_three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot made while three games were under way."""
    settings = changed(Settings(), {**EXACT, "learning_starts": 1_000_000})
    trainer = open_new(find_rom("breakout"), settings, 3).trainer
    for _ in range(40):
        trainer.step()
    path = tmp_path_factory.mktemp("of three") / "three.nec"
    save_run(trainer, path)
    trainer.close()
    return path


def test_fewer_games_go_on_and_it_is_said_what_of_the_others_is_lost(of_three: Path) -> None:
    for num_games, words in ((1, "one goes on"), (2, "2 go on")):
        opened = open_saved(of_three, {}, num_games=num_games)
        (sentence,) = opened.missing
        assert words in sentence
        assert opened.lost == ()
        trainer = opened.trainer
        assert [game.step_in_episode for game in trainer.games] == [40] * num_games
        assert isinstance(trainer.agent, EpisodicAgent)
        size = sum(trainer.agent.memory.sizes)
        trainer.step()
        assert sum(trainer.agent.memory.sizes) <= size + num_games
        trainer.close()


def test_more_games_than_were_saved_begin_anew_beside_them(of_three: Path) -> None:
    opened = open_saved(of_three, {}, num_games=5)
    trainer = opened.trainer
    assert (opened.lost, opened.missing) == ((), ())
    assert [game.step_in_episode for game in trainer.games] == [40, 40, 40, 0, 0]
    assert len({game.episode_id for game in trainer.games}) == 5
    trainer.step()
    trainer.close()


def test_what_holds_for_all_games_is_said_once(of_three: Path) -> None:
    opened = open_saved(of_three, {"sticky_actions": 0.25}, num_games=3)
    assert len(opened.lost) == 1
    assert [game.step_in_episode for game in opened.trainer.games] == [0, 0, 0]
    opened.trainer.step()
    opened.trainer.close()


def test_what_is_made_to_play_from_holds_no_open_games(of_three: Path) -> None:
    with SnapshotReader(of_three) as reader:
        exporter = Exporter(reader.header, read_to_export(reader))
    num_entries = sum(reader.header["memory"]["sizes"])
    made = exporter.made(np.zeros(num_entries), 10**9)
    assert made.num_entries == num_entries
    assert "more_games" not in made.tree
    assert "more_games" not in made.tree["agent"]
