"""Frames of real games, decisions, decoded videos and full disks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from small_disk import small_disk

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.messages import (
    F64,
    U8,
    ActionEvidence,
    Choice,
    Decision,
    Frame,
    Moment,
    Player,
    RecordingEnded,
    read_only,
)
from nec_engine.recording import recorder as recorder_module
from nec_engine.recording.recorder import Recorder

ACTIONS = (
    "noop", "fire", "up", "right", "left", "down", "up right", "up left", "down right",
    "down left", "up fire", "right fire", "left fire", "down fire", "up right fire",
    "up left fire", "down right fire", "down left fire",
)  # fmt: skip


@functools.cache
def _played(game: str, num_frames: int) -> tuple[tuple[U8, U8], ...]:
    emulator = Emulator(find_rom(game), Settings(), seed=1, sound=True)
    emulator.reset(1)
    frames = []
    for i in range(num_frames):
        emulator.act_frame((i // 8) % emulator.num_actions)
        frames.append((read_only(emulator.rgb()), read_only(emulator.audio())))
    return tuple(frames)


@pytest.fixture
def play() -> Callable[[str, int], tuple[tuple[U8, U8], ...]]:
    """(screen, sound) of so many frames of a game."""
    return _played


@pytest.fixture
def frames(play: Callable[[str, int], tuple[tuple[U8, U8], ...]]) -> tuple[Frame, ...]:
    """120 frames of Breakout as the engine sends them, numbered from 1000."""
    return tuple(
        Frame(
            number=1000 + i, rgb=rgb, audio=audio, moment=Moment(1 << 40, i // 4),
            frame_in_step=i % 4, action=1, player=Player.AGENT, score=7.0, best_score=None,
            lives=5, is_last=False, due_s=0.0,
        )
        for i, (rgb, audio) in enumerate(play("breakout", 120))
    )  # fmt: skip


@pytest.fixture
def decide() -> Callable[..., Decision]:
    """A decision with these Q values; ``empty`` actions have no entries."""

    def make(
        q_values: Sequence[float],
        action: int,
        *,
        choice: Choice = Choice.GREEDY,
        empty: Sequence[int] = (),
        number: int = 0,
    ) -> Decision:
        none = np.zeros(0)
        evidence = tuple(
            ActionEvidence(
                action=i, q=q, slots=none.astype(np.int64), distances_sq=none.astype(np.float32),
                shares=none.astype(np.float32), values=none.astype(np.float32),
                origins=none.astype(np.uint8), episodes=none.astype(np.int64),
                steps=none.astype(np.int64), ages_steps=none.astype(np.int64),
                state_hashes=none.astype(np.uint64), prior_share=0.0, prior_value=0.0,
                num_entries=0 if i in empty else 100,
            )
            for i, q in enumerate(q_values)
        )  # fmt: skip
        return Decision(
            number=number, moment=Moment(0, 0), action_names=ACTIONS[: len(q_values)],
            evidence=evidence, action=action, best_action=int(np.argmax(q_values)), choice=choice,
            epsilon=0.05, observation=np.zeros((4, 84, 84), np.uint8), state_hash=0,
            kernel_scale=1.0, network_version=0, memory_version=0,
        )  # fmt: skip

    return make


@dataclass(frozen=True)
class Video:
    """All that is in a file."""

    codecs: tuple[str, str]
    pictures: tuple[U8, ...]  # uint8[h, w, 3]
    times_s: tuple[float, ...]  # of the pictures
    sound: F64  # -1 .. 1 at 48 kHz, from time 0
    frame_rate: float
    title: str


@pytest.fixture
def watch() -> Callable[[Path], Video]:
    """Decode a whole file; any damage raises."""

    def decode(path: Path) -> Video:
        with av.open(path) as file:
            video, audio = file.streams.video[0], file.streams.audio[0]
            codecs = (video.codec_context.name, audio.codec_context.name)
            shown = list(file.decode(video))
            rate = float(video.average_rate or 0)
            title = file.metadata.get("title", "")
        with av.open(path) as file:
            heard = list(file.decode(audio=0))
        assert heard[0].time == 0.0
        return Video(
            codecs=codecs,
            pictures=tuple(frame.to_ndarray(format="rgb24") for frame in shown),
            times_s=tuple(float(frame.time or 0.0) for frame in shown),
            sound=np.concatenate([frame.to_ndarray()[0] for frame in heard]).astype(np.float64),
            frame_rate=rate,
            title=title,
        )

    return decode


@pytest.fixture
def ended() -> list[RecordingEnded]:
    """What the recorder reported."""
    return []


class PatientRecorder(Recorder):
    """Gives a slow machine the time to write all that waits."""

    def stop(self, timeout_s: float = 60.0) -> bool:
        return super().stop(timeout_s)


@pytest.fixture
def recorder(
    ended: list[RecordingEnded], monkeypatch: pytest.MonkeyPatch
) -> Iterator[PatientRecorder]:
    monkeypatch.setattr(recorder_module, "DRAIN_S", 60.0)
    recorder = PatientRecorder(ended.append)
    yield recorder
    assert recorder.stop()


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "256k") as folder:
        yield folder
