import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.wording import (
    age_text,
    distance_text,
    episode_text,
    level_text,
    percent_text,
    score_text,
    seconds_ago_text,
    tick_text,
    value_text,
)
from nec_engine.messages import FIRST_LIVE_EPISODE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"), (3.214, "3.21"), (-0.0421, "−0.042"), (12.34, "12.3"), (1234.5, "1,234"),
        (61220.0, "61.2k"), (-2.5e6, "−2.5M"), (3e-9, "≈0"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_a_value_is_written_with_the_digits_that_count(value: float, text: str) -> None:
    assert value_text(value) == text


@given(st.floats(-1e14, 1e14))
def test_any_value_fits_its_column(value: float) -> None:
    assert len(value_text(value)) <= 10
    assert "-" not in value_text(value)  # the minus is a true one


def test_numbers_to_be_compared_have_the_same_decimals() -> None:
    assert [level_text(value, 5.0) for value in (3.0, -0.5, -0.001)] == ["3.00", "−0.50", "0.00"]
    assert level_text(3.0, 50_000.0) == "0.0k"
    assert level_text(0.0312, 0.05) == "0.0312"


def test_a_small_part_is_never_rounded_to_none_nor_a_large_one_to_all() -> None:
    assert [percent_text(part) for part in (0.0, 0.0004, 0.005, 0.34, 0.9999, 1.0)] == [
        "0 %", "<0.1 %", "0.5 %", "34 %", ">99 %", "100 %",
    ]  # fmt: skip


def test_distances_are_plain_not_squared() -> None:
    assert distance_text(0.0004) == "0.020"
    assert distance_text(0.0) == "0"


def test_live_games_are_counted_apart_from_training_episodes() -> None:
    assert episode_text(41) == "episode 41"
    assert episode_text(FIRST_LIVE_EPISODE + 2) == "live game 3"


def test_ages_are_words() -> None:
    assert [age_text(steps) for steps in (0, 1, 61_220)] == [
        "just now", "1 step ago", "61.2k steps ago",
    ]  # fmt: skip
    assert [seconds_ago_text(s) for s in (0.23, 12.0, 180.0)] == [
        "0.2 s ago", "12 s ago", "3 min ago",
    ]  # fmt: skip


def test_axis_numbers_are_short() -> None:
    assert [tick_text(v, 0.25) for v in (-0.25, 0.0, 0.5)] == ["−0.25", "0", "0.50"]
    assert [tick_text(v, 5e5) for v in (5e5, 1.5e6)] == ["500k", "1.5M"]
    assert [tick_text(v, 0.5) for v in (1103.5, 1104.0, 1104.5)] == ["1.1035k", "1.104k", "1.1045k"]
    assert [tick_text(v, 20) for v in (4_000_020, 4_000_040)] == ["4.00002M", "4.00004M"]


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.0, "0"), (-0.0, "0"), (-7.0, "−7"), (1_000_000.0, "1,000,000"), (1234567.0, "1,234,567")],
)
def test_a_score_is_written_with_every_digit(score: float, text: str) -> None:
    assert score_text(score) == text


def test_a_gain_has_its_sign() -> None:
    assert [score_text(gain, "+") for gain in (30.0, -30.0)] == ["+30", "−30"]
