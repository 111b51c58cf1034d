"""What an index is."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from nec_engine.messages import I64


class Index(Protocol):
    """Proposes the slots of one action whose keys may be nearest. Any thread may search.

    What it proposes are candidates: the memory measures their exact distances itself. A slot is
    proposed at most once for a query, in any order.
    """

    def search(self, queries: Tensor, num: int) -> I64:
        """int64[B, num'] slots near each of queries float32[B, D], padded with -1.

        num' is at least ``num`` where there are so many entries, and may be larger.
        """
        ...
