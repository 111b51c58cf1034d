"""The lists of runs say what they should, and a wrong one is told in a sentence."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from docs.evidence.plan import GROUPS, LISTS, load_group, load_groups
from nec_engine.errors import SettingError
from nec_engine.run.arguments import parse
from nec_engine.run.requests import TrainRequest
from nec_engine.run.scores import published_scores

GOOD = 'title = "T"\nframes = 10\ngames = ["pong"]\n[[runs]]\nagent = "nec"\nseeds = [1]\n'
ALL_RUNS = [run for group in load_groups() for run in group.runs]


def test_every_list_in_the_folder_is_a_section_of_the_page() -> None:
    assert {path.stem for path in LISTS.glob("*.toml")} == set(GROUPS)


def test_every_command_is_one_that_the_program_takes() -> None:
    for run in ALL_RUNS:
        request = parse(shlex.split(run.command)[2:])
        assert isinstance(request, TrainRequest)
        assert (request.rom, request.frames) == (run.game, run.frames)
        changes = request.common.changes
        assert (changes["agent"], changes["seed"]) == (run.agent, run.seed)
        assert len(changes) == len(run.settings) + 2


def test_every_game_has_published_scores() -> None:
    assert all(published_scores(run.game) for run in ALL_RUNS)


def test_atari_100k_is_26_games_with_three_seeds_and_the_first_seed_first() -> None:
    runs = load_group(LISTS / "atari-100k.toml").runs
    assert [run.seed for run in runs] == [1] * 26 + [2] * 26 + [3] * 26
    assert len({run.game for run in runs}) == 26
    assert {run.frames for run in runs} == {400_000}


def test_a_choice_differs_from_the_base_in_few_settings() -> None:
    group = load_group(LISTS / "choices.toml")
    base = set(group.runs[0].settings)
    for run in group.runs:
        assert len(set(run.settings) - base) <= 3, run.name
        assert run.variant in {name for choice in group.choices for name in choice.variants}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "speed = 3\n", "speed"),
        (GOOD.replace("frames = 10\n", ""), "no frames"),
        (GOOD.replace("[1]", "[1, 1]"), "twice"),
        (GOOD.replace("pong", "../pong"), "no file's name"),
        (GOOD.replace('agent = "nec"\n', ""), "agent"),
        (GOOD + '[[choices]]\ntitle = "C"\nvariants = ["none"]\n', "no variant none"),
        ('title = "T"\nruns = []\n', "no runs"),
        ("title = ", "cannot read"),
    ],
)
def test_a_wrong_list_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text)
    with pytest.raises(SettingError, match=told):
        load_group(path)
    path.write_text(GOOD)
    assert load_group(path).runs[0].name == "pong-nec-seed1"


def test_a_list_that_is_missing_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(GOOD)
    with pytest.raises(SettingError, match="other"):
        load_group(tmp_path / "none.toml")
