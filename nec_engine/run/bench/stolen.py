"""Time that the cores were wanted for and that the host of a virtual machine gave to others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

STAT: Final = Path("/proc/stat")
STOLEN: Final = "of the time that the cores were wanted for, the machine's host gave to others"
BUSY: Final = ("user", "nice", "system", "irq", "softirq", "steal")
FIELDS: Final = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


class CoreTime(NamedTuple):
    """Of all cores since the machine began, in ticks of the kernel's."""

    wanted: int  # there was something to compute
    stolen: int  # and no core to do it on

    @classmethod
    def now(cls, stat: Path = STAT) -> CoreTime | None:
        """None where the kernel does not tell."""
        try:
            _, *ticks = stat.read_text(encoding="ascii").splitlines()[0].split()
            by_field = dict(zip(FIELDS, map(int, ticks), strict=False))
            return cls(sum(by_field[field] for field in BUSY), by_field["steal"])
        except (OSError, ValueError, IndexError, KeyError):
            return None


def stolen_words(by_index: Mapping[str, Stolen]) -> str:
    """Of the stretches in which the learners were measured; empty where nothing was stolen."""
    shares = {index: stolen.share for index, stolen in by_index.items()}
    told = [f"{index} {share:.0%}" for index, share in shares.items() if share is not None]
    if not any(shares.values()):
        return ""
    return f"{STOLEN}: {', '.join(told)}; a learner wants two cores, the ceiling one"


class Stolen:
    """The stolen share of the time wanted within some stretches."""

    def __init__(self, stat: Path = STAT) -> None:
        self._stat = stat
        self._start: CoreTime | None = None
        self._wanted = self._stolen = 0

    def __enter__(self) -> None:
        """A stretch begins."""
        self._start = CoreTime.now(self._stat)

    def __exit__(self, *_: object) -> None:
        start, end = self._start, CoreTime.now(self._stat)
        if start is not None and end is not None:
            self._wanted += end.wanted - start.wanted
            self._stolen += end.stolen - start.stolen

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing is known."""
        return self._stolen / self._wanted if self._wanted > 0 else None
