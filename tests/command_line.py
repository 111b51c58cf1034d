"""A command line carried out in this process: torch, once imported, is not imported again.

What only a process shows (signals, streams, exits, an empty start) is for tests that start one.
"""

from __future__ import annotations

import contextlib
import io
import subprocess

import main
from nec_engine.run.devices import compute_exactly


def run_here(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """What ``python main.py`` gives for ``words``, which ends with ``code``."""
    line, output, notes = [str(word) for word in words], io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(notes):
        returned = main.main(line)
    compute_exactly(deterministic=False)  # what follows need not be
    done = subprocess.CompletedProcess(line, returned, output.getvalue(), notes.getvalue())
    assert done.returncode == code, done.stderr[-2000:]
    return done
