"""Records the game that is shown, on a thread of its own, without ever holding the game up."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nec_engine.errors import RecordingError
from nec_engine.messages import U8, Decision, Frame, RecordingEnded

if TYPE_CHECKING:  # PyAV takes 70 ms to import: only who records pays, and on this thread
    from nec_engine.recording.composer import Composer

MAX_PICTURES: Final = 120  # waiting: two seconds and 12 MB; later pictures are dropped
MAX_WAITING_FRAMES: Final = 3600  # a minute of sound; later frames are left out altogether
MAX_GAP_FRAMES: Final = 60  # a longer gap in the frame numbers is a jump, not a loss
DRAIN_S: Final = 1.0  # after stop, for what still waits


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One place on the timeline; without a frame the last picture stays."""

    number: int
    audio: U8
    frame: Frame | None
    decision: Decision | None


class Recorder:
    """At most one recording at a time; start, push and stop from one thread, the rest from any.

    The video runs at 60 frames a second of the *emulator*, whatever the speed on the screen:
    frames stand in the order of their numbers, a missing one repeats the picture before it.
    ``on_ended`` is called once for each start, on the recording thread.
    """

    def __init__(self, on_ended: Callable[[RecordingEnded], None]) -> None:
        self._on_ended = on_ended
        self._video: _Video | None = None  # the present or the last one
        self._before: list[_Video] = []  # those whose files were not done when the next began

    @property
    def is_recording(self) -> bool:
        """From start until stop or the first failure."""
        return self._video is not None and self._video.accepts

    @property
    def seconds(self) -> float:
        """Length of the present or the last video."""
        return 0.0 if self._video is None else self._video.seconds

    @property
    def num_dropped(self) -> int:
        """Pictures of the present or the last video that came too fast and are missing."""
        return 0 if self._video is None else self._video.num_dropped

    def start(
        self, path: Path, screen_height: int, *, with_overlay: bool = False, title: str = ""
    ) -> None:
        """Begin a video at ``path``; returns at once, also while the last one is still written.

        What is wrong with ``path`` is told by ``on_ended``. ``ValueError``: already recording.
        """
        if self.is_recording:
            raise ValueError("already recording")
        self._before = [video for video in self._before if video.is_being_written]
        if self._video is not None and self._video.is_being_written:
            self._before.append(self._video)
        self._video = _Video(path, self._on_ended)
        self._video.start(screen_height, with_overlay=with_overlay, title=title)

    def push(self, frame: Frame, decision: Decision | None) -> None:
        """The next frame; never waits and copies nothing. Ignored when nothing is recorded."""
        if self._video is not None:
            self._video.push(frame, decision)

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End the video and wait for all files; False when the disk hangs for longer.

        May be called again, and when nothing is recorded.
        """
        if self._video is None:
            return True
        deadline_s = time.monotonic() + timeout_s
        are_done = True
        for video in (self._video, *self._before):
            are_done = video.stop(max(0.0, deadline_s - time.monotonic())) and are_done
        return are_done


class _Video:
    """One recording from its start to its file: the frames that wait, and the thread they wait for.

    Each has its own, so that what is still written of one is never mixed with the next.
    """

    def __init__(self, path: Path, on_ended: Callable[[RecordingEnded], None]) -> None:
        self._path, self._on_ended = path, on_ended
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting] = deque()
        self._num_pictures = 0  # of the waiting
        self._num_written = 0
        self._drain_until_s = 0.0  # time.monotonic(), once it is stopping
        self._thread: threading.Thread | None = None
        self.num_dropped = 0
        self.accepts = True

    @property
    def seconds(self) -> float:
        return self._num_written / 60

    @property
    def is_being_written(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, screen_height: int, *, with_overlay: bool, title: str) -> None:
        # A daemon: a disk that hangs in a write must not keep the program from ending.
        self._thread = threading.Thread(
            target=self._run, args=(screen_height, with_overlay, title), name="record", daemon=True
        )
        self._thread.start()

    def push(self, frame: Frame, decision: Decision | None) -> None:
        with self._changed:
            if not self.accepts:
                return
            if self._num_pictures < MAX_PICTURES:
                self._num_pictures += 1
                self._waiting.append(_Waiting(frame.number, frame.audio, frame, decision))
            else:
                self.num_dropped += 1
                if len(self._waiting) < MAX_WAITING_FRAMES:
                    self._waiting.append(_Waiting(frame.number, frame.audio, None, None))
            self._changed.notify()

    def stop(self, timeout_s: float) -> bool:
        with self._changed:
            if self.accepts:
                self.accepts = False
                self._drain_until_s = time.monotonic() + DRAIN_S
            self._changed.notify()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout_s)
        return not thread.is_alive()

    # --- on the recording thread ---

    def _run(self, screen_height: int, with_overlay: bool, title: str) -> None:
        path, problem = self._path, ""
        try:
            from nec_engine.recording.composer import Composer

            composer = Composer(path, screen_height, with_overlay=with_overlay, title=title)
            try:
                self._write_all(composer)
            finally:
                composer.file.close()
            if not self._num_written:
                problem = f"no video at {path}; the game did not move; record while it runs"
        except RecordingError as error:
            problem = str(error)
        except Exception as error:  # a fault of ours: told here, and to threading.excepthook
            problem = f"recording to {path} failed; {type(error).__name__}: {error}; report it"
            raise
        finally:
            with self._changed:
                self.accepts = False
                self._waiting.clear()
            self._on_ended(RecordingEnded(path, self.seconds, self.num_dropped, problem))

    def _write_all(self, composer: Composer) -> None:
        last_number: int | None = None
        decision: Decision | None = None
        while (waiting := self._take()) is not None:
            if waiting.number == last_number:  # shown again, not played again
                continue
            if last_number is not None and 1 < waiting.number - last_number <= MAX_GAP_FRAMES:
                for _ in range(waiting.number - last_number - 1):
                    composer.repeat(None)
            last_number = waiting.number
            frame = waiting.frame
            if frame is None:
                composer.repeat(waiting.audio)
            else:
                decision = waiting.decision or decision
                caption = f"{frame.player.value.upper()}   score {frame.score:,.0f}"
                action = None if decision is None else frame.action
                composer.add(frame.rgb, frame.audio, decision, caption=caption, action=action)
            self._num_written = composer.file.num_frames

    def _take(self) -> _Waiting | None:
        """The next place on the timeline; None when the recording is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self.accepts)
            if not self._waiting:
                return None
            if not self.accepts and time.monotonic() > self._drain_until_s:
                self.num_dropped += self._num_pictures
                return None
            waiting = self._waiting.popleft()
            if waiting.frame is not None:
                self._num_pictures -= 1
            return waiting
