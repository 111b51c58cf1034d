"""What a comparison of two memories comes to, in sentences. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nec_engine.messages import ComparisonEnded, ComparisonPlanned, ComparisonProgressed

MOST_DIGITS: Final = 4


def comparison_words(ended: ComparisonEnded) -> str:
    """The result in one sentence, or why there is none."""
    first, second = ended.names
    if ended.is_cancelled:
        return f"The comparison of {first} and {second} was cancelled"
    if ended.problem:
        return f"Nothing was compared: {ended.problem}"
    num = len(ended.scores[0])
    means = [sum(scores) / max(1, num) for scores in ended.scores]
    low, high = sorted((ended.low, ended.high))
    digits = _digits((ended.difference, low, high))
    title = f"{first[:1].upper()}{first[1:]}" if _is_edit(ended) else first
    return (
        f"{title}: {_plain(means[0], digits)}, {second}: {_plain(means[1], digits)} "
        f"on average. Difference {signed(ended.difference, digits)} (95 % interval "
        f"{signed(low, digits)} to {signed(high, digits)}, {num} pairs of episodes)"
    )


def signed(number: float, digits: int = 1) -> str:
    """With its sign and so many digits."""
    rounded = round(number, digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def _digits(numbers: Sequence[float]) -> int:
    """As many as it takes to tell each of them from 0: that is what the verdict goes by."""
    least = min((abs(number) for number in numbers if number), default=1.0)
    return next((digits for digits in (1, 2, 3) if round(least, digits)), MOST_DIGITS)


def _plain(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace("-", "−")


def verdict(ended: ComparisonEnded) -> str:
    """What may be concluded."""
    first, second = ended.names
    if len(ended.scores[0]) < 2:
        return "One pair of episodes says nothing about others."
    if ended.low > 0:
        return f"The agent plays better {first}." if _is_edit(ended) else f"{first} plays better."
    if ended.high < 0:
        return f"The agent plays better {second}." if _is_edit(ended) else f"{second} plays better."
    return "So many episodes show no difference: 0 lies within the interval."


def plan_words(plan: ComparisonPlanned) -> str:
    """What it will take, or why it cannot be done."""
    if plan.refusal:
        return plan.refusal
    return (
        f"It takes about {plan.num_bytes / 1e9:.1f} GB of main memory while it plays, in a process "
        "of its own. Training and the game go on."
    )


def progress_words(progress: ComparisonProgressed) -> str:
    """Which side is playing and how far it has come."""
    num_each = progress.num_all // 2
    if not (progress.num_done or progress.num_steps):
        return "Copying what the agent knows and starting its process …"
    num = progress.num_done - num_each * progress.side
    steps = f", {progress.num_steps:,} steps" if progress.num_steps else ""
    return f"{progress.names[progress.side]}: {num} of {num_each} episodes{steps}"


def _is_edit(ended: ComparisonEnded) -> bool:
    return ended.names[0].startswith("with ")
