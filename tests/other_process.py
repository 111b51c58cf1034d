"""Another process, as a second window or run is, until it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
HOLD = """
import sys
from pathlib import Path
from nec_engine.file_lock import FileLock
print(FileLock.take(Path(sys.argv[1])) is not None, flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[None]:
    """While entered, another process holds the file ``path``; then that process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with running_elsewhere(HOLD, path) as said:
        assert said == "True"
        yield


@contextmanager
def running_elsewhere(source: str, path: Path) -> Iterator[str]:
    """The first line that ``source`` prints in a process of its own, which is killed at the end.

    ``path`` is its only argument.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", source, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    with process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
