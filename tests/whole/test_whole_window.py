"""The whole program: the real window (offscreen), the real engine, a real game, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from program import SMALL, Program
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

import main
from app.dialogs.unsupported_rom import UnsupportedRom
from app.models.neighbours.neighbour_rows import why_no_cards
from app.session import SessionState
from nec_engine.config import changed
from nec_engine.errors import RomError, SnapshotError
from nec_engine.messages import (
    AskSaliency,
    Moment,
    Origin,
    PictureAnswer,
    Player,
    RecordingEnded,
    SaliencyAnswer,
    SnapshotSaved,
    WentTo,
)


def test_a_person_plays_teaches_records_saves_and_somebody_goes_on(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    program = start()
    program.wait(lambda: program.session.state is SessionState.RUNNING)
    program.wait_frames(40)
    program.wait(lambda: program.progress is not None and program.progress.steps > 0)

    # take over: the keys reach the emulator
    names = program.session.info.action_names
    program.press(Qt.Key.Key_M)
    program.wait(lambda: program.frames[-1].player is Player.PERSON)
    QTest.keyPress(program.window, Qt.Key.Key_Up)
    program.wait(lambda: names[program.frames[-1].action] == "right")
    program.press(Qt.Key.Key_R)
    program.wait_frames(90)
    QTest.keyRelease(program.window, Qt.Key.Key_Up)
    program.wait(lambda: names[program.frames[-1].action] == "noop")

    # give back: what was played is remembered as the person's
    program.press(Qt.Key.Key_Escape)
    program.wait(lambda: program.frames[-1].player is Player.AGENT)
    program.wait(
        lambda: program.progress is not None and program.progress.num_by_origin[Origin.PERSON] > 10
    )

    # the recording: count its frames and its sound
    program.press(Qt.Key.Key_R)
    recorded = program.event(RecordingEnded)
    assert recorded.problem == ""
    assert recorded.path.parent == tmp_path / "videos"
    with av.open(str(recorded.path)) as video:
        num_frames = sum(1 for _ in video.decode(video=0))
    with av.open(str(recorded.path)) as video:
        rate = video.streams.audio[0].rate
        num_samples = sum(frame.samples for frame in video.decode(audio=0))
    assert num_frames >= 90
    assert abs(num_frames / 60 - num_samples / rate) < 0.1

    # neighbours have pictures, rebuilt from the journal
    program.wait(lambda: any(isinstance(answer, PictureAnswer) for answer in program.answers))
    pictures = [answer for answer in program.answers if isinstance(answer, PictureAnswer)]
    assert all(picture.is_exact for picture in pictures), [p.problem for p in pictures]

    # save, and close
    program.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved = program.event(SnapshotSaved)
    assert saved.path.parent == tmp_path / "snapshots"
    person_entries = program.progress.num_by_origin[Origin.PERSON]
    program.desktop.close()

    # a fresh process reads it, and goes on training from it
    facts = info(saved.path)
    assert facts["memory"]["origins"]["person"] == person_entries
    out = tmp_path / "on"
    done = subprocess.run(
        [
            sys.executable, str(Path(main.__file__)), "train", "--rom", "pong",
            "--resume", str(saved.path), "--frames", str(facts["frames"] + 400), "--out", str(out),
            "--set", "final_test_episodes=1", "--set", "eval_episode_cap_frames=200",
        ],
        capture_output=True, text=True, timeout=120, check=False, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    later = info(out / "snapshots" / "pong-final.nec")
    assert later["frames"] >= facts["frames"] + 400
    assert later["memory"]["origins"]["person"] > 0

    # and so does a new window
    again = start(rom=None, snapshot=saved.path, train=False)
    again.wait_frames(10)
    again.wait(lambda: again.progress is not None)
    assert again.progress is not None
    assert again.progress.frames == facts["frames"]
    assert again.progress.num_by_origin[Origin.PERSON] == person_entries


def info(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(Path(main.__file__)), "info", str(path), "--json"],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_pause_holds_the_game_and_steps_move_it_while_training_goes_on(
    start: Callable[..., Program],
) -> None:
    program = start()
    program.wait_frames(30)
    program.pause()
    shown = program.frames[-1].number
    steps = program.progress.steps if program.progress else 0
    program.wait(lambda: program.progress is not None and program.progress.steps > steps + 5)
    assert program.frames[-1].number == shown
    program.press(Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    program.wait(lambda: program.frames[-1].number == shown + 1)
    program.press(Qt.Key.Key_F)
    program.wait(lambda: program.frames[-1].frame_in_step == SMALL.frame_skip - 1)
    program.press(Qt.Key.Key_P)
    program.wait_frames(10)


def test_a_memory_is_a_place_that_the_game_goes_on_from(start: Callable[..., Program]) -> None:
    program = start()
    program.wait(lambda: program.progress is not None and program.progress.steps > 60)
    program.pause()
    neighbours = program.window.panels.neighbours

    def seen_nearest() -> PictureAnswer | None:
        """The picture of the memory on the first card, once it is there."""
        entry = neighbours.nearest_entry
        answers = [it for it in pictures(program) if entry and it.moment == entry.moment]
        return answers[-1] if answers else None

    program.wait(lambda: seen_nearest() is not None)
    memory = seen_nearest()
    assert memory is not None
    before = program.frames[-1].moment.episode
    program.press(Qt.Key.Key_G)
    went = program.event(WentTo)
    program.wait(lambda: program.frames[-1].moment == Moment(before + 1, 0))
    there = program.frames[-1]
    assert memory.moment == went.moment
    assert memory.is_exact
    assert memory.rgb is not None
    assert np.array_equal(there.rgb, memory.rgb)
    program.wait(
        lambda: (
            neighbours.shown_decision is not None
            and neighbours.shown_decision.moment == there.moment
        )
    )
    program.qtbot.wait(100)  # once more, with what was decided
    num_frames = len(program.frames)
    assert program.frames[-1].action == neighbours.shown_decision.action
    program.qtbot.wait(200)
    assert np.array_equal(program.frames[-1].rgb, there.rgb)
    assert len(program.frames) == num_frames  # it stands still there
    program.press(Qt.Key.Key_P)
    assert {frame.moment.episode for frame in program.wait_frames(40)} == {before + 1}


def pictures(program: Program) -> list[PictureAnswer]:
    return [answer for answer in program.answers if isinstance(answer, PictureAnswer)]


def test_training_can_be_switched_off_and_on(start: Callable[..., Program]) -> None:
    program = start(train=False)
    program.wait_frames(30)
    program.wait(lambda: program.progress is not None)
    assert program.progress is not None
    assert program.progress.steps == 0
    program.press(Qt.Key.Key_T)
    program.wait(lambda: program.progress is not None and program.progress.steps > 3)
    program.press(Qt.Key.Key_T)
    program.wait(lambda: program.progress is not None and not program.progress.is_training)


@pytest.mark.parametrize("moment", ["loading", "training", "recording", "saving"])
def test_closing_at_any_time_leaves_nothing_and_no_half_file(
    start: Callable[..., Program], tmp_path: Path, moment: str
) -> None:
    program = start()
    if moment != "loading":
        program.wait_frames(30)
    if moment == "recording":
        program.press(Qt.Key.Key_R)
        program.wait_frames(40)
    if moment == "saving":
        program.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    program.desktop.close()
    names = {"train", "live", "inspect", "record", "save"}
    assert not names & {thread.name for thread in threading.enumerate()}
    snapshots = list((tmp_path / "snapshots").glob("*"))
    assert all(info(path) for path in snapshots)  # whole, or none at all
    videos = list((tmp_path / "videos").glob("*"))
    assert [path.suffix for path in videos] == [".mp4"] * (moment == "recording")
    for path in videos:
        with av.open(str(path)) as video:
            assert sum(1 for _ in video.decode(video=0)) >= 20  # of the 40 that were shown


def test_a_bad_file_chosen_in_the_window_is_a_message_and_the_game_goes_on(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    program = start()
    program.wait_frames(20)
    failures: list[Any] = []
    program.session.open_failed.connect(lambda _, problem: failures.append(problem))
    noise = tmp_path / "noise.nec"
    noise.write_bytes(os.urandom(5000))
    program.session.open(snapshot=noise)
    program.wait(lambda: len(failures) == 1)
    program.session.open(rom=tmp_path / "missing.bin")
    program.wait(lambda: len(failures) == 2)
    assert [type(failure) for failure in failures] == [SnapshotError, RomError]
    assert "noise.nec was not opened" in program.window.notes.texts()[-1]
    (dialog,) = program.window.findChildren(UnsupportedRom)
    assert dialog.isVisible()
    dialog.close()
    program.wait_frames(20)
    assert program.session.state is SessionState.RUNNING


@pytest.mark.parametrize("agent", ["mfec", "dqn"])
def test_every_agent_shows_what_it_truly_has(start: Callable[..., Program], agent: str) -> None:
    settings = changed(SMALL, {"agent": agent})
    program = start(settings=settings, train=False)
    window, panels = program.window, program.window.panels
    program.wait_frames(20)
    info = program.session.info
    assert info is not None
    assert (info.agent, info.has_memory) == (agent, agent == "mfec")

    # what a person plays is learned from: into the memory, or into the replay
    program.press(Qt.Key.Key_M)
    program.wait(lambda: program.frames[-1].player is Player.PERSON)
    program.wait_frames(120)
    program.press(Qt.Key.Key_R)
    program.wait_frames(30)
    program.press(Qt.Key.Key_R)
    assert program.event(RecordingEnded).problem == ""
    program.press(Qt.Key.Key_Escape)
    program.wait(lambda: program.frames[-1].player is Player.AGENT)
    if agent == "mfec":
        program.wait(
            lambda: program.progress is not None and program.progress.num_by_origin[1] > 10
        )
        assert program.progress is not None
        assert program.progress.replay_capacity == program.progress.replay_size == 0
    else:
        program.wait(lambda: program.progress is not None and program.progress.replay_size > 30)
        assert program.progress is not None
        assert program.progress.memory_sizes == ()
        assert "no memory" in window.status_bar.memory.text()

    # why, the neighbours, and the map
    panels.saliency.raise_()
    program.wait(lambda: panels.why.bars.decision is not None)
    program.wait(lambda: panels.neighbours.shown_decision is not None)
    if agent == "mfec":
        program.wait(lambda: panels.neighbours.cards.num_cards > 0)
        program.wait(lambda: any(isinstance(a, PictureAnswer) for a in program.answers))
    else:
        assert panels.neighbours.cards.num_cards == 0
        words = why_no_cards(panels.neighbours.shown_decision, None)
        assert words[0] == "This agent keeps no memories"
        assert "its network, without memories, promises" in panels.why.sentence.text()
    program.session.ask(AskSaliency("test", panels.why.bars.decision))  # type: ignore[arg-type]  # there is one by now

    def answers() -> list[SaliencyAnswer]:
        return [
            answer
            for answer in program.answers
            if isinstance(answer, SaliencyAnswer) and answer.panel == "test"
        ]

    program.wait(lambda: bool(answers()))
    assert answers()[0].attribution.any() or agent == "mfec"  # nothing has been won or lost yet
    assert ("memory" in answers()[0].method_words or "distance" in answers()[0].method_words) == (
        agent == "mfec"
    )
