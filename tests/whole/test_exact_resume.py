"""Training 2n frames, and n frames, a new process, n more: every tensor bit-equal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

MAIN = Path(__file__).resolve().parents[2] / "main.py"
FRAMES = 3600
SMALL = {
    "deterministic": "true", "capacity": "250", "replay_capacity": "700", "learning_starts": "100",
    "n_step": "20", "test_episodes": "1", "final_test_episodes": "1",
    "eval_episode_cap_frames": "200", "index_min_entries": "100", "index_tail": "20",
    "index_rebuild_steps": "150",
}  # fmt: skip


def train(out: Path, frames: int, index: str, *more: str) -> Path:
    words = [word for name, value in SMALL.items() for word in ("--set", f"{name}={value}")]
    done = subprocess.run(
        [
            sys.executable, str(MAIN), "train", "--rom", "breakout", "--frames", str(frames),
            "--out", str(out), "--index", index, *words, *more,
        ],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out / "snapshots" / "breakout-final.nec"


@pytest.mark.parametrize("index", ["exact", "annoy"])
def test_a_run_cut_in_two_is_the_run_in_one(tmp_path: Path, index: str) -> None:
    whole = load_file(train(tmp_path / "whole", FRAMES, index))
    half = train(tmp_path / "cut", FRAMES // 2, index)
    cut = load_file(train(tmp_path / "cut", FRAMES, index, "--resume", str(half)))
    assert whole.keys() == cut.keys()
    differing = [
        name
        for name in whole
        if whole[name].dtype != cut[name].dtype
        or whole[name].shape != cut[name].shape
        or whole[name].tobytes() != cut[name].tobytes()
    ]
    assert differing == []
    assert whole["agent/replay/screens"].any()
    changed = np.ptp(whole["agent/optimiser/square_avg/0"])
    assert changed > 0  # it did learn
    assert any("index" in name for name in whole) == (index == "annoy")
