"""The open game as the window knows it: opened and closed, saved and recorded, its news as signals.

Owns the one current engine. Opening, swapping and stopping engines goes through the loader; what
goes wrong becomes a passing note, and the game that was there stays.
"""

from __future__ import annotations

import traceback
from enum import Enum
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QObject, pyqtSignal

from app.bridge import Bridge
from app.controls import Wishes
from app.event_words import last_words_of, line_of, note_of
from app.files import new_path
from app.intents import Intents
from app.startup.loader import Loader
from app.startup.request import OpenRequest, WindowRequest
from nec_engine.errors import NecError
from nec_engine.messages import (
    CancelSave,
    Event,
    GameInfo,
    KeepTraining,
    LiveStatus,
    Player,
    Progress,
    RecordingEnded,
    RecordingStarted,
    SaveFailed,
    SaveProgressed,
    SaveSnapshot,
    SetExploring,
    SetStoringAgent,
    SetTeaching,
    SnapshotSaved,
    StartRecording,
    StopRecording,
)
from nec_engine.run.engine_api import PATIENCE_SAVING_S, EngineApi

PATIENCE_STOPPING_S: Final = 4.5
PATIENCE_OPENING_S: Final = 2.0


class SessionState(Enum):
    """What there is to show."""

    EMPTY = "no game"
    LOADING = "loading"  # and nothing else is open
    RUNNING = "running"


class Session(Intents):
    """One person's use of the program; Qt's thread."""

    state_changed = pyqtSignal(object)  # SessionState
    loading_changed = pyqtSignal(str)  # what is being opened, "" when nothing is
    game_opened = pyqtSignal(object, object)  # GameInfo, OpenRequest
    engine_ended = pyqtSignal()  # of a game that was open, or that is not wanted any more
    open_failed = pyqtSignal(object, object)  # OpenRequest, exception
    save_progressed = pyqtSignal(float)  # 0 .. 1; below 0: no save is going on

    def __init__(self, request: WindowRequest, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._request = request
        self._frames_trained = 0
        self._saving: Path | None = None  # by hand; what no other save ends
        self.bridge = Bridge(self)
        self.bridge.status_came.connect(self._take_status)
        self.bridge.progress_came.connect(self._take_progress)
        self.bridge.event_came.connect(self._take_event)
        self._loader = Loader(request.open_engine, self)
        self._loader.opened.connect(self._take_engine)
        self._loader.failed.connect(self._take_failure)
        self._loader.stopped.connect(self._take_last_events)
        self._loader.stopped.connect(self.engine_ended)

    # --- what there is ---

    @property
    def state(self) -> SessionState:
        if self._engine is not None:
            return SessionState.RUNNING
        return SessionState.EMPTY if self._loader.request is None else SessionState.LOADING

    @property
    def info(self) -> GameInfo | None:
        """The open game, or None."""
        return None if self._engine is None else self._engine.info

    @property
    def opening(self) -> OpenRequest | None:
        """What is being opened just now."""
        return self._loader.request

    @property
    def is_saving(self) -> bool:
        return self._saving is not None

    @property
    def data_dir(self) -> Path:
        return self._request.data_dir

    @property
    def agent(self) -> str:
        """Of new games, as the command line has it."""
        return self._request.settings.agent

    # --- opening and closing ---

    def start(self) -> None:
        """Open what the command line named, if it named anything."""
        if self._request.snapshot is not None or self._request.rom is not None:
            self.open(rom=self._request.rom, snapshot=self._request.snapshot)

    def open(
        self,
        *,
        rom: str | Path | None = None,
        snapshot: Path | None = None,
        agent: str | None = None,
    ) -> None:
        """Begin to open a game or a snapshot; what is open stays until the new one is there.

        ``agent`` is for a new game; None: that of the command line.
        """
        try:
            request = self._request.to_open(rom, snapshot, agent)
        except NecError as problem:  # what the command line sets does not go with that agent
            self.tell_problem(f"The game was not opened: {problem}")
        else:
            self._open(request)

    def open_brain(self, path: Path) -> None:
        """Begin to open a snapshot that the program offers, as it was made."""
        self._open(self._request.to_open_brain(path))

    def cancel_opening(self) -> None:
        self._loader.cancel()
        self._tell_loading()

    def close(self, *, keeps_training: bool = False) -> bool:
        """Stop the engine and every thread; whole files. True when all of them ended in time.

        Waits, so the window is hidden first; longest for what was changed by hand, which is saved
        where no file holds it yet, and with ``keeps_training`` for what was learned since the last
        save. An engine that is still being opened is not waited for as long.
        """
        self.bridge.detach()
        engine, self._engine = self._engine, None
        if engine is not None:
            if keeps_training:
                engine.send(KeepTraining())
            self._loader.stop_engine(engine)
        has_ended = self._loader.close(
            PATIENCE_OPENING_S if engine is None else PATIENCE_STOPPING_S,
            PATIENCE_STOPPING_S + PATIENCE_SAVING_S,
        )
        self._take_last_events()
        return has_ended

    # --- files ---

    def set_recording(self, recording: bool, *, with_overlay: bool) -> None:
        """Begin a video in the videos folder, or finish it."""
        if not recording:
            self._send(StopRecording(), is_recording=False)
        elif (path := self.new_file("videos", ".mp4")) is not None:
            self._send(
                StartRecording(path, with_overlay), is_recording=True, is_watching_training=False
            )
        else:
            self._tell_controls(force=True)

    def save(self, path: Path | None = None) -> None:
        """Save a snapshot, as a new file in the snapshots folder unless a place is named."""
        if self._saving is not None:
            self.tell_problem(
                f"Nothing more was saved; {self._saving.name} is still being saved; "
                "save again when it is done, or cancel it"
            )
            return
        if path is None:
            path = self.new_file("snapshots", ".nec", f"{self._frames_trained:09d}")
        if path is not None and self._engine is not None:
            self._saving = path
            self.save_progressed.emit(0.0)
            self._send(SaveSnapshot(path))

    def cancel_save(self) -> None:
        self._send(CancelSave())

    def new_file(self, folder: str, suffix: str, name: str = "") -> Path | None:
        """A new path DATA/folder/game-name.suffix; None, and a note, when that cannot be."""
        game = self.info.name if self.info is not None else "nec-viewer"
        try:
            return new_path(self._request.data_dir / folder, game, name, suffix)
        except OSError as error:
            self.tell_problem(
                f"Cannot write to {self._request.data_dir / folder}: {error.strerror}; "
                "make the folder writable or start with --data DIR"
            )
            return None

    # --- news ---

    def _take_engine(self, request: OpenRequest, engine: EngineApi) -> None:
        is_first, before = self._engine is None, self.controls
        old, self._engine = self._engine, engine
        training = self._request.train if is_first else before.is_training
        player = Player.PERSON if self._request.human and is_first else Player.AGENT
        speed = self._request.speed if is_first else 1.0
        self._wishes = Wishes()
        self._speed_before_fast = None  # a key that is held since the game before means nothing
        self._wishes.report(is_training=training, speed=speed, player=player)
        if not is_first:  # what a person switched stays as it is
            self._wishes.report(
                is_teaching=before.is_teaching,
                is_exploring=before.is_exploring,
                is_storing_agent=before.is_storing_agent,
            )
            engine.send(SetTeaching(before.is_teaching))
            engine.send(SetExploring(before.is_exploring))
            engine.send(SetStoringAgent(before.is_storing_agent))
        self._frames_trained = 0
        self._end_saving()
        self.bridge.attach(engine)
        if old is not None:
            self._loader.stop_engine(old)
        self._tell_loading()
        self.game_opened.emit(engine.info, request)
        self._tell_controls(force=True)
        origin = "" if isinstance(request.rom, str) else f", from {request.words}"
        self.logged.emit(f"{engine.info.title} is open{origin}", False)
        engine.start(self.bridge.wake, training=training, speed=speed, player=player)

    def _take_failure(self, request: OpenRequest, problem: Exception) -> None:
        self._tell_loading()
        if not isinstance(problem, NecError):
            traceback.print_exception(problem)
        self.open_failed.emit(request, problem)

    def _take_status(self, status: LiveStatus) -> None:
        self._wishes.report_status(status)
        self._tell_controls()

    def _take_progress(self, progress: Progress) -> None:
        self._frames_trained = progress.frames
        self._wishes.report(is_training=progress.is_training)
        self._tell_controls()

    def _take_event(self, event: Event) -> None:
        match event:
            case SaveProgressed(path, fraction) if path == self._saving:
                self.save_progressed.emit(fraction)
            case SnapshotSaved(path) | SaveFailed(path) if path == self._saving:
                self._end_saving()
            case RecordingStarted():
                self._wishes.report(is_recording=True)
            case RecordingEnded():
                self._wishes.report(is_recording=False)
        self._tell_controls()
        line, note = line_of(event), note_of(event)
        if line:
            self.logged.emit(line, note is not None and note.is_problem)
        if note is not None:
            self.noted.emit(note)

    def _take_last_events(self) -> None:
        """What became of the files of a game that is closed."""
        for line, is_problem in last_words_of(self._loader.take_last_events()):
            self.tell_problem(line) if is_problem else self.tell(line)

    # --- inside ---

    def _open(self, request: OpenRequest) -> None:
        if request == self._loader.request:  # the second click of a double-click
            return
        self._loader.open(request)
        self.logged.emit(f"Opening {request.words}", False)
        self._tell_loading()

    def _end_saving(self) -> None:
        self._saving = None
        self.save_progressed.emit(-1.0)

    def _tell_loading(self) -> None:
        request = self._loader.request
        self.loading_changed.emit("" if request is None else request.words)
        self.state_changed.emit(self.state)
