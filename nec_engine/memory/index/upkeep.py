"""What keeps every action's index close to its memory, whichever index it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from nec_engine.memory.index.exact import ExactIndex
from nec_engine.memory.index.protocol import Index
from nec_engine.memory.rows import Rows
from nec_engine.messages import F32, I64


class ActionIndex:
    """One action's index as readers see it: here, the search of every key.

    The trainer's thread tells it what changes.
    """

    def __init__(self, rows: Rows, action: int) -> None:
        self.exact = ExactIndex(rows, action)
        self.published: Index = self.exact  # readers take this reference once a search

    @property
    def is_approximate(self) -> bool:
        """Whether readers search anything but every key."""
        return self.published is not self.exact

    def note_written(self, slots: I64, keys: Tensor, norms_sq: Tensor) -> None:
        """These slots int64[N], each once, now hold other keys float32[N, D]."""

    def note_moved(
        self, slots: I64, keys: Tensor, norms_sq: Tensor, shifts: F32, limits: F32
    ) -> None:
        """These keys moved by ``shifts``; beyond ``limits``, an old key no longer finds them."""

    def note_removed(self, slots: I64) -> None:
        """These slots int64[N], once the last of the action, hold no entry any more."""

    def note_edited(self) -> None:
        """Many entries may have come, gone and moved just now."""


class IndexUpkeep:
    """The indexes of all actions; these are searches of every key, and need no upkeep.

    All of it belongs to the trainer's thread, but for ``published`` and ``exact``.
    """

    def __init__(self, actions: Sequence[ActionIndex]) -> None:
        self.actions = actions
        self.num_builds = 0

    @property
    def problem(self) -> str:
        """Why the last build failed; empty when it did not."""
        return ""

    @property
    def building_action(self) -> int | None:
        """Whose index is being built now."""
        return None

    @property
    def tail_sizes(self) -> tuple[int, ...]:
        """Entries of each action that no index knows yet; 0 where none is wanted."""
        return (0,) * len(self.actions)

    def published(self) -> list[Index]:
        """What to search for each action just now. Any thread."""
        return [action.published for action in self.actions]

    def exact(self) -> list[Index]:
        """The reference for each action. Any thread."""
        return [action.exact for action in self.actions]

    def begin_edit(self, action: int, num: int) -> None:
        """So many entries of the action are going to be taken out or put back."""

    def end_edit(self) -> None:
        """All that was announced is done."""

    def service(self, clock: int) -> None:
        """Do the next small piece of work; ``clock`` counts training steps."""

    def finish_build(self) -> None:
        """Wait until no index is due or being built: for tests and benchmarks."""

    def state_dict(self) -> dict[str, Any]:
        """What a snapshot keeps of the indexes: views, to be written before anything changes."""
        return {"num_builds": self.num_builds, "actions": {}}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` of any index gave; the rows must be loaded already.

        What this index cannot use is left out and built again.
        """
        self.num_builds = state["num_builds"]

    def check_valid(self) -> list[str]:
        """What is wrong with the indexes, in words."""
        return []

    def close(self) -> None:
        """End threads and processes and remove files. Idempotent."""
