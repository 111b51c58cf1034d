"""Training 2n frames, and n frames, a new process, n more: every tensor bit-equal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import run_here
from safetensors.numpy import load_file

MAIN = Path(__file__).resolve().parents[2] / "main.py"
FRAMES = 1800  # of each action 100 entries: Annoy comes into it
FEW_FRAMES = 1200  # where no index does
MANY_FRAMES = 2400  # of each action more than 100 states
SMALL = {
    "deterministic": "true", "capacity": "150", "replay_capacity": "450", "learning_starts": "100",
    "batch_size": "8", "n_step": "20", "test_episodes": "1", "final_test_episodes": "1",
    "eval_episode_cap_frames": "200", "index_min_entries": "100", "index_tail": "20",
    "index_rebuild_steps": "100",
}  # fmt: skip


def words_of(out: Path, frames: int, *more: str) -> list[str]:
    words = [word for name, value in SMALL.items() for word in ("--set", f"{name}={value}")]
    first = ["train", "--rom", "breakout", "--frames", str(frames), "--out", str(out)]
    return [*first, *words, *more]


def train(out: Path, frames: int, *more: str) -> Path:
    run_here(*words_of(out, frames, *more))
    return out / "snapshots" / "breakout-final.nec"


def train_in_new_process(out: Path, frames: int, *more: str) -> Path:
    done = subprocess.run(
        [sys.executable, str(MAIN), *words_of(out, frames, *more)],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out / "snapshots" / "breakout-final.nec"


def differences(
    tmp_path: Path, *more: str, frames: int = FEW_FRAMES
) -> tuple[dict[str, np.ndarray], list[str]]:
    """The tensors of the run in one, and the names of those that the run cut in two has not."""
    whole = load_file(train(tmp_path / "whole", frames, *more))
    half = train(tmp_path / "cut", frames // 2, *more)
    rest = train_in_new_process(tmp_path / "cut", frames, *more, "--resume", str(half))
    cut = load_file(rest)
    assert whole.keys() == cut.keys()
    return whole, [
        name
        for name in whole
        if whole[name].dtype != cut[name].dtype
        or whole[name].shape != cut[name].shape
        or whole[name].tobytes() != cut[name].tobytes()
    ]


@pytest.mark.parametrize("index", ["exact", "annoy"])
def test_a_run_cut_in_two_is_the_run_in_one(tmp_path: Path, index: str) -> None:
    whole, differing = differences(tmp_path, "--index", index, frames=FRAMES)
    assert differing == []
    assert whole["agent/replay/screens"].any()
    changed = np.ptp(whole["agent/optimiser/square_avg/0"])
    assert changed > 0  # it did learn
    assert any("index" in name for name in whole) == (index == "annoy")


def test_so_is_one_of_a_network_without_a_memory(tmp_path: Path) -> None:
    words = ("agent=dqn", "n_step=1", "target_update=30")
    whole, differing = differences(tmp_path, *(part for word in words for part in ("--set", word)))
    assert differing == []
    assert np.ptp(whole["agent/optimiser/optimiser/square_avg/0"]) > 0
    assert not np.array_equal(whole["agent/optimiser/target/q.bias"], whole["agent/network/q.bias"])
    assert not any(name.startswith("agent/memory") for name in whole)


def test_so_is_one_with_every_switch(tmp_path: Path) -> None:
    words = (
        "value_decay=0.5", "optimism=1", "exploration_bonus=0.5", "dqn_handover_steps=600",
        "target_update=30",
    )  # fmt: skip
    whole, differing = differences(tmp_path, *(part for word in words for part in ("--set", word)))
    assert differing == []
    assert whole["agent/side/replay/screens"].any()
    assert np.ptp(whole["agent/side/optimiser/optimiser/square_avg/0"]) > 0


def test_so_is_one_without_a_network(tmp_path: Path) -> None:
    whole, differing = differences(
        tmp_path, "--set", "agent=mfec", "--set", "n_step=0", frames=MANY_FRAMES
    )
    assert differing == []
    assert len(whole["agent/memory/actions/1/values"]) > 100
    assert len(whole["agent/pending/rewards"]) > 0  # in the middle of an episode
    assert not any(name.startswith(("agent/replay", "agent/optimiser")) for name in whole)
