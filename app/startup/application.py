"""The door to the window. Importing this imports no Qt, which may be impossible to import."""

from __future__ import annotations

import gc

from app.startup.display import check_display
from app.startup.request import OpenEngine, OpenRequest, WindowRequest

__all__ = ["OpenEngine", "OpenRequest", "WindowRequest", "check_display", "run_window"]


def run_window(request: WindowRequest) -> int:
    """Show the window until it is closed; the exit code: 0, 130 after SIGINT, 143 after SIGTERM.

    Main thread. Raises :class:`~nec_engine.errors.DisplayError` when no window can be shown.
    """
    check_display()
    gc.disable()  # until a game is open: see garbage.py
    from app.startup.lifecycle import live

    return live(request)
