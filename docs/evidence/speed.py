"""How fast the learner is on this machine: a report of ``bench``, kept with its commit.

python -m docs.evidence.speed NAME [--large | --many-actions]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from docs.evidence.plan import EVIDENCE
from docs.evidence.provenance import MAIN, commit, versions
from nec_engine.config import Settings
from nec_engine.run.bench.many_actions import GAME as MANY_ACTIONS_GAME
from nec_engine.run.bench.many_actions import many_actions
from nec_engine.run.bench.stolen import STOLEN
from nec_engine.run.commands.bench import DEFAULT
from nec_engine.run.devices import choose_device
from nec_engine.run.opening import set_torch_threads
from nec_engine.storage.whole_file import write_whole

SPEED: Final = EVIDENCE / "speed"


def kept(report: dict[str, Any], said: str, words: list[str]) -> dict[str, Any]:
    """What is kept of a run of ``bench words`` that printed ``report`` and ``said`` the rest."""
    lines = [line.partition("] ")[2] for line in said.splitlines()]
    return {
        "command": " ".join(["python main.py bench", *words]),
        "commit": commit(),
        "versions": versions(),
        "many_actions": _first(lines, f"{MANY_ACTIONS_GAME}, "),
        "stolen": _first(lines, STOLEN),
        "report": report,
    }


def add_many_actions(path: Path) -> None:
    """Measure a game with 18 actions, and keep it with the report at ``path``."""
    figures = json.loads(path.read_text())
    settings, entries = Settings(), max(DEFAULT.sizes)
    set_torch_threads(settings)
    measured = many_actions(
        settings,
        choose_device(settings.device),
        entries=entries,
        num_real=DEFAULT.num_real,
        measure_s=DEFAULT.measure_s,
    )
    figures["many_actions"] = f"{measured.sentence(entries)} (commit {commit()})"
    write_whole(path, json.dumps(figures, indent=2) + "\n")
    sys.stderr.write(figures["many_actions"] + "\n")


def _first(lines: list[str], begin: str) -> str:
    """The first line that begins so; empty without one."""
    return next((line for line in lines if line.startswith(begin)), "")


def main() -> int:
    """Run it, and keep what it reports; the exit code, that of ``bench``."""
    parser = argparse.ArgumentParser(prog="python -m docs.evidence.speed", description=__doc__)
    parser.add_argument("name", help="of the file: what the machine is")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--large", action="store_true", help="as of bench")
    scopes.add_argument(
        "--many-actions", action="store_true",
        help="of a kept report, measure what --large says of a game with 18 actions, alone",
    )  # fmt: skip
    wanted = parser.parse_args()
    if wanted.many_actions:
        add_many_actions(SPEED / f"{wanted.name}.json")
        return 0
    words = ["--large"] if wanted.large else []
    with tempfile.TemporaryDirectory(prefix="nec-speed-") as folder:
        path = Path(folder) / "report.json"
        done = subprocess.run(
            [sys.executable, str(MAIN), "bench", *words, "--json", str(path)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        sys.stderr.write(done.stderr)
        if done.returncode == 0:
            figures = kept(json.loads(path.read_text()), done.stderr, words)
            SPEED.mkdir(exist_ok=True)
            write_whole(SPEED / f"{wanted.name}.json", json.dumps(figures, indent=2) + "\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
