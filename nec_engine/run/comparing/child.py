"""The process that plays both sides: ``python -m nec_engine.run.comparing.child PID``.

It reads one job from its standard input and answers with lines on its standard output, all JSON::

    {"sides": [{"file": path, "is_undone": bool}, ...], "episodes":, "epsilon":, "seed":, "cap":}
    {"side": 0, "steps": 640}      so many steps are played, every second or so
    {"side": 0, "score": 12.0}     an episode is over, in order
    {"problem": ""}                the end; or what went wrong, in words

``is_undone``: all edits that the file holds are undone first. Every side is searched exactly, so
that only what is compared differs. It is gone as soon as its parent (PID) dies.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from nec_engine.errors import NecError
from nec_engine.game.emulator import Emulator
from nec_engine.learning.agents import Agent
from nec_engine.learning.making import make_agent
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import U8
from nec_engine.parent import die_with
from nec_engine.run.checks import rom_of_snapshot
from nec_engine.run.comparing.run_copy import images_of
from nec_engine.run.evaluation import Chooser, greedy_chooser, play_episodes
from nec_engine.run.saved_settings import settings_of_snapshot
from nec_engine.run.to_play import places_not_to_play, to_play
from nec_engine.storage.reader import SnapshotReader

NICENESS: Final = 12
SAY_EVERY_S: Final = 1.0


def main() -> None:
    """Play what the one job asks for."""
    die_with(int(sys.argv[1]))
    with contextlib.suppress(OSError):
        os.nice(max(0, NICENESS - os.nice(0)))  # whatever that of the thread is that started it
    torch.set_num_threads(1)
    try:
        _play(json.loads(sys.stdin.readline()))
        problem = ""
    except NecError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - told to the parent, which tells the person
        problem = f"{type(error).__name__}: {error}"
    _say({"problem": problem})


def _play(job: dict[str, Any]) -> None:
    loaded: tuple[str, _Loaded] | None = None
    for number, side in enumerate(job["sides"]):
        if loaded is None or loaded[0] != side["file"]:
            loaded = None  # the last one is let go before the next is read
            loaded = (side["file"], _Loaded(Path(side["file"])))
        game = loaded[1]
        if side["is_undone"]:
            game.undo_edits()
        settings = dataclasses.replace(game.settings, seed=job["seed"])
        for result in play_episodes(
            game.rom,
            settings,
            _telling(number, greedy_chooser(game.agent, job["epsilon"])),
            num_episodes=job["episodes"],
            names=("comparison",),
            cap_frames=min(job["cap"], settings.episode_cap_frames),
        ):
            _say({"side": number, "score": result.score})


class _Loaded:
    """What is needed of a file to play."""

    def __init__(self, path: Path) -> None:
        with SnapshotReader(path) as reader:
            self.rom = rom_of_snapshot(path, reader.header, None)
            changes = {"index": "exact", "device": "cpu", "deterministic": False}
            self.settings = settings_of_snapshot(reader.header, changes)
            parts = ["agent", *(part for part in reader.header["parts"] if part == "edits")]
            tree = reader.read(parts, without=places_not_to_play())
        probe = Emulator(self.rom, self.settings, seed=0, colour=False)
        capacity = self.settings.resolved_capacity()
        self.agent: Agent = make_agent(
            probe.num_actions, self.settings, capacity, torch.device("cpu")
        )
        self.agent.load_state_dict(to_play(tree["agent"]))
        self._edits = images_of(tree.get("edits", {}))

    def undo_edits(self) -> None:
        """Put everything back as it was before the first of them."""
        memory = self.agent.memory
        assert isinstance(memory, EpisodicMemory)
        while self._edits:
            images = self._edits.pop()
            for image in reversed(images):
                memory.surgery.put_back(image)
            for image in images:
                memory.surgery.put_back_stamps(image)


def _telling(side: int, choose: Chooser) -> Chooser:
    """The same choices; now and then it says how many there were."""
    num_steps, said_s = 0, time.monotonic()

    def choose_and_tell(observations: U8, rngs: Sequence[np.random.Generator]) -> list[int]:
        nonlocal num_steps, said_s
        num_steps += len(observations)
        if time.monotonic() - said_s >= SAY_EVERY_S:
            said_s = time.monotonic()
            _say({"side": side, "steps": num_steps})
        return choose(observations, rngs)

    return choose_and_tell


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
