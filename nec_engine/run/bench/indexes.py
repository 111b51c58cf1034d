"""What an index costs and finds, at one size of the memory."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
import torch

from nec_engine.errors import DataError
from nec_engine.memory.index.builder import build_file
from nec_engine.memory.index.exact import ExactIndex
from nec_engine.memory.rows import Rows
from nec_engine.run.bench.filled import FilledRun
from nec_engine.run.bench.timing import rate_per_s, rounded

NUM_QUERIES: Final = 100


def index_figures(run: FilledRun) -> dict[str, float]:
    """``index`` of the report for the index of ``run``: one query of one action, 50 neighbours.

    ``build_s`` makes one action's index from nothing. For Annoy a rebuild is due after every
    ``index_tail`` inserts; ``upkeep_ms_per_insert`` is its share, in the builder's process. A graph
    grows with each insert, in the trainer's thread, and the mean of that is its upkeep. Raises
    :class:`DataError` where the index could not be built.
    """
    memory, settings = run.agent.memory, run.trainer.settings
    queries = run.keys.draw(NUM_QUERIES)
    turn = iter(range(1 << 62))

    def look_up() -> None:
        number = next(turn)
        query = queries[number % NUM_QUERIES][None]
        memory.lookup(query, np.array([[number % memory.num_actions]]))

    lookup_ms = 1e3 / rate_per_s(look_up, least_s=1.0, most_s=10.0)
    recalls = [
        recall
        for number in range(NUM_QUERIES)
        if (recall := memory.recall_at_50(queries[number][None], number % memory.num_actions))
        is not None
    ]
    if not recalls and settings.index != "exact":
        why = memory.index_problem or "every key is compared"
        raise DataError(f"nothing was measured of {settings.index}", why, "free memory and disk")
    build_s = BUILDERS[settings.index](run)
    num_inserts = settings.index_tail if settings.index == "annoy" else memory.sizes[0]
    return rounded(
        {
            "lookup_ms": lookup_ms,
            "recall_at_50": statistics.fmean(recalls) if recalls else 1.0,
            "build_s": build_s,
            "upkeep_ms_per_insert": 1e3 * build_s / num_inserts,
        }
    )


def _no_build_s(run: FilledRun) -> float:  # noqa: ARG001 - there is nothing to build
    return 0.0


def _graph_s(run: FilledRun) -> float:
    """Seconds to put all entries of one action into a graph, one after the other."""
    from nec_engine.memory.index.hnsw import HnswGraph  # needs its library

    settings, num = run.trainer.settings, run.agent.memory.sizes[0]
    keys = run.keys.draw(num).cpu().numpy()
    no_rows = Rows(1, num, settings.key_size, torch.device("cpu"))
    graph = HnswGraph(ExactIndex(no_rows, 0), num, no_rows.centre, settings, settings.seed)
    start_s = time.perf_counter()
    graph.put(np.arange(num), keys)
    return time.perf_counter() - start_s


def _forest_s(run: FilledRun) -> float:
    """Seconds to build the index of one action, as the builder's process does."""
    settings = run.trainer.settings
    num = run.agent.memory.sizes[0]
    keys = run.keys.draw(num).cpu().numpy()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "keys").write_bytes(keys.tobytes())
        start_s = time.perf_counter()
        build_file(
            {
                "keys": str(folder / "keys"),
                "num": num,
                "dim": settings.key_size,
                "trees": settings.annoy_trees,
                "seed": settings.seed,
                "result": str(folder / "index"),
                "slots": str(folder / "slots"),
            }
        )
        return time.perf_counter() - start_s


BUILDERS: Final = {"exact": _no_build_s, "annoy": _forest_s, "hnsw": _graph_s}
