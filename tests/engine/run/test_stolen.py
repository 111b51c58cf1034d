"""How much of the cores' time a virtual machine's host gave to others."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.run.bench.stolen import Stolen, stolen_words


def write(stat: Path, *, user: int, idle: int, steal: int) -> None:
    stat.write_text(f"cpu  {user} 10 5 {idle} 7 0 0 {steal} 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n")


def test_the_share_is_of_what_was_wanted_within_the_stretches(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stolen = Stolen(stat)
    write(stat, user=100, idle=0, steal=50)
    with stolen:
        write(stat, user=160, idle=999, steal=70)
    write(stat, user=500, idle=999, steal=900)  # nobody measures
    with stolen:
        write(stat, user=515, idle=999, steal=905)
    assert stolen.share == pytest.approx((20 + 5) / (60 + 20 + 15 + 5))
    assert "hnsw 25%" in stolen_words({"hnsw": stolen})


def test_nothing_is_said_where_nothing_is_stolen_or_known(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    quiet, unknown = Stolen(stat), Stolen(tmp_path / "none")
    write(stat, user=100, idle=0, steal=0)
    with quiet, unknown:
        write(stat, user=160, idle=0, steal=0)
    assert quiet.share == 0
    assert unknown.share is None
    assert stolen_words({"hnsw": quiet, "annoy": unknown}) == ""
    stat.write_text("something else\n")
    unreadable = Stolen(stat)
    with unreadable:
        stat.touch()
    assert unreadable.share is None
