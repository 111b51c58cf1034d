"""What is kept of a report of ``bench``, and what the page says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.evidence import speed
from docs.evidence.sections.speed import speed_lines
from docs.evidence.speed import kept
from nec_engine.run.bench.many_actions import ManyActions

SAID = """\
[   0 s] pong; the keys are real ones
[ 900 s] alien, 18 actions of 100,000 entries; ceiling 93 steps/s; hnsw 40 steps/s, ratio 0.43
[ 900 s] index hnsw, 1,000,000 entries an action
[ 990 s] of the time that the cores were wanted for, the machine's host gave to others: hnsw 31%
"""


def report(**changes: Any) -> dict[str, Any]:
    rate = {"steps_per_s": 50.0, "ratio": 0.5}
    figures: dict[str, Any] = {
        "machine": {"cpu": "Some processor", "cores": 2},
        "ceiling_steps_per_s": 100.0,
        "learner": {"annoy": {"10000": rate}, "hnsw": {"10000": rate, "100000": rate}},
        "slope": {"hnsw": 0.027},
        "index": {"hnsw": {"lookup_ms": 0.82, "recall_at_50": 0.9896}},
        "window": None,
        "journal_bytes_per_step": 33.8,
    }
    return figures | changes


def lines_of(tmp_path: Path, figures: dict[str, Any], said: str, words: list[str]) -> list[str]:
    (tmp_path / "machine.json").write_text(json.dumps(kept(figures, said, words)))
    return speed_lines(tmp_path)


def test_each_index_and_size_has_its_row(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, report(), "", [])
    assert "| annoy | 10,000 | 50.0 | 0.500 | – | – | – |" in lines
    assert "| hnsw | 10,000 | 50.0 | 0.500 | 0.027 | 0.82 | 0.990 |" in lines
    assert "|  | 100,000 | 50.0 | 0.500 |  |  |  |" in lines
    assert not [line for line in lines if line.startswith(("With many actions", "The window"))]


def test_what_was_said_of_many_actions_and_measured_in_the_window_is_kept(tmp_path: Path) -> None:
    paint = {"p50": 16.8, "p95": 21.0, "p99": 25.2, "max": 36.6}
    window = {"paint_ms": paint, "dropped_percent": 0.3, "train_ratio": 0.54}
    lines = lines_of(tmp_path, report(window=window), SAID, ["--large"])
    (many,) = [line for line in lines if line.startswith("With many actions")]
    assert "alien, 18 actions of 100,000 entries; ceiling 93 steps/s; hnsw 40" in many
    assert any(line.startswith("Of the time that") and "hnsw 31%" in line for line in lines)
    (shown,) = [line for line in lines if line.startswith("The window")]
    assert "99 of 100 within 25.2 ms" in shown
    assert any("python main.py bench --large" in line for line in lines)


def test_a_game_with_many_actions_is_added_to_a_kept_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(*_: object, **how: object) -> ManyActions:
        assert how["entries"] == 100_000
        return ManyActions(18, 93.0, {"hnsw": 0.43}, {"annoy": "no time"})

    monkeypatch.setattr(speed, "many_actions", measure)
    path = tmp_path / "machine.json"
    path.write_text(json.dumps(kept(report(), "", [])))
    speed.add_many_actions(path)
    (many,) = [line for line in speed_lines(tmp_path) if line.startswith("With many actions")]
    assert "alien, 18 actions of 100,000 entries; ceiling 93 steps/s" in many
    assert "hnsw 39.99 steps/s, ratio 0.43; no annoy: no time" in many
    assert any("| hnsw | 10,000 | 50.0 |" in line for line in speed_lines(tmp_path))


def test_nothing_is_said_where_nothing_is_measured(tmp_path: Path) -> None:
    assert speed_lines(tmp_path) == []
