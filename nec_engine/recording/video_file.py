"""One mp4 being written: H.264 and AAC on a constant timeline of 60 frames a second.

Every half second is a whole part of the file (fragmented mp4): killed at any time, it plays up to
the last part. A file that is closed properly becomes a plain mp4, which every player can seek in.
"""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from nec_engine.errors import RecordingError
from nec_engine.messages import U8
from nec_engine.recording.sink import Sink
from nec_engine.storage.disk_errors import explain_os_error

FRAME_RATE_HZ: Final = 60
SAMPLES_PER_FRAME: Final = 512
SOUND_RATE_HZ: Final = FRAME_RATE_HZ * SAMPLES_PER_FRAME  # 30,720: what the emulator makes
AAC_RATE_HZ: Final = 48_000
PART_FRAMES: Final = 30  # a kill loses no more than this, 0.5 s

_H264_NAME: Final = "libx264"
_SILENCE: Final = np.full((1, SAMPLES_PER_FRAME), 128, np.uint8)
_MUXING: Final = {
    # delay_moov: the header waits for the first part and can say how far AAC starts early;
    # without it the sound, and with it the second picture, came 21 ms late.
    "movflags": "hybrid_fragmented+frag_keyframe+default_base_moof+delay_moov",
    "flush_packets": "1",
}
_H264: Final = {
    # Measured at 640x420 on one core: 0.9 ms a frame. Slower presets save a third of the bytes
    # for twice the time; ultrafast doubles the bytes and saves a quarter of the time.
    "preset": "superfast",
    "crf": "20",
    "tune": "zerolatency",  # no frame waits in the encoder when the program is killed
    "g": str(PART_FRAMES),
    "bf": "0",
}


class VideoFile:
    """Frames go in one after the other, each a sixtieth of a second with its 512 samples.

    Raises :class:`RecordingError` from every method when the disk refuses; the file is then closed
    and what was written stays playable. One thread at a time.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], title: str = "", part: Path | None = None
    ) -> None:
        """Begins the video ``path``; the bytes go to ``part``, if the caller renames it later."""
        self.path = path
        self.num_frames = 0
        self._is_open = False
        try:
            self._sink = Sink(part or path)
        except OSError as error:
            why, remedy = explain_os_error(error, path)
            raise RecordingError(f"cannot record to {path}", why, remedy) from error
        self._is_open = True
        try:
            self._container = av.open(self._sink, "w", format="mp4", options=_MUXING)
            self._container.metadata["title"] = title
            self._video = _add_video(self._container, size)
            self._sound = self._container.add_stream("aac", rate=AAC_RATE_HZ, layout="mono")
        except (ValueError, av.FFmpegError) as error:  # a build of PyAV without these encoders
            self._sink.finish()
            what = f"cannot record to {path}"
            raise RecordingError(what, str(error), "install PyAV from its wheel") from error
        self._sound.codec_context.bit_rate = 96_000
        self._resampler = av.AudioResampler("fltp", "mono", AAC_RATE_HZ)
        width, height = size
        self._picture = _video_frame(_black(width, height))

    @property
    def seconds(self) -> float:
        """Length of the video so far."""
        return self.num_frames / FRAME_RATE_HZ

    def add(self, picture: U8 | None, audio: U8 | None) -> None:
        """The next frame: planar YUV 4:2:0, None repeats the last; 512 samples, None is silence."""
        if picture is not None:
            self._picture = _video_frame(picture)
        samples = _SILENCE if audio is None or audio.size != SAMPLES_PER_FRAME else audio[None]
        sound = av.AudioFrame.from_ndarray(samples, format="u8", layout="mono")
        sound.sample_rate = SOUND_RATE_HZ
        sound.time_base = Fraction(1, SOUND_RATE_HZ)
        sound.pts = self.num_frames * SAMPLES_PER_FRAME
        self._picture.pts = self.num_frames
        self._write(self._picture, sound)
        self.num_frames += 1

    def close(self) -> None:
        """Finish the file; nothing when it is closed already. One without frames is removed."""
        if not self._is_open:
            return
        if self.num_frames:
            self._write(None, None)
        self._release()

    def _write(self, picture: av.VideoFrame | None, sound: av.AudioFrame | None) -> None:
        """Encode one frame of each; None ends the streams and the file."""
        try:
            self._container.mux(self._video.encode(picture))
            for resampled in self._resampler.resample(sound):
                self._container.mux(self._sound.encode(resampled))
            if picture is None:
                self._container.mux(self._sound.encode(None))
                self._container.close()
                if self._sink.failure is not None:
                    raise self._sink.failure
        except (OSError, av.FFmpegError) as error:
            cause = self._sink.failure or error
            self._release()
            what = f"recording to {self.path} stopped at {self.seconds:.1f} s"
            if not isinstance(cause, OSError):
                raise RecordingError(what, str(cause), "record again") from error
            why, remedy = explain_os_error(cause, self.path)
            if isinstance(cause, FileNotFoundError):
                why, remedy = "the file was removed", "record again, to a folder that stays"
            raise RecordingError(what, why, remedy) from error

    def _release(self) -> None:
        """Let go of the encoder and the file, whatever state they are in."""
        self._is_open = False
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()
        self._sink.finish()


def _add_video(container: av.container.OutputContainer, size: tuple[int, int]) -> av.VideoStream:
    """The H.264 stream, its colours said to be what the canvas makes them."""
    stream = container.add_stream(_H264_NAME, rate=FRAME_RATE_HZ, options=_H264)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.time_base = Fraction(1, FRAME_RATE_HZ)
    codec.thread_count = 1
    codec.colorspace = Colorspace.ITU601
    codec.color_range = ColorRange.MPEG
    codec.color_primaries = ColorPrimaries.BT709
    codec.color_trc = ColorTrc.BT709
    return stream


def _video_frame(picture: U8) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    frame.time_base = Fraction(1, FRAME_RATE_HZ)
    frame.colorspace = Colorspace.ITU601
    frame.color_range = ColorRange.MPEG
    return frame


def _black(width: int, height: int) -> U8:
    picture = np.full((height * 3 // 2, width), 128, np.uint8)
    picture[:height] = 16
    return picture
