"""The index that the settings name."""

from __future__ import annotations

from nec_engine.config import Settings
from nec_engine.memory.index.annoy_upkeep import AnnoyUpkeep
from nec_engine.memory.index.installed import chosen_index, refuse_missing
from nec_engine.memory.index.upkeep import ActionIndex, IndexUpkeep
from nec_engine.memory.rows import Rows


def make_upkeep(rows: Rows, settings: Settings, seed: int) -> IndexUpkeep:
    """Indexes over ``rows``, all empty. Raises ``SettingError`` when their library is missing."""
    index = chosen_index(settings.index, rows.device.type)
    refuse_missing(index)
    if index == "annoy":
        return AnnoyUpkeep(rows, settings, seed)
    if index == "hnsw":
        from nec_engine.memory.index.hnsw_upkeep import HnswUpkeep  # needs its library

        return HnswUpkeep(rows, settings, seed)
    return IndexUpkeep([ActionIndex(rows, action) for action in range(rows.num_actions)])
