"""Whether a window can be shown here: found out before Qt would abort the process.

Linux only; elsewhere Qt needs nothing besides itself. Imports no Qt.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from nec_engine.errors import DisplayError

# What the libraries of the PyQt6-Qt6 wheel name as needed (readelf -d) beyond a bare Debian, and
# the package that brings each: first those of every window, then those of one on X11.
LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11_LIBRARIES: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
SCREENLESS: Final = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs"})


def check_display(environment: MutableMapping[str, str] = os.environ) -> None:
    """Make ready for a window; raises :class:`DisplayError` in one line when none can be shown.

    Drops the plug-in paths that the plain ``opencv-python`` sets for its own Qt, and chooses
    Wayland where that is the only display there is.
    """
    forget_other_qt(environment)
    if not sys.platform.startswith("linux"):
        return
    _demand(LIBRARIES)
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform in SCREENLESS:
        return
    has_wayland = _has_wayland(environment)
    if platform.startswith("wayland") or (has_wayland and not environment.get("DISPLAY")):
        if not has_wayland:
            raise DisplayError(
                "no display", "no Wayland display answers", "start it in a desktop session"
            )
        environment["QT_QPA_PLATFORM"] = platform or "wayland"
        return
    if not environment.get("DISPLAY"):
        raise DisplayError(
            "no display",
            "neither DISPLAY nor WAYLAND_DISPLAY names one",
            "start it in a desktop session, or use a command without a window such as 'train'",
        )
    _demand(X11_LIBRARIES)
    _connect_x11(environment["DISPLAY"])


def forget_other_qt(environment: MutableMapping[str, str]) -> None:
    """Drop variables that point to the Qt 5 inside the plain ``opencv-python`` wheel."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "QT_PLUGIN_PATH"):
        if "cv2" in Path(environment.get(name, "")).parts:
            del environment[name]


def _demand(libraries: dict[str, str]) -> None:
    missing = [name for name in libraries if not _loads(name)]
    if missing:
        packages = " ".join(libraries[name] for name in missing)
        raise DisplayError(
            f"no window can be shown: {', '.join(missing)} cannot be loaded",
            "Qt needs these libraries of the system",
            f"install them, on Debian with 'apt install {packages}'",
        )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_wayland(environment: MutableMapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    folder = Path(environment.get("XDG_RUNTIME_DIR", "/nowhere"))
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(folder / name))
        except OSError:
            return False
    return True


def _connect_x11(display: str) -> None:
    """Connect once as Qt will; libxcb finds sockets and permissions as Qt does."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    has_failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if has_failed:
        raise DisplayError(
            f"no display: cannot connect to {display!r}",
            "no X server answers there, or it refuses us",
            "start it in a desktop session, or set DISPLAY to one that runs",
        )
