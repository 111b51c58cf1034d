"""Whether a window can be shown, found out before Qt would abort."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.startup import display
from app.startup.display import check_display, forget_other_qt
from nec_engine.errors import DisplayError

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")


def test_no_display_at_all_is_said_in_one_line() -> None:
    with pytest.raises(DisplayError, match="neither DISPLAY nor WAYLAND_DISPLAY") as caught:
        check_display({})
    assert "\n" not in str(caught.value)


def test_a_display_that_does_not_answer_is_said_with_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISPLAY", ":4321")
    monkeypatch.setattr(display, "X11_LIBRARIES", {})
    with pytest.raises(DisplayError, match=":4321"):
        check_display(dict(os.environ) | {"QT_QPA_PLATFORM": "xcb"})


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "X11_LIBRARIES", {"libnone-such.so.9": "libnone-such9"})
    with pytest.raises(DisplayError, match=r"libnone-such\.so\.9.*apt install libnone-such9"):
        check_display({"DISPLAY": ":0"})


def test_a_wayland_display_that_is_gone_is_said() -> None:
    with pytest.raises(DisplayError, match="Wayland"):
        check_display({"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "nothing-here"})


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_platforms_without_a_screen_need_none(platform: str) -> None:
    check_display({"QT_QPA_PLATFORM": platform})


def test_the_plug_ins_of_plain_opencv_are_forgotten_and_others_kept() -> None:
    environment = {
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/venv/lib/python3/site-packages/cv2/qt/plugins",
        "QT_QPA_FONTDIR": "/venv/lib/python3/site-packages/cv2/qt/fonts",
        "QT_PLUGIN_PATH": "/usr/lib/qt6/plugins",
    }
    forget_other_qt(environment)
    assert environment == {"QT_PLUGIN_PATH": "/usr/lib/qt6/plugins"}


def test_the_door_to_the_window_imports_no_qt() -> None:
    door = "import app.startup.application, sys"
    code = f"{door}; sys.exit(any('PyQt6' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
