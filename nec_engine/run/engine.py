"""The engine's front door: one game, its threads, and all that a window may ask of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.insight.methods import methods_of
from nec_engine.journal.playback import Playback
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import (
    AskSecondBrain,
    AskUmap,
    AskWhatIf,
    CancelComparison,
    CancelSave,
    CancelVideos,
    Command,
    DeleteEntries,
    GameInfo,
    KeepTraining,
    LoadLessons,
    Notice,
    PinEntries,
    PlanComparison,
    Player,
    PutSecondBrainAway,
    Question,
    RedoEdit,
    SaveLessons,
    SaveRangeVideo,
    SaveSnapshot,
    SaveTailVideo,
    SetLessonWeight,
    SetTraining,
    SetValues,
    StartComparison,
    StudyQuestion,
    UndoEdit,
)
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.inspect_thread import InspectThread
from nec_engine.run.answering.replay import Projector
from nec_engine.run.answering.study_room import StudyRoom
from nec_engine.run.answering.study_thread import StudyThread
from nec_engine.run.comparing.compare_thread import CompareThread
from nec_engine.run.engine_api import News
from nec_engine.run.folders import DataFolders
from nec_engine.run.lesson_files.lessons_thread import LessonsThread
from nec_engine.run.live.guide import Guide
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.live.live_thread import LiveThread
from nec_engine.run.live.tail import Tail
from nec_engine.run.opening import OpenedRun, open_new, open_saved
from nec_engine.run.outbox import Outbox
from nec_engine.run.past.export_thread import ExportThread
from nec_engine.run.priority import take_short_turns
from nec_engine.run.publication import Publication
from nec_engine.run.training.saving import Autosave
from nec_engine.run.training.train_thread import TrainThread
from nec_engine.run.training.trainer import Trainer
from nec_engine.seeding import derived_seed
from nec_engine.storage.autosave import Stamp, stamp_of


class _Thread(Protocol):
    def ask_stop(self) -> None: ...

    def join(self, timeout_s: float) -> bool: ...


class Engine:
    """A game that is open: its threads, each a ``*_thread.py`` of its own, and what they share.

    Made on any thread, then called from the window's thread alone. The train, live, inspect and
    study threads run from :meth:`start` on; export, lessons and compare begin with the first thing
    asked of them. What each of them owns, and what it reads, stands in docs/architecture.md.
    """

    def __init__(self, opened: OpenedRun, data_dir: Path, file: Stamp | None = None) -> None:
        """``file`` is the one that ``opened`` was read from."""
        self._trainer = opened.trainer
        self._outbox = Outbox()
        self._publication = Publication()
        self._give_way = self._outbox.right_of_way.give
        self._train = self._make_train_thread(data_dir, file)
        game = self._make_live_game()
        names = game.emulator.action_names
        self._live = self._make_live_thread(game)
        self._inspect = self._make_inspect_thread(names)
        self._study = self._make_study_thread()
        self._export = self._make_export_thread(game.tail, names)
        self._lessons = self._make_lessons_thread()
        self._compare = self._make_compare_thread()
        self._info = _info_of(opened.trainer, game.emulator)
        self._is_started = self._is_stopped = False
        for sentence in opened.lost:
            self._outbox.post_event(Notice(sentence, is_important=True, is_problem=True))
        for sentence in opened.missing:
            self._outbox.post_event(Notice(sentence, is_important=True))

    @classmethod
    def open_game(cls, rom: str | Path, settings: Settings, data_dir: Path) -> Engine:
        """A new run of a game; may take seconds. Raises :class:`NecError`, nothing changed."""
        return cls(open_new(find_rom(rom), settings), data_dir)

    @classmethod
    def open_snapshot(
        cls,
        path: Path,
        changes: Mapping[str, Any],
        data_dir: Path,
        rom: str | None = None,
        go_on: Callable[[], None] = lambda: None,
    ) -> Engine:
        """A saved run, to go on with; may take seconds. Raises as :meth:`open_game`.

        ``go_on`` is called while the file is read; a :class:`NecError` that it raises ends that.
        """
        file = stamp_of(path)  # before it is read: an engine that ends may write another there
        return cls(open_saved(path, changes, rom, go_on=go_on), data_dir, file)

    @property
    def info(self) -> GameInfo:
        return self._info

    @property
    def settings(self) -> Settings:
        return self._trainer.settings

    def start(
        self,
        wake: Callable[[], None] | None = None,
        *,
        training: bool = True,
        speed: float = 1.0,
        player: Player = Player.AGENT,
    ) -> None:
        """Start the threads; ``wake`` is called from them, at most once until the next pull."""
        assert not self._is_started, "an engine starts once"
        self._is_started = True
        self._outbox.wake_up.connect(wake)
        take_short_turns()  # the window's thread, and all that are started here
        self._live.start(speed=speed, player=player)
        self._train.start(training=training)
        self._inspect.start()
        self._study.start()

    def stop(self, timeout_s: float = 4.0) -> None:
        """Stop and join everything; a recording is finished, an unfinished save given up.

        What was changed by hand and no file holds yet is saved first, as an autosave; that may
        take longer than ``timeout_s``. What there was to tell can be pulled afterwards.
        """
        if self._is_stopped:
            return
        self._is_stopped = True
        self._outbox.wake_up.connect(None)
        deadline_s = time.perf_counter() + timeout_s

        def join(*threads: _Thread) -> None:
            for thread in threads:
                thread.join(max(0.1, deadline_s - time.perf_counter()))

        teachers = (self._lessons, self._live)  # which hand over what they have been taught
        others = (self._compare, self._inspect, self._study, self._export)
        for thread in (*teachers, *others):
            thread.ask_stop()
        join(*teachers)
        self._train.ask_stop()
        join(self._train, *others)
        self._trainer.close()

    def send(self, command: Command) -> None:
        """Hand a command to the thread it is for."""
        match command:
            case SetTraining() | SaveSnapshot() | KeepTraining() | CancelSave():
                self._train.send(command)
            case SaveTailVideo() | SaveRangeVideo() | CancelVideos():
                self._export.send(command)
            case SaveLessons() | LoadLessons():
                self._lessons.send(command)
            case (
                SetLessonWeight() | DeleteEntries() | PinEntries() | SetValues()
                | UndoEdit() | RedoEdit()
            ):  # fmt: skip
                self._train.send(command)
            case PlanComparison() | StartComparison() | CancelComparison():
                self._compare.send(command)
            case _:
                self._live.send(command)

    def ask(self, question: Question | StudyQuestion) -> None:
        """Hand a question to the thread that answers its kind."""
        match question:
            case AskWhatIf() | AskSecondBrain() | PutSecondBrainAway() | AskUmap():
                self._study.ask(question)
            case _:
                self._inspect.ask(question)

    def rest(self) -> None:
        """The window has done all there was to do, until it is woken again."""
        self._outbox.right_of_way.release()

    def pull(self) -> News:
        return self._outbox.pull()

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        """What anybody looks at or listens to: the rest is not computed."""
        self._live.set_wanted(decisions=decisions, audio=audio)

    # --- who is made for what ---

    def _make_train_thread(self, data_dir: Path, file: Stamp | None) -> TrainThread:
        folder, trainer = DataFolders(data_dir).snapshots, self._trainer
        trainer.set_give_way(self._give_way, self._outbox.right_of_way.give_longer)
        autosave = Autosave(folder, trainer.rom.name, trainer.settings.autosave_s, file)
        return TrainThread(trainer, self._publication, self._outbox, autosave)

    def _make_live_game(self) -> LiveGame:
        trainer, settings = self._trainer, self._trainer.settings
        seed = derived_seed(settings.seed, "live game")
        return LiveGame(
            Emulator(trainer.rom, settings, seed=seed, sound=True),
            trainer.journal,
            self._publication,
            settings,
            self._train.send_taught,
            trainer.lesson_book,
        )

    def _make_live_thread(self, game: LiveGame) -> LiveThread:
        trainer, settings = self._trainer, self._trainer.settings
        way_back = Rebuilder(trainer.rom, settings)
        way_back.prepare()
        return LiveThread(
            game,
            self._outbox,
            self._train,
            trainer.figures.history,
            Guide(way_back, trainer.journal),
            has_luck=settings.sticky_actions > 0,
        )

    def _make_inspect_thread(self, action_names: tuple[str, ...]) -> InspectThread:
        desk = self._make_desk()
        desk.rebuilder.prepare()  # holds the interpreter for 0.1 s: not while a game is shown
        projector = Projector(self._trainer.rom, self._trainer.settings, action_names, desk)
        return InspectThread(desk, self._outbox, projector)

    def _make_study_thread(self) -> StudyThread:
        rom, settings = self._trainer.rom, self._trainer.settings
        room = StudyRoom(rom, settings, self._make_desk(), self._give_way)
        return StudyThread(room, self._outbox)

    def _make_desk(self) -> Desk:
        """With an emulator of its own: each thread that answers has one."""
        trainer = self._trainer
        return Desk(
            Rebuilder(trainer.rom, trainer.settings, self._give_way),
            trainer.journal,
            self._publication,
            trainer.agent.memory,
            self._give_way,
            self._outbox.right_of_way.hurry,
        )

    def _make_export_thread(self, tail: Tail, action_names: tuple[str, ...]) -> ExportThread:
        trainer = self._trainer
        return ExportThread(
            Playback(trainer.rom, trainer.settings, self._give_way),
            trainer.journal,
            tail,
            self._publication,
            trainer.rom.title,
            action_names,
            self._outbox.post_event,
        )

    def _make_lessons_thread(self) -> LessonsThread:
        trainer = self._trainer
        return LessonsThread(
            trainer.rom,
            trainer.settings,
            trainer.journal,
            self._publication,
            trainer.lesson_book,
            trainer.agent.memory,
            self._train.send_taught,
            self._outbox.post_event,
            self._give_way,
        )

    def _make_compare_thread(self) -> CompareThread:
        train = self._train  # not by way of the engine, which would hold itself in a ring
        return CompareThread(
            self._trainer.agent.memory,
            lambda: train.num_edited,
            train.send_wish,
            self._trainer.settings.seed,
            self._outbox.post_event,
            lambda: train.has_failed,
        )


def _info_of(trainer: Trainer, emulator: Emulator) -> GameInfo:
    rom, agent = trainer.rom, trainer.agent
    return GameInfo(
        name=rom.name,
        title=rom.title,
        rom_path=rom.path,
        rom_md5=rom.md5,
        action_names=emulator.action_names,
        screen_height=emulator.screen_height,
        agent=trainer.settings.agent,
        device=str(agent.device),
        has_memory=agent.memory is not None,
        saliency_methods=methods_of(agent.policy()),
    )
