"""The train thread: the only writer of network, memory and replay."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from nec_engine.learning.exploration import epsilon_at
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import (
    CancelSave,
    DeleteEntries,
    ForgetLessons,
    Frame,
    KeepTraining,
    MemoryEdited,
    Notice,
    PinEntries,
    Player,
    RedoEdit,
    SaveSnapshot,
    SetLessonWeight,
    SetTraining,
    SetValues,
    ThreadFailed,
    TrainerCommand,
    UndoEdit,
    read_only,
)
from nec_engine.run.comparing.run_copy import CopyWish, copy_run
from nec_engine.run.engine_api import PATIENCE_SAVING_S
from nec_engine.run.mailbox import Inbox
from nec_engine.run.outbox import Outbox
from nec_engine.run.priority import TRAIN_NICENESS, lower_this_thread
from nec_engine.run.publication import Publication, Published
from nec_engine.run.scores import published_scores
from nec_engine.run.training.keeping import Keeper
from nec_engine.run.training.saving import Autosave
from nec_engine.run.training.surgeon import Surgeon
from nec_engine.run.training.trainer import Trainer

PUBLISH_EVERY_S = 0.5
PROGRESS_EVERY_S = 0.25
CURVES_EVERY_S = 0.5
IDLE_WAIT_S = 0.1
WATCH_EVERY_S = 1 / 60
AFTER_A_FAULT = "Training stopped after a fault; save a snapshot and open it again"
NOT_SAVED = "What you changed last is in no file; training had stopped after a fault"


class TrainThread:
    """Runs a :class:`Trainer`; between two steps takes commands and lessons, publishes, saves."""

    def __init__(
        self, trainer: Trainer, publication: Publication, outbox: Outbox, autosave: Autosave
    ) -> None:
        self._trainer = trainer
        self._publication = publication
        self._outbox = outbox
        self._keeper = Keeper(trainer, autosave, outbox.post_event)
        self._surgeon = Surgeon(
            trainer.agent.memory, trainer.emulator.action_names, self._take_edited
        )
        trainer.edit_log = self._surgeon.log
        self._inbox: Inbox[TrainerCommand | list[TaughtStep] | CopyWish] = Inbox()
        self._is_stopping = threading.Event()
        self._is_training = False
        self.has_failed = False  # only saves are served any more; any thread may look
        self.is_watched = False  # written by the live thread: show the training game
        self._published_s = self._progress_s = self._curves_s = self._watched_s = float("-inf")
        self._published_version = -1
        self._curves_version = -1
        self._num_shown = 0
        self._index_problem = ""
        self._is_teaching_refused = False
        self._thread = threading.Thread(target=self._run, name="train")

    # --- any thread ---

    def start(self, *, training: bool) -> None:
        self._is_training = training
        self._thread.start()

    def send(self, command: TrainerCommand) -> None:
        if isinstance(command, CancelSave):
            self._keeper.cancel()
            return
        if not isinstance(command, SetTraining | SaveSnapshot):
            self._keeper.expect_change()
        self._inbox.put(command)

    @property
    def frames(self) -> int:
        """Emulator frames of training so far."""
        return self._trainer.frames

    def send_taught(self, taught: list[TaughtStep]) -> None:
        """Steps of the live game on their way to the memory."""
        self._keeper.expect_change()
        self._inbox.put(taught)

    @property
    def num_edited(self) -> int:
        """Entries that undoing all edits of the memory would put back."""
        log = self._surgeon.log
        return 0 if log is None else sum(edit.num_entries for edit in tuple(log.done))

    def send_wish(self, wish: CopyWish) -> None:
        """Let what the agent knows be copied, after the edits that were sent before."""
        self._inbox.put(wish)

    def ask_stop(self) -> None:
        """Stop after the present step and all that was sent before.

        A save under way is given up, unless something that was changed by hand needs it.
        """
        self._is_stopping.set()
        self._keeper.ask_end()

    def join(self, timeout_s: float) -> bool:
        """True when the thread is gone; it has longer while it saves what was changed by hand."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive() and self._keeper.has_unsaved_changes:
                self._thread.join(PATIENCE_SAVING_S)
            if self._thread.is_alive():
                self._keeper.give_up()
                self._thread.join(timeout_s)
        self._keeper.join(timeout_s)
        return not self._thread.is_alive()

    # --- the train thread ---

    def _run(self) -> None:
        lower_this_thread(TRAIN_NICENESS)
        try:
            self._keeper.begin()
            while not self._is_stopping.is_set():
                self._turn()
            self._end()
        except Exception as error:  # noqa: BLE001 - told to the window, which can still save
            self._fail(error)
        finally:
            self._keeper.close()

    def _turn(self) -> None:
        for item in self._inbox.take_all():
            self._take(item)
        self._surgeon.go_on()
        self._publish()
        if self._is_training:
            self._trainer.step()
            if self.is_watched:
                self._show()
        else:
            self._trainer.agent.service()
            if not self._surgeon.is_busy:
                self._inbox.wait(IDLE_WAIT_S)
        if not self._surgeon.is_busy:  # half an edit is in no file
            self._keeper.turn()

    def _end(self) -> None:
        """What was done by hand to the very last is done, and in a file."""
        for item in self._inbox.take_all():
            if isinstance(item, SaveSnapshot):
                self._keeper.refuse(item.path)
            elif not isinstance(item, CopyWish):
                self._take(item)
        while self._surgeon.is_busy and not self._keeper.is_given_up:
            self._surgeon.go_on()
        self._keeper.end()

    def _take(self, item: TrainerCommand | list[TaughtStep] | CopyWish) -> None:
        match item:
            case SetTraining(training):
                self._is_training = training
                self._progress_s = self._published_s = float("-inf")
            case SaveSnapshot(path):
                self._keeper.save(path, must_wait=self._surgeon.is_busy)
            case KeepTraining():
                self._keeper.keep_training()
            case list():
                self._trainer.take_taught(item)
                self._keeper.end_expected(is_made=True)
                self._progress_s = float("-inf")
            case SetLessonWeight(weight):
                memory = self._trainer.agent.memory
                if memory is not None:
                    memory.lesson_say.weight = weight
                self._keeper.end_expected(is_made=memory is not None)
                self._progress_s = float("-inf")
            case (
                DeleteEntries() | PinEntries() | SetValues() | ForgetLessons()
                | UndoEdit() | RedoEdit()
            ):  # fmt: skip
                self._surgeon.take(item)
            case CopyWish():
                if self._surgeon.log is not None:
                    self._surgeon.take(partial(copy_run, self._trainer, self._surgeon.log, item))
                self._progress_s = float("-inf")

    def _publish(self) -> None:
        now_s, trainer = time.perf_counter(), self._trainer
        if now_s - self._published_s >= PUBLISH_EVERY_S:
            self._published_s = now_s
            newest = self._publication.newest
            if newest is None or self._published_version != trainer.agent.version:
                policy = trainer.agent.policy()
                self._published_version = policy.version
            else:
                policy = newest.policy
            epsilon = epsilon_at(trainer.steps, trainer.settings)
            self._publication.put(Published(policy, epsilon))
        if now_s - self._progress_s >= PROGRESS_EVERY_S:
            self._progress_s = now_s
            activity = "training" if self._is_training else "off"
            self._outbox.post_progress(
                trainer.progress(is_training=self._is_training, activity=activity)
            )
            self._tell_index_problem()
        if now_s - self._curves_s >= CURVES_EVERY_S:
            self._curves_s = now_s
            self._post_curves()

    def _tell_index_problem(self) -> None:
        """Say once when the index cannot be built: everything goes on, more slowly."""
        memory = self._trainer.agent.memory
        problem = memory.index_problem if memory else ""
        if problem and problem != self._index_problem:
            self._outbox.post_event(
                Notice(f"The index cannot be built: {problem}", is_problem=True)
            )
        self._index_problem = problem

    def _post_curves(self) -> None:
        history = self._trainer.figures.history
        if history.version == self._curves_version:
            return
        self._curves_version = history.version
        scores = published_scores(self._trainer.rom.name)
        random_score = scores.random if scores else None
        human_score = scores.human if scores else None
        self._outbox.post_curves(history.curves(random_score, human_score))

    def _show(self) -> None:
        now_s = time.perf_counter()
        if now_s - self._watched_s < WATCH_EVERY_S:
            return
        self._watched_s = now_s
        self._num_shown += 1
        trainer = self._trainer
        game = trainer.games[0]
        emulator = game.emulator
        self._outbox.post_frame(
            Frame(
                number=self._num_shown,
                rgb=read_only(emulator.rgb()),
                audio=read_only(emulator.audio()[:0].copy()),
                moment=game.moment,
                frame_in_step=trainer.settings.frame_skip - 1,
                action=game.last_action,
                player=Player.TRAINER,
                score=emulator.score,
                best_score=trainer.figures.best_score,
                lives=emulator.lives,
                is_last=game.step_in_episode == 0,
                due_s=now_s,
            )
        )

    def _take_edited(self, event: MemoryEdited) -> None:
        self._keeper.end_expected(is_made=not event.is_problem)
        self._outbox.post_event(event)

    def _fail(self, error: Exception) -> None:
        """Tell the window, then serve only saves: training is over, nothing is lost.

        As the game is closed, what was changed by hand is saved, or it is told that it was not.
        """
        self._outbox.post_event(ThreadFailed.by("train", error))
        self._is_training, self.has_failed = False, True
        self._post_failed_progress()
        while self._surgeon.is_busy and not self._keeper.is_given_up:
            self._try(self._surgeon.go_on)  # an edit that fails is passed over
        while not self._is_stopping.is_set():
            self._inbox.wait(IDLE_WAIT_S)
            self._try(partial(self._keeper.turn, may_autosave=False))
            for item in self._inbox.take_all():
                self._try(partial(self._take_after_fault, item))
        for item in self._inbox.take_all():
            self._try(partial(self._take_after_fault, item))
        self._try(self._keeper.end)
        if self._keeper.has_unsaved_changes and not self._keeper.is_given_up:
            self._tell_problem(NOT_SAVED)

    def _try(self, work: Callable[[], None]) -> None:
        """Do what may fail again after a fault; that is told like the first."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told, and the rest goes on
            self._outbox.post_event(ThreadFailed.by("train", error))

    def _take_after_fault(self, item: TrainerCommand | list[TaughtStep] | CopyWish) -> None:
        match item:
            case SaveSnapshot(path):
                if self._is_stopping.is_set():
                    self._keeper.refuse(path)
                else:
                    self._keeper.save(path)
            case SetTraining(True):
                self._tell_problem(AFTER_A_FAULT)
            case KeepTraining():
                self._keeper.end_expected(is_made=False)
            case list():
                self._keeper.end_expected(is_made=False)
                if not self._is_teaching_refused:  # many of these come
                    self._is_teaching_refused = True
                    self._tell_problem(f"What is played is not remembered. {AFTER_A_FAULT}")
            case (
                DeleteEntries() | PinEntries() | SetValues() | ForgetLessons()
                | UndoEdit() | RedoEdit() | SetLessonWeight()
            ):  # fmt: skip
                self._surgeon.refuse(f"Nothing was changed. {AFTER_A_FAULT}")
                self._post_failed_progress()

    def _post_failed_progress(self) -> None:
        self._outbox.post_progress(self._trainer.progress(is_training=False, activity="failed"))

    def _tell_problem(self, text: str) -> None:
        self._outbox.post_event(Notice(text, is_important=True, is_problem=True))
