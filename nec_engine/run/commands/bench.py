"""``bench``: what this machine can do, as figures that can be compared."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nec_engine.config import Settings, changed
from nec_engine.errors import NecError, SettingError
from nec_engine.game.roms import find_rom
from nec_engine.memory.index.installed import chosen_index, refuse_missing
from nec_engine.run.bench.ceiling import Ceiling
from nec_engine.run.bench.files import bytes_per_entry, snapshot_figures
from nec_engine.run.bench.filled import JITTER, FilledRun, KeySource
from nec_engine.run.bench.indexes import index_figures
from nec_engine.run.bench.journal import journal_bytes_per_step
from nec_engine.run.bench.lock import lock_figures
from nec_engine.run.bench.machine import machine_facts
from nec_engine.run.bench.many_actions import many_actions
from nec_engine.run.bench.stolen import Stolen, stolen_words
from nec_engine.run.bench.timing import Budget, growth_exponent, round_figure, rounded
from nec_engine.run.bench.window import first_picture_ratio, reason_for_no_window, window_figures
from nec_engine.run.devices import choose_device
from nec_engine.run.folders import writable_file
from nec_engine.run.opening import set_torch_threads
from nec_engine.run.requests import BenchRequest
from nec_engine.run.signals import unwinding_on_signals
from nec_engine.run.streams import print_note, print_result
from nec_engine.run.training.saving import save_run
from nec_engine.storage.whole_file import write_whole

SCHEMA: Final = 1
GAME: Final = "pong"
INDEXES: Final = ("exact", "annoy", "hnsw")
RECORDED: Final = (GAME, "ms_pacman")  # a journal's bytes a step differ from game to game
LARGE: Final = ("hnsw", (1_000_000,))  # what --large adds: index, entries per action


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured, and how long each piece may take."""

    limit_s: float
    sizes: tuple[int, ...]  # entries per action
    num_real: int  # real keys that the jittered ones are made of
    measure_s: float
    play_s: float
    block_s: float
    num_blocks: int
    num_repeats: int
    recorded_steps: int  # of each game whose journal is weighed
    index_s: float  # that must be left for an index, which is skipped otherwise; 0: never


QUICK: Final = Scope(
    limit_s=84,
    sizes=(10_000,),
    num_real=2048,
    measure_s=1.6,
    play_s=4.0,
    block_s=2.0,
    num_blocks=2,
    num_repeats=1,
    recorded_steps=500,
    index_s=25.0,
)
DEFAULT: Final = Scope(
    limit_s=570,
    sizes=(10_000, 100_000),
    num_real=16_384,
    measure_s=8.0,
    play_s=25.0,
    block_s=8.0,
    num_blocks=5,
    num_repeats=3,
    recorded_steps=5_000,
    index_s=0.0,
)
INSERTS_TO_BUILD: Final = 90  # an action: what training writes in 4 to 11 s
# About how long the last pieces take; what does not fit any more is left out.
WINDOW_S: Final = 36.0
PICTURE_S: Final = 8.0


def run(request: BenchRequest) -> int:
    """Measure, print the report as JSON, and write it to ``request.json`` too."""
    if request.json is not None:
        writable_file(request.json)
    with unwinding_on_signals(), tempfile.TemporaryDirectory(prefix="nec-bench-") as folder:
        scope = QUICK if request.is_quick else DEFAULT
        report = Bench(scope, Path(folder), is_large=request.is_large).measure()
    text = json.dumps(report, indent=2) + "\n"
    if request.json is not None:
        with unwinding_on_signals():
            write_whole(request.json, text)
    print_result(text, end="")
    return 0


class Bench:
    """Takes the figures one after the other; ``report`` grows meanwhile."""

    def __init__(self, scope: Scope, folder: Path, *, is_large: bool = False) -> None:
        self._scope = scope
        self._is_large = is_large
        self._folder = folder
        self._budget = Budget(scope.limit_s)
        self._settings = Settings()
        self._rom = find_rom(GAME)
        self._device = choose_device(self._settings.device)
        self._index = chosen_index(self._settings.index, self._device.type)
        self._threads = set_torch_threads(self._settings)
        # Per action; enough for an index, and a few inserts before the next one is due, so that
        # builds come while the window is measured.
        self._indexed_entries = self._settings.index_min_entries * 11 // 10
        self._window_entries = self._indexed_entries + self._settings.index_tail - INSERTS_TO_BUILD
        self._keys: KeySource | None = None
        self._ceiling = Ceiling(self._rom, self._settings, self._device)
        self._ratios: dict[str, dict[int, float]] = {}  # to it, by index and entries per action
        self._stolen: dict[str, Stolen] = {}  # by index
        self._report: dict[str, Any] = {
            "schema": SCHEMA,
            "machine": machine_facts(self._threads),
            "ceiling_steps_per_s": None,
            "learner": {},
            "slope": {},
            "index": {},
            "window": None,
            "lock_hold_ms": None,
            "snapshot": None,
            "bytes_per_entry": None,
            "journal_bytes_per_step": None,
            "first_picture_ratio": None,
            "skipped": {},
        }

    def measure(self) -> dict[str, Any]:
        """The whole report."""
        self._say(
            f"{GAME}; the keys are {self._scope.num_real} real ones of random play with Gaussian "
            f"jitter, {JITTER:g} times the median distance to the nearest; a slope is the "
            "exponent of a step's time over entries; every learner is measured by turns with the "
            "ceiling, and its steps a second are the ratio times the ceiling's median"
        )
        self._attempt("first_picture_ratio", PICTURE_S, self._first_picture)
        self._report["journal_bytes_per_step"] = self._journal()
        for index in INDEXES:
            self._measure_index(index, index, self._scope.sizes)
        if self._is_large:
            self._say_many_actions()
            self._measure_index("large", *LARGE)
        self._report_learners()
        return self._report

    def close(self) -> None:
        """End the ceiling's second thread, where it has one."""
        self._ceiling.close()

    def _measure_index(self, what: str, index: str, sizes: tuple[int, ...]) -> None:
        """One index at these sizes; ``what`` is skipped without its library or the RAM for it."""
        self._say(f"index {index}, {max(sizes):,} entries an action")
        if self._scope.index_s > 0 and not self._budget.allows(self._scope.index_s):
            self._skip(what, self._too_late())
            return
        try:
            refuse_missing(index)
            # An index from the smallest size on, whatever the settings say: it is what is measured.
            run = FilledRun(
                self._rom,
                changed(self._settings, {"index": index, "index_min_entries": min(sizes)}),
                most_entries=max(*sizes, self._window_entries),
                num_real=self._scope.num_real,
                keys=self._keys,
            )
        except SettingError as error:
            self._skip(what, str(error))
            return
        self._keys = run.keys
        try:
            self._measure_run(index, run, sizes)
        finally:
            run.close()

    def _measure_run(self, index: str, run: FilledRun, sizes: tuple[int, ...]) -> None:
        """Learner and index at every size; with the default index all that goes with a run."""
        scope = self._scope
        ratios = self._ratios.setdefault(index, {})
        for size in sizes:
            run.fill_to(size)
            run.settle()
            with self._stolen.setdefault(index, Stolen()):
                ratios[size] = self._ceiling.ratio_of(run.steps_per_s, scope.measure_s)
            if size == scope.sizes[-1]:
                self._measure_lookups(index, run)
            if size == scope.sizes[0] and index == self._index:
                self._measure_default_run(run)
        # in ceiling steps: the machine may be slower at one size than at the other
        slope = growth_exponent({size: 1.0 / ratio for size, ratio in ratios.items()})
        if slope is None:
            self._skip("slope", "it takes two sizes: run it without --quick")
        else:
            self._report["slope"][index] = round_figure(slope)
        if index == self._index:
            self._say("snapshot")
            self._report["snapshot"] = snapshot_figures(
                run.trainer, self._folder, times=scope.num_repeats
            )

    def _measure_lookups(self, index: str, run: FilledRun) -> None:
        try:
            self._report["index"][index] = index_figures(run)
        except NecError as error:
            self._skip(f"index {index}", str(error))

    def _measure_default_run(self, run: FilledRun) -> None:
        scope, trainer = self._scope, run.trainer
        self._report["bytes_per_entry"] = round_figure(bytes_per_entry(trainer))
        self._report["lock_hold_ms"] = lock_figures(run, scope.measure_s)
        self._attempt("window", WINDOW_S, lambda: self._window(run))

    def _report_learners(self) -> None:
        """Each learner over the ceiling, and its steps at the pace at which that is the median."""
        if not self._ratios:  # all were skipped
            return
        stolen = stolen_words(self._stolen)
        if stolen:
            self._say(stolen)
        ceiling = self._ceiling.steps_per_s
        self._report["ceiling_steps_per_s"] = round_figure(ceiling)
        for index, ratios in self._ratios.items():
            self._report["learner"][index] = {
                str(size): rounded({"steps_per_s": ratio * ceiling, "ratio": ratio})
                for size, ratio in ratios.items()
            }

    def _window(self, run: FilledRun) -> dict[str, Any]:
        scope, snapshot = self._scope, self._folder / "window.nec"
        run.fill_to(self._indexed_entries)
        run.settle()
        run.fill_to(self._window_entries)
        save_run(run.trainer, snapshot)
        figures = window_figures(
            snapshot,
            run.trainer,
            self._folder,
            play_s=scope.play_s,
            block_s=scope.block_s,
            num_blocks=scope.num_blocks,
        )
        if figures["paint_build_ms"] is None:
            self._skip("paint_build_ms", "no index was built while it was measured")
        return figures

    def _journal(self) -> float:
        """Of the game that needs the most; what each needs is said."""
        num_steps = self._scope.recorded_steps
        figures = {
            game: journal_bytes_per_step(find_rom(game), self._settings, num_steps=num_steps)
            for game in RECORDED
        }
        each = ", ".join(f"{game} {figure:g}" for game, figure in figures.items())
        self._say(f"bytes of the journal a step, {num_steps:,} steps of random play: {each}")
        return max(figures.values())

    def _say_many_actions(self) -> None:
        """Said and not reported: the report is that of one game."""
        scope, entries = self._scope, max(self._scope.sizes)
        measured = many_actions(
            self._settings,
            self._device,
            entries=entries,
            num_real=scope.num_real,
            measure_s=scope.measure_s,
        )
        self._say(measured.sentence(entries))

    def _first_picture(self) -> float:
        return first_picture_ratio(GAME, self._folder, times=self._scope.num_repeats)

    def _attempt(self, what: str, about_s: float, measure: Callable[[], Any]) -> None:
        """One figure that needs a window and time; without either it is left out, and said."""
        self._say(what.replace("_", " "))
        reason = reason_for_no_window()
        if reason is None and not self._budget.allows(about_s):
            reason = self._too_late()
        if reason is not None:
            self._skip(what, reason)
            return
        try:
            self._report[what] = measure()
        except NecError as error:
            self._skip(what, str(error))

    def _too_late(self) -> str:
        left_s = max(0.0, self._scope.limit_s - self._budget.spent_s)
        return f"only {left_s:.0f} s were left for it"

    def _skip(self, what: str, reason: str) -> None:
        self._report["skipped"][what] = {"reason": reason}

    def _say(self, text: str) -> None:
        print_note(f"[{self._budget.spent_s:4.0f} s] {text}")
