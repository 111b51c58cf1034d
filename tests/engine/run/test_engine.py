"""The engine with its threads, as a window uses it, on a real game."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nec_engine.config import Settings
from nec_engine.errors import SettingError, SnapshotError
from nec_engine.messages import (
    Advance,
    AskPictures,
    AskSaliency,
    AskSecondBrain,
    AskWhatIf,
    BrainsEnded,
    BrainsStep,
    Decision,
    Event,
    ForgetLessons,
    LessonsLoaded,
    LessonsSaved,
    LoadLessons,
    Moment,
    PictureAnswer,
    Player,
    QOf,
    SaliencyAnswer,
    SaveFailed,
    SaveLessons,
    SaveSnapshot,
    SetLessonWeight,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetTraining,
    SetWatchingTraining,
    SnapshotSaved,
    ThreadFailed,
    UndoEdit,
    WhatIfAnswer,
)
from nec_engine.run.engine import Engine
from nec_engine.storage.snapshot import read_header

SMALL = Settings(capacity=2000, replay_capacity=2000, learning_starts=50, n_step=10, batch_size=8)
LIMIT_S = 60.0


class Watched:
    """An engine and all that it has told."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.bell = threading.Event()
        self.newest: dict[str, Any] = {}
        self.events: list[Event] = []
        self.answers: list[Any] = []
        self.num_frames = 0

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT_S
        while True:
            self.bell.clear()
            news = self.engine.pull()
            for name in ("frame", "decision", "progress", "status", "curves"):
                value = getattr(news, name)
                if value is not None:
                    self.newest[name] = value
            self.num_frames += news.frame is not None
            self.events += news.events
            self.answers += news.answers
            if condition():
                return
            assert time.monotonic() < deadline, "it did not happen in time"
            self.bell.wait(0.05)

    def event(self, kind: type) -> Any:
        self.until(lambda: any(isinstance(event, kind) for event in self.events))
        return next(event for event in self.events if isinstance(event, kind))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    engines: list[Engine] = []

    def run(rom: str = "pong", settings: Settings = SMALL, **how: Any) -> Watched:
        engine = Engine.open_game(rom, settings, tmp_path)
        engines.append(engine)
        watched = Watched(engine)
        engine.start(watched.bell.set, **how)
        return watched

    yield run
    for engine in engines:
        engine.stop()
        engine.stop()  # again: nothing happens


def test_game_and_training_run_side_by_side_and_tell_of_it(start: Callable[..., Watched]) -> None:
    watched = start()
    watched.until(lambda: {"frame", "decision", "progress", "status"} <= watched.newest.keys())
    watched.until(lambda: watched.newest["progress"].steps > 20 and watched.num_frames > 20)
    decision: Decision = watched.newest["decision"]
    assert len(decision.evidence) == len(watched.engine.info.action_names)


def test_the_game_that_is_shown_is_played_with_newer_networks_as_training_goes_on(
    start: Callable[..., Watched],
) -> None:
    watched = start()
    watched.until(
        lambda: "decision" in watched.newest and watched.newest["decision"].network_version > 0
    )


def test_training_goes_on_while_the_game_is_paused(start: Callable[..., Watched]) -> None:
    watched = start()
    watched.until(lambda: "progress" in watched.newest)
    watched.engine.send(SetPaused(True))
    watched.until(lambda: watched.newest["status"].is_paused)
    number, steps = watched.newest["frame"].number, watched.newest["progress"].steps
    watched.until(lambda: watched.newest["progress"].steps > steps + 10)
    watched.engine.send(Advance(3))
    watched.until(lambda: watched.newest["frame"].number >= number + 3)
    watched.engine.send(SetTraining(False))
    watched.until(lambda: not watched.newest["progress"].is_training)
    assert watched.newest["frame"].number == number + 3


def test_the_training_game_can_be_watched(start: Callable[..., Watched]) -> None:
    watched = start()
    watched.engine.send(SetWatchingTraining(True))
    watched.until(
        lambda: "frame" in watched.newest and watched.newest["frame"].player is Player.TRAINER
    )
    watched.engine.send(SetWatchingTraining(False))
    watched.until(lambda: watched.newest["frame"].player is Player.AGENT)


def test_at_full_speed_pictures_stay_at_sixty_a_second(start: Callable[..., Watched]) -> None:
    watched = start(training=False)
    watched.until(lambda: "frame" in watched.newest)
    watched.engine.send(SetSpeed(float("inf")))
    watched.until(lambda: watched.newest["status"].frames_per_s > 90)
    first, num_shown, start_s = watched.newest["frame"], watched.num_frames, time.monotonic()
    watched.until(lambda: watched.newest["frame"].number > first.number + 150)
    shown = watched.num_frames - num_shown
    assert shown <= 66 * (time.monotonic() - start_s) + 3


def test_panels_are_answered_in_turns_and_only_the_newest_question(
    start: Callable[..., Watched],
) -> None:
    watched = start()
    watched.until(
        lambda: (
            "decision" in watched.newest
            and any(len(item.slots) > 3 for item in watched.newest["decision"].evidence)
        )
    )
    decision: Decision = watched.newest["decision"]
    item = max(decision.evidence, key=lambda evidence: len(evidence.slots))
    moments = tuple(decision_moments(item))
    hashes = tuple(int(value) for value in item.state_hashes)
    watched.engine.ask(AskPictures("old", moments[:1], hashes[:1]))
    watched.engine.ask(AskPictures("neighbours", moments, hashes))
    watched.engine.ask(AskSaliency("saliency", decision, QOf(item.action)))
    watched.until(
        lambda: (
            sum(isinstance(answer, PictureAnswer) for answer in watched.answers) == len(moments) + 1
        )
    )
    watched.until(lambda: any(isinstance(answer, SaliencyAnswer) for answer in watched.answers))
    saliency = next(a for a in watched.answers if isinstance(a, SaliencyAnswer))
    assert not saliency.problem  # all of it may be zero: nothing was won yet
    pictures = [answer for answer in watched.answers if answer.panel == "neighbours"]
    assert [picture.moment for picture in pictures] == list(moments)
    assert all(picture.is_exact for picture in pictures)


def test_what_takes_seconds_is_answered_beside_the_pictures(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = start()
    watched.until(lambda: "decision" in watched.newest)
    path = tmp_path / "other.nec"
    watched.engine.send(SaveSnapshot(path))
    watched.until(lambda: any(isinstance(e, SnapshotSaved) for e in watched.events))
    watched.engine.send(SetTraining(False))
    decision: Decision = watched.newest["decision"]
    there = decision.moment, decision.state_hash
    watched.engine.ask(AskWhatIf("what_if", *there, num_forced=2, num_free=3))
    watched.engine.ask(AskSecondBrain("brains", path, *there, num_steps=5))
    watched.until(lambda: any(isinstance(answer, BrainsEnded) for answer in watched.answers))
    watched.until(lambda: sum(isinstance(a, WhatIfAnswer) for a in watched.answers) == 6)
    tried = [answer for answer in watched.answers if isinstance(answer, WhatIfAnswer)]
    assert [answer.action for answer in tried] == list(range(6))
    assert all(answer.num_steps == 5 and not answer.problem for answer in tried)
    steps = [answer for answer in watched.answers if isinstance(answer, BrainsStep)]
    assert [step.step for step in steps] == [1, 2, 3, 4, 5]
    watched.engine.ask(AskSecondBrain("brains", tmp_path / "none.nec", *there, num_steps=5))
    watched.until(lambda: bool(watched.answers) and bool(_problem(watched.answers[-1])))
    assert "none.nec" in _problem(watched.answers[-1])


def _problem(answer: Any) -> str:
    return answer.problem if isinstance(answer, BrainsEnded) else ""


def decision_moments(item: Any) -> list[Any]:
    return [Moment(int(e), int(s)) for e, s in zip(item.episodes, item.steps, strict=True)]


def test_a_snapshot_is_saved_while_all_runs_and_opens_again(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = start()
    watched.until(lambda: "progress" in watched.newest and watched.newest["progress"].steps > 60)
    path = tmp_path / "a" / "pong.nec"
    watched.engine.send(SaveSnapshot(path))
    saved: SnapshotSaved = watched.event(SnapshotSaved)
    assert saved.path == path
    assert not saved.is_autosave
    watched.engine.stop()
    again = Engine.open_snapshot(path, {"learning_starts": 77}, tmp_path)
    assert again.settings.learning_starts == 77
    assert again._trainer.frames == read_header(path)["frames"]
    again.stop()
    with pytest.raises(SnapshotError, match="snapshot of pong"):
        Engine.open_snapshot(path, {}, tmp_path, rom="breakout")
    with pytest.raises(SettingError, match="replay_capacity"):
        Engine.open_snapshot(path, {"replay_capacity": 77}, tmp_path)


def test_a_save_that_cannot_be_written_is_told_and_everything_goes_on(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = start()
    (tmp_path / "file").write_text("not a folder")
    watched.engine.send(SaveSnapshot(tmp_path / "file" / "pong.nec"))
    failed: SaveFailed = watched.event(SaveFailed)
    assert failed.message.count(";") == 2  # a sentence: what; why; what to do
    steps = watched.newest["progress"].steps if "progress" in watched.newest else 0
    watched.until(
        lambda: "progress" in watched.newest and watched.newest["progress"].steps > steps + 5
    )


def test_a_fault_in_training_is_told_and_a_snapshot_can_still_be_saved(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = start()
    watched.until(lambda: "progress" in watched.newest and watched.newest["progress"].steps > 10)

    def fail() -> list[float]:
        raise RuntimeError("made to fail")

    watched.engine._trainer.step = fail  # type: ignore[method-assign]  # a stand-in for this test
    failed: ThreadFailed = watched.event(ThreadFailed)
    assert failed.thread == "train"
    assert "made to fail" in failed.traceback
    num_frames = watched.num_frames
    watched.until(lambda: watched.num_frames > num_frames + 10)  # the game goes on
    watched.engine.send(SaveSnapshot(tmp_path / "pong.nec"))
    assert watched.event(SnapshotSaved).path.exists()


def test_what_a_person_taught_is_weighed_saved_forgotten_brought_back_and_loaded(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = start(training=False, speed=float("inf"), player=Player.PERSON)
    engine, path = watched.engine, tmp_path / "a.lesson"
    watched.until(lambda: "progress" in watched.newest)
    watched.until(lambda: watched.newest["progress"].num_taught > 5)
    engine.send(SetPlayer(Player.AGENT))
    watched.until(lambda: watched.newest["status"].player is Player.AGENT)
    engine.send(SetPaused(True))
    watched.until(lambda: watched.newest["status"].is_paused)
    engine.send(SetLessonWeight(4.0))
    watched.until(lambda: watched.newest["progress"].lesson_weight == 4.0)
    engine.send(SaveLessons(path))
    assert watched.event(LessonsSaved).num_steps >= watched.newest["progress"].num_taught
    num_taught = watched.newest["progress"].num_taught
    engine.send(ForgetLessons())
    watched.until(lambda: watched.newest["progress"].num_taught == 0)
    engine.send(UndoEdit())
    watched.until(lambda: watched.newest["progress"].num_taught == num_taught)
    engine.send(ForgetLessons())
    watched.until(lambda: watched.newest["progress"].num_taught == 0)
    engine.send(LoadLessons(path))
    watched.event(LessonsLoaded)
    watched.until(lambda: watched.newest["progress"].num_by_origin[2] > 5)
