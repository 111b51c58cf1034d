"""Replays and videos of the past in the real window (offscreen), with the real engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import av
from program import SMALL, Program
from PyQt6.QtCore import Qt

from nec_engine.messages import (
    AskReplay,
    Choice,
    Frame,
    HindsightAnswer,
    ReplayPart,
    VideoProgressed,
    VideoSaved,
    WentTo,
    unpack_picture,
)

SHIFT = Qt.KeyboardModifier.ShiftModifier


def played(frame: Frame) -> tuple[int, int]:
    """(step, frame in the step): the last frame of a step names the step that follows."""
    is_last = frame.frame_in_step == SMALL.frame_skip - 1
    return frame.moment.step - is_last, frame.frame_in_step


def test_a_memory_is_replayed_and_the_game_goes_on_from_there(
    start: Callable[..., Program],
) -> None:
    program = start()
    panels = program.window.panels
    program.wait(lambda: panels.neighbours.cards.num_cards > 0)
    program.press(Qt.Key.Key_G, SHIFT)
    view = panels.replay
    program.wait(lambda: view.picture.rgb is not None)
    program.wait(lambda: view.bars.decision is not None)
    entry = program.window.selection.entry
    assert entry is not None
    view.controls.memory.click()
    program.wait(lambda: view.check.whole_text.startswith("Checked"))
    program.wait(lambda: view._newest_thought() is not None)
    thought = view._newest_thought()  # it may have come before, while the replay played past it
    assert thought is not None
    answers = [a for a in program.answers if isinstance(a, HindsightAnswer)]
    assert any(answer.decision is thought for answer in answers)
    assert thought.moment == entry.moment
    assert thought.choice is Choice.RECORDED
    view.controls.visit.click()
    assert program.event(WentTo).moment == entry.moment


def test_the_live_game_is_replayed_bit_by_bit_and_saved_without_having_been_recorded(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    program = start(train=False)
    seen = program.wait_frames(60)  # on a busy machine not each that was played
    first = seen[0].moment
    num_steps = seen[-1].moment.step - first.step
    program.session.ask(AskReplay("test", first, num_steps))
    program.wait(
        lambda: (
            num_steps
            <= sum(
                len(part.steps)
                for part in program.answers
                if isinstance(part, ReplayPart) and part.panel == "test"
            )
        )
    )
    parts = [a for a in program.answers if isinstance(a, ReplayPart) and a.panel == "test"]
    again = {
        (part.first.step + number, k): unpack_picture(packed).tobytes()
        for part in parts
        for number, step in enumerate(part.steps)
        for k, packed in enumerate(step.frames)
    }
    shown = {played(frame): frame.rgb.tobytes() for frame in program.frames}
    both = shown.keys() & again.keys()
    assert len(both) > 20
    assert all(shown[place] == again[place] for place in both)

    num_played = program.frames[-1].number
    program.press(Qt.Key.Key_R, SHIFT)
    saved = program.event(VideoSaved)
    assert saved.is_as_recorded
    assert saved.path.parent == tmp_path / "videos"
    with av.open(str(saved.path)) as video:
        num_frames = sum(1 for _ in video.decode(video=0))
    assert num_frames == round(60 * saved.seconds)
    assert num_played <= num_frames <= num_played + 40  # made ahead, or while the key was pressed
    assert program.window.status_bar.video.isHidden()


def test_closing_in_the_middle_of_a_video_leaves_no_half_file(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    program = start(train=False)
    program.wait_frames(90)
    program.press(Qt.Key.Key_R, SHIFT)
    program.event(VideoProgressed)
    program.desktop.close()
    assert "export" not in {thread.name for thread in threading.enumerate()}
    for path in (tmp_path / "videos").iterdir():  # whole, if it was faster than the window
        with av.open(str(path)) as video:
            assert sum(1 for _ in video.decode(video=0)) >= 90
