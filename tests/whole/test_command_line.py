"""The command line as a person uses it: train, resume, test, record, plot, info on a real game."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from command_line import run_here

ROOT = Path(__file__).resolve().parents[2]
SMALL = [
    "--set", "capacity=2000", "--set", "replay_capacity=2000", "--set", "learning_starts=100",
    "--set", "n_step=20", "--set", "batch_size=8", "--set", "test_episodes=1",
    "--set", "final_test_episodes=2", "--set", "eval_episode_cap_frames=400",
    "--set", "episode_cap_frames=400",
]  # fmt: skip


def command(*words: object) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), *map(str, words)]


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*words), capture_output=True, text=True, timeout=150, env=os.environ, check=False
    )
    assert done.returncode == code, done.stderr[-2000:]
    return done


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run of Breakout."""
    out = tmp_path_factory.mktemp("run")
    done = run(
        "train", "--rom", "breakout", "--frames", 2800, "--out", out,
        *SMALL, "--set", "epoch_frames=1600",
    )  # fmt: skip
    final = out / "snapshots" / "breakout-final.nec"
    assert done.stdout.splitlines()[-1] == f"saved: {final}"
    return out


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_leaves_results_of_every_phase_and_its_snapshots(trained: Path) -> None:
    rows = rows_of(trained / "results.csv")
    assert [row["phase"] for row in rows] == ["random", "train", "test", "train", "test"]
    assert [int(row["epoch"]) for row in rows] == [0, 1, 1, 2, 2]
    assert int(rows[-1]["frames"]) >= 2800
    assert int(rows[-1]["episodes"]) == 2
    names = sorted(path.name for path in (trained / "snapshots").iterdir())
    assert names == [f"breakout-{int(rows[1]['frames']):09d}.nec", "breakout-final.nec"]


def test_results_that_are_there_are_not_overwritten(trained: Path) -> None:
    done = run_here("train", "--rom", "breakout", "--frames", 100, "--out", trained, code=2)
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")


def test_info_tells_what_is_in_a_snapshot(trained: Path) -> None:
    final = trained / "snapshots" / "breakout-final.nec"
    facts = json.loads(run_here("info", final, "--json").stdout)
    assert facts["game"] == "breakout"
    assert facts["frames"] >= 2800
    assert sum(facts["memory"]["sizes"]) > 0
    assert sum(facts["memory"]["origins"].values()) == sum(facts["memory"]["sizes"])
    assert facts["replay_size"] == min(facts["steps"], 2000)
    assert facts["settings"]["capacity"] == 2000
    assert facts["bytes"] == final.stat().st_size


def test_a_snapshot_is_tested_and_the_episodes_written(trained: Path, tmp_path: Path) -> None:
    final = trained / "snapshots" / "breakout-final.nec"
    table = tmp_path / "episodes.csv"
    first = run("test", final, "--episodes", 2, "--csv", table)
    result = first.stdout.splitlines()[-1]
    assert result.startswith("result: game=breakout agent=nec episodes=2 epsilon=0.05 seed=1 mean=")
    rows = rows_of(table)
    assert list(rows[0]) == ["episode", "seed", "noops", "score", "steps", "frames", "seconds"]
    facts = dict(word.split("=") for word in result.split()[1:])
    assert list(facts) == [
        "game", "agent", "episodes", "epsilon", "seed", "mean", "stderr", "ci95_low", "ci95_high",
        "hns_percent", "steps_per_s",
    ]  # fmt: skip
    scores = [float(row["score"]) for row in rows]
    mean = sum(scores) / 2
    assert float(facts["mean"]) == pytest.approx(mean)
    assert float(facts["stderr"]) == pytest.approx(abs(scores[0] - scores[1]) / 2, abs=0.005)
    assert float(facts["ci95_low"]) == min(scores)  # of two, one resample in four is twice the less
    assert float(facts["ci95_high"]) == max(scores)
    assert float(facts["hns_percent"]) == pytest.approx((mean - 1.7) / (30.5 - 1.7) * 100, abs=0.06)
    again = run_here("test", final, "--episodes", 2).stdout.splitlines()[-1]
    assert again.split("steps_per_s")[0] == result.split("steps_per_s")[0]


def test_a_recording_of_an_episode_has_its_frames_and_sound(trained: Path, tmp_path: Path) -> None:
    final = trained / "snapshots" / "breakout-final.nec"
    out = tmp_path / "clip.mp4"
    run_here("record", final, "--out", out, "--overlay")
    with av.open(str(out)) as video:
        picture, sound = video.streams.video[0], video.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert picture.average_rate == 60
        assert (picture.width, picture.height) == (640 + 288, 420)  # the overlay stands beside it
        num_frames = sum(1 for _ in video.decode(picture))
    with av.open(str(out)) as video:
        num_samples = sum(frame.samples for frame in video.decode(audio=0))
        seconds = num_samples / video.streams.audio[0].rate
    assert num_frames >= 300  # the cap is 400 frames, no-ops included
    assert seconds == pytest.approx(num_frames / 60, abs=0.1)


def test_a_plot_is_drawn_from_the_results(trained: Path) -> None:
    run_here("plot", trained / "results.csv")
    assert (trained / "results.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_the_run_goes_on_from_there(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "run"
    words = ["train", "--rom", "pong", "--out", out, *SMALL]
    process = subprocess.Popen(
        command(*words, "--frames", 10**9),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (out / "results.csv").exists() or not rows_of(out / "results.csv"):
        assert time.monotonic() < deadline
        time.sleep(0.2)  # until the random phase is written: training has begun
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == code
    final = out / "snapshots" / "pong-final.nec"
    assert output.splitlines()[-1] == f"saved: {final}"
    frames = json.loads(run_here("info", final, "--json").stdout)["frames"]

    run(*words, "--frames", frames + 800, "--resume", final)
    rows = rows_of(out / "results.csv")
    assert [row["phase"] for row in rows] == ["random", "train", "test"]
    assert json.loads(run_here("info", final, "--json").stdout)["frames"] >= frames + 800
