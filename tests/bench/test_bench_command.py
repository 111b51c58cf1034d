"""``bench --quick`` ends in time and gives every figure of the contract."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = Path(__file__).resolve().parents[2] / "main.py"
KEYS = (
    "schema machine ceiling_steps_per_s learner slope index window lock_hold_ms snapshot "
    "bytes_per_entry journal_bytes_per_step first_picture_ratio skipped"
)


@pytest.mark.timeout(150)
def test_a_quick_bench_ends_within_90_seconds_and_is_whole(tmp_path: Path) -> None:
    start_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(MAIN), "bench", "--quick", "--json", str(tmp_path / "b.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start_s < 90
    report = json.loads((tmp_path / "b.json").read_text())
    assert json.loads(done.stdout) == report
    assert " ".join(report) == KEYS
    assert set(report["machine"]) == {"cpu", "cores", "ram_gb", "gpu", "torch_threads"}
    for index in ("exact", "annoy"):
        assert set(report["learner"][index]["10000"]) == {"steps_per_s", "ratio"}
        assert set(report["index"][index]) == {
            "lookup_ms", "recall_at_50", "build_s", "upkeep_ms_per_insert",
        }  # fmt: skip
    assert report["index"]["exact"]["recall_at_50"] == 1.0
    assert 0.5 < report["index"]["annoy"]["recall_at_50"] < 1.0  # of a forest, not of all keys
    assert min(report["ceiling_steps_per_s"], report["journal_bytes_per_step"]) > 0
    window = report["window"]
    assert set(window) == {"paint_ms", "paint_build_ms", "dropped_percent", "train_ratio"}
    for spread in (window["paint_ms"], window["paint_build_ms"]):
        assert set(spread) == {"p50", "p95", "p99", "max"}
    assert set(report["lock_hold_ms"]) == {"p99", "max"}
    assert set(report["snapshot"]) == {"bytes", "save_ratio", "load_ratio"}
    assert all(set(why) == {"reason"} for why in report["skipped"].values())
