"""Where one run is made: its lock, its half-way state, its process, and what became of it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from docs.evidence.kept import KeptRun, measured
from docs.evidence.plan import Run
from docs.evidence.provenance import MAIN, commit, machine, versions

# A snapshot can have 0.8 GB. A signal saves anyway; this is for a machine that goes down.
AUTOSAVE_S: Final = 1800
LOG_TAIL_BYTES: Final = 4096


class RunFolder:
    """``<work>/<group>/<name>/``. Use it while :meth:`lock` holds only.

    The lock is on an open file that the run's process inherits, so that it stands as long as
    either the queue or the run lives: a run whose queue was killed is not begun a second time.
    """

    def __init__(self, work: Path, run: Run) -> None:
        self.run = run
        self.folder = work / run.group / run.name
        self.out = self.folder / "out"
        self.results = self.out / "results.csv"
        self._lock_path = self.folder.with_name(run.name + ".lock")
        self._note_path = self.folder / "run.json"
        self._log_path = self.folder / "log.txt"
        self._lock_fd = -1

    def lock(self) -> bool:
        """False when another queue has the run, or a process that a killed queue has left."""
        self._lock_path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._lock_fd = fd
        return True

    def unlock(self) -> None:
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    def start(self, threads: int | None) -> subprocess.Popen[bytes]:
        """Begin the run, or go on from its newest snapshot; ``threads`` for OpenMP, None: its own.

        In a process group of its own, so that Ctrl-C reaches the queue alone.
        """
        note = self._note()
        snapshot = self._newest_snapshot()
        if note.get("command") != self.run.command or snapshot is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            note, snapshot = {"command": self.run.command, "commits": [], "starts": 0}, None
        note["starts"] += 1
        note["commits"] += [now for now in [commit()] if now not in note["commits"]]
        note.pop("error", None)
        self._write_note(note)
        words = [*self.run.words, f"autosave_s={AUTOSAVE_S}", "--out", str(self.out)]
        if snapshot is not None:
            words += ["--resume", str(snapshot)]
        environment = dict(os.environ)
        if threads is not None:
            environment["OMP_NUM_THREADS"] = str(threads)
        with self._log_path.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(MAIN), *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment,
                pass_fds=(self._lock_fd,), process_group=0,
            )  # fmt: skip

    def measured(self) -> KeptRun | None:
        """What the run has measured so far; None before its first evaluation."""
        return measured(self.run, self.results, self.about()) if self.results.exists() else None

    def about(self) -> dict[str, Any]:
        """How the run was made, for the JSON beside its CSV."""
        return {**self._note(), **versions(), **machine()}

    @property
    def is_begun(self) -> bool:
        return self._newest_snapshot() is not None

    @property
    def error(self) -> str | None:
        """Why the run's last start failed; None when it did not."""
        return self._note().get("error")

    def note_failure(self, code: int) -> str:
        """Keep the line that says why the process ended with ``code``, and return it."""
        line = f"exit {code}: {self._last_line_of_log()}"
        self._write_note({**self._note(), "error": line})
        return line

    def remove(self) -> None:
        """Everything but the lock's file: without it nobody could tell who came first."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _newest_snapshot(self) -> Path | None:
        """Whole files all of them, since ``train`` gives a file its name when it is written."""
        found = []
        for path in (self.out / "snapshots").glob("*.nec"):
            with contextlib.suppress(FileNotFoundError):  # the run itself replaces old ones
                found.append((path.stat().st_mtime_ns, path))
        return max(found)[1] if found else None

    def _note(self) -> dict[str, Any]:
        try:
            note: dict[str, Any] = json.loads(self._note_path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # not begun, or the machine went down meanwhile
            return {}
        return note

    def _write_note(self, note: dict[str, Any]) -> None:
        part = self._note_path.with_suffix(".part")
        part.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        part.replace(self._note_path)

    def _last_line_of_log(self) -> str:
        if not self._log_path.exists():
            return "it left no word"
        with self._log_path.open("rb") as log:
            log.seek(max(0, self._log_path.stat().st_size - LOG_TAIL_BYTES))
            text = log.read().decode(errors="replace")
        lines = [line.strip() for line in re.split(r"[\r\n]", text) if line.strip()]
        told = [line for line in lines if line.startswith("error: ")]
        return (told or lines or ["it left no word"])[-1]
