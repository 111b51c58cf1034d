"""Videos of the past, from real games, played and written without an engine around them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.playback import Playback
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.messages import (
    U8,
    CancelVideos,
    Event,
    Moment,
    Player,
    SaveRangeVideo,
    SaveTailVideo,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
)
from nec_engine.recording.canvas import STRIP_WIDTH
from nec_engine.recording.sink import Sink
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.live.tail import TAIL_FRAMES, Tail, TailFrame
from nec_engine.run.past.export_thread import ExportThread
from nec_engine.run.past.past_frames import tail_frames
from nec_engine.run.publication import Publication, Published

SETTINGS = Settings(index="exact", capacity=500, n_step=10)
FRAMES = 80


class Studio:
    """A live game that was played, and the exporter beside it."""

    def __init__(self, game: str) -> None:
        self.rom = find_rom(game)
        emulator = Emulator(self.rom, SETTINGS, seed=5, sound=True)
        agent = EpisodicAgent(emulator.num_actions, SETTINGS, 500, torch.device("cpu"))
        self.publication = Publication()
        self.journal = Journal(SETTINGS, self.rom)
        self.live = LiveGame(emulator, self.journal, self.publication, SETTINGS, lambda _: None)
        self.shown: list[U8] = []
        self.heard: list[U8] = []
        self.play(FRAMES)
        self.publication.put(Published(agent.policy(), 0.0))
        self.events: list[Event] = []
        self.exporter = ExportThread(
            Playback(self.rom, SETTINGS), self.journal, self.live.tail, self.publication,
            self.rom.title, emulator.action_names, self.take,
        )  # fmt: skip
        self.on_event: Callable[[Event], None] = lambda _: None

    def play(self, num_frames: int) -> None:
        for _ in range(num_frames):
            self.live.advance()
            self.shown.append(self.live.emulator.rgb())
            self.heard.append(self.live.emulator.audio())

    def take(self, event: Event) -> None:
        self.events.append(event)
        self.on_event(event)

    def finish(self) -> Event:
        """The last thing told, once the thread has done all that was wished."""
        self.exporter._jobs.put(None)
        assert self.exporter.join(60)
        return self.events[-1]


@pytest.fixture
def make() -> Iterator[Callable[[str], Studio]]:
    studios: list[Studio] = []

    def make_one(game: str) -> Studio:
        studios.append(Studio(game))
        return studios[-1]

    yield make_one
    for studio in studios:
        studio.exporter.ask_stop()
        assert studio.exporter.join(60)


def decoded(path: Path) -> tuple[list[np.ndarray], int, Any]:
    """(pictures, samples of sound at 48 kHz, size)."""
    with av.open(str(path)) as video:
        pictures = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
        size = (video.streams.video[0].width, video.streams.video[0].height)
    with av.open(str(path)) as video:
        samples = sum(frame.samples for frame in video.decode(audio=0))
    return pictures, samples, size


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_the_tail_is_shown_again_frame_by_frame_with_the_sound_that_was_heard(
    make: Callable[[str], Studio], game: str
) -> None:
    studio = make(game)
    studio.live.leave_episode()  # it reaches back over the end of an episode
    studio.play(50)
    frames = list(
        tail_frames(
            Playback(studio.rom, SETTINGS), studio.journal, studio.live.tail.frames(),
            lambda _: None,
        )
    )  # fmt: skip
    assert [frame.rgb.tobytes() for frame in frames] == [rgb.tobytes() for rgb in studio.shown]
    assert [frame.audio.tobytes() for frame in frames] == [s.tobytes() for s in studio.heard]
    assert all(frame.is_as_recorded for frame in frames)


def test_the_tail_holds_thirty_seconds_of_the_game() -> None:
    tail, silence = Tail(), np.full(512, 128, np.uint8)
    for number in range(TAIL_FRAMES + 5):
        moment = Moment(1, number // 4)
        tail.add(TailFrame(moment, number % 4, silence, Player.AGENT, 0.0))
    kept = tail.frames()
    assert len(kept) == TAIL_FRAMES == 1800
    assert (kept[0].moment.step, kept[0].frame_in_step) == (1, 1)


@pytest.mark.parametrize("with_overlay", [False, True])
def test_the_tail_becomes_a_video_of_as_many_frames(
    make: Callable[[str], Studio], tmp_path: Path, with_overlay: bool
) -> None:
    studio = make("pong")
    path = tmp_path / "videos" / "a.mp4"
    studio.exporter.send(SaveTailVideo(path, with_overlay))
    saved = studio.finish()
    assert isinstance(saved, VideoSaved), saved
    assert (saved.path, saved.seconds, saved.is_as_recorded) == (path, FRAMES / 60, True)
    assert saved.num_bytes == path.stat().st_size
    pictures, samples, size = decoded(path)
    assert len(pictures) == FRAMES
    assert abs(samples / 48_000 - FRAMES / 60) < 0.1
    assert size == (640 + STRIP_WIDTH * with_overlay, 420)
    shown = np.repeat(np.repeat(studio.shown[60], 2, 0), 4, 1).astype(int)
    assert np.abs(pictures[60][:, :640] - shown).mean() < 4


def test_a_range_of_an_episode_becomes_a_video_of_its_frames(
    make: Callable[[str], Studio], tmp_path: Path
) -> None:
    studio = make("ms_pacman")
    first = Moment(studio.live.episode_id, 10)
    studio.exporter.send(SaveRangeVideo(tmp_path / "a.mp4", first, 8, with_overlay=True))
    saved = studio.finish()
    assert isinstance(saved, VideoSaved), saved
    pictures, _, _ = decoded(tmp_path / "a.mp4")
    assert len(pictures) == 32
    shown = np.repeat(np.repeat(studio.shown[40], 2, 0), 4, 1).astype(int)
    assert np.abs(pictures[0][:, :640] - shown).mean() < 6


def test_cancelling_leaves_nothing_and_the_next_video_is_made(
    make: Callable[[str], Studio], tmp_path: Path
) -> None:
    studio = make("pong")
    first = Moment(studio.live.episode_id, 0)
    told: list[list[str]] = []

    def cancel(event: Event) -> None:
        if isinstance(event, VideoProgressed) and event.path.name == "a.mp4":
            told.append([path.name for path in tmp_path.glob("*.mp4")])
            studio.exporter.send(CancelVideos())
            studio.exporter.send(SaveRangeVideo(tmp_path / "c.mp4", first, 5, with_overlay=False))

    studio.on_event = cancel
    studio.exporter.send(SaveTailVideo(tmp_path / "a.mp4", with_overlay=False))
    studio.exporter.send(SaveTailVideo(tmp_path / "b.mp4", with_overlay=False))
    while not any(isinstance(event, VideoSaved) for event in studio.events):
        assert studio.exporter._thread is not None
        studio.exporter._thread.join(0.05)
    cancelled = [event for event in studio.events if isinstance(event, VideoFailed)]
    assert [event.path.name for event in cancelled] == ["a.mp4", "b.mp4"]
    assert all(event.is_cancelled for event in cancelled)
    assert told == [[]]
    assert [path.name for path in tmp_path.iterdir()] == ["c.mp4"]


def test_stopping_in_the_middle_leaves_no_half_file(
    make: Callable[[str], Studio], tmp_path: Path
) -> None:
    studio = make("pong")
    studio.on_event = lambda _: studio.exporter.ask_stop()
    studio.exporter.send(SaveTailVideo(tmp_path / "a.mp4", with_overlay=False))
    assert studio.exporter.join(60)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    make: Callable[[str], Studio], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(sink: Sink, data: bytes) -> int:
        sink.failure = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise sink.failure

    monkeypatch.setattr(Sink, "write", full)
    studio = make("pong")
    studio.exporter.send(SaveTailVideo(tmp_path / "a.mp4", with_overlay=False))
    failed = studio.finish()
    assert isinstance(failed, VideoFailed)
    assert not failed.is_cancelled
    assert "is full" in failed.message
    assert "nec-part" not in failed.message
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_shown_or_written_is_one_sentence(
    make: Callable[[str], Studio], tmp_path: Path
) -> None:
    studio = make("pong")
    gone = Moment(77, 0)
    studio.exporter.send(SaveRangeVideo(tmp_path / "a.mp4", gone, 5, with_overlay=False))
    end = Moment(studio.live.episode_id, FRAMES // 4)
    studio.exporter.send(SaveRangeVideo(tmp_path / "b.mp4", end, 5, with_overlay=False))
    studio.exporter.send(SaveTailVideo(Path("/proc/none/c.mp4"), with_overlay=False))
    studio.finish()
    failed = [event for event in studio.events if isinstance(event, VideoFailed)]
    assert [event.path.name for event in failed] == ["a.mp4", "b.mp4", "c.mp4"]
    for event in failed:
        assert event.message.count(";") == 2
    assert list(tmp_path.iterdir()) == []
