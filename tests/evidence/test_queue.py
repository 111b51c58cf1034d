"""The queue with real runs: finished, failed, stopped and resumed, shared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

from docs.evidence.kept import load_kept
from docs.evidence.plan import Group, Run, load_group
from docs.evidence.run_folder import RunFolder

ROOT = Path(__file__).resolve().parents[2]
LIST = """
title = "Tiny"
frames = 2400
games = ["breakout"]
{more}

[settings]
deterministic = true
capacity = 2000
replay_capacity = 2000
learning_starts = 100
n_step = 20
batch_size = 8
test_episodes = 1
final_test_episodes = 2
eval_episode_cap_frames = 200
epoch_frames = 800

[[runs]]
agent = "nec"
seeds = [1]
"""
LIMIT_S = 120.0
ENDLESS = LIST.replace("2400", "100_000_000")
WRONG = '\n[[runs]]\nagent = "nec"\nvariant = "wrong"\nseeds = [1]\nsettings = {key_size = 1}\n'


class Place:
    """A folder with one list, and queues that work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.work, self.kept = folder, folder / "work", folder / "kept"
        self.started: list[subprocess.Popen[str]] = []

    def group(self, text: str = LIST, more: str = "") -> Group:
        path = self.folder / "tiny.toml"
        path.write_text(text.replace("{more}", more))
        return load_group(path)

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "docs.evidence.queue", "tiny", "--lists", str(self.folder),
                "--work", str(self.work), "--kept", str(self.kept), *words,
            ],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, *words: str, code: int) -> str:
        process = self.start(*words)
        told, _ = process.communicate(timeout=150)
        assert process.returncode == code, told
        return told

    def results_so_far(self, run: Run) -> str:
        path = RunFolder(self.work, run).results
        return path.read_text() if path.exists() else ""

    def final(self, run: Run) -> tuple[float, int]:
        kept = load_kept(self.kept, run)
        assert kept is not None
        assert kept.is_finished
        return kept.last.mean, kept.last.frames


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    for process in place.started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def test_of_a_finished_run_only_the_csv_stays_and_a_failure_does_not_stop_the_queue(
    place: Place,
) -> None:
    good, wrong = place.group(LIST.replace("2400", "800") + WRONG).runs
    told = place.run("--jobs", "1", code=1)
    place.final(good)
    assert not RunFolder(place.work, good).folder.exists()
    assert {path.name for path in (place.kept / "tiny").iterdir()} == {
        "breakout-nec-seed1.csv", "breakout-nec-seed1.json",
    }  # fmt: skip
    about = json.loads((place.kept / "tiny" / "breakout-nec-seed1.json").read_text())
    assert about["command"] == good.command
    assert about["commits"]
    assert about["program_version"]
    assert f"failed: tiny/{wrong.name}: exit 2: error: key_size=1; a value from 2" in told
    listed = place.run("--list", code=0)
    assert f"{good.name}: done: {good.command}" in listed
    assert f"{wrong.name}: failed, exit 2: error: key_size=1" in listed
    again = place.run("--jobs", "1", code=1)
    assert "1 of 2 runs are done" in again
    assert f"begun: tiny/{good.name}" not in again


def test_a_queue_that_is_stopped_goes_on_where_it_was_with_the_same_result(place: Place) -> None:
    text = LIST.replace("2400", "1200").replace("epoch_frames = 800", "epoch_frames = 400")
    (run,) = place.group(text, more="keep_unfinished = true").runs
    queue = place.start()
    until(lambda: ",test," in place.results_so_far(run), LIMIT_S)
    queue.send_signal(signal.SIGTERM)
    told, _ = queue.communicate(timeout=60)
    assert queue.returncode == 143
    assert f"paused: tiny/{run.name}" in told
    half = load_kept(place.kept, run)
    assert half is not None
    assert not half.is_finished
    assert RunFolder(place.work, run).is_begun
    told = place.run(code=0)
    assert f"resumed: tiny/{run.name}" in told
    stopped = place.final(run)
    assert json.loads((place.kept / "tiny" / f"{run.name}.json").read_text())["starts"] == 2
    place.kept.rename(place.folder / "first")
    place.run(code=0)
    assert stopped == place.final(run)


def test_two_queues_share_the_runs(place: Place) -> None:
    other = '\n[[runs]]\nagent = "nec"\nseeds = [2]\nframes = 800\n'
    first, second = place.group(ENDLESS + other).runs
    queue = place.start("--jobs", "1")
    until(lambda: "random" in place.results_so_far(first), LIMIT_S)
    told = place.run("--jobs", "1", code=1)  # not all is done, and nothing is left to begin
    assert f"elsewhere: tiny/{first.name}" in told
    place.final(second)
    assert f"{first.name}: running:" in place.run("--list", code=0)
    queue.send_signal(signal.SIGINT)
    queue.communicate(timeout=60)
    assert queue.returncode == 130
    assert f"{first.name}: paused:" in place.run("--list", code=0)


def test_a_run_whose_queue_was_killed_is_not_begun_twice(place: Place) -> None:
    (run,) = place.group(ENDLESS).runs
    folder = RunFolder(place.work, run)
    queue = place.start()
    until(lambda: "random" in place.results_so_far(run), LIMIT_S)
    (left,) = Path(f"/proc/{queue.pid}/task/{queue.pid}/children").read_text().split()
    queue.kill()
    queue.communicate(timeout=10)
    assert f"elsewhere: tiny/{run.name}" in place.run(code=1)
    os.kill(int(left), signal.SIGTERM)
    until(folder.lock, LIMIT_S)
    folder.unlock()
    assert folder.is_begun  # it has saved


def test_a_wrong_word_is_told_in_a_line(place: Place) -> None:
    told = place.run(code=2)  # there is no list yet
    assert told.count("\n") == 1
    assert told.startswith("error: cannot read the list")


def test_half_a_run_of_another_command_is_begun_anew(place: Place) -> None:
    (run,) = place.group().runs
    folder = RunFolder(place.work, run)
    (folder.out / "snapshots").mkdir(parents=True)
    (folder.out / "snapshots" / "breakout-final.nec").write_bytes(b"of a longer network")
    (folder.folder / "run.json").write_text('{"command": "another", "commits": [], "starts": 1}')
    assert folder.lock()
    process = folder.start(threads=1)
    folder.unlock()
    try:
        assert not folder.is_begun
        assert os.getpgid(process.pid) != os.getpgid(0)
    finally:
        process.terminate()
        process.wait(timeout=60)
