"""Annoy (Bernhardsson): a forest of random projections over one action's keys, in a mapped file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from annoy import AnnoyIndex
from torch import Tensor

from nec_engine.memory.index.tail import Tail, TailView
from nec_engine.messages import I64


class AnnoyFile:
    """A built index: immutable, read from the page cache by any number of threads.

    It holds the keys as they were when it was built, so what it finds are candidates.
    """

    def __init__(
        self, path: Path, slots: npt.NDArray[np.int32] | None, key_size: int, search_k: int
    ) -> None:
        """Map the file at ``path``, which may be unlinked afterwards. ``OSError`` if it cannot.

        slots: int32[num_items], that of each item; None where they are the same.
        """
        self._search_k = search_k
        self._index = AnnoyIndex(key_size, "euclidean")
        self._index.load(str(path))
        self.contents: npt.NDArray[np.uint8] = np.memmap(path, np.uint8, mode="r")
        self.num_items: int = self._index.get_n_items()
        self.slots = np.arange(self.num_items, dtype=np.int32) if slots is None else slots

    def search(self, queries: Tensor, num: int) -> I64:
        """int64[B, <= num] slots, padded with -1."""
        search_k = max(self._search_k, num)
        find = self._index.get_nns_by_vector
        found = [find(query, num, search_k) for query in queries.tolist()]
        width = max(map(len, found))
        if all(len(slots) == width for slots in found):
            return self.slots[np.array(found, np.int64).reshape(len(found), width)].astype(np.int64)
        padded = np.full((len(found), width), -1, np.int64)
        for row, items in zip(padded, found, strict=True):
            row[: len(items)] = self.slots[items]
        return padded


class TailedIndex:
    """An Annoy file and the tail of what it does not know; published and swapped as one object.

    Slots that hold no entry any more are passed over.
    """

    def __init__(self, file: AnnoyFile, tail: Tail, size: I64) -> None:
        """size: int64[1], the filled slots of the action as they are at any time: a view."""
        self.file, self.tail, self._size = file, tail, size

    @property
    def num_gone(self) -> int:
        """Slots of the file that hold no entry any more."""
        return max(0, self.file.num_items - int(self._size[0]))

    @property
    def num_in_the_way(self) -> int:
        """Slots that the file proposes in vain, because they are gone or in the tail, at most."""
        return self.num_gone + len(self.tail)

    def search(self, queries: Tensor, num: int) -> I64:
        """Candidates of the index that are not in the tail, and the nearest of the tail."""
        tail = self.tail.view
        # More than wanted: some are in the tail, or have moved a little since the build.
        num_asked = num + num // 2
        indexed = self._search_file(queries, num_asked, tail)
        short = self._too_few(indexed, num, tail)
        if len(short):
            # Much of this neighbourhood has changed since the build: look further out.
            num_wider = num_asked + tail.size + self.num_gone
            wider = self._search_file(queries[torch.from_numpy(short)], num_wider, tail)
            padded = np.full((len(indexed), max(indexed.shape[1], wider.shape[1])), -1, np.int64)
            padded[:, : indexed.shape[1]] = indexed
            padded[short, : wider.shape[1]] = wider
            indexed = padded
        if not tail.size:
            return indexed
        return np.concatenate([indexed, tail.search(queries, num)], axis=1)

    def _too_few(self, indexed: I64, num: int, tail: TailView) -> npt.NDArray[np.intp]:
        """The queries for which fewer than ``num`` of the entries outside the tail were found."""
        num_kept = (indexed >= 0).sum(axis=1)
        if num_kept.min() >= num:
            return np.empty(0, np.intp)
        num_known = int((tail.slots[: tail.size] < self.file.num_items).sum()) + self.num_gone
        return np.flatnonzero(num_kept < min(num, self.file.num_items - num_known))

    def _search_file(self, queries: Tensor, num: int, tail: TailView) -> I64:
        slots = self.file.search(queries, num)
        if self.num_gone:
            slots = np.where(slots < self._size[0], slots, -1)
        return np.where(tail.contains(slots), -1, slots) if tail.size else slots
