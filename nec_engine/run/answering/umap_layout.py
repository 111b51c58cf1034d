"""The memory laid out by UMAP, in a child process."""

from __future__ import annotations

import importlib.util
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

import numpy as np

from nec_engine.child import end_child, start_child
from nec_engine.insight.landmarks import places_on
from nec_engine.insight.projection import laid_over
from nec_engine.messages import F32, I64, AskUmap, Landmarks, MapAnswer, UmapEnded, read_only
from nec_engine.run.answering.desk import Desk
from nec_engine.scratch import Scratch

MODULE: Final = "nec_engine.insight.umap_child"
LOOK_EVERY_S: Final = 0.02
FEWEST: Final = 10  # entries: fewer have no neighbourhoods
NOT_INSTALLED: Final = (
    "UMAP is not installed, and the map stays as it is; install the extra named umap"
    " (pip install -e '.[umap]') and start again"
)


def umap_layout(question: AskUmap, desk: Desk) -> Iterator[UmapEnded | None]:
    """The map or a problem, after about a minute of turns. The child ends with the iterator."""
    try:
        yield from _layout(question, desk)
    except OSError as error:  # a temporary folder that is full, or no process more
        words = f"UMAP failed, the map stays as it is: {error.strerror or error}"
        yield UmapEnded(question.panel, None, words)


def _layout(question: AskUmap, desk: Desk) -> Iterator[UmapEnded | None]:
    start_s = time.perf_counter()
    memory, shown = desk.memory, question.shown
    if importlib.util.find_spec("umap") is None:
        yield UmapEnded(question.panel, None, NOT_INSTALLED)
        return
    if memory is None or shown.projection is None or len(shown.xy) < FEWEST:
        yield UmapEnded(
            question.panel, None, f"UMAP needs at least {FEWEST} entries; let the agent train first"
        )
        return
    is_filled = shown.slots < np.array(memory.sizes)[shown.actions]
    chosen = np.flatnonzero(is_filled)[: question.most_points]
    actions, slots = shown.actions[chosen].astype(np.int64), shown.slots[chosen]
    keys = memory.contents.at(actions, slots, with_records=False).keys
    yield None
    begin = places_on(shown.projection, keys)
    yield None
    with closing(Scratch()) as scratch:  # cleared away by the next one if this process is killed
        folder = scratch.folder
        np.save(folder / "keys.npy", keys.cpu().numpy())
        np.save(folder / "begin.npy", begin)
        with (folder / "problem.txt").open("w+") as problem:
            child = start_child(
                MODULE,
                str(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=problem.fileno(),
            )
            try:
                while child.poll() is None:
                    time.sleep(LOOK_EVERY_S)
                    yield None
            finally:
                end_child(child)
            problem.seek(0)
            lines = problem.read().strip().splitlines()
        if not (folder / "places.npy").exists():
            reason = lines[-1] if lines else f"its process ended with {child.returncode}"
            yield UmapEnded(question.panel, None, f"UMAP failed, the map stays as it is: {reason}")
            return
        xy = read_only(laid_over(np.load(folder / "places.npy"), begin))
    landmarks = Landmarks(read_only(keys.cpu().numpy().copy()), xy)
    took_s = time.perf_counter() - start_s
    yield UmapEnded(question.panel, _part(shown, chosen, xy, landmarks, took_s))


def _part(shown: MapAnswer, chosen: I64, xy: F32, landmarks: Landmarks, took_s: float) -> MapAnswer:
    """Some entries of a map at other places."""
    columns = (
        "actions", "slots", "values", "ages_steps", "origins", "episodes", "steps", "state_hashes",
    )  # fmt: skip
    kept = {name: read_only(getattr(shown, name)[chosen]) for name in columns}
    return replace(shown, xy=xy, projection=landmarks, density=None, took_s=took_s, **kept)
