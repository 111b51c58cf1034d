"""Memories with graphs, and what is asked of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from nec_engine.memory.index.hnsw import HnswGraph
from nec_engine.memory.index.hnsw_upkeep import HnswAction
from nec_engine.memory.memory import EpisodicMemory

HNSW: dict[str, Any] = {
    "index": "hnsw", "hnsw_min_entries": 100, "capacity": 3000, "key_size": 16,
}  # fmt: skip


def graph_of(memory: EpisodicMemory, action: int) -> HnswGraph:
    index = memory._index.actions[action]
    assert isinstance(index, HnswAction)
    assert index.graph is not None
    return index.graph


def own_slots(memory: EpisodicMemory, keys: torch.Tensor, action: int = 0) -> list[int]:
    """The nearest entry of each key."""
    found = memory.lookup(keys, np.full((len(keys), 1), action))
    slots: list[int] = found.slots[:, 0, 0].tolist()
    return slots


def mean_recall(memory: EpisodicMemory, queries: torch.Tensor, action: int = 0) -> float:
    recalls = [memory.recall_at_50(query[None], action) for query in queries]
    return float(np.mean([recall for recall in recalls if recall is not None]))
