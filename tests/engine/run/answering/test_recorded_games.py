"""Recorded games of a real run: how many entries live in each, and how each ended."""

from __future__ import annotations

import torch

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import AskEpisodes, AskScores, EpisodesAnswer, ScoreAnswer
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.episodes import episodes, scores
from nec_engine.run.publication import Publication
from nec_engine.run.training.trainer import Trainer


def test_every_kept_game_is_listed_with_its_entries_and_the_score_it_ended_with() -> None:
    settings = Settings(
        index="exact", capacity=200, replay_capacity=200, n_step=5, learning_starts=10**9
    )
    rom = find_rom("breakout")
    journal = Journal(settings, rom)
    trainer = Trainer(rom, settings, capacity=200, device=torch.device("cpu"), journal=journal)
    ended: dict[int, float | None] = {}
    while trainer.episodes < 2:
        episode = trainer.episode_id
        for score in trainer.step():
            ended[episode] = score
    memory = trainer.agent.memory
    desk = Desk(Rebuilder(rom, settings), journal, Publication(), memory, lambda: None)

    (answer,) = episodes(AskEpisodes("episodes"), desk)
    assert isinstance(answer, EpisodesAnswer)
    assert answer.episodes.tolist() == list(journal.training_episodes())
    assert answer.num_entries.sum() == sum(memory.sizes)
    assert answer.is_open.tolist() == [False, False, True]
    assert (answer.num_steps[:-1] > 20).all()

    asked = AskScores("episodes", (*ended, 999))
    told = list(scores(asked, desk))
    assert all(isinstance(one, ScoreAnswer) for one in told)
    assert {one.episode: one.score for one in told} == {**ended, 999: None}
    trainer.close()


def test_a_memory_is_not_needed_to_list_games() -> None:
    settings = Settings(agent="dqn", replay_capacity=200)
    rom = find_rom("pong")
    journal = Journal(settings, rom)
    trainer = Trainer(rom, settings, capacity=0, device=torch.device("cpu"), journal=journal)
    desk = Desk(Rebuilder(rom, settings), journal, Publication(), None, lambda: None)
    trainer.step()
    (answer,) = episodes(AskEpisodes("episodes"), desk)
    assert isinstance(answer, EpisodesAnswer)
    assert answer.num_entries.tolist() == [0]
    trainer.close()
