"""The game's sound: 512 bytes a frame at 30,720 Hz, resampled to what the machine plays."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QIODevice, QObject, pyqtSignal

from nec_engine.messages import F32, U8

SOURCE_HZ: Final = 30_720
BUFFER_S: Final = 0.12  # enough for a late frame, short enough to stay with the picture
VOLUME_STEP: Final = 10


class Resampler:
    """Linear interpolation from 30,720 Hz to ``rate_hz``, without a seam between frames."""

    def __init__(self, rate_hz: int) -> None:
        self._step = SOURCE_HZ / rate_hz
        self._offset = 0.0  # of the next sample out, in samples in, from the last one kept
        self._last = np.zeros(1, np.float32)

    def resample(self, audio: U8) -> F32:
        """float32[N], -1 .. 1, from uint8[M] around 128."""
        samples = np.concatenate([self._last, (audio.astype(np.float32) - 128.0) / 128.0])
        end = samples.size - 1
        count = max(0, int(np.ceil((end - self._offset) / self._step)))
        places = self._offset + self._step * np.arange(count)
        self._offset = self._offset + self._step * count - end
        self._last = samples[-1:]
        out: F32 = np.interp(places, np.arange(samples.size), samples).astype(np.float32)
        return out


class Sound(QObject):
    """Plays frames' sound at normal speed; says once when there is nothing to play on.

    The device is opened with the first frame, not before: finding it takes a while. Qt's thread.
    """

    problem_found = pyqtSignal(str)
    is_available_changed = pyqtSignal(bool)
    changed = pyqtSignal()  # whether anything is heard may have changed

    def __init__(self, volume: int, is_muted: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.volume = volume  # percent
        self.is_muted = is_muted
        self.is_available: bool | None = None  # None: not tried yet
        self._sink: _Sink | None = None

    @property
    def is_heard(self) -> bool:
        """Whether it is worth having sound made at all."""
        return not self.is_muted and self.is_available is not False

    def play(self, audio: U8) -> None:
        """Play a frame's sound now, behind what is still waiting; too much waiting is dropped."""
        if not self.is_heard or audio.size == 0:
            return
        if self._sink is None and not self._open():
            return
        assert self._sink is not None
        self._sink.write(audio)

    def change_volume(self, steps: int) -> None:
        """Louder or quieter by so many steps of a tenth; louder ends muting."""
        self.volume = min(100, max(0, self.volume + steps * VOLUME_STEP))
        if steps > 0:
            self.set_muted(False)
        if self._sink is not None:
            self._sink.set_volume(self.volume)

    def set_muted(self, is_muted: bool) -> None:
        self.is_muted = is_muted
        if is_muted:
            self.pause()
        self.changed.emit()

    def pause(self) -> None:
        """Forget what is still waiting."""
        if self._sink is not None:
            self._sink.drop_waiting()

    def close(self) -> None:
        """Let the device go."""
        if self._sink is not None:
            self._sink.close()
            self._sink = None

    def _open(self) -> bool:
        sink = _open_sink(self)
        self.is_available = sink is not None
        self.is_available_changed.emit(self.is_available)
        self.changed.emit()
        if sink is None:
            self.problem_found.emit("No audio device was found: the game plays without sound.")
            return False
        self._sink = sink
        sink.set_volume(self.volume)
        return True


class _Sink:
    """One open audio output."""

    def __init__(self, sink: object, device: QIODevice, rate_hz: int, channels: int) -> None:
        from PyQt6.QtMultimedia import QAudioSink

        assert isinstance(sink, QAudioSink)
        self._sink = sink
        self._device = device
        self._channels = channels
        self._resampler = Resampler(rate_hz)

    def write(self, audio: U8) -> None:
        samples = (self._resampler.resample(audio) * 32767).astype("<i2")
        data = np.repeat(samples, self._channels).tobytes()
        if self._sink.bytesFree() >= len(data):
            self._device.write(data)

    def set_volume(self, percent: int) -> None:
        self._sink.setVolume((percent / 100) ** 2)  # nearer to how loudness is heard

    def drop_waiting(self) -> None:
        self._sink.reset()
        device = self._sink.start()
        assert device is not None
        self._device = device

    def close(self) -> None:
        self._sink.stop()


def _open_sink(parent: QObject) -> _Sink | None:
    # Imported late: it looks for audio services, which a first picture need not wait for.
    from PyQt6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

    output = QMediaDevices.defaultAudioOutput()
    if output.isNull():
        return None
    preferred = output.preferredFormat()
    wanted = QAudioFormat()
    wanted.setSampleRate(preferred.sampleRate())
    wanted.setChannelCount(preferred.channelCount())
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if not output.isFormatSupported(wanted):
        return None
    sink = QAudioSink(output, wanted, parent)
    sink.setBufferSize(int(wanted.bytesForDuration(int(BUFFER_S * 1e6))))
    device = sink.start()
    if device is None:
        return None
    return _Sink(sink, device, wanted.sampleRate(), wanted.channelCount())
