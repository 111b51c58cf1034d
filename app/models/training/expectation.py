"""What to expect of a new run at the rate this machine trains. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nec_engine.config import Settings
from nec_engine.messages import Progress

# The rate counts once the network learns: before, steps are several times as fast.
SETTLED_STEPS: Final = 400


@dataclass(frozen=True, slots=True)
class Milestone:
    """Where somebody's published run of the same agent got to, and when."""

    frames: int
    words: str


# The authors' curves end at 10 to 40 million frames; of single games only public runs tell when
# the play first looks better. Pong: a run crosses 0 at 2.2 million frames.
MILESTONES: Final = {"pong": Milestone(2_200_000, "plays {title} even with the built-in player")}


def expectation(game: str, title: str, settings: Settings, progress: Progress) -> str:
    """One sentence for a new run of NEC; empty while its rate is unknown, and when it is past."""
    has_rate = progress.is_training and progress.steps_per_s > 0
    if settings.agent != "nec" or not has_rate:
        return ""
    if progress.steps < settings.learning_starts + SETTLED_STEPS:
        return ""
    rate = progress.steps_per_s
    milestone = MILESTONES.get(game)
    if milestone is not None:
        left = milestone.frames / settings.frame_skip - progress.steps
        if left <= 0:
            return ""
        return (
            f"At {rate_text(rate)} NEC needs {time_text(left / rate)} more until it "
            f"{milestone.words.format(title=title)} "
            f"({milestone.frames / 1e6:g} million frames in a public run)."
        )
    left = settings.epsilon_decay_end - progress.steps
    if left <= 0:
        return ""
    return (
        f"At {rate_text(rate)} NEC plays partly at random for {time_text(left / rate)} more "
        f"(to step {settings.epsilon_decay_end:,}); what it learns shows after that."
    )


def rate_text(steps_per_s: float) -> str:
    """``85 steps/s``, in steps of 5 from 20 on, so that the sentence stands still."""
    rounded = 5 * round(steps_per_s / 5) if steps_per_s >= 20 else max(1, round(steps_per_s))
    return f"{rounded:,} steps/s"


def time_text(seconds: float) -> str:
    """``about 2 hours``, ``about 25 minutes``, ``less than a minute``; days as hours."""
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 10:
        whole = round(minutes)
        return "about a minute" if whole == 1 else f"about {whole} minutes"
    if minutes < 55:
        return f"about {5 * round(minutes / 5)} minutes"
    hours = minutes / 60
    if hours < 1.25:
        return "about an hour"
    if hours < 9.75:
        return f"about {round(2 * hours) / 2:g} hours"
    return f"about {round(hours):,} hours"
