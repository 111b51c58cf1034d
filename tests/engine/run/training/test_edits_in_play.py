"""Edits of a real brain while its game is shown: they count at the very next decision."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from nec_engine.messages import (
    ActionEvidence,
    Decision,
    DeleteEntries,
    Entry,
    EntrySet,
    JudgeAgain,
    MemoryEdited,
    Moment,
    PinEntries,
    SetPaused,
    SetValues,
    UndoEdit,
)
from nec_engine.run.engine import Engine

PONG = Path(__file__).parents[4] / "snapshots" / "pong.nec"
LIMIT_S = 60.0


class Watched:
    """A paused game of Pong and the newest that it told."""

    def __init__(self, data_dir: Path) -> None:
        self.bell = threading.Event()
        self.engine = Engine.open_snapshot(PONG, {}, data_dir)
        self.decision: Decision | None = None
        self.edited: MemoryEdited | None = None
        self.is_paused = False
        self.engine.start(self.bell.set, training=False)
        self.until(lambda: self.decision is not None)
        self.engine.send(SetPaused(True))
        self.until(lambda: self.is_paused)

    def until(self, is_done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + LIMIT_S
        while not is_done():
            assert time.monotonic() < deadline_s, "it did not happen in time"
            self.bell.wait(0.05)
            self.bell.clear()
            news = self.engine.pull()
            self.decision = news.decision or self.decision
            if news.status is not None:
                self.is_paused = news.status.is_paused
            edits = [event for event in news.events if isinstance(event, MemoryEdited)]
            self.edited = edits[-1] if edits else self.edited

    def after(self, command: DeleteEntries | PinEntries | SetValues | UndoEdit) -> Decision:
        """The decision that is made of the same state once the edit is told."""
        self.edited = None
        self.engine.send(command)
        self.until(lambda: self.edited is not None)
        return self.now()

    def now(self) -> Decision:
        """The decision of the state that is shown, as the memory is now."""
        self.decision = None
        self.engine.send(JudgeAgain())
        self.until(lambda: self.decision is not None)
        assert self.decision is not None
        return self.decision


@pytest.fixture(scope="module")
def pong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    watched = Watched(tmp_path_factory.mktemp("data"))
    yield watched
    watched.engine.stop()


def entries_of(evidence: ActionEvidence, num: int) -> EntrySet:
    return EntrySet.of(
        Entry(
            evidence.action,
            int(evidence.slots[i]),
            Moment(int(evidence.episodes[i]), int(evidence.steps[i])),
            int(evidence.state_hashes[i]),
        )
        for i in range(num)
    )


def must_add_up(decision: Decision) -> None:
    for evidence in decision.evidence:
        total = float(np.dot(evidence.shares.astype(np.float64), evidence.values))
        total += evidence.prior_share * evidence.prior_value
        assert total == pytest.approx(evidence.q, abs=1e-5 * max(1.0, abs(evidence.q)))


def test_the_next_decision_does_without_what_was_deleted_until_it_is_put_back(
    pong: Watched,
) -> None:
    before = pong.now()
    best = before.evidence[before.best_action]
    gone = set(best.state_hashes[:20].tolist())
    after = pong.after(DeleteEntries(entries_of(best, 20)))
    assert pong.edited is not None
    assert pong.edited.text.startswith("Deleted 20 entries of ")
    assert after.moment == before.moment
    assert after.action == before.action  # what was done stays
    now = after.evidence[best.action]
    assert not gone & set(now.state_hashes.tolist())
    assert len(now.slots) == len(best.slots)
    assert now.num_entries == best.num_entries - 20
    must_add_up(after)

    again = pong.after(UndoEdit())
    assert again.q_values.tolist() == before.q_values.tolist()
    must_add_up(again)


def test_a_value_that_was_set_is_what_the_next_decision_reads(pong: Watched) -> None:
    before = pong.now()
    worst = before.evidence[int(before.q_values.argmin())]
    num = len(worst.slots)
    after = pong.after(SetValues(entries_of(worst, num), 50.0))
    assert after.best_action == worst.action
    assert after.evidence[worst.action].values.tolist() == [50.0] * num
    must_add_up(after)
    assert not after.evidence[worst.action].pinned.any()
    pinned = pong.after(PinEntries(entries_of(worst, 3), pinned=True)).evidence[worst.action]
    assert set(pinned.state_hashes[pinned.pinned].tolist()) == set(worst.state_hashes[:3].tolist())
