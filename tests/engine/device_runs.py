"""Small runs of a real game on any device."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.run import devices
from nec_engine.run.training.trainer import Trainer

GAME = "ms_pacman"
HOST = torch.device("cpu")
# Entries are evicted, returns mature and both networks learn within some twenty steps.
SMALL = {
    "torch_threads": 1, "index": "exact", "capacity": 4, "num_neighbours": 3, "key_size": 16,
    "n_step": 4, "replay_capacity": 200, "batch_size": 4, "learning_starts": 12, "target_update": 2,
    "epsilon_decay_start": 4, "epsilon_decay_end": 20, "epsilon_end": 0.2, "dnd_learning_rate": 0.1,
    "learning_rate": 1e-4,
}  # fmt: skip


def played(
    device: torch.device, num_steps: int, num_games: int = 1, game: str = GAME, **changes: Any
) -> Trainer:
    """A run of ``num_steps`` steps; ``changes`` of the settings."""
    settings = changed(Settings(), {**SMALL, **changes})
    rom = find_rom(game)
    trainer = Trainer(
        rom, settings, capacity=settings.capacity, device=device, journal=Journal(settings, rom),
        num_games=num_games,
    )  # fmt: skip
    if trainer.agent.memory is not None:
        fill_room(trainer.agent.memory)
    for _ in range(num_steps):
        trainer.step()
    return trainer


def let_find(device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program finds ``device`` where it would find CUDA, with 1 GB free."""
    monkeypatch.setattr(
        devices, "choose_device", lambda wanted: HOST if wanted == "cpu" else device
    )
    monkeypatch.setattr(devices, "free_bytes", lambda device: 10**9)


def fill_room(memory: EpisodicMemory) -> None:
    """Let the room for entries hold what no entry may hold: a device hands out used memory."""
    for room in (memory._rows.keys, memory._rows.norms_sq, memory._rows.values):
        room.fill_(torch.nan)
