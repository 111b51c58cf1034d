"""Waiting for what another thread or process brings about."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY_S = 0.01


def until(condition: Callable[[], object], limit_s: float = 60.0) -> None:
    """Return once ``condition`` holds; fail where it does not come."""
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(LOOK_EVERY_S)
