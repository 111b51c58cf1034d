"""``export`` takes any room that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

import main
from nec_engine.errors import SettingError
from nec_engine.run.export.play_only import Exporter

BRAIN = Path(main.__file__).parent / "snapshots" / "pong.nec"


def test_room_beyond_all_measure_is_a_number_of_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room: list[int] = []

    def note_and_stop(_: Exporter, max_bytes: int) -> None:
        room.append(max_bytes)
        raise SettingError("enough", "that was the room", "go on elsewhere")

    monkeypatch.setattr(Exporter, "refuse_larger", note_and_stop)
    words = ["export", str(BRAIN), "--out", str(tmp_path / "all.nec"), "--max-mb", "1e308"]
    assert main.main(words) == 2
    assert room[0] > 10**18
