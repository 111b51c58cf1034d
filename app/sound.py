"""The game's sound: 512 bytes a frame at 30,720 Hz, resampled to what the machine plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Final, Protocol

import numpy as np
from PyQt6.QtCore import QLoggingCategory, QObject, pyqtSignal

from nec_engine.messages import F32, U8

SOURCE_HZ: Final = 30_720
BUFFER_S: Final = 0.12  # enough for a late frame, short enough to stay with the picture
VOLUME_STEP: Final = 10  # percent
NO_DEVICE: Final = "No audio device was found: the game plays without sound."


class Output(Protocol):
    """Where sound goes."""

    def write(self, audio: U8) -> None: ...

    def set_volume(self, percent: int) -> None: ...

    def drop_waiting(self) -> None: ...

    def close(self) -> None: ...


OpenOutput = Callable[[QObject], Output | None]


class Resampler:
    """Linear interpolation from 30,720 Hz to ``rate_hz``, without a seam between frames.

    Places between samples are counted in whole parts of one, so that nothing drifts.
    """

    def __init__(self, rate_hz: int) -> None:
        step = Fraction(SOURCE_HZ, rate_hz)
        self._step, self._parts = step.numerator, step.denominator
        self._offset = 0  # of the next sample out, in parts, from the last sample kept
        self._last = np.zeros(1, np.float32)

    def resample(self, audio: U8) -> F32:
        """float32[N], -1 .. 1, from uint8[M] around 128."""
        samples = np.concatenate([self._last, (audio.astype(np.float32) - 128.0) / 128.0])
        end = (samples.size - 1) * self._parts
        places = np.arange(self._offset, end, self._step)
        self._offset += self._step * places.size - end
        self._last = samples[-1:]
        known = self._parts * np.arange(samples.size)
        out: F32 = np.interp(places, known, samples).astype(np.float32)
        return out


class DeviceOutput:
    """One open audio device."""

    def __init__(self, sink: Any, rate_hz: int, num_channels: int) -> None:
        self._sink = sink  # QAudioSink
        self._num_channels = num_channels
        self._resampler = Resampler(rate_hz)
        self._device = sink.start()

    def write(self, audio: U8) -> None:
        """Behind what still waits; when too much waits, this is dropped."""
        samples = (self._resampler.resample(audio) * 32767).astype(np.int16)
        data = np.repeat(samples, self._num_channels).tobytes()
        if self._device is not None and self._sink.bytesFree() >= len(data):
            self._device.write(data)

    def set_volume(self, percent: int) -> None:
        self._sink.setVolume((percent / 100) ** 2)  # nearer to how loudness is heard

    def drop_waiting(self) -> None:
        self._sink.reset()
        self._device = self._sink.start()

    def close(self) -> None:
        self._sink.stop()


def open_device(parent: QObject) -> Output | None:
    """The default audio device, or None when there is none that plays 16 bits.

    Raises ImportError where a system library is missing.
    """
    with _quiet_qt():  # it complains of every audio service it does not find
        # Imported late: looking for audio services takes a while.
        from PyQt6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return None
        wanted = QAudioFormat()
        wanted.setSampleRate(device.preferredFormat().sampleRate())
        wanted.setChannelCount(device.preferredFormat().channelCount())
        wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if not device.isFormatSupported(wanted):
            return None
        sink = QAudioSink(device, wanted, parent)
        sink.setBufferSize(wanted.bytesForDuration(round(BUFFER_S * 1e6)))
        return DeviceOutput(sink, wanted.sampleRate(), wanted.channelCount())


class Sound(QObject):
    """Plays frames' sound at normal speed; says once when there is nothing to play on.

    Qt's thread.
    """

    problem_found = pyqtSignal(str)
    changed = pyqtSignal()  # volume, muting, or whether there is a device

    def __init__(
        self,
        volume: int,
        is_muted: bool,
        open_output: OpenOutput = open_device,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.volume = volume  # percent
        self.is_muted = is_muted
        self._open_output = open_output
        self._output: Output | None = None
        self._is_opened = self._is_problem_told = False
        self._why_silent = NO_DEVICE

    @property
    def is_available(self) -> bool:
        """False once no device was found."""
        return self._output is not None or not self._is_opened

    @property
    def is_heard(self) -> bool:
        """Whether it is worth having sound made at all."""
        return not self.is_muted and self.is_available

    def prepare(self) -> None:
        """Look for a device, when there is time for it."""
        if self._is_opened:
            return
        try:
            self._output = self._open_output(self)
        except ImportError as error:  # Qt's multimedia wants libraries that a bare system lacks
            self._why_silent = f"Sound cannot be played: {error}. The game plays without."
        self._is_opened = True
        if self._output is not None:
            self._output.set_volume(self.volume)
        self.changed.emit()

    def play(self, audio: U8) -> None:
        """Play a frame's sound behind what still waits."""
        if self.is_muted or audio.size == 0:
            return
        self.prepare()
        if self._output is not None:
            self._output.write(audio)
        self.tell_if_missing()

    def tell_if_missing(self) -> None:
        """Say that no device was found, the first time a person would hear one."""
        if not (self.is_available or self.is_muted or self._is_problem_told):
            self._is_problem_told = True
            self.problem_found.emit(self._why_silent)

    def change_volume(self, steps: int) -> None:
        """Louder or quieter by so many steps of a tenth; louder ends muting."""
        self.volume = min(100, max(0, self.volume + steps * VOLUME_STEP))
        if self._output is not None:
            self._output.set_volume(self.volume)
        self.set_muted(self.is_muted and steps <= 0)

    def set_muted(self, is_muted: bool) -> None:
        """Off or on."""
        self.is_muted = is_muted
        if is_muted:
            self.drop_waiting()
        self.changed.emit()

    def drop_waiting(self) -> None:
        """Forget what still waits, as when the game is paused."""
        if self._output is not None:
            self._output.drop_waiting()

    def close(self) -> None:
        """Let the device go."""
        if self._output is not None:
            self._output.close()
            self._output = None


@contextmanager
def _quiet_qt() -> Iterator[None]:
    """Silence by rule, never by a message handler in Python.

    Qt's plug-ins speak while they are being loaded, under the system's loader lock. A handler would
    then wait for the interpreter's lock, which the thread that opens a game may hold while it waits
    for the loader's: neither would go on.
    """
    QLoggingCategory.setFilterRules("qt.multimedia.*=false\ndefault.warning=false")
    try:
        yield
    finally:
        QLoggingCategory.setFilterRules("")
