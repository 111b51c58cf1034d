"""Named random generators: one per purpose, made from the seed, saved and restored by name."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A fresh generator that depends on ``seed`` and ``names`` alone.

    Two different names give independent streams, so that drawing from one (evaluation, say)
    leaves no trace in another (exploration).
    """
    text = "/".join([str(seed), *map(str, names)]).encode()
    entropy = int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "little")
    return np.random.Generator(np.random.PCG64(entropy))


def derived_seed(seed: int, *names: str | int) -> int:
    """A 31-bit seed for libraries that take only an integer (the emulator, torch, Annoy)."""
    return int(generator(seed, *names).integers(0, 2**31 - 1))


class Generators:
    """The generators whose states belong to a run: made on first use, saved with the run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._by_name: dict[str, np.random.Generator] = {}

    def __getitem__(self, name: str) -> np.random.Generator:
        if name not in self._by_name:
            self._by_name[name] = generator(self._seed, name)
        return self._by_name[name]

    def state_dict(self) -> dict[str, Any]:
        """JSON values only: the states of all generators used so far, by name."""
        return {
            "seed": self._seed,
            "states": {name: rng.bit_generator.state for name, rng in self._by_name.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._seed = state["seed"]
        self._by_name = {}
        for name, bit_state in state["states"].items():
            self[name].bit_generator.state = bit_state
