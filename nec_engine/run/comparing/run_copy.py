"""What the open agent knows, copied between training steps for the process that plays it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.hand_over import HandOverAgent
from nec_engine.learning.weights import weights_of
from nec_engine.memory.copying import copied_in_pieces
from nec_engine.memory.edit_log import Edit, EditLog
from nec_engine.memory.neighbours import RECORD
from nec_engine.memory.surgery import Image
from nec_engine.run.training.saving import snapshot_header
from nec_engine.run.training.trainer import Trainer

_COLUMNS: Final = ("slots", "stamps", "num_retrievals")
_TENSORS: Final = ("keys", "norms_sq", "values")


@dataclass(frozen=True, slots=True)
class RunCopy:
    """Header and tree of a file that :mod:`nec_engine.run.comparing.child` plays."""

    header: dict[str, Any]
    tree: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CopyWish:
    """A wish to the train thread; what it makes comes in ``made``."""

    made: queue.SimpleQueue[RunCopy] = field(default_factory=queue.SimpleQueue)
    is_given_up: threading.Event = field(default_factory=threading.Event)


def copy_run(trainer: Trainer, log: EditLog, wish: CopyWish) -> Generator[None, None, None]:
    """Makes the copy in pieces of a few milliseconds; nothing when the wish is given up."""
    agent = trainer.agent
    assert isinstance(agent, EpisodicAgent)  # no other has a memory
    state: dict[str, Any] = {"network": _copied_weights(agent.network)}
    if isinstance(agent, HandOverAgent):
        state["side"] = {"network": _copied_weights(agent.side.network)}
    pieces = copied_in_pieces(agent.memory)
    while not wish.is_given_up.is_set():
        try:
            next(pieces)
        except StopIteration as end:
            state["memory"] = end.value
            edits = {str(i): _as_tree(edit) for i, edit in enumerate(log.done)}
            wish.made.put(RunCopy(snapshot_header(trainer), {"agent": state, "edits": edits}))
            return
        yield


def images_of(tree: dict[str, Any]) -> list[list[Image]]:
    """The images of each edit, oldest first, as they were handed to :func:`copy_run`."""
    edits = []
    for i in range(len(tree)):
        images = []
        for j in range(len(tree[str(i)])):
            saved = tree[str(i)][str(j)]
            keys, norms_sq, values = (torch.from_numpy(saved[name]) for name in _TENSORS)
            slots, stamps, num_retrievals = (saved[name] for name in _COLUMNS)
            records = np.ascontiguousarray(saved["records"]).reshape(-1).view(RECORD)
            images.append(
                Image(
                    saved["action"], slots, keys, norms_sq, values, records, stamps, num_retrievals
                )
            )
        edits.append(images)
    return edits


def _copied_weights(network: nn.Module) -> dict[str, Any]:
    return {name: np.array(array) for name, array in weights_of(network).items()}


def _as_tree(edit: Edit) -> dict[str, Any]:
    return {
        str(j): {
            "action": image.action,
            "records": image.records.view(np.uint8).reshape(-1, RECORD.itemsize),
            **{name: getattr(image, name).cpu().numpy() for name in _TENSORS},
            **{name: getattr(image, name) for name in _COLUMNS},
        }
        for j, image in enumerate(edit.images)
    }
