"""What the study thread has at hand: emulators of its own, and the second brain once it is open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nec_engine.config import Settings
from nec_engine.errors import DataError, SnapshotError
from nec_engine.game.emulator import Emulator, StartPoint
from nec_engine.game.roms import Rom
from nec_engine.learning.agents import Policy
from nec_engine.messages import Moment
from nec_engine.run.answering.desk import Desk
from nec_engine.run.opening import open_saved
from nec_engine.run.training.trainer import Trainer

OF_THE_PROCESS: Final = ("deterministic", "torch_threads")


class StudyRoom:
    """Owned by the study thread, which closes it as it ends; any thread may :meth:`stop` it."""

    def __init__(
        self, rom: Rom, settings: Settings, desk: Desk, give_way: Callable[[], None]
    ) -> None:
        self.rom, self.settings = rom, settings
        self.desk = desk
        self.give_way = give_way
        self._is_stopping = threading.Event()
        self._brain: Trainer | None = None
        self._brain_file: tuple[Path, float] | None = None  # and when it was last changed

    def emulator(self) -> Emulator:
        """A game just begun, in the world of the open run."""
        return Emulator(self.rom, self.settings, seed=0)

    def place(self, emulator: Emulator, moment: Moment, state_hash: int) -> StartPoint:
        """What to play on from; ``emulator`` stands there then.

        Raises :class:`DataError` where it is not what was seen there, or nothing can follow.
        """
        start = self.desk.rebuilder.rebuild_exactly(self.desk.journal, moment, state_hash).point
        emulator.restore(start)
        if emulator.is_over:
            raise DataError(
                "nothing can be played from here",
                "the game is over",
                "go one step back and ask again",
            )
        return start

    def second_brain(self, path: Path, action_names: tuple[str, ...]) -> Policy:
        """The agent saved at ``path``; kept until another is asked for. Takes seconds at first.

        Raises :class:`SnapshotError` and others for what cannot be opened, or plays other actions.
        """
        try:
            file = (path, path.stat().st_mtime)
        except OSError as error:
            raise SnapshotError(
                f"cannot open {path}", error.strerror or str(error), "choose another snapshot"
            ) from error
        if self._brain is None or self._brain_file != file:
            self.put_brain_away()
            # One switch each for the whole process: the open run's are to stay as they are.
            changes = {name: getattr(self.settings, name) for name in OF_THE_PROCESS}
            opened = open_saved(path, changes, self.rom.name, go_on=self._refuse_when_stopping)
            self._brain = opened.trainer
            self._brain_file = file
        its_names = self._brain.emulator.action_names
        if its_names != action_names:
            self.put_brain_away()
            raise SnapshotError(
                f"{path.name} cannot play beside the open agent",
                f"it has {len(its_names)} actions, the open agent {len(action_names)}",
                "choose one with the same action set",
            )
        return self._brain.agent.policy()

    def stop(self) -> None:
        """Give up a brain that is being opened: the game is being closed."""
        self._is_stopping.set()

    def _refuse_when_stopping(self) -> None:
        if self._is_stopping.is_set():
            raise SnapshotError(
                "the second brain was not opened", "the game is being closed", "open it again"
            )

    def put_brain_away(self) -> None:
        """Give back the memory it takes."""
        if self._brain is not None:
            self._brain.close()
        self._brain = self._brain_file = None

    close = put_brain_away
