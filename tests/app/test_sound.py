"""The game's sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QObject

from app.sound import SOURCE_HZ, Resampler, Sound
from nec_engine.messages import U8

SILENCE = np.full(512, 128, np.uint8)


class FakeOutput:
    def __init__(self) -> None:
        self.written: list[U8] = []
        self.volumes: list[int] = []
        self.num_dropped = 0
        self.is_closed = False

    def write(self, audio: U8) -> None:
        self.written.append(audio)

    def set_volume(self, percent: int) -> None:
        self.volumes.append(percent)

    def drop_waiting(self) -> None:
        self.num_dropped += 1

    def close(self) -> None:
        self.is_closed = True


def test_a_frame_becomes_800_samples_at_48_khz() -> None:
    resampler = Resampler(48_000)
    assert [resampler.resample(SILENCE).size for _ in range(3)] == [800, 800, 800]


@given(
    rate_hz=st.sampled_from([8_000, 22_050, 44_100, 48_000, 96_000]),
    sizes=st.lists(st.integers(1, 700), min_size=1, max_size=8),
)
def test_no_seam_is_heard_between_frames_of_any_size(rate_hz: int, sizes: list[int]) -> None:
    samples = (128 + 100 * np.sin(np.arange(sum(sizes)) / 20)).astype(np.uint8)
    whole = Resampler(rate_hz).resample(samples)
    piecewise = Resampler(rate_hz)
    pieces = [piecewise.resample(piece) for piece in np.split(samples, np.cumsum(sizes)[:-1])]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-4)
    assert abs(whole.size - samples.size * rate_hz / SOURCE_HZ) <= 1


def test_without_a_device_it_says_so_once_and_goes_on(qapp: QObject) -> None:
    sound = Sound(50, False, lambda _: None)
    told: list[str] = []
    sound.problem_found.connect(told.append)
    for _ in range(3):
        sound.play(SILENCE)
    assert len(told) == 1
    assert "without sound" in told[0]
    assert not sound.is_heard


def test_without_the_systems_libraries_it_says_so_and_goes_on(qapp: QObject) -> None:
    def open_output(_: QObject) -> None:
        raise ImportError("libpulse.so.0: cannot open shared object file")

    sound = Sound(50, False, open_output)
    told: list[str] = []
    sound.problem_found.connect(told.append)
    sound.play(SILENCE)
    assert len(told) == 1
    assert "libpulse" in told[0]


def test_looking_for_a_device_early_says_nothing(qapp: QObject) -> None:
    sound = Sound(50, False, lambda _: None)
    told: list[str] = []
    sound.problem_found.connect(told.append)
    sound.prepare()
    assert told == []


def test_muting_silences_and_louder_ends_it(qapp: QObject) -> None:
    output = FakeOutput()
    sound = Sound(50, False, lambda _: output)
    sound.play(SILENCE)
    sound.set_muted(True)
    sound.play(SILENCE)
    assert len(output.written) == 1
    assert output.num_dropped == 1
    sound.change_volume(1)
    sound.play(SILENCE)
    assert len(output.written) == 2
    assert output.volumes == [50, 60]


@pytest.mark.parametrize(("start", "steps", "end"), [(95, 1, 100), (5, -1, 0), (60, -2, 40)])
def test_the_volume_stays_between_none_and_all(
    qapp: QObject, start: int, steps: int, end: int
) -> None:
    sound = Sound(start, False, lambda _: None)
    sound.change_volume(steps)
    assert sound.volume == end


def test_closing_lets_the_device_go(qapp: QObject) -> None:
    output = FakeOutput()
    sound = Sound(50, False, lambda _: output)
    sound.play(SILENCE)
    sound.close()
    assert output.is_closed
