"""The training run, step by step and without a thread: act, store, learn, in lockstep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator, StepResult
from nec_engine.game.noops import draw_noops
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import Rom
from nec_engine.game.side_by_side import observations_of, step_each
from nec_engine.journal.journal import Journal
from nec_engine.learning.agents import Acted
from nec_engine.learning.exploration import epsilon_at
from nec_engine.learning.making import make_agent
from nec_engine.learning.returns import learned_reward
from nec_engine.learning.steps import TaughtStep
from nec_engine.memory.edit_log import EditLog
from nec_engine.messages import Progress
from nec_engine.run.lesson_files.lesson_book import LessonBook
from nec_engine.run.training.figures import Figures
from nec_engine.run.training.training_game import TrainingGame
from nec_engine.seeding import Generators

PRUNE_EVERY_EPISODES = 5


class Trainer:
    """Everything that training owns: its games, the agent, journal, counters.

    One thread at a time may call it. :meth:`step` is one agent decision in each of the games,
    which are played side by side; between two calls the whole state can be saved and restored.
    Frames, steps and episodes are those of all games together, and what depends on their number
    (exploration, learning, upkeep) goes by them.
    """

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        *,
        capacity: int,
        device: torch.device,
        journal: Journal,
        num_games: int = 1,
    ) -> None:
        self.rom = rom
        self.settings = settings
        self.journal = journal
        self._generators = Generators(settings.seed)
        self.games = tuple(
            TrainingGame(number, rom, settings, journal, self._draw_noops())
            for number in range(num_games)
        )
        self.agent = make_agent(self.emulator.num_actions, settings, capacity, device, num_games)
        self.figures = Figures(
            settings, has_memory=self.agent.memory is not None, device=device.type
        )
        self.lesson_book = LessonBook()  # of the live game, kept with the run
        self.frames = self.steps = self.episodes = 0
        # For whoever keeps results of the run: what ended in this epoch, and how long all took.
        self.epoch_scores: list[float] = []
        self.elapsed_s = 0.0
        self.give_way: Callable[[], None] = lambda: None
        self.edit_log: EditLog | None = None  # of edits by hand, whose pictures are to be kept

    @property
    def emulator(self) -> Emulator:
        """Of the first game, the one that can be watched."""
        return self.games[0].emulator

    @property
    def episode_id(self) -> int:
        """Of the first game."""
        return self.games[0].episode_id

    def set_give_way(
        self, give_way: Callable[[], None], give_longer: Callable[[], None] | None = None
    ) -> None:
        """Call ``give_way`` between the parts of a step, for threads in more of a hurry.

        ``give_longer`` instead where nothing is held that another thread may want.
        """
        self.give_way = give_longer or give_way
        self.agent.set_give_way(give_way)

    # --- one step ---

    def step(self) -> list[float]:
        """One decision of every training game; the scores of the episodes that ended with it."""
        emulators = [game.emulator for game in self.games]
        acted = self.agent.act(
            observations_of(emulators), self.steps, self._generators["exploration"]
        )
        self.give_way()
        for game, its in zip(self.games, acted, strict=True):
            game.record(its.action)
        self.give_way()
        results = step_each(emulators, [its.action for its in acted])
        scores = [self._take(*step) for step in zip(self.games, acted, results, strict=True)]
        return [score for score in scores if score is not None]

    def _take(self, game: TrainingGame, acted: Acted, result: StepResult) -> float | None:
        """Learn from what a game's step brought; its score where the episode ended."""
        self.figures.add_decision(acted)
        reward = learned_reward(result.reward, self.settings)
        self.agent.take(acted, game.moment, hash_observation(acted.observation), reward)
        self.give_way()
        self.frames += result.num_frames
        self.steps += 1
        game.step_in_episode += 1

        if result.is_game_over or (result.is_life_lost and self.settings.life_loss_is_terminal):
            self.agent.end_sum(game=game.number)
        elif result.is_truncated:
            self.agent.end_sum(game.emulator.observation(), game.number)
        is_end = result.is_game_over or result.is_truncated
        score = self._end_episode(game) if is_end else None
        self._learn()
        self.give_way()
        self.agent.end_step(self.steps)
        self.figures.end_step(self.agent, self.steps, self.frames)
        return score

    def take_taught(self, taught: list[TaughtStep]) -> None:
        """Write steps of the live game to the memory and the replay, also while training is off."""
        self.agent.learn_from(taught)

    def _learn(self) -> None:
        settings = self.settings
        # Enough steps, and still held: a play-only snapshot comes without its replay.
        least = min(settings.learning_starts, self.agent.replay_capacity)
        is_filled = self.steps >= settings.learning_starts and self.agent.replay_size >= least
        if is_filled and self.steps % settings.update_period == 0:
            update = self.agent.learn(self._generators["replay"])
            if update is not None:
                self.figures.add_loss(update.loss)

    # --- episodes ---

    def _draw_noops(self) -> int:
        return draw_noops(self.settings, self._generators["no-ops"])

    def _begin_episode(self, game: TrainingGame) -> None:
        game.begin_episode(self._draw_noops())
        self.agent.begin_episode(game.number)

    def _end_episode(self, game: TrainingGame) -> float:
        score = game.end_episode()
        self.episodes += 1
        self.figures.add_score(score, self.frames)
        if self.episodes % PRUNE_EVERY_EPISODES == 0:
            self._prune_journal()
        self._begin_episode(game)
        return score

    def _prune_journal(self) -> None:
        """Forget training episodes that no entry, replay row or edit needs any more."""
        episodes = self.journal.training_episodes()
        needed = self.agent.needed_episodes(episodes)
        if self.edit_log is not None:
            needed |= self.edit_log.episodes()
        needed |= {game.episode_id for game in self.games}
        for episode in episodes:
            if episode not in needed:
                self.journal.forget(episode)

    # --- what is shown ---

    @property
    def memory_size(self) -> int | None:
        """Entries of all actions; None for an agent without a memory."""
        memory = self.agent.memory
        return None if memory is None else sum(memory.sizes)

    def progress(self, *, is_training: bool, activity: str) -> Progress:
        """Where training stands, as a message."""
        memory, figures = self.agent.memory, self.figures
        return Progress(
            is_training=is_training,
            activity=activity,
            frames=self.frames,
            steps=self.steps,
            episodes=self.episodes,
            epsilon=epsilon_at(self.steps, self.settings),
            episode_score=self.emulator.score,
            mean_score_100=figures.mean_score_100,
            best_score=figures.best_score,
            loss=figures.loss,
            mean_max_q=figures.mean_max_q,
            steps_per_s=figures.steps_per_s() if is_training else 0.0,
            memory_sizes=memory.sizes if memory else (),
            memory_capacity=memory.capacity if memory else 0,
            num_by_origin=memory.num_by_origin if memory else (0, 0, 0, 0),
            recall_at_50=figures.recall_at_50,
            effective_neighbours=figures.effective_neighbours,
            replay_size=self.agent.replay_size,
            replay_capacity=self.agent.replay_capacity,
            learning_starts_steps=self.settings.learning_starts,
            tail_sizes=memory.tail_sizes if memory else (),
            building_action=memory.building_action if memory else None,
            num_index_builds=memory.num_builds if memory else 0,
            network_version=self.agent.version,
            device=str(self.agent.device),
            num_taught=memory.num_taught if memory else 0,
            lesson_weight=memory.lesson_say.weight if memory else 1.0,
        )

    # --- state ---

    def state_dict(self) -> dict[str, Any]:
        """The whole run between two steps; arrays may be views: write them before the next step."""
        first, *others = (game.state_dict() for game in self.games)
        lessons = self.lesson_book.state_dict()  # first: the live game goes on recording meanwhile
        state = {
            "counters": {
                "frames": self.frames,
                "steps": self.steps,
                "episodes": self.episodes,
                **self.figures.state_dict(),
                "epoch_scores": list(self.epoch_scores),
                "elapsed_s": 0.0 if self.settings.deterministic else self.elapsed_s,
                "episode": first["episode"],
                "step_in_episode": first["step_in_episode"],
            },
            "generators": self._generators.state_dict(),
            "game": first["game"],
            "agent": self.agent.state_dict(),
            "journal": self.journal.state_dict(),
            "history": self.figures.history.state_dict(),
            "lessons": lessons,
        }
        if others:
            state["more_games"] = {str(number): its for number, its in enumerate(others, start=1)}
        return state

    def load_state_dict(self, state: dict[str, Any]) -> list[str]:
        """Continue a saved run; the sentences say what could not be carried over (often none).

        Of more games than there are here the first go on; where there are fewer, others begin.
        """
        counters = state["counters"]
        lost = list(self.journal.load_state_dict(state["journal"]))
        self.agent.load_state_dict(state["agent"])
        self.figures.history.load_state_dict(state["history"])
        self.lesson_book.load_state_dict(state.get("lessons", []))
        self._generators.load_state_dict(state["generators"])
        self.frames, self.steps = int(counters["frames"]), int(counters["steps"])
        self.episodes = int(counters["episodes"])
        self.figures.load_state_dict(counters)
        self.epoch_scores = list(counters.get("epoch_scores", []))
        self.elapsed_s = float(counters.get("elapsed_s", 0.0))
        saved = saved_games(state)
        if lost or not saved:
            saved = []
            self.agent.drop_pending()
        for game, its in zip(self.games, saved, strict=False):
            game.load_state_dict(its)
        for game in self.games[len(saved) :]:
            self._begin_episode(game)
        return list(dict.fromkeys(lost))  # what holds for each of several games is said once

    def close(self) -> None:
        """End the index builder's process."""
        self.agent.close()


def saved_games(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The state of each training game in that of a run; none in one that is made to play from."""
    if "game" not in state:
        return []
    more = state.get("more_games", {})
    first = {**state["counters"], "game": state["game"]}
    return [first, *(more[str(number)] for number in range(1, len(more) + 1))]
