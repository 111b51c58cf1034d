"""What a new run is told to expect."""

from __future__ import annotations

import pytest
from made_news import progress

from app.models.training.expectation import expectation, rate_text, time_text
from nec_engine.config import Settings, changed

NEC = Settings()


def words(steps: int, game: str = "pong", settings: Settings = NEC, **changes: object) -> str:
    return expectation(game, game.title(), settings, progress(steps, **changes))


def test_pong_is_told_by_the_frames_of_a_public_run() -> None:
    assert words(6000, steps_per_s=83.0) == (
        "At 85 steps/s NEC needs about 2 hours more until it plays Pong even with the built-in "
        "player (2.2 million frames in a public run)."
    )
    assert "about 5 minutes" in words(550_000 - 300 * 85, steps_per_s=85.0)
    assert words(550_000, steps_per_s=85.0) == ""


def test_other_games_by_the_end_of_random_play() -> None:
    assert words(7000, "breakout", steps_per_s=50.0) == (
        "At 50 steps/s NEC plays partly at random for about 6 minutes more (to step 25,000); "
        "what it learns shows after that."
    )
    assert words(25_000, "breakout", steps_per_s=50.0) == ""


def test_a_step_is_as_many_frames_as_the_setting_says() -> None:
    longer = changed(NEC, {"frame_skip": 8})
    assert "about 1 hour" not in words(6000, settings=longer, steps_per_s=80.0)
    assert "about an hour" in words(6000, settings=longer, steps_per_s=75.0)


@pytest.mark.parametrize(
    "unknown",
    [
        {"steps": 4000},  # still filling: the rate will fall
        {"steps": 5100},
        {"steps": 9000, "is_training": False},
        {"steps": 9000, "steps_per_s": 0.0},
    ],
)
def test_nothing_is_said_before_the_rate_is_known(unknown: dict[str, object]) -> None:
    assert words(**unknown) == ""  # type: ignore[arg-type]  # fields by name


def test_nothing_is_said_of_other_agents() -> None:
    assert words(9000, settings=changed(NEC, {"agent": "mfec"})) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20, "less than a minute"), (80, "about a minute"), (200, "about 3 minutes"),
        (33 * 60, "about 35 minutes"), (3600, "about an hour"), (1.6 * 3600, "about 1.5 hours"),
        (7.1 * 3600, "about 7 hours"), (30 * 3600, "about 30 hours"),
    ],
)  # fmt: skip
def test_times_are_no_more_exact_than_they_are(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.3, "1 steps/s"), (7.2, "7 steps/s"), (41, "40 steps/s"), (83, "85 steps/s")],
)
def test_rates_are_rounded(rate: float, text: str) -> None:
    assert rate_text(rate) == text
