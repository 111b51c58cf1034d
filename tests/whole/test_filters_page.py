"""``filters`` on the command line, with a real snapshot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def filters(*words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(ROOT / "main.py"), "filters", *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


def test_the_filters_of_a_snapshot_become_one_page(tmp_path: Path) -> None:
    page = tmp_path / "pages" / "filters.html"
    done = filters(
        str(ROOT / "snapshots" / "pong.nec"), "--out", str(page), "--set", "episode_cap_frames=400"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"saved: {page} (160 filters, ")
    assert page.read_text(encoding="utf-8").count("<img ") == 320
    assert [path.name for path in page.parent.iterdir()] == ["filters.html"]


def test_an_agent_without_a_network_is_refused_in_one_sentence(tmp_path: Path) -> None:
    page = tmp_path / "filters.html"
    done = filters(str(ROOT / "snapshots" / "ms_pacman.nec"), "--out", str(page))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: no filters in")
    assert line.count("; ") == 2
    assert not page.exists()
