"""``train``: a headless run with evaluations, a results file, snapshots and autosaves."""

from __future__ import annotations

import math
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from nec_engine.errors import DataError, NecError
from nec_engine.game.roms import find_rom
from nec_engine.learning.exploration import epsilon_at
from nec_engine.run.evaluation import (
    Chooser,
    greedy_chooser,
    play_episodes,
    random_chooser,
    summarise,
)
from nec_engine.run.folders import DataFolders, writable_folder
from nec_engine.run.opening import open_new, open_saved, overlap_learning
from nec_engine.run.progress import TrainingBar
from nec_engine.run.requests import TrainRequest
from nec_engine.run.results import ResultsRow, ResultsWriter, read_results, refuse_existing
from nec_engine.run.saved_settings import settings_of_snapshot
from nec_engine.run.signals import StopSignals
from nec_engine.run.training.saving import Autosave, save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import read_header

NUM_EPOCH_SNAPSHOTS = 2  # the newest ones that are kept, besides the best
PROGRESS_EVERY_STEPS = 20
FRAME_DIGITS = 9


def run(request: TrainRequest) -> int:
    """Train to ``request.frames``; 0, or 130 / 143 after a signal, both after saving."""
    rom = find_rom(request.rom)
    out = _folder(request, rom.name)
    if request.resume is None:
        refuse_existing(out / "results.csv")
        out = writable_folder(out)
        opened = open_new(rom, request.common.settings(), request.envs)
    else:
        out = writable_folder(out)
        opened = open_saved(request.resume, request.common.changes, request.rom, request.envs)
    for sentence in (*opened.lost, *opened.missing):
        print(f"note: {sentence}", file=sys.stderr)
    trainer = opened.trainer
    try:
        overlap_learning(trainer)
        resumed_frames = trainer.frames if request.resume is not None else None
        with ResultsWriter(out / "results.csv", resumed_frames) as results, StopSignals() as stop:
            training = _Training(trainer, request.frames, out, results, stop)
            return training.run()
    finally:
        trainer.close()


def _folder(request: TrainRequest, game: str) -> Path:
    """Where the run belongs: by its own seed, which is the snapshot's where it is resumed.

    Raises :class:`DataError` where a seed given beside the snapshot leads to results of another.
    """
    if request.out is not None:
        return request.out
    results, changes = DataFolders(request.common.data).results, request.common.changes
    if request.resume is None:
        return results / f"{game}-seed{request.common.settings().seed}"
    saved = settings_of_snapshot(read_header(request.resume), {}).seed
    out = results / f"{game}-seed{changes.get('seed', saved)}"
    if changes.get("seed", saved) != saved and (out / "results.csv").exists():
        raise DataError(
            f"there are results in {out} already",
            f"they are of another run: the snapshot was made with seed {saved}",
            "leave out the seed, or choose a folder with --out",
        )
    return out


@dataclass
class _Training:
    trainer: Trainer
    total_frames: int
    out: Path
    results: ResultsWriter
    stop: StopSignals
    best_mean: float | None = None
    best_snapshot: Path | None = None
    epoch_snapshots: list[Path] = field(default_factory=list)
    epoch_scores: list[float] = field(default_factory=list)
    tested_frames: int | None = None
    started_s: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        """Take up what an earlier part of this run has left: its snapshots, and which was best."""
        name = self.trainer.rom.name
        digits = "[0-9]" * FRAME_DIGITS
        self.epoch_snapshots = sorted((self.out / "snapshots").glob(f"{name}-{digits}.nec"))
        table = read_results(self.out / "results.csv")
        phases = [row[table.columns.index("phase")] for row in table.rows]
        frames, means = table.numbers("frames"), table.numbers("mean_score")
        for phase, at, mean in zip(phases, frames, means, strict=True):
            if phase == "test" and at is not None and mean is not None:
                self._note_best(mean, self._epoch_path(int(at)))

    def run(self) -> int:
        settings, name = self.trainer.settings, self.trainer.rom.name
        snapshots = self.out / "snapshots"
        autosave = Autosave(snapshots, name, settings.autosave_s)
        if self.trainer.frames == 0:
            self._evaluate("random", settings.test_episodes)
        is_whole = self._train_to_the_end(autosave) and not self.stop.is_requested
        path = (snapshots / f"{name}-final.nec").absolute()
        save_run(self.trainer, path)
        autosave.remove()
        print(f"saved: {path}", flush=True)
        return 0 if is_whole else self.stop.exit_code

    def _train_to_the_end(self, autosave: Autosave) -> bool:
        """True when all frames are trained and tested; False after a signal."""
        trainer, settings = self.trainer, self.trainer.settings
        last_took_s = 0.0
        with TrainingBar(self.total_frames, trainer.frames, trainer.rom.title) as bar:
            while trainer.frames < self.total_frames:
                if self.stop.is_requested:
                    return False
                epoch_before = trainer.frames // settings.epoch_frames
                shown_before = trainer.steps // PROGRESS_EVERY_STEPS
                self.epoch_scores += trainer.step()
                if trainer.steps // PROGRESS_EVERY_STEPS > shown_before:
                    bar.show(trainer.progress(is_training=True, activity="training"))
                if trainer.frames // settings.epoch_frames > epoch_before:
                    is_last = trainer.frames >= self.total_frames
                    self._end_epoch(
                        settings.final_test_episodes if is_last else settings.test_episodes
                    )
                    self._save_epoch()
                elif autosave.is_due(last_took_s):
                    last_took_s = self._try_save(autosave.next_path())
        if self.stop.is_requested:
            return False
        if self.tested_frames != trainer.frames:
            self._end_epoch(settings.final_test_episodes)
        return not self.stop.is_requested

    @property
    def epoch(self) -> int:
        """Counts epochs from 1; an unfinished one counts when the run ends in it."""
        return -(-self.trainer.frames // self.trainer.settings.epoch_frames)

    def _end_epoch(self, test_episodes: int) -> None:
        trainer, scores = self.trainer, self.epoch_scores
        self.results.write(
            ResultsRow(
                epoch=self.epoch,
                phase="train",
                frames=trainer.frames,
                steps=trainer.steps,
                episodes=len(scores),
                mean_score=statistics.fmean(scores) if scores else None,
                stderr_score=_stderr(scores),
                mean_max_q=trainer.mean_max_q,
                loss=trainer.loss,
                epsilon=epsilon_at(trainer.steps, trainer.settings),
                memory_size=trainer.memory_size,
                recall_at_50=trainer.recall_at_50,
                effective_neighbours=trainer.effective_neighbours,
                steps_per_s=trainer.progress(is_training=True, activity="").steps_per_s,
                elapsed_s=time.perf_counter() - self.started_s,
            )
        )
        self.epoch_scores = []
        self._evaluate("test", test_episodes)

    def _evaluate(self, phase: str, num_episodes: int) -> None:
        trainer, settings = self.trainer, self.trainer.settings
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
                is_stopped=lambda: self.stop.is_requested,
            )
        )
        if len(played) < num_episodes:
            return  # a signal: half an evaluation is no evaluation
        summary = summarise([result.score for result in played], settings.seed)
        num_steps = sum(result.steps for result in played)
        self.results.write(
            ResultsRow(
                epoch=self.epoch,
                phase=phase,
                frames=trainer.frames,
                steps=trainer.steps,
                episodes=num_episodes,
                mean_score=summary.mean,
                stderr_score=summary.stderr,
                epsilon=settings.eval_epsilon if phase == "test" else 1.0,
                memory_size=trainer.memory_size,
                steps_per_s=num_steps / (time.perf_counter() - start_s),
                elapsed_s=time.perf_counter() - self.started_s,
            )
        )
        if phase == "test":
            self.tested_frames = trainer.frames
            self._note_best(summary.mean, self._epoch_path(trainer.frames))

    def _note_best(self, mean: float, snapshot: Path) -> None:
        if self.best_mean is None or mean > self.best_mean:
            self.best_mean, self.best_snapshot = mean, snapshot

    def _epoch_path(self, frames: int) -> Path:
        return self.out / "snapshots" / f"{self.trainer.rom.name}-{frames:0{FRAME_DIGITS}d}.nec"

    def _save_epoch(self) -> None:
        path = self._epoch_path(self.trainer.frames)
        self._try_save(path)
        self.epoch_snapshots = [old for old in self.epoch_snapshots if old != path] + [path]
        for old in self.epoch_snapshots[:-NUM_EPOCH_SNAPSHOTS]:
            if old != self.best_snapshot:
                old.unlink(missing_ok=True)
                self.epoch_snapshots.remove(old)

    def _try_save(self, path: Path) -> float:
        """Save on the way and return the seconds; a full disk is told, and training goes on."""
        try:
            return save_run(self.trainer, path)[1]
        except NecError as error:
            print(f"note: {error}; training goes on", file=sys.stderr)
            return 0.0


def _stderr(scores: list[float]) -> float | None:
    if len(scores) < 2:
        return None
    return statistics.stdev(scores) / math.sqrt(len(scores))
