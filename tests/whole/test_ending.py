"""However the program is ended: whole files, and nothing left running."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import run_here
from waiting import until

MAIN = Path(__file__).resolve().parents[2] / "main.py"
LIMIT_S = 60.0  # the last save is written first, and a busy machine takes its time
BUSY = [  # an index is wanted before learning begins, which on a busy machine takes its time
    "--set", "capacity=3000", "--set", "replay_capacity=2000", "--set", "learning_starts=1000",
    "--set", "n_step=10", "--set", "index_min_entries=100", "--set", "index_tail=10",
    "--set", "autosave_s=5",
]  # fmt: skip


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run(*words: str) -> subprocess.Popen[str]:
        """What is set by ``words`` stands against what all are given."""
        command = words[:1] if words[0] == "train" else ()
        own = words[len(command) :]
        process = subprocess.Popen(
            [sys.executable, str(MAIN), *command, *BUSY, *own, "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # These tests may themselves run where no closed terminal is to end anything.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=LIMIT_S)


def children_of(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the thread has ended meanwhile
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def info(path: Path) -> dict[str, object]:
    facts: dict[str, object] = json.loads(run_here("info", path, "--json").stdout)
    return facts


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_window_ends_on_a_signal_and_its_last_save_can_be_read(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    process = start("--rom", "pong")
    snapshots = tmp_path / "snapshots"
    until(lambda: any(snapshots.glob("pong-autosave-*.nec")), 90)
    until(lambda: bool(children_of(process.pid)), 60)  # the index builder is at work
    children = children_of(process.pid)
    process.send_signal(number)
    _, errors = process.communicate(timeout=LIMIT_S)
    expected = {signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    assert process.returncode == expected, errors
    assert "Traceback" not in errors
    until(lambda: not any(is_running(child) for child in children), LIMIT_S)
    for path in snapshots.glob("*.nec"):
        assert info(path)["game"] == "pong"
    if number is not signal.SIGKILL:
        assert {path.suffix for path in snapshots.iterdir()} == {".nec"}


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGHUP", 129)])
def test_a_signal_before_the_first_autosave_loses_nothing_that_was_learned(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, name: str, code: int
) -> None:
    process = start("--rom", "pong", "--set", "autosave_s=600")
    until(lambda: bool(children_of(process.pid)), 90)  # it has come to an index
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    (saved,) = (tmp_path / "snapshots").iterdir()
    frames = info(saved)["frames"]
    assert isinstance(frames, int)
    assert frames > 400


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_training_that_is_killed_leaves_no_orphan_and_goes_on_from_its_autosave(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start("train", "--rom", "pong", "--frames", "1000000000", "--set", "test_episodes=1",
                    "--set", "eval_episode_cap_frames=200")  # fmt: skip
    folder = tmp_path / "results" / "pong-seed1"
    until(lambda: any((folder / "snapshots").glob("pong-autosave-?.nec")), 90)
    until(lambda: bool(children_of(process.pid)), 60)
    children = children_of(process.pid)
    process.kill()
    process.communicate(timeout=LIMIT_S)
    until(lambda: not any(is_running(child) for child in children), LIMIT_S)
    newest = max(
        (folder / "snapshots").glob("pong-autosave-?.nec"), key=lambda p: p.stat().st_mtime
    )
    frames = info(newest)["frames"]
    assert isinstance(frames, int)
    again = start(
        "train", "--rom", "pong", "--frames", str(frames + 200), "--resume", str(newest),
        "--set", "final_test_episodes=1", "--set", "eval_episode_cap_frames=200",
    )  # fmt: skip
    output, errors = again.communicate(timeout=90)
    assert again.returncode == 0, errors
    assert output.splitlines()[-1].startswith("saved: ")


def test_ctrl_c_saves_though_it_ended_whoever_read_the_output_too(tmp_path: Path) -> None:
    words = ["train", "--rom", "pong", "--frames", "1000000000", "--out", str(tmp_path), *BUSY,
             "--set", "test_episodes=1", "--set", "eval_episode_cap_frames=200"]  # fmt: skip
    reading, writing = os.pipe()
    process = subprocess.Popen([sys.executable, str(MAIN), *words], stdout=writing, stderr=writing)
    os.close(writing)
    results = tmp_path / "results.csv"
    try:
        until(lambda: results.exists() and "random" in results.read_text(), 90)
        os.close(reading)  # as `2>&1 | tee log` does, which gets the signal too
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait(10)
    assert info(tmp_path / "snapshots" / "pong-final.nec")["game"] == "pong"
