"""Numbers of the engine in the words and digits that panels show. No Qt here."""

from __future__ import annotations

import math

from nec_engine.messages import FIRST_LIVE_EPISODE, Choice, Moment, Origin

MINUS = "−"
NO_NUMBER = "–"
LEAST_VALUE = 1e-6  # smaller ones are written as "≈0"
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))

_ARROWS = {
    "up": "↑", "down": "↓", "left": "←", "right": "→",
    "up left": "↖", "up right": "↗", "down left": "↙", "down right": "↘",
}  # fmt: skip

ORIGIN_WORDS = {
    Origin.AGENT: "agent",
    Origin.PERSON: "person",
    Origin.IMPORTED: "imported",
    Origin.EDITED: "edited",
}

CHOICE_WORDS = {
    Choice.GREEDY: "greedy",
    Choice.EXPLORED: "explored",
    Choice.EMPTY: "random",
    Choice.PERSON: "you",
    Choice.RECORDED: "recorded",
}


def value_text(value: float) -> str:
    """Two to four digits that count, with a true minus: "3.21", "−0.042", "1,234", "12.3M"."""
    if not math.isfinite(value):
        return NO_NUMBER
    size = abs(value)
    if size >= 9_999.5:
        text = _with_unit(size)
    elif size >= 999.5:
        text = f"{size:,.0f}"
    elif size >= 99.95:
        text = f"{size:.0f}"
    elif size >= 9.995:
        text = f"{size:.1f}"
    elif size >= 0.0995 or size == 0.0:
        text = f"{size:.2f}"
    elif size >= LEAST_VALUE:
        text = f"{size:.{1 - math.floor(math.log10(size))}f}"
    else:
        return "≈0"
    return (MINUS if value < 0 else "") + text


def level_text(value: float, span: float) -> str:
    """A number to be compared with others: as many decimals as the span of all of them asks for.

    A span of 5 gives "3.21", of 50 "32.1", of 50,000 "32.1k".
    """
    if not math.isfinite(value) or not math.isfinite(span) or span <= 0:
        return value_text(value)
    power, word = 1.0, ""
    for unit, unit_word in _UNITS:
        if span >= 9.9995 * unit:
            power, word = unit, unit_word
            break
    decimals = min(max(2 - math.floor(math.log10(span / power) + 1e-9), 0), 6)
    text = f"{abs(value) / power:,.{decimals}f}"
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    return (MINUS if is_negative else "") + text + word


def tick_text(value: float, spacing: float) -> str:
    """A number on an axis whose ticks are ``spacing`` apart: "0", "−0.25", "500k", "1.5M".

    With as many decimals as it takes for no two ticks to read alike: "1,104.5" is "1.1045k".
    """
    if abs(value) < 1e-9 * max(spacing, 1e-9):
        return "0"
    for unit, word in _UNITS:
        if abs(value) >= 0.9999 * unit:
            text = f"{value / unit:.4g}"
            if abs(float(text) * unit - value) > 0.01 * spacing:
                text = f"{value / unit:.{_decimals(spacing / unit)}f}"
            return f"{text}{word}".replace("-", MINUS)
    return f"{value:.{_decimals(spacing)}f}".replace("-", MINUS)


def _decimals(spacing: float) -> int:
    """How many it takes to write multiples of ``spacing``."""
    decimals = 0
    while decimals < 9 and abs(round(spacing, decimals) - spacing) > 1e-6 * spacing:
        decimals += 1
    return decimals


def score_text(score: float, sign: str = "") -> str:
    """A game's score, every digit of it: "1,234,567", "−7"; with "+" as ``sign`` also "+3"."""
    return f"{score + 0.0:{sign},.0f}".replace("-", MINUS)  # + 0.0: no "−0"


def signed_text(value: float) -> str:
    """:func:`value_text` with its sign written out: "+3.21"."""
    return ("+" if value > 0 else "") + value_text(value)


def count_text(count: int) -> str:
    """A whole number with its thousands marked: "61,220"."""
    return f"{count:,}"


def short_count_text(count: int) -> str:
    """A whole number in at most five signs: "950", "61.2k", "1.2M"."""
    return str(count) if count < 1000 else _with_unit(float(count))


def percent_text(fraction: float) -> str:
    """A part of one in percent, never rounded to none or all: "34 %", "0.4 %", "<0.1 %"."""
    if not math.isfinite(fraction):
        return NO_NUMBER
    percent = 100.0 * fraction
    if 0 < percent < 0.1:
        return "<0.1 %"
    if percent < 9.95 and percent != round(percent):
        return f"{percent:.1f} %"
    if 99.5 <= percent < 100:
        return ">99 %"
    return f"{percent:.0f} %"


def distance_text(distance_sq: float) -> str:
    """The plain (not squared) distance: "0.0123"; "0" for the same key."""
    if not math.isfinite(distance_sq):
        return NO_NUMBER
    return "0" if distance_sq <= 0 else value_text(math.sqrt(distance_sq))


def age_text(steps: int) -> str:
    """How long ago in training steps: "just now", "1 step ago", "61.2k steps ago"."""
    if steps <= 0:
        return "just now"
    return "1 step ago" if steps == 1 else f"{short_count_text(steps)} steps ago"


def seconds_ago_text(seconds: float) -> str:
    """How long ago: "0.2 s ago", "12 s ago", "3 min ago"."""
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f} s ago"
    return f"{seconds:.0f} s ago" if seconds < 90 else f"{seconds / 60:.0f} min ago"


def episode_text(episode: int) -> str:
    """Which episode: "episode 41" of training, "live game 3" of the game that is shown."""
    if episode >= FIRST_LIVE_EPISODE:
        return f"live game {episode - FIRST_LIVE_EPISODE + 1:,}"
    return f"episode {episode:,}"


def moment_text(moment: Moment) -> str:
    """Where in recorded time: "episode 41, step 203"."""
    return f"{episode_text(moment.episode)}, step {moment.step:,}"


def origin_text(origin: int) -> str:
    """Who made an entry, in one word."""
    return ORIGIN_WORDS[Origin(origin)]


def action_text(name: str) -> str:
    """An action's name as panels write it: "UP FIRE"."""
    return name.upper()


def short_action_text(name: str) -> str:
    """An action's name with an arrow for its direction: "↗ FIRE"."""
    words = name.split()
    for number in (2, 1):
        arrow = _ARROWS.get(" ".join(words[:number]))
        if arrow is not None:
            return " ".join([arrow, *(word.upper() for word in words[number:])])
    return action_text(name)


def short_episode_text(episode: int) -> str:
    """Which episode, in a narrow place: "ep. 41", "live 3"."""
    if episode >= FIRST_LIVE_EPISODE:
        return f"live {episode - FIRST_LIVE_EPISODE + 1:,}"
    return f"ep. {episode:,}"


def short_moment_text(moment: Moment) -> str:
    """Where in recorded time, in a narrow place: "ep. 41, step 203", "live 3, step 203"."""
    return f"{short_episode_text(moment.episode)}, step {moment.step:,}"


def _with_unit(size: float) -> str:
    for unit, word in _UNITS:
        if size >= 0.9995 * unit:
            part = size / unit
            if part >= 9_999.5:
                return f"{size:.1e}".replace("e+", "e")
            return f"{part:,.0f}{word}" if part >= 99.95 else f"{part:.1f}{word}"
    return f"{size:.0f}"
