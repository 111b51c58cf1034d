"""The figures of ``bench`` are what their names say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.roms import find_rom
from nec_engine.run.bench.ceiling import Ceiling
from nec_engine.run.bench.many_actions import many_actions
from nec_engine.run.bench.timing import Budget, growth_exponent, rate_per_s, spread
from nec_engine.run.bench.window import Played, first_picture_ratio
from nec_engine.run.commands.bench import QUICK, Bench


def played(*paints_s: float, building: tuple[tuple[float, bool], ...] = ()) -> Played:
    return Played(
        paints=list(enumerate(paints_s)),
        progress=[
            {"time_s": time_s, "steps": round(100 * time_s), "is_building": flag, "num_builds": 0}
            for time_s, flag in building
        ],
    )


def test_a_spread_has_three_percentiles_and_the_longest() -> None:
    assert spread([float(value) for value in range(101)]) == {
        "p50": 50, "p95": 95, "p99": 99, "max": 100,
    }  # fmt: skip
    assert spread([]) is None


def test_growth_is_0_for_constant_and_1_for_proportional_cost() -> None:
    assert growth_exponent({10_000: 0.5, 100_000: 0.5}) == 0
    assert growth_exponent({10_000: 0.5, 100_000: 5.0}) == pytest.approx(1)
    assert growth_exponent({10_000: 0.5}) is None


def test_a_rate_counts_enough_calls_even_of_something_slow() -> None:
    calls = []
    rate = rate_per_s(lambda: calls.append(1), least_s=0.0, least_calls=7)
    assert len(calls) == 7
    assert rate > 0


def test_a_budget_knows_what_still_fits() -> None:
    assert Budget(100.0).allows(50.0)
    assert not Budget(100.0).allows(101.0)


def test_paints_are_told_apart_by_whether_an_index_was_built_meanwhile() -> None:
    stretch = played(
        0.0, 0.1, 0.2, 0.3, 0.5,
        building=((0.0, False), (0.15, True), (0.35, False), (0.6, False)),
    )  # fmt: skip
    assert stretch.intervals_ms(during_builds=True) == pytest.approx([100, 100, 100])
    assert stretch.intervals_ms(during_builds=False) == pytest.approx([200])


def test_a_build_between_two_looks_counts_too() -> None:
    stretch = played(0.0, 0.1, 0.2, building=((0.05, False), (0.3, False)))
    stretch.progress[1]["num_builds"] = 1
    assert len(stretch.intervals_ms(during_builds=True)) == 2


def test_dropped_frames_are_those_due_and_not_painted() -> None:
    smooth = played(*(number / 60 for number in range(61)))
    assert smooth.num_due == pytest.approx(60)
    assert smooth.num_dropped == pytest.approx(0)
    rough = played(*(number / 60 for number in range(61) if number % 10 != 5))
    assert rough.num_dropped == pytest.approx(6)


def test_training_speed_is_steps_over_time() -> None:
    assert played(building=((1.0, False), (3.0, False))).steps_per_s == pytest.approx(100)
    assert played().steps_per_s == 0


def test_a_machine_that_slows_down_and_recovers_changes_no_ratio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pace = [100.0, 50.0, 20.0, 80.0, 100.0]  # of the ceiling, before and after each round
    ceilings = iter(pace)
    learners = iter(0.6 * (before + after) / 2 for before, after in pairwise(pace))
    told_s: list[float] = []

    def learner(least_s: float) -> float:
        told_s.append(least_s)
        return next(learners)

    ceiling = Ceiling(find_rom("pong"), Settings(), torch.device("cpu"))
    monkeypatch.setattr(ceiling, "_stretch", lambda _: next(ceilings))
    assert ceiling.ratio_of(learner, 8.0) == pytest.approx(0.6)
    assert told_s == [2.0] * 4


def test_the_ceiling_is_the_median_of_its_stretches() -> None:
    ceiling = Ceiling(find_rom("pong"), Settings(), torch.device("cpu"))
    ceiling.ratio_of(lambda _: 1.0, 0.04)
    assert len(ceiling._rates) == 5
    assert ceiling.steps_per_s == sorted(ceiling._rates)[2] > 0


def test_an_index_that_there_is_no_time_for_is_skipped_and_said(tmp_path: Path) -> None:
    bench = Bench(replace(QUICK, limit_s=0.0), tmp_path)
    bench._measure_index("hnsw", "hnsw", (10_000,))
    assert bench._report["skipped"] == {"hnsw": {"reason": "only 0 s were left for it"}}
    bench._report_learners()
    assert bench._report["learner"] == {}
    assert bench._report["ceiling_steps_per_s"] is None  # it is measured beside a learner


def test_a_game_with_18_actions_is_measured_against_its_own_ceiling() -> None:
    measured = many_actions(
        Settings(), torch.device("cpu"), entries=60, num_real=256, measure_s=0.01,
        indexes=("exact",),
    )  # fmt: skip
    assert measured.num_actions == 18
    assert measured.ratios["exact"] > 0
    assert measured.sentence(60).startswith("alien, 18 actions of 60 entries; ceiling ")


def test_a_window_whose_libraries_are_missing_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PyQt6.py").write_text("raise ImportError('libEGL.so.1: cannot open')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DataError, match=r"libEGL\.so\.1"):
        first_picture_ratio("pong", tmp_path, times=1)
