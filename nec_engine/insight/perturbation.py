"""Perturbation: blur a patch and see what changes, all over the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from nec_engine.insight.blurring import blurred
from nec_engine.insight.protocol import Steps, Target
from nec_engine.messages import F32, U8

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Perturbation:
    """How much the target changes when a patch is blurred (Greydanus et al. 2018, eqs. 1 and 2).

    No gradient: the agent looks at each changed screen and looks up its neighbours anew. A patch
    is changed on all four screens at once, so all of them get the same map: half the squared
    change, with the sign of what the patch adds to the target.
    """

    spacing: int = 5  # pixels from patch to patch
    patch: float = 5.0  # standard deviation of a patch
    blur: float = 3.0  # of the blur in it

    @property
    def words(self) -> str:
        return (
            f"Greydanus 2018, {self.patch:g} px patches every {self.spacing} px,"
            f" {self.blur:g} px blur on all 4 screens"
        )

    def attribution(self, target: Target, observation: U8) -> Steps:
        height, width = observation.shape[1:]
        pulls = np.zeros((len(_centres(height, self.spacing)), len(_centres(width, self.spacing))))
        (before,) = target.judge(observation[None])
        patches = self._changed(observation)
        while batch := list(islice(patches, AT_ONCE)):
            losses = before - target.judge(np.stack([screens for _, screens in batch]))
            for (place, _), loss in zip(batch, losses, strict=True):
                pulls[place] = 0.5 * loss * abs(loss)
            yield
        fine = cv2.resize(pulls.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        return np.repeat(np.asarray(fine, np.float32)[None], len(observation), axis=0)

    def _changed(self, observation: U8) -> Iterator[tuple[tuple[int, int], U8]]:
        """Row and column of each patch, and the screens with it; a flat patch changes nothing."""
        shape: tuple[int, int] = observation.shape[1:]
        soft = blurred(observation, self.blur).astype(np.float32)
        for i, row in enumerate(_centres(shape[0], self.spacing)):
            for j, column in enumerate(_centres(shape[1], self.spacing)):
                mask = _patch(row, column, self.patch, shape)
                screens = np.rint(observation * (1 - mask) + soft * mask).astype(np.uint8)
                if (screens != observation).any():
                    yield (i, j), screens


def _centres(side: int, spacing: int) -> list[float]:
    """The middles of as many parts of equal length, about ``spacing``, as fit the side."""
    num = round(side / spacing)
    return [(place + 0.5) * side / num - 0.5 for place in range(num)]


def _patch(row: float, column: float, spread: float, shape: tuple[int, int]) -> F32:
    """float32[H, W]: a Gaussian hill, 1 in its middle."""
    down = np.exp(-((np.arange(shape[0]) - row) ** 2) / (2 * spread**2))
    across = np.exp(-((np.arange(shape[1]) - column) ** 2) / (2 * spread**2))
    return np.outer(down, across).astype(np.float32)
