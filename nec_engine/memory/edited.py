"""What an edit by hand makes of entries."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from nec_engine.config import Settings
from nec_engine.memory.fading import left_after
from nec_engine.memory.surgery import Image
from nec_engine.messages import Origin


def with_value(image: Image, value: float, clock: int, settings: Settings) -> Image:
    """The entries with another value, written at the training step ``clock``; origin ``EDITED``.

    Their age begins anew, so of the value without lessons, which nobody changed, what is left by
    then is kept.
    """
    records = image.records.copy()
    if settings.value_decay < 1:
        low, untaught = settings.prior_value, records["untaught_value"]
        left = left_after(clock - records["clock"], settings)
        faded = low + (untaught - low) * left
        records["untaught_value"] = np.where(records["has_untaught"] > 0, faded, untaught)
    records["clock"] = clock
    records["origin"] = Origin.EDITED
    values = torch.full_like(image.values, value)
    return dataclasses.replace(image, values=values, records=records)


def with_pin(image: Image, is_pinned: bool) -> Image:
    """The entries pinned, or not."""
    records = image.records.copy()
    records["is_pinned"] = is_pinned
    return dataclasses.replace(image, records=records)
