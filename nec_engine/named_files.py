"""Files that a person names to be read whole: none that makes the program wait for ever."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_to_read(path: Path) -> BinaryIO:
    """The file at ``path``; a pipe that the shell made is one too, as of ``<(command)``.

    Raises :class:`OSError`, also for a pipe with a name, which may have no writer, and for a
    device, which may have no end.
    """
    mode = path.stat().st_mode
    is_of_shell = stat.S_ISFIFO(mode) and not os.path.exists(os.path.realpath(path))  # noqa: PTH110  # its name leads nowhere
    is_file = stat.S_ISREG(mode) or stat.S_ISDIR(mode) or path.samefile(os.devnull)
    if not is_file and not is_of_shell:
        raise OSError("it is a device or a pipe with a name")
    return path.open("rb")
