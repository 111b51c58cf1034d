"""Edits of the memory that can be undone and done again, made in pieces between training steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np

from nec_engine.memory.edited import with_pin, with_value
from nec_engine.memory.forgetting import only_taught, without_lessons
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.surgery import Image, Named

PIECE: Final = 128  # entries changed at once: some milliseconds, with a graph up to 0.1 s
MOST_EDITS: Final = 100
MOST_BYTES: Final = 256_000_000  # of entries kept for undoing, but for the newest edit
MOST_BYTES_AN_EDIT: Final = 1_000_000_000
BYTES_BESIDE_KEY: Final = 120  # of an entry that is kept
MOST_PINNED: Final = 0.5  # of an action's capacity, so that there is always one to evict

Job = Generator[None, None, "Edit"]  # an edit under way: to be driven to its end


class EditKind(Enum):
    """What is done to entries."""

    DELETE = "delete"
    PIN = "pin"
    UNPIN = "unpin"
    VALUE = "value"
    FORGET = "forget"


@dataclass(slots=True, eq=False)
class Edit:
    """One edit: the entries as they were before it, piece by piece."""

    kind: EditKind
    value: float = 0.0  # of VALUE
    images: list[Image] = field(default_factory=list)
    num_gone: int = 0  # that were named and not there

    @property
    def num_entries(self) -> int:
        return sum(map(len, self.images))

    @property
    def actions(self) -> list[int]:
        """Whose entries they are, ascending."""
        return sorted({image.action for image in self.images})

    @property
    def num_only_taught(self) -> int:
        """Those that only lessons had made."""
        return sum(int(only_taught(image).sum()) for image in self.images)

    @property
    def num_bytes(self) -> int:
        return sum(image.num_bytes for image in self.images)


class TooManyPinnedError(ValueError):
    """No more entries of an action can be pinned."""

    def __init__(self, action: int, num_wanted: int, most: int) -> None:
        self.action, self.num_wanted, self.most = action, num_wanted, most
        super().__init__(f"action {action}: {num_wanted} pinned entries, at most {most}")


class TooManyAtOnceError(ValueError):
    """So many entries could not be kept for undoing the edit."""

    def __init__(self, num_wanted: int, most: int) -> None:
        self.num_wanted, self.most = num_wanted, most
        super().__init__(f"{num_wanted} entries at once, at most {most}")


def _counts(edit: Edit) -> dict[int, int]:
    """Its entries, by action."""
    counts: Counter[int] = Counter()
    for image in edit.images:
        counts[image.action] += len(image)
    return dict(counts)


class EditLog:
    """Edits, undo and redo. Each is a job, changing some entries whenever it is driven on.

    What is undone is put back bit by bit: every field of every entry of the edit, whatever training
    did to it meanwhile, also where it was evicted. The trainer's thread.
    """

    def __init__(self, memory: EpisodicMemory, piece: int = PIECE) -> None:
        self._memory, self._surgery = memory, memory.surgery
        self._piece = piece
        self._done: list[Edit] = []
        self._undone: list[Edit] = []

    @property
    def done(self) -> Sequence[Edit]:
        """What can be undone, oldest first."""
        return self._done

    @property
    def undone(self) -> Sequence[Edit]:
        """What can be done again; the next one last."""
        return self._undone

    def episodes(self) -> set[int]:
        """Those that the entries of all edits remember: their pictures may be wanted again."""
        images = (image for edit in (*self._done, *self._undone) for image in edit.images)
        return {
            episode for image in images for episode in np.unique(image.records["episode"]).tolist()
        }

    def delete(self, named: Named) -> Job:
        """Take entries out. Raises :class:`TooManyAtOnceError`, nothing changed."""
        return self._edit(Edit(EditKind.DELETE), named, self._remove)

    def set_value(self, named: Named, value: float) -> Job:
        """Give entries another value: a write of now, whose origin is ``EDITED``."""
        if not np.isfinite(np.float32(value)):
            raise ValueError(f"a value must be a finite number, not {value}")
        return self._edit(Edit(EditKind.VALUE, value), named, self._change)

    def forget_lessons(self) -> Job:
        """Take out what only lessons made; give the rest what it would be without them."""
        return self._edit(Edit(EditKind.FORGET), self._surgery.taught(), self._forget)

    def set_pinned(self, named: Named, is_pinned: bool | None) -> Job:
        """Pin entries, or let go; None: pin, unless all of them are pinned.

        Raises :class:`TooManyPinnedError`, nothing changed.
        """
        if is_pinned is None:
            is_pinned = any(num_free for _, num_free in self._free(named))
        if is_pinned:
            most = int(MOST_PINNED * self._memory.capacity)
            for action, num_free in self._free(named):
                num_wanted = self._surgery.num_pinned(action) + num_free
                if num_wanted > most:
                    raise TooManyPinnedError(action, num_wanted, most)
        kind = EditKind.PIN if is_pinned else EditKind.UNPIN
        return self._edit(Edit(kind), named, self._change)

    def undo(self) -> Job:
        """Put the entries of the latest edit back; ``IndexError`` without one."""
        edit = self._done.pop()
        self._undone.append(edit)
        return self._announced(edit, _counts(edit), self._put_back(edit, edit.images[::-1]))

    def redo(self) -> Job:
        """Do the edit that was undone last again; ``IndexError`` without one."""
        edit = self._undone.pop()
        self._done.append(edit)
        if edit.kind is EditKind.DELETE:
            return self._announced(edit, _counts(edit), self._do_again(edit, self._remove))
        if edit.kind is EditKind.FORGET:
            return self._announced(edit, _counts(edit), self._do_again(edit, self._forget))
        return self._put_back(edit, [self._after(edit, image) for image in edit.images])

    # --- jobs ---

    def _edit(self, edit: Edit, named: Named, apply: Callable[[Edit, Image], None]) -> Job:
        num_wanted = sum(len(identities) for _, identities in named)
        most = MOST_BYTES_AN_EDIT // (4 * self._memory.settings.key_size + BYTES_BESIDE_KEY)
        if num_wanted > most:
            raise TooManyAtOnceError(num_wanted, most)
        counts = {action: len(identities) for action, identities in named}
        return self._announced(edit, counts, self._in_pieces(edit, named, apply))

    def _announced(self, edit: Edit, num_by_action: dict[int, int], job: Job) -> Job:
        """The job; the index knows of it where entries come or go."""
        if edit.kind in (EditKind.DELETE, EditKind.FORGET):
            self._surgery.begin(num_by_action)
        try:
            return (yield from job)
        finally:
            self._surgery.end()

    def _in_pieces(self, edit: Edit, named: Named, apply: Callable[[Edit, Image], None]) -> Job:
        self._done.append(edit)
        for action, identities in named:
            for start in range(0, len(identities), self._piece):
                slots = self._surgery.find(action, identities[start : start + self._piece])
                edit.num_gone += int((slots < 0).sum())
                slots = slots[slots >= 0]
                if len(slots):
                    if not edit.images:
                        self._undone.clear()  # what was undone fits no more; not before
                    image = self._surgery.image(action, slots)
                    edit.images.append(image)
                    apply(edit, image)
                yield
        if not edit.images:
            self._done.remove(edit)
        self._forget_oldest()
        return edit

    def _remove(self, _: Edit, image: Image) -> None:
        self._surgery.remove(image.action, image.slots)

    def _change(self, edit: Edit, image: Image) -> None:
        self._surgery.put_back(self._after(edit, image))
        self._surgery.put_back_stamps(image)

    def _after(self, edit: Edit, image: Image) -> Image:
        """One of the edit's images as it leaves it now."""
        if edit.kind is EditKind.VALUE:
            memory = self._memory
            return with_value(image, edit.value, memory.clock, memory.settings)
        return with_pin(image, edit.kind is EditKind.PIN)

    def _forget(self, _: Edit, image: Image) -> None:
        is_gone = only_taught(image)
        left = image.part(~is_gone)
        if len(left):
            self._surgery.put_back(without_lessons(left))
            self._surgery.put_back_stamps(left)
        if is_gone.any():
            self._surgery.remove(image.action, image.slots[is_gone])

    def _put_back(self, edit: Edit, images: Sequence[Image]) -> Job:
        for image in images:
            self._surgery.put_back(image)
            yield
        for image in images:
            self._surgery.put_back_stamps(image)
            yield
        return edit

    def _do_again(self, edit: Edit, apply: Callable[[Edit, Image], None]) -> Job:
        images, edit.images = edit.images, []
        for image in images:
            slots = self._surgery.find(image.action, self._surgery.identities(image.records))
            found = self._surgery.image(image.action, slots[slots >= 0])
            if len(found):
                edit.images.append(found)
                apply(edit, found)
            yield
        return edit

    def _free(self, named: Named) -> list[tuple[int, int]]:
        """(action, how many of the named entries are there and not pinned)."""
        return [(action, self._surgery.num_not_pinned(action, names)) for action, names in named]

    def _forget_oldest(self) -> None:
        while len(self._done) > MOST_EDITS or (
            len(self._done) > 1 and sum(edit.num_bytes for edit in self._done) > MOST_BYTES
        ):
            del self._done[0]
