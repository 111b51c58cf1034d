"""Child processes: modules of this package that work beside the program. See also parent.py."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

PACKAGE = str(Path(__file__).parents[1])


def start_child(
    module: str,
    *words: str,
    stdin: int = subprocess.PIPE,
    stdout: int = subprocess.PIPE,
    stderr: int | None = None,
) -> subprocess.Popen[bytes]:
    """``python -m module words... OUR_PROCESS_ID``; the child is to call ``die_with`` with that.

    It dies with the thread that calls this. The last three are as :class:`subprocess.Popen` takes
    them. Raises :class:`OSError`.
    """
    return subprocess.Popen(
        # -P: no module of the current folder is taken for one of the library's
        [sys.executable, "-P", "-m", module, *words, str(os.getpid())],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), PACKAGE])},
        start_new_session=True,  # Ctrl+C in the terminal is for the program, which ends the child
    )


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Kill it, stopped or not, wait for its end and close its pipes."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what it did not read any more
                pipe.close()
