"""How fast memories can be visited: in the real window, while the agent goes on learning.

python -m docs.evidence.places SNAPSHOT [--times N] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from docs.evidence.provenance import commit, machine, versions
from nec_engine.errors import DataError, NecError
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.run.bench.timing import round_figure, spread
from nec_engine.run.bench.window import WindowChild
from nec_engine.run.opening import open_saved
from nec_engine.storage.snapshot import read_header
from nec_engine.storage.whole_file import write_whole

SEED: Final = 1
ASIDE_S: Final = 5.0  # after the start
SCRUB_S: Final = 10.0
STRIDES: Final = {"a step": 1, "four steps": 4, "twenty steps": 20}  # at each move of the hand
WRONG_INPUT: Final = 2


def measure(snapshot: Path, times: int) -> dict[str, Any]:
    """The figures of ``snapshot``, opened in a window with its default panels, training."""
    header = read_header(snapshot)
    if not sum(header["memory"]["sizes"]):
        raise DataError(str(snapshot), "it holds no memories", "take a snapshot of another run")
    with (
        tempfile.TemporaryDirectory(prefix="nec-places-") as folder,
        WindowChild(["--snapshot", str(snapshot.resolve())], Path(folder)) as window,
    ):
        window.wait_for_picture()
        window.play(1.0, ASIDE_S)
        spreads = {
            kind: spread(window.order({kind: times, "seed": SEED})["ms"])
            for kind in ("pictures", "replays", "visits")
        }
        scrubbed = {
            words: round_figure(
                window.order({"scrub": SCRUB_S, "stride": stride, "seed": SEED})["pictures_per_s"]
            )
            for words, stride in STRIDES.items()
        }
        trained = window.play(SCRUB_S, 0.0)
    return {
        "game": header["game"],
        "agent": header["agent"],
        "recorded_episodes": header["journal"]["episodes"],
        "entries": sum(header["memory"]["sizes"]),
        "times": times,
        "rebuilt_ms": spread(_rebuilding_ms(snapshot, times)),
        "picture_ms": spreads["pictures"],
        "replay_ms": spreads["replays"],
        "visit_ms": spreads["visits"],
        "scrubbed_pictures_per_s": scrubbed,
        "training_steps_per_s": round_figure(trained.steps_per_s),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
    }


def _rebuilding_ms(snapshot: Path, times: int) -> list[float]:
    """How long it takes to rebuild the screens of a memory where nothing else runs."""
    trainer = open_saved(snapshot, {}).trainer
    rebuilder = Rebuilder(trainer.rom, trainer.settings)
    memory = trainer.agent.memory
    assert memory is not None, "measure() has asked for its entries"
    contents, sizes = memory.contents, memory.sizes
    places = [(action, slot) for action, size in enumerate(sizes) for slot in range(size)]
    taken_ms = []
    for action, slot in random.Random(SEED).sample(places, min(times, len(places))):
        entry = contents.entry(action, slot)
        start_s = time.perf_counter()
        rebuilt = rebuilder.rebuild(trainer.journal, entry.moment)
        taken_ms.append(1e3 * (time.perf_counter() - start_s))
        assert rebuilt.state_hash == entry.state_hash
    trainer.close()
    return taken_ms


def main() -> int:
    """Print the figures as JSON; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.evidence.places", description=__doc__)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--times", type=int, default=300, help="of each kind of visit")
    parser.add_argument("--out", type=Path, help="write them there too")
    wanted = parser.parse_args()
    try:
        figures = measure(wanted.snapshot, wanted.times)
        text = json.dumps(figures, indent=2) + "\n"
        if wanted.out is not None:
            write_whole(wanted.out, text)
    except NecError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_INPUT
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
