"""The child process that builds Annoy files: ``python -m nec_engine.memory.index.builder PID``.

It reads one job a line from its standard input and answers each with one line on its standard
output, both JSON: a :class:`BuildJob`, and ``{"problem": ""}`` or what went wrong, in words.

Its very first line says that it is ready: from then on it dies with its parent, and may be
stopped for a while. It imports only the standard library, numpy and annoy, takes the least of the
processor that the system can be asked for, and is gone as soon as its input closes or its parent
(PID) dies, in the middle of a build too.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import TypedDict

import numpy as np
from annoy import AnnoyIndex

from nec_engine.memory.index.near_order import near_order
from nec_engine.parent import die_with, step_back


class BuildJob(TypedDict):
    """An Annoy index to be built of some keys."""

    keys: str  # path of float32[num, dim]
    num: int
    dim: int
    trees: int
    seed: int
    result: str  # path to write the index to
    slots: str  # and int32[num]: which of the keys each of its items is


def build_file(job: BuildJob) -> None:
    """Write the Annoy index of ``job`` to its result path, and its order. Same job, same bytes.

    Raises ``OSError`` when a file cannot be read or written.
    """
    num, dim = job["num"], job["dim"]
    keys = np.asarray(np.memmap(job["keys"], np.float32, "r", shape=(num, dim)))
    slots = near_order(keys, job["seed"])
    slots.tofile(job["slots"])
    index = AnnoyIndex(dim, "euclidean")
    index.set_seed(job["seed"])
    for item, slot in enumerate(slots.tolist()):
        # a list: annoy takes any other sequence apart several times slower
        index.add_item(item, keys[slot].tolist())
    index.build(job["trees"], 1)
    index.save(job["result"])


def main() -> None:
    """Build until the input closes."""
    die_with(int(sys.argv[1]))
    step_back()
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), name="listen", daemon=True).start()
    while True:
        line = jobs.get()
        try:
            build_file(json.loads(line))
            problem = ""
        except Exception as error:  # noqa: BLE001 - told to the parent, which goes on without
            problem = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps({"problem": problem}) + "\n")
        sys.stdout.flush()


def _listen(jobs: queue.SimpleQueue[str]) -> None:
    """Hand jobs over; leave at once when the input closes, whatever is being built."""
    for line in sys.stdin:
        jobs.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
