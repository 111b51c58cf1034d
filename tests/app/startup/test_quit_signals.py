"""SIGINT and SIGTERM end the window cleanly, at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from app.startup.signals import QuitSignals

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys, time
from pathlib import Path
from fake_engine import FakeEngine
from app.startup.application import WindowRequest, run_window
from nec_engine.config import Settings

class Told(FakeEngine):
    def start(self, *arguments, **options):
        super().start(*arguments, **options)
        print("playing", flush=True)
    def stop(self, timeout_s=4.0):
        super().stop(timeout_s)
        print("stopped", flush=True)

def open_engine(request):
    print("opening", flush=True)
    time.sleep(DELAY)
    return Told(threaded=True)

code = run_window(WindowRequest(open_engine=open_engine, data_dir=Path(sys.argv[1]),
                                settings=Settings(), settings_changes={}, rom="pong"))
import threading
assert threading.active_count() == 1, threading.enumerate()
sys.exit(code)
"""


def start(tmp_path: Path, delay_s: float) -> subprocess.Popen[str]:
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'app'}", "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("DELAY", str(delay_s)), str(tmp_path)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_playing_stops_the_engine_and_gives_its_code(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with start(tmp_path, 0.0) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "playing":
            assert process.poll() is None
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, err
    assert out.strip() == "stopped"
    assert err == ""


def test_a_signal_while_a_game_is_being_opened_stops_what_was_opened(tmp_path: Path) -> None:
    with start(tmp_path, 1.0) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "opening"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 143, err
    assert out.strip() == "stopped"


def test_a_game_that_takes_long_to_open_does_not_keep_the_program_alive(tmp_path: Path) -> None:
    with start(tmp_path, 150.0) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "opening"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err


def test_the_signals_reach_qts_loop_and_the_handlers_are_put_back(qapp: QApplication) -> None:
    before = signal.getsignal(signal.SIGTERM)
    codes: list[int] = []

    def quit_loop(code: int) -> None:
        codes.append(code)
        qapp.exit(code)

    with QuitSignals(quit_loop):
        os.kill(os.getpid(), signal.SIGTERM)
        assert qapp.exec() == 143
    assert codes == [143]
    assert signal.getsignal(signal.SIGTERM) is before
