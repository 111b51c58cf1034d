"""The errors a person can mend. Everything else is a fault of the program."""

from __future__ import annotations


class NecError(Exception):
    """Something a person can mend, told in one line: what is wrong; why; what to do.

    ``str(error)`` is that line without a trailing full stop, fit for ``error: ...`` on standard
    error and for a message in the window. Line breaks in the parts are folded to spaces.
    """

    def __init__(self, what: str, why: str, remedy: str) -> None:
        parts = (" ".join(str(part).split()).rstrip(".;") for part in (what, why, remedy))
        self.what, self.why, self.remedy = parts
        super().__init__(f"{self.what}; {self.why}; {self.remedy}")


class SettingError(NecError):
    """A setting, option or configuration file is wrong."""


class RomError(NecError):
    """A game file is missing, unreadable or not a supported game."""


class SnapshotError(NecError):
    """A snapshot cannot be read, belongs to another game, or cannot be written."""


class RecordingError(NecError):
    """A video cannot be written."""


class DataError(NecError):
    """A folder or another input or output file cannot be used."""


class DisplayError(NecError):
    """No window can be shown on this machine as it stands."""
