"""A video has every frame at its time, its sound in step, and its colours."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nec_engine.errors import RecordingError
from nec_engine.messages import U8
from nec_engine.recording.canvas import Canvas, video_size
from nec_engine.recording.video_file import SAMPLES_PER_FRAME, VideoFile

Play = Callable[[str, int], tuple[tuple[U8, U8], ...]]


def record(path: Path, frames: tuple[tuple[U8, U8], ...], title: str = "") -> None:
    size = video_size(frames[0][0].shape[0])
    canvas = Canvas(size)
    file = VideoFile(path, size, title)
    for rgb, audio in frames:
        file.add(canvas.compose(rgb), audio)
    file.close()


def boxes(path: Path) -> list[str]:
    """The kinds of the top-level parts of an mp4."""
    content, kinds = path.read_bytes(), []
    while content:
        kinds.append(content[4:8].decode())
        content = content[int.from_bytes(content[:4], "big") :]
    return kinds


@pytest.mark.parametrize(("game", "size"), [("breakout", (420, 640)), ("air_raid", (500, 640))])
def test_every_frame_is_there_at_its_time(
    tmp_path: Path, play: Play, watch: Callable[..., Any], game: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "videos" / "a.mp4"
    record(path, play(game, 100), title="Breakout, 1st game")
    video = watch(path)
    assert video.codecs == ("h264", "aac")
    assert video.title == "Breakout, 1st game"
    assert video.frame_rate == 60
    assert video.times_s == pytest.approx([i / 60 for i in range(100)], abs=1e-4)
    assert {picture.shape for picture in video.pictures} == {(*size, 3)}
    assert len(video.sound) >= 100 * 800  # 48,000 / 60
    assert len(video.sound) <= 100 * 800 + 2048
    assert boxes(path) == ["ftyp", "free", "mdat", "moov"]  # a plain mp4: players can seek


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="no ffprobe here")
def test_another_program_agrees(tmp_path: Path, play: Play) -> None:
    record(tmp_path / "a.mp4", play("breakout", 100))
    command = "ffprobe -v error -count_frames -show_streams -of json"
    answer = subprocess.run(
        [*command.split(), str(tmp_path / "a.mp4")], check=True, capture_output=True, text=True
    )
    assert answer.stderr == ""
    video, sound = json.loads(answer.stdout)["streams"]
    assert (video["codec_name"], video["nb_read_frames"]) == ("h264", "100")
    assert (video["r_frame_rate"], video["avg_frame_rate"]) == ("60/1", "60/1")
    assert (video["width"], video["height"], video["pix_fmt"]) == (640, 420, "yuv420p")
    assert (sound["codec_name"], sound["sample_rate"]) == ("aac", "48000")
    for stream in (video, sound):
        assert float(stream["start_time"]) == pytest.approx(0, abs=1e-3)
        assert float(stream["duration"]) == pytest.approx(100 / 60, abs=1e-3)


def test_pictures_are_the_games(tmp_path: Path, play: Play, watch: Callable[..., Any]) -> None:
    frames = play("breakout", 100)
    record(tmp_path / "a.mp4", frames)
    for (rgb, _), picture in list(zip(frames, watch(tmp_path / "a.mp4").pictures, strict=True))[
        ::9
    ]:
        error = np.abs(picture[::2, ::4].astype(int) - rgb)
        assert error.mean() < 3


def test_sound_and_picture_stay_together(tmp_path: Path, watch: Callable[..., Any]) -> None:
    """A flash and a beep every 20 frames come out at the same moment, to 5 ms."""
    dark, light = np.zeros((2, 210, 160, 3), np.uint8)
    light[:] = 255
    tone = 128 + 100 * np.sin(np.arange(SAMPLES_PER_FRAME) * 2 * np.pi * 960 / 30_720)
    beep = tone.astype(np.uint8)
    silence = np.full(SAMPLES_PER_FRAME, 128, np.uint8)
    flashes = [i % 20 == 10 for i in range(300)]
    record(
        tmp_path / "a.mp4", tuple((light, beep) if is_on else (dark, silence) for is_on in flashes)
    )
    video = watch(tmp_path / "a.mp4")
    assert [picture.mean() > 128 for picture in video.pictures] == flashes
    loud = np.abs(video.sound) > 0.3
    onsets = [i for i in np.flatnonzero(loud) if not loud[max(0, i - 2000) : i].any()]
    expected = [i / 60 for i, is_on in enumerate(flashes) if is_on]
    assert np.array(onsets) / 48_000 == pytest.approx(expected, abs=0.005)


def test_missing_pictures_and_sounds_keep_their_places(
    tmp_path: Path, play: Play, watch: Callable[..., Any]
) -> None:
    rgb, audio = play("breakout", 100)[50]
    canvas = Canvas(video_size(210))
    file = VideoFile(tmp_path / "a.mp4", video_size(210))
    file.add(None, audio)
    file.add(canvas.compose(rgb), None)
    file.add(None, np.zeros(0, np.uint8))
    file.add(None, audio)
    assert file.num_frames == 4
    assert file.seconds == 4 / 60
    file.close()
    file.close()
    means = [picture.mean() for picture in watch(tmp_path / "a.mp4").pictures]
    assert means[0] < 2
    assert means[1:] == pytest.approx([rgb.mean()] * 3, abs=3)


def test_a_video_without_frames_leaves_no_file(tmp_path: Path) -> None:
    file = VideoFile(tmp_path / "a.mp4", (640, 420))
    file.close()
    assert list(tmp_path.iterdir()) == []


def test_an_older_longer_file_of_that_name_is_replaced(
    tmp_path: Path, play: Play, watch: Callable[..., Any]
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(1 << 20))
    record(path, play("breakout", 100)[:10])
    assert len(watch(path).pictures) == 10
    assert path.stat().st_size < 1 << 20


def test_without_the_encoder_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nec_engine.recording.video_file._H264_NAME", "no_such_encoder")
    with pytest.raises(RecordingError, match=r"no_such_encoder.*; install PyAV"):
        VideoFile(tmp_path / "a.mp4", (640, 420))
    assert list(tmp_path.iterdir()) == []
