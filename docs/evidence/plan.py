"""What is measured: the lists in ``runs/``, as runs in the order in which they are made."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nec_engine.errors import SettingError

EVIDENCE: Final = Path(__file__).resolve().parent
LISTS: Final = EVIDENCE / "runs"
GROUPS: Final = (
    "atari-100k", "choices", "paper-games", "first-minutes", "pong", "atari-100k-mfec",
)  # fmt: skip

GROUP_KEYS: Final = {
    "title", "frames", "games", "order", "alone", "keep_unfinished", "settings", "runs", "choices",
}  # fmt: skip
BLOCK_KEYS: Final = {"agent", "variant", "seeds", "games", "frames", "settings"}
CHOICE_KEYS: Final = {"title", "about", "variants"}


@dataclass(frozen=True, slots=True)
class Run:
    """One training of one agent on one game with one seed."""

    group: str
    game: str
    agent: str
    variant: str  # "" where the group tells its runs apart without
    seed: int
    frames: int
    settings: tuple[tuple[str, str], ...]
    is_alone: bool = False  # nothing runs beside it, because its time counts

    @property
    def name(self) -> str:
        """What the run's files are called; unique in its group."""
        parts = (self.game, self.agent, self.variant, f"seed{self.seed}")
        return "-".join(part for part in parts if part)

    @property
    def words(self) -> list[str]:
        """The command line after ``main.py``; the whole run follows from it."""
        pairs = [f"{name}={text}" for name, text in (("agent", self.agent), *self.settings)]
        return [
            "train", "--rom", self.game, "--frames", str(self.frames), "--seed", str(self.seed),
            "--set", *pairs,
        ]  # fmt: skip

    @property
    def command(self) -> str:
        return "python main.py " + shlex.join(self.words)


@dataclass(frozen=True, slots=True)
class Choice:
    """Variants of one group that are compared in a table of their own."""

    title: str
    about: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One list of runs: one section of the page."""

    name: str
    title: str
    runs: tuple[Run, ...]
    choices: tuple[Choice, ...]
    keeps_unfinished: bool  # what a stopped run has measured so far is evidence too


def load_groups(names: Sequence[str] = GROUPS, folder: Path = LISTS) -> list[Group]:
    """The lists of these names, in this order. Raises :class:`SettingError`."""
    return [load_group(folder / f"{name}.toml") for name in names]


def load_group(path: Path) -> Group:
    """Raises :class:`SettingError` when the list cannot be read or contradicts itself."""
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.toml")))
        raise SettingError(
            f"cannot read the list {path}", str(error), f"the lists there are: {known}"
        ) from error
    _refuse_unknown(path, table, GROUP_KEYS)
    try:
        runs = list(_runs(path, table))
        choices = [_choice(path, block) for block in table.get("choices", [])]
        title = str(table["title"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingError(
            f"cannot use the list {path}",
            f"{type(error).__name__}: {error}",
            "write it like the others beside it",
        ) from error
    if table.get("order") == "seed":
        runs.sort(key=lambda run: run.seed)  # stable: within a seed the list's own order
    _check(path, runs, choices)
    return Group(
        path.stem, title, tuple(runs), tuple(choices), bool(table.get("keep_unfinished", False))
    )


def _runs(path: Path, table: Mapping[str, Any]) -> Iterator[Run]:
    """Each block of runs: its games times its seeds."""
    for block in table["runs"]:
        _refuse_unknown(path, block, BLOCK_KEYS)
        settings = {**table.get("settings", {}), **block.get("settings", {})}
        for game in block.get("games", table.get("games", [])):
            for seed in block["seeds"]:
                yield Run(
                    group=path.stem,
                    game=game,
                    agent=block["agent"],
                    variant=block.get("variant", ""),
                    seed=int(seed),
                    frames=int(block.get("frames", table.get("frames", 0))),
                    settings=tuple((name, _text(value)) for name, value in settings.items()),
                    is_alone=bool(table.get("alone", False)),
                )


def _choice(path: Path, block: Mapping[str, Any]) -> Choice:
    _refuse_unknown(path, block, CHOICE_KEYS)
    return Choice(str(block["title"]), str(block.get("about", "")), tuple(block["variants"]))


def _text(value: object) -> str:
    """A value as ``--set`` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refuse_unknown(path: Path, block: Mapping[str, Any], known: set[str]) -> None:
    for name in block:
        if name not in known:
            raise SettingError(
                f"{name} in {path}", "a list has no such entry", "use " + ", ".join(sorted(known))
            )


def _check(path: Path, runs: Sequence[Run], choices: Sequence[Choice]) -> None:
    names = [run.name for run in runs]
    variants = {run.variant for run in runs}
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    problems = [f"{name} is there twice" for name in twice]
    problems += [f"{n} is no file's name" for n in names if not re.fullmatch(r"[\w.-]+", n)]
    problems += [f"{run.name} has no frames" for run in runs if run.frames < 1]
    problems += [
        f"the choice {choice.title} names no variant {variant}"
        for choice in choices
        for variant in choice.variants
        if variant not in variants
    ]
    if not runs:
        problems.append("it has no runs")
    if problems:
        raise SettingError(f"cannot use the list {path}", problems[0], "mend the list")
