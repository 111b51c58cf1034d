from __future__ import annotations

from pathlib import Path

from other_process import running_elsewhere

from nec_engine.scratch import PREFIX, Scratch, remove_abandoned

PARENT = """
import sys
from pathlib import Path
from nec_engine.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
scratch.path("left").write_text("something")
print("made", flush=True)
sys.stdin.read()
"""


def test_nothing_is_made_before_it_is_needed_or_left_after_it_is_closed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    assert list(tmp_path.iterdir()) == []
    scratch.path("one").write_text("something")
    assert len(list(tmp_path.iterdir())) == 1
    scratch.close()
    scratch.close()
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    first, second = Scratch(tmp_path), Scratch(tmp_path)
    for scratch in (first, second):
        scratch.path("same name").write_text("something")
    assert remove_abandoned(tmp_path) == 0
    first.close()
    assert second.path("same name").read_text() == "something"
    second.close()


def test_the_folder_of_a_killed_process_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    with running_elsewhere(PARENT, tmp_path):
        (abandoned,) = tmp_path.iterdir()
        assert remove_abandoned(tmp_path) == 0  # its process lives
    scratch = Scratch(tmp_path)
    scratch.path("x")
    assert not abandoned.exists()
    scratch.close()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}without-lock").mkdir()
    (tmp_path / "other").mkdir()
    assert remove_abandoned(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2
