"""A signal that comes while something is saved or set up costs one save and no excuse."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_runs import snapshots_in, train

import main
from nec_engine.errors import DataError
from nec_engine.run.commands import record
from nec_engine.run.progress import EpisodeBar
from nec_engine.run.training import headless
from nec_engine.run.training.saving import Autosave, save_run

FINAL = "pong-final.nec"
BRAIN = Path(main.__file__).parent / "snapshots" / "pong.nec"


@pytest.fixture
def saves(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Names of the saves begun, and whether they were whole; a signal comes in the first one."""
    begun: dict[str, bool] = {}

    def save_and_signal(trainer: Any, path: Path, *more: Any) -> tuple[int, float]:
        if not begun:
            signal.raise_signal(signal.SIGTERM)
        begun[path.name] = False
        took = save_run(trainer, path, *more)
        begun[path.name] = True
        return took

    monkeypatch.setattr(headless, "save_run", save_and_signal)
    return begun


def test_an_autosave_is_given_up_for_the_final_save(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    saves: dict[str, bool],
) -> None:
    monkeypatch.setattr(Autosave, "is_due", lambda *_: True)
    train(2000, "--out", tmp_path, code=143)
    assert saves == {"pong-autosave-1.nec": False, FINAL: True}
    assert snapshots_in(tmp_path) == [FINAL]
    assert "note" not in capsys.readouterr().err


def test_an_epochs_save_is_given_up_and_made_once_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], saves: dict[str, bool]
) -> None:
    train(800, "--out", tmp_path, code=143)
    epoch, final = saves
    assert saves == {epoch: False, FINAL: True}
    assert snapshots_in(tmp_path) == [FINAL]
    assert "note" not in capsys.readouterr().err
    train(800, "--out", tmp_path, "--resume", tmp_path / "snapshots" / final)
    assert epoch in snapshots_in(tmp_path)


def test_a_signal_in_the_final_save_is_told_by_the_code_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def save_and_signal(trainer: Any, path: Path, *more: Any) -> tuple[int, float]:
        if path.name == FINAL:
            signal.raise_signal(signal.SIGTERM)
        return save_run(trainer, path, *more)

    monkeypatch.setattr(headless, "save_run", save_and_signal)
    train(800, "--out", tmp_path, code=143)
    assert FINAL in snapshots_in(tmp_path)
    assert capsys.readouterr().out == f"saved: {tmp_path / 'snapshots' / FINAL}\n"
    rows = (tmp_path / "results.csv").read_text().splitlines()
    assert rows[-1].split(",")[1:3] == ["test", "800"]


def test_a_signal_after_the_last_test_episode_is_told_by_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def show_and_signal(self: EpisodeBar, score: float) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(EpisodeBar, "show", show_and_signal)
    words = ["test", str(BRAIN), "--episodes", "1", "--set", "episode_cap_frames=200"]
    assert main.main(words) == 130
    assert capsys.readouterr().out.startswith("result: game=pong")


def test_a_save_that_failed_is_not_tried_again_before_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[float] = []

    def is_due(self: Autosave, last_took_s: float) -> bool:
        asked.append(last_took_s)
        return len(asked) == 1

    def save_or_fail(trainer: Any, path: Path, *more: Any) -> tuple[int, float]:
        if path.name.startswith("pong-autosave"):
            time.sleep(0.05)
            raise DataError("the disk is full", "nothing fits", "make room")
        return save_run(trainer, path, *more)

    monkeypatch.setattr(Autosave, "is_due", is_due)
    monkeypatch.setattr(headless, "save_run", save_or_fail)
    train(800, "--out", tmp_path)
    assert asked[0] == 0.0
    assert asked[1] >= 0.05
    assert "the disk is full; nothing fits; make room; training goes on" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_recording_that_had_not_begun_ends_with_the_code_of_the_signal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
    code: int,
) -> None:
    set_up: Callable[..., Any] = record._game

    def signal_and_set_up(*words: Any) -> Any:
        signal.raise_signal(number)
        return set_up(*words)

    monkeypatch.setattr(record, "_game", signal_and_set_up)
    assert main.main(["record", str(BRAIN), "--out", str(tmp_path / "v.mp4")]) == code
    assert list(tmp_path.iterdir()) == []
    told = capsys.readouterr()
    assert told.out == ""
    assert "error" not in told.err
