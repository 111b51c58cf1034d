"""What is told of the recording of the live game."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_live_game import Table

from nec_engine.messages import Event, RecordingEnded, RecordingStarted, StartRecording
from nec_engine.run.live.live_recording import LiveRecording


@pytest.mark.parametrize("with_overlay", [False, True])
def test_a_recording_is_told_of_from_its_start_to_its_end(
    tmp_path: Path, with_overlay: bool
) -> None:
    table, told = Table(), list[Event]()
    recording = LiveRecording(told.append)
    assert (recording.is_on, recording.needs_decisions, recording.path) == (False, False, None)
    path = tmp_path / "game.mp4"
    recording.start(StartRecording(path, with_overlay), table.live.emulator)
    recording.start(StartRecording(tmp_path / "another.mp4", False), table.live.emulator)
    assert (recording.is_on, recording.needs_decisions) == (True, with_overlay)
    assert recording.path == path
    for _ in range(12):
        result = table.live.advance()
        recording.push(table.live.frame(result, 0.0, with_sound=True), table.live.decision)
    recording.stop(60.0)
    assert (recording.is_on, recording.needs_decisions, recording.path) == (False, False, None)
    assert recording.seconds == 0.0
    started, ended = told
    assert started == RecordingStarted(path)
    assert isinstance(ended, RecordingEnded)
    assert (ended.path, ended.problem) == (path, "")
    assert [file.name for file in tmp_path.iterdir()] == ["game.mp4"]
