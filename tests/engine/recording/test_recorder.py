"""The recorder keeps the game's time and never holds the game up."""

from __future__ import annotations

import dataclasses
import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from waiting import until

from nec_engine.messages import Decision, Frame, RecordingEnded
from nec_engine.recording import recorder as recorder_module
from nec_engine.recording.canvas import STRIP_WIDTH
from nec_engine.recording.recorder import MAX_PICTURES, MAX_WAITING_FRAMES, Recorder
from nec_engine.recording.video_file import VideoFile

Frames = tuple[Frame, ...]


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A disk that takes nothing until the event is set."""
    go_on = threading.Event()
    add = VideoFile.add

    def add_later(file: VideoFile, *arguments: object) -> None:
        assert go_on.wait(60)
        add(file, *arguments)  # type: ignore[arg-type]  # of one kind or another

    monkeypatch.setattr(VideoFile, "add", add_later)
    return go_on


def waiting_in(recorder: Recorder) -> Sequence[Any]:
    assert recorder._video is not None
    return recorder._video._waiting


def push_all(recorder: Recorder, frames: Frames) -> None:
    for frame in frames:
        recorder.push(frame, None)


def test_every_pushed_frame_is_in_the_video(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    watch: Callable[..., Any],
) -> None:  # fmt: skip
    path = tmp_path / "videos" / "a.mp4"
    recorder.start(path, 210, title="Breakout")
    assert recorder.is_recording
    push_all(recorder, frames)
    assert recorder.stop()
    assert recorder.stop()
    assert not recorder.is_recording
    push_all(recorder, frames)  # too late, and harmless
    assert ended == [RecordingEnded(path, 2.0, 0, "")]
    assert recorder.seconds == 2.0
    video = watch(path)
    assert len(video.pictures) == 120
    assert video.title == "Breakout"
    for frame, picture in list(zip(frames, video.pictures, strict=True))[::20]:
        assert np.abs(picture[::2, ::4].astype(int) - frame.rgb).mean() < 3


def test_pushing_holds_frames_without_copying_and_returns_while_the_disk_is_stuck(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    stuck: threading.Event, watch: Callable[..., Any],
) -> None:  # fmt: skip
    recorder.start(tmp_path / "a.mp4", 210)
    many = tuple(dataclasses.replace(frames[i % 120], number=i) for i in range(300))
    push_all(recorder, many)
    held = [waiting.frame for waiting in waiting_in(recorder) if waiting.frame is not None]
    assert len(held) in (MAX_PICTURES, MAX_PICTURES - 1)  # one may be at the encoder
    assert all(frame is many[frame.number] for frame in held)
    dropped = 300 - MAX_PICTURES
    assert recorder.num_dropped in (dropped, dropped - 1)
    stuck.set()
    assert recorder.stop()
    video = watch(tmp_path / "a.mp4")
    assert len(video.pictures) == 300  # dropped pictures keep their places ...
    assert ended[0].num_dropped == recorder.num_dropped
    assert ended[0].seconds == 5.0
    last = video.pictures[MAX_PICTURES + 5].astype(int)
    assert all(np.abs(picture - last).mean() < 2 for picture in video.pictures[MAX_PICTURES + 5 :])


def test_a_video_that_is_still_written_and_the_next_one_know_nothing_of_each_other(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    stuck: threading.Event, watch: Callable[..., Any],
) -> None:  # fmt: skip
    recorder.start(tmp_path / "a.mp4", 210)
    push_all(recorder, frames[:90])
    assert not Recorder.stop(recorder, 0.01)  # the disk is stuck
    before_s = time.monotonic()
    recorder.start(tmp_path / "b.mp4", 210)
    assert time.monotonic() - before_s < 0.5  # whoever starts it plays the game
    push_all(recorder, frames[90:])
    assert recorder.is_recording
    stuck.set()
    until(lambda: len(ended) == 1)
    assert recorder.is_recording  # the end of the first is not that of the second
    push_all(recorder, tuple(dataclasses.replace(frames[0], number=1120 + i) for i in range(30)))
    assert recorder.stop()
    assert [each.path.name for each in ended] == ["a.mp4", "b.mp4"]
    assert [len(watch(each.path).pictures) for each in ended] == [90, 60]


def test_a_dropped_picture_keeps_its_sound(
    tmp_path: Path,
    recorder: Recorder,
    frames: Frames,
    stuck: threading.Event,
    watch: Callable[..., Any],
) -> None:
    tone = (128 + 100 * np.sin(np.arange(512) * 2 * np.pi * 960 / 30_720)).astype(np.uint8)
    silent = dataclasses.replace(frames[0], audio=np.full(512, 128, np.uint8))
    recorder.start(tmp_path / "a.mp4", 210)
    for i in range(200):
        audio = tone if i == 180 else silent.audio
        recorder.push(dataclasses.replace(silent, number=i, audio=audio), None)
    stuck.set()
    recorder.stop()
    loud = np.flatnonzero(np.abs(watch(tmp_path / "a.mp4").sound) > 0.3)
    assert loud[0] / 48_000 == pytest.approx(3.0, abs=0.005)


def test_what_waits_is_bounded(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    stuck: threading.Event, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(recorder_module, "DRAIN_S", 0.0)
    recorder.start(tmp_path / "a.mp4", 210)
    for i in range(MAX_WAITING_FRAMES + 500):
        recorder.push(dataclasses.replace(frames[0], number=i), None)
    assert len(waiting_in(recorder)) in (MAX_WAITING_FRAMES, MAX_WAITING_FRAMES - 1)
    stopping = threading.Thread(target=recorder.stop)
    stopping.start()
    until(lambda: not recorder.is_recording)
    stuck.set()
    stopping.join()
    assert ended[0].num_dropped >= MAX_WAITING_FRAMES + 500 - 2


def test_stopping_does_not_wait_for_all_that_waits(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    monkeypatch: pytest.MonkeyPatch, watch: Callable[..., Any],
) -> None:  # fmt: skip
    monkeypatch.setattr(recorder_module, "DRAIN_S", 0.1)
    recorder.start(tmp_path / "a.mp4", 210)
    for i in range(MAX_WAITING_FRAMES):
        recorder.push(dataclasses.replace(frames[i % 120], number=i), None)
    assert recorder.stop()
    assert len(watch(tmp_path / "a.mp4").pictures) == round(ended[0].seconds * 60)


def test_frames_stand_in_the_order_of_their_numbers(
    tmp_path: Path, recorder: Recorder, frames: Frames, watch: Callable[..., Any]
) -> None:
    recorder.start(tmp_path / "a.mp4", 210)
    numbers = [10, 11, 11, 14, 15, 500, 501, 400]  # shown twice, two lost, a jump, back again
    for i, number in enumerate(numbers):
        recorder.push(dataclasses.replace(frames[i], number=number), None)
    recorder.stop()
    # 10 11 (12) (13) 14 15 | 500 501 | 400
    assert len(watch(tmp_path / "a.mp4").pictures) == 9


def test_a_game_that_does_not_move_leaves_no_video(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded]
) -> None:
    recorder.start(tmp_path / "a.mp4", 210)
    recorder.stop()
    assert "the game did not move" in ended[0].problem
    assert ended[0].seconds == 0
    assert list(tmp_path.iterdir()) == []


def test_with_the_overlay_the_strip_follows_the_decisions(
    tmp_path: Path, recorder: Recorder, frames: Frames, decide: Callable[..., Decision],
    watch: Callable[..., Any],
) -> None:  # fmt: skip
    recorder.start(tmp_path / "a.mp4", 210, with_overlay=True)
    recorder.push(frames[0], None)
    recorder.push(frames[1], decide([1.0, 2.0, 3.0], 2, number=1))
    recorder.push(frames[2], None)  # the decision still holds
    recorder.push(frames[3], decide([-3.0, 2.0, 1.0], 1, number=2))
    recorder.stop()
    strips = [picture[:, 640:].astype(int) for picture in watch(tmp_path / "a.mp4").pictures]
    assert strips[0].shape == (420, STRIP_WIDTH, 3)
    changes = [np.abs(b - a).mean() for a, b in itertools.pairwise(strips)]
    assert changes[0] > 3
    assert changes[1] < 1
    assert changes[2] > 3


def test_only_one_recording_at_a_time(tmp_path: Path, recorder: Recorder, frames: Frames) -> None:
    recorder.start(tmp_path / "a.mp4", 210)
    with pytest.raises(ValueError, match="already"):
        recorder.start(tmp_path / "b.mp4", 210)
    recorder.push(frames[0], None)
    recorder.stop()


def test_stop_from_the_report_itself_does_not_hang(tmp_path: Path, frames: Frames) -> None:
    answers: list[bool] = []
    recorder = Recorder(lambda _: answers.append(recorder.stop()))
    recorder.start(Path("/proc/a.mp4"), 210)
    assert recorder.stop()
    assert answers == [True]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_ours_is_told_and_leaves_a_whole_file(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: Frames,
    watch: Callable[..., Any],
) -> None:  # fmt: skip
    recorder.start(tmp_path / "a.mp4", 210)
    recorder.push(frames[0], None)
    recorder.push(dataclasses.replace(frames[1], rgb="no picture"), None)  # type: ignore[arg-type]  # that is the fault
    recorder.stop()
    assert "report it" in ended[0].problem
    assert len(watch(tmp_path / "a.mp4").pictures) == 1


KILLED = """
import sys
import time
from pathlib import Path
import numpy as np
from nec_engine.messages import Frame, Moment, Player
from nec_engine.recording.recorder import Recorder

recorder = Recorder(print)
recorder.start(Path(sys.argv[1]), 210)
rng = np.random.default_rng(1)
for i in range(250):
    rgb = np.zeros((210, 160, 3), np.uint8)
    rgb[rng.integers(200):][:10] = 255
    audio = rng.integers(100, 156, 512, np.uint8)
    recorder.push(
        Frame(i, rgb, audio, Moment(0, 0), 0, 0, Player.AGENT, 0.0, None, 1, False, 0.0), None
    )
    while recorder.seconds < (i - 50) / 60:
        time.sleep(0.001)
while recorder.seconds < 250 / 60:
    time.sleep(0.001)
print("there", flush=True)
sys.stdin.read()
"""


def test_a_killed_recording_plays_up_to_the_last_half_second(
    tmp_path: Path, watch: Callable[..., Any]
) -> None:
    path = tmp_path / "a.mp4"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "there\n"
        child.send_signal(signal.SIGKILL)
    video = watch(path)
    assert 250 - 30 <= len(video.pictures) <= 250
    assert video.times_s[-1] == pytest.approx((len(video.pictures) - 1) / 60, abs=1e-3)
    assert len(video.sound) == pytest.approx(len(video.pictures) * 800, abs=3 * 1024)
