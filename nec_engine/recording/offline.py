"""Videos made as fast as the machine can: of a played-out episode, of a clip of the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nec_engine.errors import RecordingError
from nec_engine.messages import U8, Decision
from nec_engine.recording.composer import Composer


@dataclass(frozen=True, slots=True)
class VideoWritten:
    path: Path
    num_frames: int
    seconds: float
    num_bytes: int


def write_video(
    path: Path,
    frames: Iterable[tuple[U8, U8 | None, Decision | None]],
    *,
    with_overlay: bool = False,
    title: str = "",
    scale: int = 2,
) -> VideoWritten:
    """The video of ``frames``: (screen uint8[H, 160, 3], sound uint8[512] or None, decision).

    A decision holds until the next one that is not None. When ``frames`` raises, what came before
    is a whole video all the same, and the exception goes on. Raises :class:`RecordingError`, also
    when there is no frame at all. Any thread.
    """
    composer: Composer | None = None
    decision: Decision | None = None
    try:
        for rgb, audio, new_decision in frames:
            if composer is None:
                composer = Composer(
                    path, rgb.shape[0], with_overlay=with_overlay, title=title, scale=scale
                )
            decision = new_decision or decision
            composer.add(rgb, audio, decision, caption=title)
    finally:
        if composer is not None:
            composer.file.close()
    if composer is None:
        raise RecordingError(
            f"no video at {path}", "there was nothing to show", "play a game first"
        )
    file = composer.file
    return VideoWritten(path, file.num_frames, file.seconds, path.stat().st_size)
