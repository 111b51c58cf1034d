"""Whatever the disk does: one sentence, and what was written plays."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from waiting import until

from nec_engine.errors import RecordingError
from nec_engine.messages import U8, Frame, RecordingEnded
from nec_engine.recording.canvas import Canvas, video_size
from nec_engine.recording.recorder import Recorder
from nec_engine.recording.video_file import VideoFile

Play = Callable[[str, int], tuple[tuple[U8, U8], ...]]


def write_until_refused(path: Path, frames: tuple[tuple[U8, U8], ...], rounds: int) -> str:
    """Add ``frames`` again and again; the sentence with which that ends."""
    canvas = Canvas(video_size(210))
    file = VideoFile(path, video_size(210))

    def write() -> None:
        for _ in range(rounds):
            for rgb, audio in frames:
                file.add(canvas.compose(rgb), audio)
        file.close()

    with pytest.raises(RecordingError) as caught:
        write()
    file.close()
    sentence = str(caught.value)
    assert sentence.count("; ") == 2
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


def test_a_full_disk_leaves_what_was_written(
    full_disk: Path, play: Play, watch: Callable[..., Any]
) -> None:
    path = full_disk / "a.mp4"
    sentence = write_until_refused(path, play("ms_pacman", 300), rounds=40)
    assert "the disk of" in sentence
    assert "is full" in sentence
    video = watch(path)
    assert len(video.pictures) >= 30
    assert len(video.pictures) % 30 == 0  # whole parts
    assert len(video.sound) == pytest.approx(len(video.pictures) * 800, abs=3 * 1024)


@pytest.mark.parametrize("left", [0, 100, 1_000, 2_500])
def test_a_disk_that_fills_with_the_last_bytes_leaves_the_rest(
    tmp_path: Path,
    play: Play,
    watch: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    left: int,
) -> None:
    """The index that is written last does not fit; the parts before it are not spoilt."""
    frames = play("breakout", 95)
    canvas = Canvas(video_size(210))
    path = tmp_path / "a.mp4"
    file = VideoFile(path, video_size(210))
    for rgb, audio in frames:
        file.add(canvas.compose(rgb), audio)
    room = [left]
    write = os.write

    def fill(fd: int, data: memoryview) -> int:
        if room[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        num = write(fd, data[: room[0]])
        room[0] -= num
        return num

    with monkeypatch.context() as nearly_full:
        nearly_full.setattr(os, "write", fill)
        with pytest.raises(RecordingError, match="is full"):
            file.close()
    assert len(watch(path).pictures) >= 90


def test_a_disk_full_from_the_start_leaves_no_file(
    tmp_path: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)
    write_until_refused(tmp_path / "a.mp4", play("breakout", 100), rounds=1)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_cannot_be_written_is_told(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: tuple[Frame, ...]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.mp4").mkdir()
    os.mkfifo(tmp_path / "pipe.mp4")
    reasons = {
        tmp_path / "file" / "a.mp4": "is a file, not a folder",
        Path("/proc/a.mp4"): "cannot be made",
        tmp_path / "folder.mp4": "a folder has that name",
        tmp_path / "pipe.mp4": "not",
        Path("/dev/full"): "kind of file",
        tmp_path / ("a" * 300): "too long",
    }
    for path, reason in reasons.items():
        recorder.start(path, 210)
        recorder.push(frames[0], None)
        assert recorder.stop()
        problem = ended.pop().problem
        assert reason in problem
        assert problem.count("; ") == 2
        assert str(path) in problem


def test_a_folder_removed_while_recording_ends_it(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: tuple[Frame, ...],
) -> None:  # fmt: skip
    path = tmp_path / "videos" / "a.mp4"
    recorder.start(path, 210)
    recorder.push(frames[0], None)
    until(lambda: recorder.seconds > 0)
    path.unlink()
    path.parent.rmdir()
    for frame in frames[1:]:
        recorder.push(frame, None)
    recorder.stop()
    (event,) = ended
    assert "; the file was removed; " in event.problem
    assert not path.parent.exists()


def test_a_file_taken_away_is_not_confused_with_a_new_one_of_its_name(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: tuple[Frame, ...],
) -> None:  # fmt: skip
    path = tmp_path / "a.mp4"
    recorder.start(path, 210)
    recorder.push(frames[0], None)
    until(lambda: recorder.seconds > 0)
    path.unlink()
    path.write_text("somebody else's")
    recorder.stop()
    assert ended[0].problem
    assert path.read_text() == "somebody else's"


def test_a_recording_that_failed_can_be_started_again(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: tuple[Frame, ...],
    watch: Callable[..., Any],
) -> None:  # fmt: skip
    recorder.start(Path("/proc/a.mp4"), 210)
    until(lambda: ended)
    assert not recorder.is_recording
    recorder.start(tmp_path / "a.mp4", 210)
    recorder.push(frames[0], None)
    recorder.stop()
    assert [bool(event.problem) for event in ended] == [True, False]
    assert len(watch(tmp_path / "a.mp4").pictures) == 1


def test_a_disk_that_fills_ends_the_recording_by_itself(
    tmp_path: Path, recorder: Recorder, ended: list[RecordingEnded], frames: tuple[Frame, ...],
    watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "a.mp4"
    write = os.write

    def fill(fd: int, data: memoryview) -> int:
        if path.stat().st_size > 8_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(fd, data)

    monkeypatch.setattr(os, "write", fill)
    recorder.start(path, 210)
    for frame in frames:
        recorder.push(frame, None)
    until(lambda: ended)
    until(lambda: not recorder.is_recording)
    assert ended[0].problem.startswith(f"recording to {path} stopped at ")
    assert "is full" in ended[0].problem
    assert ended[0].seconds > 0.5
    assert len(watch(path).pictures) in (30, 60, 90)
    recorder.push(frames[0], None)
    assert recorder.stop()
    assert len(ended) == 1
