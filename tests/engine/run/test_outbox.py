"""The window is woken by frames while they come, and by everything where they do not."""

from __future__ import annotations

import time

import numpy as np
import pytest

from nec_engine.messages import Frame, Moment, Notice, Player
from nec_engine.run.outbox import FRAMES_STOPPED_S, Outbox


@pytest.fixture
def frame() -> Frame:
    rgb, silence = np.zeros((210, 160, 3), np.uint8), np.full(512, 128, np.uint8)
    return Frame(1, rgb, silence, Moment(0, 0), 0, 0, Player.AGENT, 0.0, None, 1, False, 0.0)


def outbox_with_calls() -> tuple[Outbox, list[str]]:
    """And the list that grows with each call of the window."""
    outbox, calls = Outbox(), list[str]()
    outbox.wake_up.connect(lambda: calls.append("woken"))
    return outbox, calls


def test_what_comes_between_two_frames_waits_for_the_next_one(
    monkeypatch: pytest.MonkeyPatch, frame: Frame
) -> None:
    now_s = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    outbox, calls = outbox_with_calls()
    outbox.is_game_moving = True
    outbox.post_frame(frame)
    assert len(calls) == 1
    assert outbox.pull().frame is frame
    now_s[0] += FRAMES_STOPPED_S / 2
    outbox.post_event(Notice("on the way"))
    assert len(calls) == 1
    outbox.post_frame(frame)
    assert len(calls) == 2
    assert outbox.pull().events == (Notice("on the way"),)


def test_where_no_frame_comes_the_window_hears_it_all_the_same(
    monkeypatch: pytest.MonkeyPatch, frame: Frame
) -> None:
    """As when the training game is watched and training is off, or its thread has failed."""
    now_s = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    outbox, calls = outbox_with_calls()
    outbox.is_game_moving = True
    outbox.post_event(Notice("no frame has ever come"))
    assert len(calls) == 1
    outbox.post_frame(frame)
    outbox.pull()
    now_s[0] += 2 * FRAMES_STOPPED_S
    outbox.post_event(Notice("it stands still"))
    assert len(calls) == 2
