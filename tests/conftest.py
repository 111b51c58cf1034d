"""What holds for every test: no screen, one torch thread, own folders, and nothing left behind.

A test fails when it leaves a thread, a child process, a running timer or a top-level window, and
(through pytest's and pytest-qt's settings in ``pyproject.toml``) when a warning of Python or Qt is
heard that it did not expect.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from pytestqt.qtbot import QtBot

# Before Qt, torch or matplotlib are imported by anything, child processes included.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")
_USER_FOLDERS = tempfile.TemporaryDirectory(prefix="nec-tests-", ignore_cleanup_errors=True)
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_USER_FOLDERS.name) / _name.lower())

hypothesis_settings.register_profile("shared machine", deadline=None, print_blob=True)
hypothesis_settings.load_profile("shared machine")

WINDOWS = ("window", "browser", "ending", "out_of_sight")  # in names of files of tests/whole
GRACE_S = 3.0  # a thread or child that was told to end may take so long
WAIT_MS = 60_000  # a busy machine takes its time
WAITS = ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive", "waitCallback")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file are made by one worker, so that what they share is made once.

    Whole windows are never opened two at a time: each takes both cores.
    """
    for item in items:
        is_whole = item.path.parent.name == "whole" and any(w in item.path.stem for w in WINDOWS)
        item.add_marker(pytest.mark.xdist_group("windows" if is_whole else str(item.path)))


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """pytest-qt's; what it waits for may take a minute, not five seconds, to come."""
    for name in WAITS:
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=WAIT_MS))
    return qtbot


@pytest.fixture(autouse=True)
def one_torch_thread() -> None:
    """More intra-op threads than cores spin against each other (and against the next test).

    What torch draws is the same whichever tests came before.
    """
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(autouse=True)
def own_user_settings() -> None:
    """QSettings of a test start empty; the folder goes with the tests."""
    core: Any = sys.modules.get("PyQt6.QtCore")
    if core is None:
        return
    folder = tempfile.mkdtemp(dir=_USER_FOLDERS.name)
    for file_format in (core.QSettings.Format.NativeFormat, core.QSettings.Format.IniFormat):
        core.QSettings.setPath(file_format, core.QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when something it started still runs after its fixtures are torn down."""
    threads = set(threading.enumerate())
    children = _child_processes()
    yield
    left = [f"thread {thread.name!r}" for thread in _threads_left(threads)]
    left += [f"child process {command!r}" for command in _children_left(children)]
    if left:
        pytest.fail(f"{request.node.name} left behind: {', '.join(left)}", pytrace=False)


@pytest.fixture(autouse=True)
def no_window_left_behind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail a test of the window that leaves a timer running or a top-level widget alive."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    from PyQt6 import sip
    from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
    from PyQt6.QtWidgets import QApplication

    timers: weakref.WeakSet[Any] = weakref.WeakSet()
    start = QTimer.start

    def start_and_note(timer: QTimer, *arguments: Any) -> None:
        timers.add(timer)
        start(timer, *arguments)

    monkeypatch.setattr(QTimer, "start", start_and_note)
    before = set(QApplication.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def windows() -> list[str]:
        return [
            f"window {type(widget).__name__} {widget.windowTitle()!r}"
            for widget in QApplication.topLevelWidgets()
            if widget not in before
            and (widget.isVisible() or widget.parentWidget() is None)
            and type(widget).__name__ != "QTipLabel"
        ]

    def running() -> list[str]:
        alive = [timer for timer in timers if not sip.isdeleted(timer) and timer.isActive()]
        return [f"timer {timer.objectName()!r} of {timer.parent()!r}" for timer in alive]

    if windows() or running():
        gc.collect()  # widgets without an owner are held by reference cycles only
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = windows() + running()
    for widget in set(QApplication.topLevelWidgets()) - before:
        widget.close()
    if left:
        pytest.fail(f"{request.node.name} left behind: {', '.join(left)}", pytrace=False)


def _threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Python's own threads that a test started and that do not end within the grace."""
    deadline = time.monotonic() + GRACE_S
    left = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):  # a thread of Qt or torch that called us
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            left.append(thread)
    return left


def _children_left(before: dict[int, str]) -> list[str]:
    """Command lines of the children that a test started and that do not end within the grace."""
    deadline = time.monotonic() + GRACE_S
    while True:
        left = {pid: command for pid, command in _child_processes().items() if pid not in before}
        # Python starts its resource tracker once and keeps it until it ends itself.
        left = {pid: command for pid, command in left.items() if "resource_tracker" not in command}
        if not left or time.monotonic() > deadline:
            return list(left.values())
        time.sleep(0.02)


def _child_processes() -> dict[int, str]:
    """Command line by process id of our living children (Linux; elsewhere none are seen)."""
    children = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = [int(word) for word in listing.read_text().split()]
        except OSError:  # the thread ended meanwhile
            continue
        for pid in pids:
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z":
                children[pid] = command.strip()
    return children
