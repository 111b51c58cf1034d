"""Surgery on the memory between two training steps: takes commands, works in pieces, tells."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import Final

from nec_engine.memory.edit_log import (
    Edit,
    EditKind,
    EditLog,
    Job,
    TooManyAtOnceError,
    TooManyPinnedError,
)
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    DeleteEntries,
    EditCommand,
    ForgetLessons,
    MemoryEdited,
    PinEntries,
    RedoEdit,
    SetValues,
    UndoEdit,
)

# Work in pieces that reads the memory while nobody edits it.
Reading = Generator[None, None, None]
StartReading = Callable[[], Reading]

TURN_S: Final = 0.02  # of edits between two steps; a piece more at most

_PAST: Final = {
    EditKind.DELETE: "Deleted",
    EditKind.PIN: "Pinned",
    EditKind.UNPIN: "Unpinned",
    EditKind.VALUE: "Set the value of",
    EditKind.FORGET: "Forgot your lessons in",
}
_NOUN: Final = {
    EditKind.DELETE: "deleting",
    EditKind.PIN: "pinning",
    EditKind.UNPIN: "unpinning",
    EditKind.VALUE: "the value of",
    EditKind.FORGET: "forgetting your lessons in",
}


class Surgeon:
    """Carries out edits one after the other; the train thread alone."""

    def __init__(
        self,
        memory: EpisodicMemory | None,
        action_names: Sequence[str],
        post: Callable[[MemoryEdited], None],
    ) -> None:
        self._memory, self._post = memory, post
        self._names = tuple(name.upper() for name in action_names)
        self._waiting: deque[EditCommand | ForgetLessons | StartReading] = deque()
        self._job: Job | Reading | None = None
        self._prefix = ""  # of the sentence about the job in hand
        self.log = None if memory is None else EditLog(memory)

    @property
    def is_busy(self) -> bool:
        """There is more to do."""
        return self._job is not None or bool(self._waiting)

    def take(self, command: EditCommand | ForgetLessons | StartReading) -> None:
        """This comes next, after those that wait already."""
        self._waiting.append(command)

    def refuse(self, why: str) -> None:
        """Say that a command is not carried out."""
        self._tell(why, is_problem=True)

    def go_on(self) -> None:
        """Work for some milliseconds; a small edit is done at once."""
        end_s = time.perf_counter() + TURN_S
        while self.is_busy:
            if self._job is None:
                self._begin(self._waiting.popleft())
            elif not self._finished(self._job):
                assert self._memory is not None
                self._memory.give_way()
            if time.perf_counter() >= end_s:
                return

    def _begin(self, command: EditCommand | ForgetLessons | StartReading) -> None:
        if callable(command):
            self._job = command()
            return
        if self._memory is None or self.log is None:
            self._tell("This agent has no memory to edit", is_problem=True)
            return
        try:
            self._job = self._job_for(command, self._memory, self.log)
        except TooManyPinnedError as error:
            self._tell(
                f"Nothing was pinned; {error.num_wanted:,} pinned entries of "
                f"{self._names[error.action]} would be more than half of its room; "
                f"pin at most {error.most:,}",
                is_problem=True,
            )
        except TooManyAtOnceError as error:
            self._tell(
                f"Nothing was changed; {error.num_wanted:,} entries are too many to keep for "
                f"undoing it; edit at most {error.most:,} at a time",
                is_problem=True,
            )
        except ValueError as error:
            self._tell(f"Nothing was changed; {error}", is_problem=True)

    def _job_for(
        self, command: EditCommand | ForgetLessons, memory: EpisodicMemory, log: EditLog
    ) -> Job | None:
        self._prefix = ""
        match command:
            case DeleteEntries(entries):
                return log.delete(memory.surgery.named(entries))
            case PinEntries(entries, pinned):
                return log.set_pinned(memory.surgery.named(entries), pinned)
            case SetValues(entries, value):
                return log.set_value(memory.surgery.named(entries), value)
            case ForgetLessons():
                return log.forget_lessons()
            case UndoEdit():
                if log.done:
                    self._prefix = "Undone"
                    return log.undo()
                self._tell("There is no edit of the memory to undo", is_problem=True)
            case RedoEdit():
                if log.undone:
                    self._prefix = "Done again"
                    return log.redo()
                self._tell("There is no edit of the memory to do again", is_problem=True)
        return None

    def _finished(self, job: Job | Reading) -> bool:
        """Work on a piece; whether it was the last."""
        try:
            next(job)
        except StopIteration as end:
            self._job = None
            edit: Edit | None = end.value
            if edit is not None:
                self._tell(self._sentence(edit), is_problem=not edit.num_entries)
            return True
        return False

    def _sentence(self, edit: Edit) -> str:
        if self._prefix:
            return f"{self._prefix}: {self._words(edit)}"
        if edit.kind is EditKind.FORGET:
            return self._forgetting(edit)
        gone = ""
        if edit.num_gone:
            gone = f"{edit.num_gone:,} {'was' if edit.num_gone == 1 else 'were'} gone already"
        if not edit.num_entries:
            return f"Nothing was changed; {gone or 'there is no such entry'}"
        value = f" to {edit.value:g}" if edit.kind is EditKind.VALUE else ""
        sentence = f"{_PAST[edit.kind]} {self._entries(edit)}{value}"
        return f"{sentence}; {gone}" if gone else sentence

    def _forgetting(self, edit: Edit) -> str:
        if not edit.num_entries:
            return "Nothing was forgotten; the memory holds nothing that you taught"
        gone, left = edit.num_only_taught, edit.num_entries - edit.num_only_taught
        words = [f"{self._count(gone)} taken out"] if gone else []
        words += [f"{self._count(left)} as without them"] if left else []
        return f"Forgot your lessons: {', '.join(words)}; undo brings them back"

    def _words(self, edit: Edit) -> str:
        return f"{_NOUN[edit.kind]} {self._entries(edit)}"

    def _entries(self, edit: Edit) -> str:
        num, actions = edit.num_entries, edit.actions
        count = self._count(num)
        if len(actions) == 1:
            return f"{count} of {self._names[actions[0]]}"
        return f"{count} of {len(actions)} actions"

    @staticmethod
    def _count(num: int) -> str:
        return "1 entry" if num == 1 else f"{num:,} entries"

    def _tell(self, text: str, *, is_problem: bool = False) -> None:
        done: Sequence[Edit] = self.log.done if self.log else ()
        undone: Sequence[Edit] = self.log.undone if self.log else ()
        self._post(
            MemoryEdited(
                text=text,
                undo_text=self._words(done[-1]) if done else "",
                redo_text=self._words(undone[-1]) if undone else "",
                num_undo=len(done),
                num_redo=len(undone),
                is_problem=is_problem,
            )
        )
