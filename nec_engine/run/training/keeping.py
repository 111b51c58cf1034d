"""When a run is saved: when a person says so, by itself, and once more as it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nec_engine.messages import Event, Notice, SaveFailed, SnapshotSaved
from nec_engine.run.training.saving import Autosave, Saver
from nec_engine.run.training.trainer import Trainer

TOO_LATE: Final = (
    "What you changed last was not saved; it took too long while the game was closed; "
    "save a snapshot before you close it"
)


class Keeper:
    """Has one save after the other made; counts what was changed by hand, so that none is lost.

    Edits, lessons and their weight are work that nobody can repeat. They are saved by themselves
    as training is, also while it is off, and at the end whatever no file holds yet.
    """

    def __init__(self, trainer: Trainer, autosave: Autosave, post: Callable[[Event], None]) -> None:
        self._trainer, self._autosave, self._post = trainer, autosave, post
        self._saver = Saver(self._tell)
        self._lock = threading.Lock()  # guards _waiting and _num_expected
        self._waiting: Path | None = None  # to be saved by hand, behind an autosave or edits
        self._is_autosave = False  # the save under way, or the latest
        self._frames_kept = self._frames_in_save = trainer.frames  # as of the changes below
        self._num_expected = 0  # changes that are asked for and not yet made
        self._num_changes = 0
        self._num_in_save = 0  # changes that the save under way holds
        self._num_kept = 0  # changes that a file holds
        self._is_given_up = threading.Event()

    # --- any thread ---

    @property
    def has_unsaved_changes(self) -> bool:
        """Something was changed by hand, or is to be, that no file holds yet."""
        return self._num_expected > 0 or self._num_changes > self._num_kept

    def expect_change(self) -> None:
        """A change by hand is on its way, which may take long; :meth:`end_expected` follows."""
        with self._lock:
            self._num_expected += 1

    @property
    def is_given_up(self) -> bool:
        """Nobody waits for the last save any longer."""
        return self._is_given_up.is_set()

    def cancel(self) -> None:
        """Give up the save that a person asked for, whether it waits or is under way."""
        if not self.cancel_waiting() and not self._is_autosave:
            self._saver.cancel()

    def cancel_waiting(self) -> bool:
        """Whether a save by hand waited, which is given up and told."""
        waiting = self._take_waiting()
        if waiting is not None:
            self.refuse(waiting)
        return waiting is not None

    def ask_end(self) -> None:
        """A save under way is given up, unless something that was changed by hand needs it."""
        if not self.has_unsaved_changes:
            self._saver.cancel()

    def give_up(self) -> None:
        """Nobody waits for the last save any longer."""
        self._is_given_up.set()
        self._saver.cancel()

    def join(self, timeout_s: float) -> None:
        """The save under way, if any, is over, or ``timeout_s`` are."""
        self._saver.join(timeout_s)

    # --- the train thread ---

    def begin(self) -> None:
        """Take the names to save under; told where another window has those of the game."""
        names = self._autosave.names
        names.take()
        if names.number > 1:
            first, second = (path.name for path in names.paths)
            title = self._trainer.rom.title
            self._post(
                Notice(
                    f"Another window or run of {title} saves itself in the same folder; "
                    f"this one autosaves as {first} and {second}"
                )
            )

    def close(self) -> None:
        """Nothing is saved any more: the names are free. Idempotent."""
        self._autosave.names.release()

    def count_change(self) -> None:
        """Something was changed by hand just now."""
        self._num_changes += 1

    def keep_training(self) -> None:
        """What was learned since the last save is to be kept as well, as was expected."""
        self.end_expected(is_made=self._trainer.frames > self._frames_kept)

    def end_expected(self, *, is_made: bool) -> None:
        """A change that was expected is made just now, or comes to nothing."""
        if is_made:
            self.count_change()
        with self._lock:
            self._num_expected -= 1

    def save(self, path: Path, *, must_wait: bool = False) -> None:
        """Save for a person; behind an autosave if one is under way, and until :meth:`turn`."""
        is_busy = self._saver.is_busy
        if not is_busy and not must_wait:
            self._start(path, is_autosave=False)
            return
        with self._lock:
            can_wait = self._waiting is None and (self._is_autosave or not is_busy)
            if can_wait:
                self._waiting = path
        if not can_wait:
            self._post(
                SaveFailed(
                    path,
                    f"{path.name} was not saved; a save is still under way; "
                    "save again when it is done",
                )
            )

    def turn(self, *, may_autosave: bool = True) -> None:
        """Begin the save that waits or is due, if any; between two steps and two edits."""
        if self._saver.is_busy:
            return
        waiting = self._take_waiting()
        if waiting is not None:
            self._start(waiting, is_autosave=False)
            return
        is_new = self._trainer.frames > self._frames_kept or self._num_changes > self._num_kept
        if may_autosave and is_new and self._autosave.is_due(self._saver.last_took_s):
            self._start_autosave()

    def refuse(self, path: Path) -> None:
        """Tell that a save which a person asked for is not begun any more."""
        self._post(SaveFailed(path, "saving was cancelled", is_cancelled=True))

    def end(self) -> None:
        """What was changed by hand is in a file, or it is told why not; waits for that."""
        self.cancel_waiting()  # the program ends: what matters of it is saved here
        is_needed = self._num_kept < self._num_changes == self._num_in_save
        if self._saver.is_busy and not is_needed:
            self._saver.cancel()
        self._saver.join()
        if self._num_kept < self._num_changes and not self.is_given_up:
            self._start_autosave()
            self._saver.join()
        if self.has_unsaved_changes and self.is_given_up:
            self._post(Notice(TOO_LATE, is_important=True, is_problem=True))

    def _start_autosave(self) -> None:
        path = self._autosave.next_path()
        notice = self._autosave.make_way(path)
        if notice is not None:
            self._post(notice)
        self._start(path, is_autosave=True)

    def _start(self, path: Path, *, is_autosave: bool) -> None:
        self._is_autosave = is_autosave
        self._frames_in_save = self._trainer.frames
        self._num_in_save = self._num_changes
        self._saver.save(self._trainer, path, is_autosave=is_autosave)

    # --- the train thread, or that of the save ---

    def _tell(self, event: Event) -> None:
        match event:
            case SnapshotSaved(path):
                self._num_kept, self._frames_kept = self._num_in_save, self._frames_in_save
                if self._is_autosave:
                    self._autosave.count_as_own(path)
            case SaveFailed(is_cancelled=True) if self._is_autosave:
                return  # nobody had asked for it
        self._post(event)

    def _take_waiting(self) -> Path | None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        return waiting
