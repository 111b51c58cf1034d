"""From a ROM or a snapshot to a run that is ready to go: checks first, then builds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import torch

from nec_engine.config import AUTO, Settings, changed
from nec_engine.errors import NecError, SnapshotError
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import Rom
from nec_engine.journal.journal import Journal
from nec_engine.learning.estimate import refuse_too_large
from nec_engine.machine import num_cores
from nec_engine.run.checks import rom_of_snapshot
from nec_engine.run.devices import choose_place, compute_exactly
from nec_engine.run.saved_settings import most_held, settings_of_snapshot
from nec_engine.run.training.trainer import Trainer, saved_games
from nec_engine.storage.reader import SnapshotReader


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A trainer, and sentences on what of a snapshot was lost, and what it never held."""

    trainer: Trainer
    lost: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # of interest to who goes on training


def open_new(rom: Rom, settings: Settings, num_games: int = 1) -> OpenedRun:
    """A run from nothing. Raises :class:`SettingError` for what this machine cannot do."""
    return OpenedRun(_make_trainer(rom, settings, num_games, None))


def open_saved(
    path: Path,
    changes: Mapping[str, Any],
    rom_text: str | None = None,
    num_games: int = 1,
    go_on: Callable[[], None] = lambda: None,
) -> OpenedRun:
    """The run saved at ``path``, its settings changed by ``changes``; checked before it is built.

    It is trained on ``num_games`` side by side, however many they were before. ``go_on`` is called
    while the file is read; what it raises ends that, and nothing is left open.
    Raises :class:`SnapshotError` (damaged, another game than ``rom_text``), :class:`SettingError`
    for a change that a saved run cannot take, :class:`RomError` when its game is not at hand.
    """
    with SnapshotReader(path, go_on) as reader:
        header = reader.header
        rom = rom_of_snapshot(path, header, rom_text)
        settings = settings_of_snapshot(header, changes)
        reader.verify()
        trainer = _make_trainer(rom, settings, num_games, most_held(header))
        try:
            state = reader.read()
            num_saved = len(saved_games(state))
            lost = trainer.load_state_dict(state)
        except NecError:
            trainer.close()
            raise
        except (KeyError, TypeError, ValueError) as error:
            trainer.close()
            raise SnapshotError(
                f"cannot load {path}",
                f"its parts do not fit together ({type(error).__name__}: {error})",
                "use another snapshot",
            ) from error
    missing = [_missing_words(settings)] if "play_only" in header else []
    if num_saved > num_games and not lost:
        missing.append(_left_games_words(num_saved, num_games))
    return OpenedRun(trainer, tuple(lost), tuple(missing))


def _left_games_words(num_saved: int, num_games: int) -> str:
    go_on = "one goes on" if num_games == 1 else f"{num_games} go on"
    return (
        f"This run was saved with {num_saved} training games side by side; {go_on}, and the last "
        "steps of the others, whose returns were still open, are not learned from"
    )


def _missing_words(settings: Settings) -> str:
    held = "network" if settings.agent == "dqn" else "network and memory"
    words = f"This snapshot is made to play from: training goes on from its {held}"
    if settings.embedding != "learned":
        return words + ", and its game begins anew"
    return (
        f"{words}, with an empty replay and a fresh optimiser; the network learns again after "
        f"{settings.learning_starts:,} steps"
    )


def overlap_learning(trainer: Trainer) -> None:
    """Let ``trainer`` learn while it acts, where its settings allow it and a core is there for it.

    For a run without a window, which needs that core for its pictures.
    """
    trainer.agent.overlap_learning(may_overlap(trainer.settings))


def may_overlap(settings: Settings) -> bool:
    """Whether a run without a window learns in a second thread, on this machine."""
    return settings.overlap_learning and not settings.deterministic and num_cores() > 1


def set_torch_threads(settings: Settings) -> int:
    """Give torch its share of the cores and return it.

    One thread when cores are few: a second one spins against the window (docs/decisions.md).
    """
    threads = settings.torch_threads
    if threads == AUTO or settings.deterministic:
        threads = 1 if settings.deterministic else max(1, (os.cpu_count() or 1) // 2)
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)  # its screens are small; a pool of its own only spins against the others
    return threads


def _make_trainer(rom: Rom, settings: Settings, num_games: int, num_held: int | None) -> Trainer:
    """``num_held``: entries of the fullest action that are to be loaded; None for a new run."""
    set_torch_threads(settings)
    compute_exactly(deterministic=settings.deterministic)
    probe = Emulator(rom, settings, seed=0, colour=False)
    place = choose_place(settings, probe.num_actions, num_held)
    refuse_too_large(probe.num_actions, place.capacity, settings, num_held)
    settings = changed(settings, {"capacity": place.capacity})
    journal = Journal(settings, rom)
    return Trainer(
        rom,
        settings,
        capacity=place.capacity,
        device=place.device,
        journal=journal,
        num_games=num_games,
    )
