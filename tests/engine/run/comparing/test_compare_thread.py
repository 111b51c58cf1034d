"""Two memories played against each other: the same starts, the same luck, one difference."""

from __future__ import annotations

import copy
import queue
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.memory.edit_log import EditLog, Job
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    CancelComparison,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    Event,
    OfOrigin,
    Origin,
    PlanComparison,
    StartComparison,
    ThreadFailed,
    TwoSnapshots,
    WithAndWithoutEdits,
)
from nec_engine.run.comparing import child
from nec_engine.run.comparing.compare_thread import CompareThread
from nec_engine.run.comparing.run_copy import CopyWish, copy_run
from nec_engine.run.evaluation import EpisodeResult, play_episodes
from nec_engine.run.opening import open_new
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.scratch import Scratch
from nec_engine.storage.snapshot import write_snapshot

LIMIT_S = 60.0


def to_end(job: Job) -> None:
    for _ in job:
        pass


class Bench:
    """A small agent of Pong that has played, its edits, and a comparer that tells."""

    def __init__(self) -> None:
        settings = changed(Settings(), {"agent": "mfec", "capacity": 2000})
        self.trainer: Trainer = open_new(find_rom("pong"), settings).trainer
        for _ in range(30):
            self.trainer.step()
        self.trainer.agent.end_sum()
        assert self.trainer.agent.memory is not None
        self.memory: EpisodicMemory = self.trainer.agent.memory
        self.log = EditLog(self.memory)
        self.answers_wishes = True
        self.has_failed = False
        self.told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.comparer = CompareThread(
            self.memory, self.num_edited, self.copy, settings.seed, self.told.put,
            lambda: self.has_failed,
        )  # fmt: skip

    def num_edited(self) -> int:
        return sum(edit.num_entries for edit in self.log.done)

    def copy(self, wish: CopyWish) -> None:
        if self.answers_wishes:
            for _ in copy_run(self.trainer, self.log, wish):
                pass

    def until(self, kind: type) -> Any:
        while not isinstance(event := self.told.get(timeout=LIMIT_S), kind):
            pass
        return event


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.comparer.ask_stop()
    assert bench.comparer.join(LIMIT_S)
    bench.trainer.close()


def test_what_it_takes_is_said_before_and_without_an_edit_there_is_nothing_to_compare(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.comparer.send(PlanComparison(WithAndWithoutEdits()))
    planned = bench.until(ComparisonPlanned)
    assert "No edit can be undone" in planned.refusal
    to_end(bench.log.set_value(bench.memory.surgery.named(OfOrigin(Origin.AGENT)), 5.0))
    bench.comparer.send(PlanComparison(WithAndWithoutEdits()))
    planned = bench.until(ComparisonPlanned)
    assert not planned.refusal
    assert planned.num_bytes > 400e6
    monkeypatch.setattr("nec_engine.run.comparing.cost.machine_ram_bytes", lambda: 500_000_000)
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 2, 0.05))
    assert "more than 60 %" in bench.until(ComparisonEnded).problem
    files = TwoSnapshots(tmp_path / "none.nec", tmp_path / "neither.nec")
    bench.comparer.send(PlanComparison(files))
    assert "none.nec" in bench.until(ComparisonPlanned).refusal


def cancel_under_way(bench: Bench) -> None:
    """Start a comparison of an edit, and cancel it while it copies."""
    to_end(bench.log.set_value(bench.memory.surgery.named(OfOrigin(Origin.AGENT)), 5.0))
    bench.answers_wishes = False
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 2, 0.05))
    bench.until(ComparisonProgressed)
    bench.comparer.send(CancelComparison())


def test_a_comparison_that_is_cancelled_leaves_nothing(bench: Bench) -> None:
    cancel_under_way(bench)
    assert bench.until(ComparisonEnded).is_cancelled


def test_one_that_is_cancelled_stays_so_when_another_is_started_at_once(bench: Bench) -> None:
    cancel_under_way(bench)
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 2, 0.05))
    assert bench.until(ComparisonEnded).is_cancelled


def test_after_a_fault_in_training_the_agent_cannot_be_compared(bench: Bench) -> None:
    to_end(bench.log.set_value(bench.memory.surgery.named(OfOrigin(Origin.AGENT)), 5.0))
    bench.answers_wishes, bench.has_failed = False, True
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 2, 0.05))
    assert "training stopped after a fault" in bench.until(ComparisonEnded).problem


def test_an_unexpected_fault_is_told_and_the_thread_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = WithAndWithoutEdits()

    def fail(*_: object) -> ComparisonPlanned:
        raise KeyError("sizes")

    with monkeypatch.context() as broken:
        broken.setattr("nec_engine.run.comparing.compare_thread.plan_edits", fail)
        bench.comparer.send(PlanComparison(sides))
        assert "KeyError: 'sizes'" in bench.until(ComparisonPlanned).refusal
        assert bench.until(ThreadFailed).thread == "compare"
        bench.comparer.send(StartComparison(sides, 2, 0.05))
        assert "KeyError: 'sizes'" in bench.until(ComparisonEnded).problem
        bench.until(ThreadFailed)
    bench.comparer.send(PlanComparison(sides))
    assert "No edit can be undone" in bench.until(ComparisonPlanned).refusal


def test_a_file_that_holds_no_run_is_refused_in_words(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "key.lesson"
    write_snapshot(path, {"a": 1}, header={"kind": "lessons", "game": "pong"})
    bench.comparer.send(PlanComparison(TwoSnapshots(path, path)))
    assert "key.lesson is no snapshot" in bench.until(ComparisonPlanned).refusal


def test_edits_that_change_nothing_in_play_make_no_difference(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, from the same starts with the same luck."""
    monkeypatch.setattr("nec_engine.run.comparing.compare_thread.CAP_FRAMES", 240)
    named = bench.memory.surgery.named(OfOrigin(Origin.AGENT))
    to_end(bench.log.set_pinned(named, is_pinned=True))
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 3, 0.05))
    ended = bench.until(ComparisonEnded)
    assert ended.problem == ""
    assert ended.names == ("with the edits", "without them")
    assert len(ended.scores[0]) == 3
    assert ended.scores[0] == ended.scores[1]
    assert (ended.difference, ended.low, ended.high) == (0.0, 0.0, 0.0)
    assert bench.trainer.steps == 30  # nobody played with the agent itself


def test_the_second_side_is_played_without_the_edits(bench: Bench) -> None:
    """What the process does, in this one: the memory it plays with is the one from before."""
    before = copy.deepcopy(bench.memory.state_dict()["actions"])
    to_end(bench.log.delete(bench.memory.surgery.named(OfOrigin(Origin.AGENT))))
    assert sum(bench.memory.sizes) == 0
    with closing(Scratch()) as scratch:
        first, second = bench.comparer._sides(WithAndWithoutEdits(), scratch)
        assert (first["is_undone"], second["is_undone"]) == (False, True)  # as in EDIT_NAMES
        assert first["file"] == second["file"]
        loaded = child._Loaded(Path(first["file"]))
    memory = loaded.agent.memory
    assert memory is not None
    assert sum(memory.sizes) == 0
    loaded.undo_edits()
    after = memory.state_dict()["actions"]
    for action, columns in before.items():
        for name, column in columns.items():
            assert column.tobytes() == after[action][name].tobytes()
    assert memory.check_valid() == []
    memory.close()


def test_the_difference_is_what_the_first_side_has_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_end(bench.log.set_value(bench.memory.surgery.named(OfOrigin(Origin.AGENT)), 5.0))
    monkeypatch.setattr(bench.comparer, "_play", lambda *_: ([5.0, 7.0], [1.0, 2.0]))
    bench.comparer.send(StartComparison(WithAndWithoutEdits(), 2, 0.05))
    ended = bench.until(ComparisonEnded)
    assert ended.scores == ((5.0, 7.0), (1.0, 2.0))
    assert ended.difference == 4.5
    assert 4.0 <= ended.low <= 4.5 <= ended.high <= 5.0


def test_snapshots_are_compared_as_they_are_from_the_same_starts(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "first.nec", tmp_path / "second.nec"]
    for path in paths:
        save_run(bench.trainer, path)
        for _ in range(5):
            bench.trainer.step()
    said: list[dict[str, Any]] = []
    starts: list[tuple[int, int]] = []

    def play_and_note(*what: Any, **how: Any) -> Iterator[EpisodeResult]:
        for result in play_episodes(*what, **how):
            starts.append((result.seed, result.noops))
            yield result

    monkeypatch.setattr(child, "_say", said.append)
    monkeypatch.setattr(child, "play_episodes", play_and_note)
    sides = [{"file": str(path), "is_undone": False} for path in paths]
    child._play({"sides": sides, "episodes": 2, "epsilon": 0.0, "seed": 3, "cap": 120})
    assert [line["side"] for line in said if "score" in line] == [0, 0, 1, 1]
    assert starts[:2] == starts[2:]
    assert len(set(starts)) == 2
    bench.comparer.send(PlanComparison(TwoSnapshots(*paths)))
    assert not bench.until(ComparisonPlanned).refusal
