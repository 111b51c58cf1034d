"""The child process that builds indexes: light, held back, and never left behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from annoy import AnnoyIndex

from nec_engine.memory.index.builder import BuildJob
from nec_engine.memory.index.builder_process import CPU_SHARE, BuildEnded, BuilderProcess

REPOSITORY = Path(__file__).parents[3]
DIM = 16


@pytest.fixture
def builder() -> Iterator[BuilderProcess]:
    builder = BuilderProcess()
    yield builder
    builder.close()


def job(folder: Path, *, num: int = 500, trees: int = 5) -> BuildJob:
    keys = np.random.default_rng(0).normal(size=(num, DIM)).astype(np.float32)
    keys.tofile(folder / "keys")
    return {
        "keys": str(folder / "keys"), "num": num, "dim": DIM, "trees": trees, "seed": 3,
        "result": str(folder / "result"), "slots": str(folder / "slots"),
    }  # fmt: skip


def long_job(folder: Path) -> BuildJob:
    """Many seconds in one call of ``build``."""
    return job(folder, num=5000, trees=20_000)


def wait_for(happened: Any, timeout_s: float = 60.0) -> Any:
    """What ``happened`` gives as soon as that is something."""
    deadline = time.monotonic() + timeout_s
    while not (what := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)
    return what


def cpu_s(pid: int) -> float:
    return time.clock_gettime((~pid << 3) | 2)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def mid_build(builder: BuilderProcess) -> int:
    """The child's process id, once it is deep in its call of ``build``."""
    pid: int = wait_for(lambda: builder.pid)
    wait_for(lambda: cpu_s(pid) > 0.4)
    return pid


def test_it_builds_what_annoy_builds(builder: BuilderProcess, tmp_path: Path) -> None:
    work = job(tmp_path)
    assert builder.pid is None  # nothing runs before there is something to build
    builder.submit(work)
    assert wait_for(builder.poll) == BuildEnded("")
    assert builder.poll() is None

    slots = np.fromfile(tmp_path / "slots", np.int32)
    assert sorted(slots.tolist()) == list(range(500))
    keys = np.fromfile(tmp_path / "keys", np.float32).reshape(-1, DIM)
    expected = AnnoyIndex(DIM, "euclidean")
    expected.set_seed(3)
    for item, slot in enumerate(slots.tolist()):
        expected.add_item(item, keys[slot].tolist())
    expected.build(5, 1)
    expected.save(str(tmp_path / "expected"))
    assert (tmp_path / "result").read_bytes() == (tmp_path / "expected").read_bytes()


def test_one_child_does_all_jobs(builder: BuilderProcess, tmp_path: Path) -> None:
    pids = set()
    for _ in range(2):
        builder.submit(job(tmp_path))
        assert wait_for(builder.poll).problem == ""
        pids.add(builder.pid)
    assert len(pids) == 1


@pytest.mark.parametrize("what", ["missing keys", "no room for the result"])
def test_a_failed_build_is_told_in_words_and_the_next_one_works(
    builder: BuilderProcess, tmp_path: Path, what: str
) -> None:
    work = job(tmp_path)
    if what == "missing keys":
        builder.submit(work | {"keys": str(tmp_path / "nowhere")})
        assert "nowhere" in wait_for(builder.poll).problem
    else:
        builder.submit(work)
        assert wait_for(builder.poll).problem == ""
        assert builder.pid is not None
        unlimited = resource.prlimit(builder.pid, resource.RLIMIT_FSIZE, (1000, -1))
        builder.submit(work)
        assert "too large" in wait_for(builder.poll).problem
        resource.prlimit(builder.pid, resource.RLIMIT_FSIZE, unlimited)
    builder.submit(work)
    assert wait_for(builder.poll).problem == ""


def test_a_child_that_dies_is_told_and_replaced(builder: BuilderProcess, tmp_path: Path) -> None:
    builder.submit(long_job(tmp_path))
    pid = mid_build(builder)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(builder.poll).problem == "the index builder has ended"
    builder.submit(job(tmp_path))
    assert wait_for(builder.poll).problem == ""
    assert builder.pid != pid


def test_close_ends_the_child_in_the_middle_of_a_build(tmp_path: Path) -> None:
    builder = BuilderProcess()
    builder.submit(long_job(tmp_path))
    pid = mid_build(builder)
    builder.close()
    assert builder.poll() == BuildEnded("closing")
    assert not is_alive(pid)
    builder.close()


def test_building_takes_about_a_third_of_a_core(builder: BuilderProcess, tmp_path: Path) -> None:
    builder.submit(long_job(tmp_path))
    pid = mid_build(builder)
    start_s, used_s = time.monotonic(), cpu_s(pid)
    wait_for(lambda: time.monotonic() - start_s > 1.0)
    share = (cpu_s(pid) - used_s) / (time.monotonic() - start_s)
    assert share < 1.4 * CPU_SHARE
    assert os.sched_getscheduler(pid) == os.SCHED_IDLE
    assert os.getpriority(os.PRIO_PROCESS, pid) == 19


PARENT = """
import sys, time
sys.path.insert(0, {folder!r})
from test_builder import *
builder = BuilderProcess()
builder.submit(long_job(Path({path!r})))
print(mid_build(builder), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_kill_9_of_the_parent_leaves_no_child_in_the_middle_of_a_build(
    tmp_path: Path, stopped: bool
) -> None:
    script = PARENT.format(folder=str(Path(__file__).parent), path=str(tmp_path))
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        if stopped:  # as the throttle leaves it two thirds of the time
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
    wait_for(lambda: not is_alive(pid))


def test_of_libraries_the_child_imports_annoy_and_numpy_alone() -> None:
    script = (
        "import sys; before = set(sys.modules); import nec_engine.memory.index.builder;"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(names - sys.stdlib_module_names - {'nec_engine'}))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['annoy', 'numpy']"


def test_the_child_is_found_from_any_folder_and_takes_no_module_from_there(
    builder: BuilderProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    builder.submit(job(tmp_path))
    assert wait_for(builder.poll).problem == ""
