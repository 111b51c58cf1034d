"""What a person taught, at reading: its weight, and how it leads where little else is known.

Plain NEC normalises the kernel by action (Pritzel et al. 2017, eq. 2): an action that was never
tried here still gets the full values of its entries elsewhere. After one lesson those nearer the
reward are worth more than the one that was shown for this very state, and the agent leaves the
path at once. So where a lesson is nearer than anything that is known of an action, that action is
unfamiliar in proportion, and what is unfamiliar is worth less than all that was read.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.messages import Origin

# By origin; what stands in a row that holds no entry may be any uint8.
IS_BY_PERSON: Final = np.isin(np.arange(256), (Origin.PERSON, Origin.IMPORTED))
LEAST_GAP = 1.0  # points: what the unfamiliar is worth less, even where all values are equal


class Lessons(NamedTuple):
    """Which neighbours a person made or visited, and what their word weighs."""

    is_taught: Tensor  # bool[B, K, P]
    weight: float  # times their kernel; 1 = as any other
    lead: bool  # an action less familiar than a lesson leans on a low value


class LessonSay:
    """How much of a say taught entries have. The trainer's thread sets it, any thread reads."""

    def __init__(self, *, lead: bool) -> None:
        self.weight = 1.0  # from the next lookup on; 0 = unheard
        self._lead = lead

    @property
    def is_any(self) -> bool:
        """Whether a taught entry is read otherwise than any other."""
        return self._lead or self.weight != 1.0

    def among(self, records: npt.NDArray[np.void] | None, mask: Tensor) -> Lessons:
        """The lessons among the neighbours with these records [B, K, P] and mask bool[B, K, P]."""
        assert records is not None
        taught = torch.from_numpy(is_taught(records)).to(mask.device)
        return Lessons(taught & mask, self.weight, self._lead)


def is_by_person(records: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
    """Whether a person's play made these entries, bool as the records' shape."""
    made: npt.NDArray[np.bool_] = IS_BY_PERSON[records["origin"]]
    return made


def is_taught(records: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
    """Whether a person's play made these entries or changed them, bool as the records' shape."""
    return is_by_person(records) | (records["num_person_updates"] > 0)


def weighted(kernels: Tensor, lessons: Lessons) -> Tensor:
    """Kernels float32[B, K, P], those of taught neighbours times the lessons' weight."""
    return torch.where(lessons.is_taught, kernels * lessons.weight, kernels)


def unfamiliar(
    nearness: Tensor, values: Tensor, mask: Tensor, lessons: Lessons
) -> tuple[Tensor, Tensor]:
    """Share of the unfamiliar in each action's Q, float32[B, K], and its value float32[B].

    ``nearness`` float32[B, K, P] falls with the distance, 0 where there is no neighbour. The share
    is 1 - k_a / k: what the nearest entry of the action lacks to the nearest taught one of all
    actions. The value lies below the lowest that was read by the whole range of what was read and
    one point: however high the far entries of other actions are, they cannot make up for it.
    """
    taught = torch.where(lessons.is_taught, nearness, 0.0).amax((1, 2))  # [B]
    is_near = (taught > 0)[:, None]
    lacking = 1.0 - nearness.amax(-1) / torch.where(is_near, taught[:, None], 1.0)
    shares = torch.where(is_near, lacking.clamp(min=0.0), 0.0)
    lowest = torch.where(mask, values, torch.inf).amin((1, 2))
    highest = torch.where(mask, values, -torch.inf).amax((1, 2))
    low = torch.where(taught > 0, 2.0 * lowest - highest - LEAST_GAP, 0.0)
    return shares, low
