"""What the pages name is there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from nec_engine.config import Settings
from nec_engine.run.arguments import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
NEC = (ROOT / "docs" / "nec.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLACES = sorted(set(re.findall(r"`([\w/]+\.py): ([\w.]+)`", NEC)))


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_every_equation_is_in_the_function_that_is_named(path: str, name: str) -> None:
    source = (ROOT / "nec_engine" / path).read_text(encoding="utf-8")
    for part in name.split("."):
        assert re.search(rf"(def|class) {part}\b", source)


def test_every_setting_that_is_named_exists() -> None:
    table = NEC.partition("| Coach | here |")[2]
    named = set(re.findall(r"\| `(\w+)` \|$", table, re.MULTILINE))
    assert named
    assert named <= {field.name for field in fields(Settings)}


def test_the_map_of_the_code_names_only_what_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:run|recording|messages)/[\w/]*(?:\.py)?)`", page):
        assert (ROOT / "nec_engine" / path).exists(), path
    folder = ROOT
    for line in page.partition("```")[2].partition("```")[0].splitlines():
        if not line.startswith(" ") and line.endswith("/"):
            folder = ROOT / line
        names = re.findall(r"[\w]+\.py|\b\w+/(?=\s)", line)
        for name in names:
            assert (folder / name).exists() or (folder / "run" / name).exists(), name


def test_the_readme_shows_every_command() -> None:
    for command in COMMANDS:
        assert f"python main.py {command}" in README


def test_the_readme_has_exactly_two_commands_for_a_fresh_machine() -> None:
    installing = [line for line in README.splitlines() if "pip install -e" in line]
    assert len(installing) == 2
    assert installing[0].endswith("python main.py --rom pong.bin")
    assert installing[1].endswith("pytest")


def test_the_score_that_is_quoted_is_the_one_that_was_measured() -> None:
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    measured = re.search(r"\| this program, 26 of 26 games, n = (\d) \| 0(\.\d+)", results)
    quoted = re.search(r"Atari 100k is (\.\d+) \((\w+) seeds?\)", README)
    assert measured is not None
    assert quoted is not None
    number = {"1": "one", "2": "two", "3": "three"}[measured[1]]
    assert quoted.groups() == (measured[2], number)
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"median {quoted[1]} human-normalised on Atari 100k, {number} seed" in changes
