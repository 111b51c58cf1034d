"""``info`` tells a person what a snapshot holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_runs import train

import main

BRAIN = Path(main.__file__).parent / "snapshots" / "pong.nec"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main.main(["info", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("num_games", [1, 3])
def test_how_many_training_games_go_on_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], num_games: int
) -> None:
    train(100, "--out", tmp_path, "--envs", num_games)
    final = str(tmp_path / "snapshots" / "pong-final.nec")
    assert told(capsys, final).splitlines()[-1] == f"training games: {num_games}"
    facts = json.loads(told(capsys, final, "--json"))
    assert list(facts)[-1] == "bytes"  # scripts get what they always got


def test_a_snapshot_that_is_made_to_play_from_has_no_training_game(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "training games" not in told(capsys, str(BRAIN))
