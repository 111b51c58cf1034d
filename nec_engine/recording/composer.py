"""What goes into each frame of a video: canvas, strip and file put together."""

from __future__ import annotations

from pathlib import Path

from nec_engine.messages import U8, Decision
from nec_engine.recording.canvas import Canvas, video_size
from nec_engine.recording.overlay import q_strip
from nec_engine.recording.video_file import VideoFile


class Composer:
    """Turns game screens into frames of one :class:`VideoFile`. One thread at a time.

    The size of the video follows the first screen; a later one of another height is stretched.
    Raises :class:`RecordingError` as the file does.
    """

    def __init__(
        self,
        path: Path,
        screen_height: int,
        *,
        with_overlay: bool,
        title: str,
        scale: int = 2,
        part: Path | None = None,
    ) -> None:
        """``part``: see :class:`VideoFile`."""
        size = video_size(screen_height, scale=scale, with_overlay=with_overlay)
        self._height = size[1]
        self._with_overlay = with_overlay
        self._canvas = Canvas(size, with_overlay=with_overlay)
        self._shown: tuple[int, str, int | None] | None = None
        self.file = VideoFile(path, size, title, part)

    def add(
        self,
        rgb: U8,
        audio: U8 | None,
        decision: Decision | None,
        *,
        caption: str,
        action: int | None = None,
    ) -> None:
        """One frame; the strip is drawn anew only when what it says has changed."""
        if self._with_overlay:
            shown = (-1 if decision is None else decision.number, caption, action)
            if shown != self._shown:
                strip = q_strip(decision, self._height, caption=caption, action=action)
                self._canvas.set_strip(strip)
                self._shown = shown
        self.file.add(self._canvas.compose(rgb), audio)

    def repeat(self, audio: U8 | None) -> None:
        """One frame more of the last picture."""
        self.file.add(None, audio)
