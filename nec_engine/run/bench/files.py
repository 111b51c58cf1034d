"""What saving and loading cost, beside plainly writing and reading as many bytes."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any, Final

from nec_engine.memory.estimate import estimate_bytes
from nec_engine.run.bench.timing import round_figure
from nec_engine.run.opening import open_saved
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer

CHUNK_BYTES: Final = 1 << 20


def snapshot_figures(trainer: Trainer, folder: Path, *, times: int) -> dict[str, Any]:
    """``snapshot`` of the report: bytes, save_ratio and load_ratio (medians of ``times``).

    Saving is from the run in memory to the file on the disk; loading is from the file, out of the
    system's cache where the system allows that, to a run that can go on.
    """
    path, plain = folder / "bench.nec", folder / "plain.bin"
    saves, loads = [], []
    num_bytes = 0
    for _ in range(times):
        num_bytes, save_s = save_run(trainer, path)
        saves.append(save_s / _write_plainly(plain, num_bytes))
        loads.append(_load(path) / _read_plainly(plain))
    path.unlink()
    plain.unlink()
    return {
        "bytes": num_bytes,
        "save_ratio": round_figure(statistics.median(saves)),
        "load_ratio": round_figure(statistics.median(loads)),
    }


def bytes_per_entry(trainer: Trainer) -> float:
    """Bytes of RAM for each entry of a full memory, its index included."""
    return estimate_bytes(1, 1, trainer.settings)


def _load(path: Path) -> float:
    _drop_from_cache(path)
    start_s = time.perf_counter()
    opened = open_saved(path, {})
    took_s = time.perf_counter() - start_s
    opened.trainer.close()
    return took_s


def _write_plainly(path: Path, num_bytes: int) -> float:
    chunk = os.urandom(CHUNK_BYTES)
    start_s = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for at in range(0, num_bytes, CHUNK_BYTES):
            file.write(chunk[: num_bytes - at])
        os.fsync(file.fileno())
    return time.perf_counter() - start_s


def _read_plainly(path: Path) -> float:
    _drop_from_cache(path)
    start_s = time.perf_counter()
    path.read_bytes()
    return time.perf_counter() - start_s


def _drop_from_cache(path: Path) -> None:
    """Ask the system to forget the file's pages, so that reading means the disk."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
