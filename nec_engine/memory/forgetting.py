"""What is left of taught entries when their lessons are forgotten."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import torch

from nec_engine.memory.lessons import is_by_person
from nec_engine.memory.surgery import Image
from nec_engine.messages import Origin


def only_taught(image: Image) -> npt.NDArray[np.bool_]:
    """Which entries only lessons made, bool[N]: nothing is left of them."""
    records = image.records
    is_gone: npt.NDArray[np.bool_] = is_by_person(records) & (records["has_untaught"] == 0)
    return is_gone


def without_lessons(image: Image) -> Image:
    """Taught entries as if the lessons had never been: value, origin and counts.

    The value is the one that the agent's own writes alone would have given; what learning steps
    did to it since the first lesson is not known apart and goes with the lessons.
    """
    records = image.records.copy()
    by_person = is_by_person(records)
    records["num_updates"] -= records["num_person_updates"] + by_person
    records["num_person_updates"] = 0
    records["origin"][by_person] = Origin.AGENT
    has_untaught = records["has_untaught"] > 0
    values = np.where(has_untaught, records["untaught_value"], image.values.cpu().numpy())
    records["has_untaught"], records["untaught_value"] = 0, 0.0
    return dataclasses.replace(
        image, values=torch.from_numpy(values).to(image.values.device), records=records
    )
