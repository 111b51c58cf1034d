"""``bench`` can drive and watch the real window in a child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.errors import DataError
from nec_engine.run.bench.window import ROOT, WindowChild

BRAIN = ROOT / "snapshots" / "pong.nec"


def test_the_window_plays_rests_and_plays_again(tmp_path: Path) -> None:
    with WindowChild(["--rom", "pong", "--set", "learning_starts=1000000"], tmp_path) as window:
        assert window.wait_for_picture() < 60
        first = window.play(2.0, aside_s=1.0)
        window.rest()
        second = window.play(2.0, aside_s=0.5)
    for played in (first, second):
        assert len(played.paints) > 20  # 120 where nothing else runs
        assert played.steps_per_s > 0
        assert all(interval > 0 for interval in played.intervals_ms(during_builds=False))
    assert second.paints[0][0] > first.paints[-1][0]
    assert second.progress[0]["steps"] - first.progress[-1]["steps"] < 2000


def test_memories_are_visited_and_timed(tmp_path: Path) -> None:
    with WindowChild(["--snapshot", str(BRAIN), "--no-train"], tmp_path) as window:
        window.wait_for_picture()
        for kind in ("pictures", "replays", "visits"):
            times_ms = window.order({kind: 3, "seed": 1})["ms"]
            assert len(times_ms) == 3
            assert all(0 < time_ms < 60_000 for time_ms in times_ms)
        same = {"scrub": 1.0, "stride": 0, "seed": 1}
        assert window.order(same)["pictures_per_s"] <= 1  # one picture, however often it is painted
        assert window.order({**same, "stride": 1})["pictures_per_s"] > 2


def test_a_window_that_does_not_open_is_told_with_its_own_words(tmp_path: Path) -> None:
    with (
        WindowChild(["--rom", "nothing"], tmp_path) as window,
        pytest.raises(DataError, match="nothing"),
    ):
        window.wait_for_picture()
