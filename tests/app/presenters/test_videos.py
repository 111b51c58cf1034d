"""Videos of the past in the whole window, around a fake engine."""

from __future__ import annotations

from fake_engine import FakeEngine
from pressing import Key, Mod, OpenDesktop, press
from pytestqt.qtbot import QtBot

from nec_engine.messages import (
    CancelVideos,
    Moment,
    SaveRangeVideo,
    SaveTailVideo,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
)


def test_a_key_saves_the_last_half_minute_with_the_overlay_that_is_switched_on(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, Key.Key_R, Mod.ShiftModifier)
    desktop.window.actions_by_name["record_overlay"].trigger()
    press(qtbot, desktop, Key.Key_R, Mod.ShiftModifier)
    wishes = [command for command in engine.commands if isinstance(command, SaveTailVideo)]
    assert [wish.with_overlay for wish in wishes] == [False, True]
    assert wishes[0].path.parent == desktop.session.data_dir / "videos"
    assert wishes[0].path.suffix == ".mp4"
    assert wishes[0].path != wishes[1].path


def test_progress_stands_in_the_status_bar_until_the_last_video_has_ended(
    open_desktop: OpenDesktop,
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    shown = desktop.window.status_bar.video
    assert shown.isHidden()
    desktop.videos.save_last()
    desktop.videos.save_range(Moment(3, 10), 60)
    assert shown.isVisible()
    first, second = (command.path for command in engine.commands[-2:])
    assert engine.commands[-1] == SaveRangeVideo(second, Moment(3, 10), 60, with_overlay=False)
    engine.publish(events=(VideoProgressed(first, 0.42),))
    desktop.session.bridge.pull()
    assert shown.bar.value() == 42
    engine.publish(events=(VideoSaved(first, 30.0, 4_100_000, is_as_recorded=True),))
    desktop.session.bridge.pull()
    assert shown.isVisible()
    assert desktop.window.notes.texts()[-1] == f"Saved {first.name} (0:30, 4.1 MB)"
    shown.cancel.click()
    assert isinstance(engine.commands[-1], CancelVideos)
    engine.publish(events=(VideoFailed(second, "", is_cancelled=True),))
    desktop.session.bridge.pull()
    assert shown.isHidden()
    assert desktop.window.notes.texts()[-1] == f"The video {second.name} was cancelled"


def test_a_video_that_failed_is_a_problem_in_words(open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    desktop.videos.save_last()
    (wish,) = (command for command in engine.commands if isinstance(command, SaveTailVideo))
    path = wish.path
    engine.publish(events=(VideoFailed(path, "cannot record; the disk is full; free some space"),))
    desktop.session.bridge.pull()
    assert "the disk is full" in desktop.window.notes.texts()[-1]
    assert desktop.window.status_bar.video.isHidden()


def test_another_game_gives_up_the_video_and_says_so(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    desktop.videos.save_last()
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    assert desktop.window.status_bar.video.isHidden()
    assert "another game was opened" in desktop.window.notes.texts()[-1]
