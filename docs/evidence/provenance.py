"""With what a run was made: the program's commit, the libraries, the machine."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Final

from nec_engine.machine import cpu_name
from nec_engine.version import PROGRAM_VERSION

ROOT: Final = Path(__file__).resolve().parents[2]
MAIN: Final = ROOT / "main.py"
LIBRARIES: Final = ("torch", "numpy", "ale-py", "annoy", "hnswlib", "opencv-python-headless")


def commit() -> str:
    """Short hash of the checked-out commit, with ``+changes`` when the program differs from it."""
    head = _git("rev-parse", "--short=10", "HEAD")
    if head is None:
        return "unknown"
    changes = _git("status", "--porcelain", "--", "main.py", "nec_engine")
    return f"{head}+changes" if changes else head


def versions() -> dict[str, str]:
    """``program_version``, ``python`` and the libraries that a score can depend on."""
    found = {"program_version": PROGRAM_VERSION, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # an optional extra
    return found


def machine() -> dict[str, str | int]:
    """``cpu`` and ``cores``: sums of floats may differ on another processor."""
    return {"cpu": cpu_name(), "cores": os.cpu_count() or 1}


def _git(*words: str) -> str | None:
    """What git prints; None where there is no git or no clone."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
