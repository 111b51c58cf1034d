"""Entries and recorded games as an engine tells of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    AskEntries,
    AskEntry,
    AskEpisodes,
    AskScores,
    Column,
    EntriesAnswer,
    EntryAnswer,
    EntryColumns,
    EntryFacts,
    EntryFilter,
    EpisodesAnswer,
    Limits,
    Moment,
    Origin,
    ScoreAnswer,
    read_only,
)


def made_columns(num: int = 60, num_actions: int = 6, seed: int = 1, **changes: Any) -> Any:
    """``num`` entries; their ages are 0, 10, 20 ... by row, their hashes 1000, 1001 ..."""
    rng = np.random.default_rng(seed)
    columns = {
        "starts": np.linspace(0, num, num_actions + 1).astype(np.int64),
        "clock": 50_000_000,
        "stamp": 90_000,
        "values": rng.normal(size=num).astype(np.float32),
        "clocks": 50_000_000 - 10 * np.arange(num),
        "stamps": 90_000 - rng.integers(0, 2000, num),
        "num_retrievals": rng.integers(0, 500, num, np.int32),
        "num_updates": rng.integers(0, 9, num, np.int32),
        "origins": rng.integers(0, 4, num, np.uint8),
        "episodes": rng.choice([3, 40, FIRST_LIVE_EPISODE], num),
        "steps": rng.integers(0, 900, num, np.int32),
        "state_hashes": np.arange(1000, 1000 + num).astype(np.uint64),
        **changes,
    }
    return EntryColumns(**{name: _locked(value) for name, value in columns.items()})


def made_answer(
    question: AskEntries | None = None,
    columns: EntryColumns | None = None,
    order: Any = None,
    distances_sq: Any = None,
    problem: str = "",
) -> EntriesAnswer:
    """All entries in the order of their rows, unless told otherwise."""
    question = question or AskEntries("memory", EntryFilter(), Column.AGE)
    columns = made_columns() if columns is None else columns
    order = np.arange(len(columns), dtype=np.int32) if order is None else np.array(order, np.int32)
    if question.like is not None and distances_sq is None and not problem:
        distances_sq = np.linspace(0, 2, len(order)).astype(np.float32)
    extents = {Column.VALUE: Limits(-2.5, 3.0), Column.AGE: Limits(0, 590)}
    return EntriesAnswer(
        question.panel, question, columns, order, distances_sq, extents, 0.01, problem
    )


def made_facts(question: AskEntry, **changes: Any) -> EntryAnswer:
    facts = {
        "entry": question.entry, "value": 1.5, "age_steps": 61_200, "idle": 1200,
        "num_retrievals": 1203, "num_updates": 3, "num_person_updates": 1,
        "origin": int(Origin.PERSON), "first_moment": Moment(2, 5), "is_pinned": False, **changes,
    }  # fmt: skip
    return EntryAnswer(question.panel, question.entry, EntryFacts(**facts))


def made_episodes(question: AskEpisodes, num_live: int = 2) -> EpisodesAnswer:
    numbers = [3, 4, 40, *(FIRST_LIVE_EPISODE + n for n in range(num_live))]
    num = len(numbers)
    return EpisodesAnswer(
        question.panel, np.array(numbers, np.int64), 100 * np.arange(1, num + 1),
        np.arange(num)[::-1].copy(), np.array([False] * (num - 1) + [True]),
    )  # fmt: skip


def made_scores(question: AskScores) -> tuple[ScoreAnswer, ...]:
    """The number of the game is its score; number 4 cannot be rebuilt."""
    return tuple(
        ScoreAnswer(question.panel, number, None if number == 4 else float(number % 1000))
        for number in question.episodes
    )


def answers_to(question: object) -> tuple[Any, ...]:
    """What an engine answers a question of the memory browser; nothing to any other."""
    match question:
        case AskEntries():
            return (made_answer(question),)
        case AskEntry():
            return (made_facts(question),)
        case AskEpisodes():
            return (made_episodes(question),)
        case AskScores():
            return made_scores(question)
    return ()


def _locked(value: Any) -> Any:
    return read_only(value) if isinstance(value, np.ndarray) else value
