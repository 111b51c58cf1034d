"""Short runs of Pong through the command line, in this process, and what they leave."""

from __future__ import annotations

import csv
from pathlib import Path

import main

SMALL = (
    "agent=mfec embedding=dct key_size=16 n_step=5 index=exact capacity=500 torch_threads=1 "
    "test_episodes=1 final_test_episodes=1 eval_episode_cap_frames=100 episode_cap_frames=200 "
    "epoch_frames=400"
)


def train(frames: int, *words: object, code: int = 0) -> None:
    """``train`` of Pong to so many frames with ``words``, which ends with ``code``."""
    line = ["train", "--rom", "pong", "--frames", str(frames), "--set", *SMALL.split()]
    assert main.main([*line, *map(str, words)]) == code


def rows_of(folder: Path) -> list[dict[str, str]]:
    """The rows of the results in ``folder``."""
    with (folder / "results.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def snapshots_in(folder: Path) -> list[str]:
    """The names of the snapshots of the run in ``folder``."""
    return sorted(path.name for path in (folder / "snapshots").iterdir())
