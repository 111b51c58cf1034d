"""The recording of the live game: which file it goes to, and whether it shows the evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nec_engine.game.emulator import Emulator
from nec_engine.messages import Decision, Event, Frame, RecordingStarted, StartRecording
from nec_engine.recording.recorder import Recorder


class LiveRecording:
    """At most one at a time. The live thread's alone; the record thread writes the file."""

    def __init__(self, post: Callable[[Event], None]) -> None:
        self._post = post
        self._recorder = Recorder(post)
        self._command: StartRecording | None = None  # that began the newest one

    @property
    def is_on(self) -> bool:
        return self._recorder.is_recording

    @property
    def needs_decisions(self) -> bool:
        """The evidence is drawn into the picture."""
        return self._command is not None and self._command.with_overlay and self.is_on

    @property
    def path(self) -> Path | None:
        """The file that is being written; None when none is."""
        return self._command.path if self._command is not None and self.is_on else None

    @property
    def seconds(self) -> float:
        """Its length so far; 0 when nothing is recorded."""
        return self._recorder.seconds if self.is_on else 0.0

    def start(self, command: StartRecording, emulator: Emulator) -> None:
        """Record the game of ``emulator`` from its next frame on, unless one is recorded."""
        if self.is_on:
            return
        self._command = command
        self._recorder.start(
            command.path,
            emulator.screen_height,
            with_overlay=command.with_overlay,
            title=emulator.rom.title,
        )
        self._post(RecordingStarted(command.path))

    def push(self, frame: Frame, decision: Decision | None) -> None:
        """The next frame; never waits. Ignored when nothing is recorded."""
        self._recorder.push(frame, decision)

    def stop(self, timeout_s: float) -> None:
        """End the video, and wait so long for its file; with 0 it ends by itself."""
        self._recorder.stop(timeout_s)
