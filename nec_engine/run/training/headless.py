"""A run without a window, from where it stands to its last frame: trained, measured, saved."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from nec_engine.errors import DataError, NecError
from nec_engine.learning.exploration import epsilon_at
from nec_engine.run.evaluation import (
    Chooser,
    greedy_chooser,
    play_episodes,
    random_chooser,
    summarise,
)
from nec_engine.run.progress import TrainingBar
from nec_engine.run.results import ResultsRow, ResultsWriter
from nec_engine.run.signals import StopSignals
from nec_engine.run.training.epoch_snapshots import EpochSnapshots
from nec_engine.run.training.measured import Measured
from nec_engine.run.training.saving import Autosave, save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import SnapshotCancelledError

PROGRESS_EVERY_STEPS = 20


class HeadlessTraining:
    """Goes on wherever an earlier part of the run was cut off, in the middle of a test as well."""

    def __init__(
        self,
        trainer: Trainer,
        total_frames: int,
        folder: Path,
        results: ResultsWriter,
        stop: StopSignals,
        note: Callable[[str], None],
    ) -> None:
        """``folder`` is that of the snapshots; ``note`` takes what a person should know.

        Raises :class:`DataError` for damaged results.
        """
        self._trainer, self._total_frames = trainer, total_frames
        self._results, self._stop, self._note = results, stop, note
        self._measured = Measured(results.kept)
        game = trainer.rom.name
        self._epochs = EpochSnapshots(
            folder, game, trainer.frames, results.measured_frames, self._measured.test_means
        )
        self._autosave = Autosave(folder, game, trainer.settings.autosave_s)
        self.final_path = (folder / f"{game}-final.nec").absolute()
        self._before_s = max(trainer.elapsed_s, self._measured.elapsed_s)
        self._started_s = time.perf_counter()
        self._last_save_s = 0.0  # what the latest save on the way took, a failed one too
        self._index_problem = ""

    def run(self) -> None:
        """Train and test up to the last frame, or to a signal, and save."""
        if not self._measured.has_random:
            self._evaluate("random", 0, self._trainer.settings.test_episodes)
        self._finish_cut_test()
        self._keep_best_end()
        self._train()
        if not self._stop.is_requested:
            self._measure(self._epoch_at_end())
        self._save(self.final_path)
        self._autosave.remove()
        self._results.write_waiting()

    def _train(self) -> None:
        trainer, settings = self._trainer, self._trainer.settings
        with TrainingBar(self._total_frames, trainer.frames, trainer.rom.title) as bar:
            while trainer.frames < self._total_frames and not self._stop.is_requested:
                epoch_before = trainer.frames // settings.epoch_frames
                shown_before = trainer.steps // PROGRESS_EVERY_STEPS
                trainer.epoch_scores += trainer.step()
                if trainer.steps // PROGRESS_EVERY_STEPS > shown_before:
                    bar.show(trainer.progress(is_training=True, activity="training"))
                    self._tell_index_problem()
                epoch = trainer.frames // settings.epoch_frames
                if epoch > epoch_before:
                    self._epochs.forget(trainer.frames)  # of a future that is now played again
                    self._measure(epoch)
                elif self._autosave.is_due(self._last_save_s):
                    self._try_save(self._autosave.next_path())

    def _tell_index_problem(self) -> None:
        """Once each: nothing is lost, but every key is compared then, which may take long."""
        memory = self._trainer.agent.memory
        problem = memory.index_problem if memory else ""
        if problem and problem != self._index_problem:
            self._note(f"the index cannot be built: {problem}; training goes on without, slowly")
        self._index_problem = problem

    # --- where an earlier part left off ---

    def _finish_cut_test(self) -> None:
        """Test now what was trained, and not tested, when a signal came."""
        frames, epoch = self._trainer.frames, self._measured.epochs.get(self._trainer.frames)
        if epoch is not None and frames < self._total_frames and not self._stop.is_requested:
            self._measure(epoch)

    def _keep_best_end(self) -> None:
        """A run that goes on beyond its end keeps the snapshot of that end, if it was the best.

        It is called as those of epochs are: the final one will be written again.
        """
        frames, means = self._trainer.frames, self._measured.test_means
        goes_on = frames < self._total_frames and not self._stop.is_requested
        if goes_on and frames in means and frames not in self._epochs:
            best = self._epochs.best
            if best is None or means[frames] > means[best]:
                self._save_epoch()

    def _epoch_at_end(self) -> int:
        """Counts epochs from 1; an unfinished one counts when the run ends in it."""
        frames, epoch_frames = self._trainer.frames, self._trainer.settings.epoch_frames
        unfinished = -(-frames // epoch_frames)
        return self._measured.epochs.get(frames, unfinished)

    # --- measuring ---

    def _measure(self, epoch: int) -> None:
        """What is not there yet of a row of training, one of a test, and an epoch's snapshot."""
        trainer, settings = self._trainer, self._trainer.settings
        is_last = trainer.frames >= self._total_frames
        is_epoch_whole = epoch * settings.epoch_frames <= trainer.frames
        if not self._measured.is_trained(trainer.frames):
            self._write_training(epoch)
        if is_epoch_whole:
            trainer.epoch_scores = []  # before it is saved: the next epoch begins without them
        num_episodes = settings.final_test_episodes if is_last else settings.test_episodes
        if not self._measured.is_tested(trainer.frames, num_episodes):
            self._evaluate("test", epoch, num_episodes)
        if is_epoch_whole and trainer.frames not in self._epochs and not self._stop.is_requested:
            self._save_epoch()

    def _write_training(self, epoch: int) -> None:
        trainer, scores = self._trainer, self._trainer.epoch_scores
        self._write(
            ResultsRow(
                epoch=epoch,
                phase="train",
                frames=trainer.frames,
                steps=trainer.steps,
                episodes=len(scores),
                mean_score=statistics.fmean(scores) if scores else None,
                stderr_score=_stderr(scores),
                mean_max_q=trainer.figures.mean_max_q,
                loss=trainer.figures.loss,
                epsilon=epsilon_at(trainer.steps, trainer.settings),
                memory_size=trainer.memory_size,
                recall_at_50=trainer.figures.recall_at_50,
                effective_neighbours=trainer.figures.effective_neighbours,
                steps_per_s=trainer.figures.steps_per_s(),
                elapsed_s=self._elapsed_s(),
            )
        )

    def _evaluate(self, phase: str, epoch: int, num_episodes: int) -> None:
        trainer, settings = self._trainer, self._trainer.settings
        choose: Chooser
        if phase == "random":
            choose = random_chooser(trainer.emulator.num_actions)
        else:
            choose = greedy_chooser(trainer.agent, settings.eval_epsilon)
        start_s = time.perf_counter()
        played = list(
            play_episodes(
                trainer.rom,
                settings,
                choose,
                num_episodes=num_episodes,
                names=(phase, trainer.frames),
                cap_frames=settings.eval_episode_cap_frames,
                is_stopped=lambda: self._stop.is_requested,
            )
        )
        if len(played) < num_episodes:
            return  # a signal: half an evaluation is no evaluation
        summary = summarise([result.score for result in played], settings.seed)
        num_steps = sum(result.steps for result in played)
        self._write(
            ResultsRow(
                epoch=epoch,
                phase=phase,
                frames=trainer.frames,
                steps=trainer.steps,
                episodes=num_episodes,
                mean_score=summary.mean,
                stderr_score=summary.stderr,
                epsilon=settings.eval_epsilon if phase == "test" else 1.0,
                memory_size=trainer.memory_size,
                steps_per_s=num_steps / (time.perf_counter() - start_s),
                elapsed_s=self._elapsed_s(),
            )
        )

    def _write(self, row: ResultsRow) -> None:
        """A row that the disk does not take now is written with the next one."""
        try:
            self._results.write(row)
        except DataError as error:
            self._note(f"{error}; training goes on, and the row is tried again with the next one")
        self._measured.note(row)

    def _elapsed_s(self) -> float:
        """Seconds that the run took so far, earlier parts included."""
        return self._before_s + time.perf_counter() - self._started_s

    # --- saving ---

    def _save_epoch(self) -> None:
        if self._try_save(self._epochs.path(self._trainer.frames)):
            self._epochs.add(self._trainer.frames)

    def _try_save(self, path: Path) -> bool:
        """Save on the way; whether it was.

        A full disk is told, and training goes on. A signal gives it up: the final save is next.
        """
        start_s = time.perf_counter()
        try:
            self._save(path, cancelled=lambda: self._stop.is_requested)
        except SnapshotCancelledError:
            return False
        except NecError as error:
            self._note(f"{error}; training goes on")
            return False
        finally:
            self._last_save_s = time.perf_counter() - start_s
        return True

    def _save(self, path: Path, cancelled: Callable[[], bool] | None = None) -> None:
        self._trainer.elapsed_s = self._elapsed_s()
        save_run(self._trainer, path, cancelled)


def _stderr(scores: list[float]) -> float | None:
    if len(scores) < 2:
        return None
    return statistics.stdev(scores) / math.sqrt(len(scores))
