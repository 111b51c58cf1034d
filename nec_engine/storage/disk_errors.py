"""What the operating system's refusals mean to a person."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_CHOOSE = "choose another folder"


def explain_os_error(error: OSError, path: Path) -> tuple[str, str]:
    """(why, what to do) for ``error`` met at ``path``, as the last two parts of an error line."""
    folder = path.parent
    known = {
        errno.ENOSPC: (f"the disk of {folder} is full", "free some space or " + _CHOOSE),
        errno.EDQUOT: ("your disk quota is used up", "free some space or " + _CHOOSE),
        errno.EFBIG: ("the file is larger than this system allows", _CHOOSE),
        errno.EACCES: (f"writing in {folder} or to the file is not permitted", _CHOOSE),
        errno.EPERM: (f"writing in {folder} or to the file is not permitted", _CHOOSE),
        errno.EROFS: (f"{folder} is on a read-only disk", _CHOOSE),
        errno.ENOENT: (f"the folder {folder} is not there and cannot be made", _CHOOSE),
        errno.ENOTDIR: (f"a part of {folder} is a file, not a folder", _CHOOSE),
        errno.EEXIST: (f"a part of {folder} is a file, not a folder", _CHOOSE),
        errno.EISDIR: ("a folder has that name", "choose another name"),
        errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
        errno.EINVAL: ("the disk does not accept that name or kind of file", "choose another name"),
        errno.EIO: (f"the disk of {folder} reported a fault", "check the disk or " + _CHOOSE),
        errno.ESTALE: (f"the connection to {folder} was lost", _CHOOSE),
    }
    if error.errno in known:
        return known[error.errno]
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return reason[:1].lower() + reason[1:], _CHOOSE + " or try again"


def explain_read_error(error: OSError, path: Path) -> tuple[str, str]:
    """(why, what to do) for ``error`` met while reading the file ``path``."""
    known = {
        errno.ENOENT: ("there is no such file", "check the name"),
        errno.ENOTDIR: (f"a part of {path.parent} is a file, not a folder", "check the name"),
        errno.EISDIR: ("it is a folder", "name a file"),
        errno.EACCES: ("reading it is not permitted", "change its permissions or name another"),
        errno.EPERM: ("reading it is not permitted", "change its permissions or name another"),
        errno.ENAMETOOLONG: ("the name is too long", "check the name"),
        errno.EIO: ("the disk reported a fault", "check the disk or use a copy"),
    }
    if error.errno in known:
        return known[error.errno]
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return reason[:1].lower() + reason[1:], "name another file or try again"
