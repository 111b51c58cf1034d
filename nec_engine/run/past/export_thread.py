"""The export thread: videos of the past, one after the other, while everything else goes on."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from nec_engine.errors import RecordingError
from nec_engine.journal.journal import Journal
from nec_engine.journal.playback import Playback, PlayedStep
from nec_engine.messages import (
    CancelVideos,
    Decision,
    Event,
    SaveRangeVideo,
    SaveTailVideo,
    VideoCommand,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
)
from nec_engine.run.job_thread import JobThread
from nec_engine.run.live.tail import Tail
from nec_engine.run.past.hindsight import decide_again
from nec_engine.run.past.past_frames import PastFrame, range_frames, tail_frames
from nec_engine.run.priority import TRAIN_NICENESS
from nec_engine.run.publication import Publication
from nec_engine.storage.disk_errors import explain_os_error
from nec_engine.storage.whole_file import WholeFile

if TYPE_CHECKING:  # PyAV takes 70 ms to import: only who makes videos pays, and on this thread
    from nec_engine.recording.composer import Composer

PROGRESS_EVERY_S: Final = 0.2

_Wish = SaveTailVideo | SaveRangeVideo


class _Job(NamedTuple):
    """A video that waits to be written."""

    wish: _Wish
    frames: Iterator[PastFrame]
    num_frames: Callable[[], int]


class ExportThread(JobThread[_Job]):
    """Writes videos of recorded games with an emulator of its own; whole files, or none.

    A tail is what had been played when it was wished for.
    """

    def __init__(
        self,
        playback: Playback,
        journal: Journal,
        tail: Tail,
        publication: Publication,
        title: str,
        action_names: tuple[str, ...],
        post: Callable[[Event], None],
    ) -> None:
        # A daemon: a disk that hangs in a write must not keep the program from ending.
        super().__init__("export", TRAIN_NICENESS, post, is_daemon=True)
        self._playback = playback
        self._journal = journal
        self._tail = tail
        self._publication = publication
        self._title = title
        self._action_names = action_names
        self._decision_numbers = itertools.count(1)

    # --- the window's thread ---

    def send(self, command: VideoCommand) -> None:
        if isinstance(command, CancelVideos):
            self.give_up()
        else:
            self._give(self._job(command))

    def _job(self, wish: _Wish) -> _Job:
        if isinstance(wish, SaveTailVideo):
            tail = self._tail.frames()
            frames = tail_frames(self._playback, self._journal, tail, self._judge(wish))
            return _Job(wish, frames, lambda: len(tail))
        first, num_steps = wish.first, wish.num_steps
        frames = range_frames(self._playback, self._journal, first, num_steps, self._judge(wish))
        return _Job(
            wish, frames, lambda: self._playback.num_frames(self._journal, first, num_steps)
        )

    # --- the export thread ---

    def _tell_failed(self, job: _Job, problem: str) -> None:
        self._post(VideoFailed(job.wish.path, problem))

    def _tell_given_up(self, job: _Job) -> None:
        self._post(VideoFailed(job.wish.path, "", is_cancelled=True))

    def _do(self, job: _Job) -> None:
        from nec_engine.recording.composer import Composer

        path, frames = job.wish.path, job.frames
        self._refuse_given_up()
        self._post(VideoProgressed(path, 0.0))
        num_frames = max(1, job.num_frames())
        first = next(frames, None)
        if first is None:
            raise RecordingError("no video", "there is nothing to show", "choose a longer range")
        try:
            with WholeFile(path) as file:
                composer = Composer(
                    path, first.rgb.shape[0], with_overlay=job.wish.with_overlay,
                    title=self._title, part=file.part,
                )  # fmt: skip
                with closing(composer.file):
                    all_frames = itertools.chain([first], frames)
                    is_as_recorded = self._compose(job, composer, all_frames, num_frames)
                num_bytes = file.part.stat().st_size
                file.commit()
        except OSError as error:
            why, remedy = explain_os_error(error, path)
            raise RecordingError(f"cannot write {path}", why, remedy) from error
        self._post(VideoSaved(path, composer.file.seconds, num_bytes, is_as_recorded))

    def _compose(
        self, job: _Job, composer: Composer, frames: Iterable[PastFrame], num_frames: int
    ) -> bool:
        """Whether all was as recorded; works half of the time, so that a core is left to others."""
        is_as_recorded = True
        progressed_s, worked_s = time.perf_counter(), time.thread_time()
        for frame in frames:
            self._refuse_given_up()
            composer.add(frame.rgb, frame.audio, frame.decision, caption=frame.caption)
            is_as_recorded = is_as_recorded and frame.is_as_recorded
            time.sleep(max(0.0, time.thread_time() - worked_s))
            worked_s = time.thread_time()
            if time.perf_counter() - progressed_s >= PROGRESS_EVERY_S:
                progressed_s = time.perf_counter()
                fraction = composer.file.num_frames / num_frames
                self._post(VideoProgressed(job.wish.path, fraction))
        return is_as_recorded

    def _judge(self, wish: _Wish) -> Callable[[PlayedStep], Decision | None]:
        """Each step as the agent of now sees it, for the strip; nothing where none is drawn."""

        def judge(step: PlayedStep) -> Decision | None:
            published = self._publication.newest
            if not wish.with_overlay or published is None:
                return None
            number = next(self._decision_numbers)
            return decide_again(published, step, self._action_names, number)

        return judge
