"""``export`` as a person uses it, and what can be done with the file it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run_here as run

from nec_engine.journal.rebuild import Rebuilder
from nec_engine.run.opening import open_saved

SMALL = [
    "--set", "capacity=2000", "--set", "replay_capacity=2000", "--set", "learning_starts=300",
    "--set", "n_step=20", "--set", "batch_size=8", "--set", "num_neighbours=10",
    "--set", "test_episodes=1", "--set", "final_test_episodes=1",
    "--set", "eval_episode_cap_frames=400", "--set", "episode_cap_frames=400",
    "--set", "export_episodes=3",
]  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    run("train", "--rom", "breakout", "--frames", 2400, "--out", out, *SMALL)
    return out / "snapshots" / "breakout-final.nec"


@pytest.fixture(scope="module")
def brain(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A play-only snapshot with less than all entries."""
    out = tmp_path_factory.mktemp("brains") / "new folder" / "breakout.nec"
    done = run("export", trained, "--out", out, "--max-mb", 2.1)
    assert done.stdout.splitlines()[-1] == f"saved: {out}"
    return out


def test_it_is_under_the_size_and_info_says_what_it_is(trained: Path, brain: Path) -> None:
    assert 2.07e6 < brain.stat().st_size <= 2.1e6
    facts = json.loads(run("info", brain, "--json").stdout)
    before = json.loads(run("info", trained, "--json").stdout)
    assert "play_only" not in before
    num_before = sum(before["memory"]["sizes"])
    assert facts["play_only"]["entries_before"] == num_before
    assert 0 < sum(facts["memory"]["sizes"]) < num_before
    assert facts["replay_size"] == 0
    assert facts["bytes"] == brain.stat().st_size
    assert facts["journal"]["episodes"] <= before["journal"]["episodes"]
    for name in ("game", "agent", "seed", "frames", "steps", "episodes", "rom_md5", "format"):
        assert facts[name] == before[name]
    assert run("info", brain).stdout.startswith("play_only:\n")


def test_its_pictures_open(brain: Path) -> None:
    trainer = open_saved(brain, {}).trainer
    rebuilder = Rebuilder(trainer.rom, trainer.settings)
    memory = trainer.agent.memory
    for action, size in enumerate(memory.sizes):
        for slot in range(0, size, 4):
            entry = memory.contents.entry(action, slot)
            rebuilt = rebuilder.rebuild(trainer.journal, entry.moment)
            assert rebuilt.state_hash == entry.state_hash
    trainer.close()


def test_it_is_tested_and_recorded_like_any_other(brain: Path, tmp_path: Path) -> None:
    done = run("test", brain, "--episodes", 1)
    assert done.stdout.startswith("result: game=breakout agent=nec episodes=1")
    assert "note" not in done.stderr
    run("record", brain, "--out", tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").stat().st_size > 10_000


def test_with_all_its_entries_it_plays_as_before(trained: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.nec"
    run("export", trained, "--out", whole, "--max-mb", 30)
    before, after = (
        run("test", path, "--episodes", 3, "--seed", 4).stdout.split("steps_per_s")[0]
        for path in (trained, whole)
    )
    assert after == before


def test_training_goes_on_from_it_and_what_it_lacks_is_said(brain: Path, tmp_path: Path) -> None:
    frames = json.loads(run("info", brain, "--json").stdout)["frames"]
    done = run(
        "train", "--rom", "breakout", "--resume", brain, "--frames", frames + 1800,
        "--out", tmp_path,
    )  # fmt: skip
    notes = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    assert len(notes) == 1
    assert "empty replay" in notes[0]
    later = json.loads(run("info", tmp_path / "snapshots" / "breakout-final.nec", "--json").stdout)
    assert later["frames"] >= frames + 1800
    assert later["replay_size"] >= 450
    assert "play_only" not in later


def test_an_export_can_be_exported(brain: Path, tmp_path: Path) -> None:
    out = tmp_path / "again.nec"
    run("export", brain, "--out", out, "--max-mb", 2.1)
    facts, before = (json.loads(run("info", p, "--json").stdout) for p in (out, brain))
    assert facts["memory"] == before["memory"]
    assert facts["play_only"] == before["play_only"]


def test_what_cannot_be_is_one_sentence(trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder.nec"
    folder.mkdir()
    before = trained.read_bytes()
    for words, named in (
        (["--out", tmp_path / "b.nec", "--max-mb", 0.5], "--max-mb 0.5 is too small"),
        (["--out", tmp_path / "b.nec", "--max-mb", 1e-9], "is too small"),
        (["--out", trained], f"{trained} itself"),
        (["--out", folder], "folder"),
        (["--out", "/proc/b.nec"], "/proc"),
        (["--out", tmp_path / "b.bin"], ".nec"),
    ):
        (line,) = run("export", trained, *words, code=2).stderr.splitlines()
        assert line.startswith("error: ")
        assert named in line
        assert line.count("; ") >= 2
    assert trained.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["folder.nec"]
