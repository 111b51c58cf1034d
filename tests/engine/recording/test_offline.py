"""Videos of the past: any frames, the same file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nec_engine.errors import RecordingError
from nec_engine.messages import U8, Decision
from nec_engine.recording.canvas import STRIP_WIDTH
from nec_engine.recording.offline import write_video

Play = Callable[[str, int], tuple[tuple[U8, U8], ...]]


@pytest.mark.parametrize(
    ("with_overlay", "scale", "size"),
    [
        (False, 2, (420, 640)),
        (True, 2, (420, 640 + STRIP_WIDTH)),
        (False, 1, (210, 320)),
    ],
)
def test_frames_become_a_video(
    tmp_path: Path, play: Play, decide: Callable[..., Decision], watch: Callable[..., Any],
    with_overlay: bool, scale: int, size: tuple[int, int],
) -> None:  # fmt: skip
    frames = (
        (rgb, audio if i % 2 else None, decide([1.0, 2.0], 1, number=i) if i % 4 == 0 else None)
        for i, (rgb, audio) in enumerate(play("breakout", 40))
    )
    path = tmp_path / "a.mp4"
    written = write_video(path, frames, with_overlay=with_overlay, title="Breakout", scale=scale)
    assert (written.path, written.num_frames, written.seconds) == (path, 40, 40 / 60)
    assert written.num_bytes == path.stat().st_size
    video = watch(path)
    assert len(video.pictures) == 40
    assert video.pictures[0].shape == (*size, 3)
    assert video.title == "Breakout"


def test_an_interrupted_video_is_whole(
    tmp_path: Path, play: Play, watch: Callable[..., Any]
) -> None:
    def frames() -> Iterator[tuple[U8, U8, None]]:
        for rgb, audio in play("breakout", 25):
            yield rgb, audio, None
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_video(tmp_path / "a.mp4", frames())
    assert len(watch(tmp_path / "a.mp4").pictures) == 25


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path, play: Play) -> None:
    rgb, audio = play("breakout", 40)[0]
    with pytest.raises(RecordingError, match=r"cannot record to .*; .*; choose"):
        write_video(Path("/proc/a.mp4"), [(rgb, audio, None)])
    with pytest.raises(RecordingError, match="nothing to show"):
        write_video(tmp_path / "a.mp4", [])
    assert list(tmp_path.iterdir()) == []
