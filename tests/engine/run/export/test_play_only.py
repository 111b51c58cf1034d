"""Play-only snapshots of a real run that learned: size, pictures, what is in them, what they do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError, SnapshotError
from nec_engine.game.roms import find_rom
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import F64
from nec_engine.run.export.play_only import Exporter, PlayOnly, read_to_export
from nec_engine.run.export.rehearsal import rehearse
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import read_header, write_snapshot

SETTINGS = Settings(
    torch_threads=1, capacity=5000, replay_capacity=1500, learning_starts=500, n_step=20,
    num_neighbours=10, batch_size=8, index="exact", epsilon_decay_start=0, epsilon_decay_end=1000,
    export_episodes=2, eval_episode_cap_frames=400,
)  # fmt: skip
NUM_STEPS = 800


def train(game: str, path: Path, settings: Settings = SETTINGS, steps: int = NUM_STEPS) -> Path:
    trainer = open_new(find_rom(game), settings).trainer
    for _ in range(steps):
        trainer.step()
    save_run(trainer, path)
    trainer.close()
    return path


def rehearsed(trainer: Trainer) -> F64:
    assert isinstance(trainer.agent, EpisodicAgent)
    return rehearse(trainer.rom, trainer.settings, trainer.agent)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of Breakout that has learned, with evicted entries and forgotten episodes."""
    return train("breakout", tmp_path_factory.mktemp("run") / "breakout.nec")


@pytest.fixture(scope="module")
def uses(trained: Path) -> F64:
    trainer = open_saved(trained, {}).trainer
    found = rehearsed(trainer)
    trainer.close()
    return found


def export(path: Path, uses: F64, max_bytes: int, out: Path) -> PlayOnly:
    with SnapshotReader(path) as reader:
        exporter = Exporter(reader.header, read_to_export(reader))
    exporter.refuse_larger(max_bytes)
    made = exporter.made(uses, max_bytes)
    assert write_snapshot(out, made.tree, header=made.header) == made.num_bytes
    return made


def entries(memory: EpisodicMemory | None) -> dict[tuple[int, int], Any]:
    """By action and state."""
    assert memory is not None
    infos = [
        memory.contents.entry(a, s) for a, size in enumerate(memory.sizes) for s in range(size)
    ]
    return {(info.action, info.state_hash): info for info in infos}


@pytest.mark.parametrize("max_mb", [2.12, 2.3])
def test_it_fills_the_size_and_every_picture_is_rebuilt_to_the_bit(
    trained: Path, uses: F64, tmp_path: Path, max_mb: float
) -> None:
    out = tmp_path / "brain.nec"
    made = export(trained, uses, int(max_mb * 1e6), out)
    assert out.stat().st_size <= max_mb * 1e6
    before = sum(read_header(trained)["memory"]["sizes"])
    assert 50 < made.num_entries <= before
    if made.num_entries < before:
        assert out.stat().st_size > max_mb * 1e6 - 8000  # no room for one more with its episode
    opened = open_saved(out, {})
    trainer = opened.trainer
    assert opened.lost == ()
    assert sum(trainer.agent.memory.sizes) == made.num_entries
    assert trainer.agent.memory.check_valid() == []
    assert trainer.journal.check_valid() == []
    rebuilder = Rebuilder(trainer.rom, trainer.settings)
    for (_, state_hash), entry in entries(trainer.agent.memory).items():
        assert rebuilder.rebuild(trainer.journal, entry.moment).state_hash == state_hash
    needed = {entry.moment.episode for entry in entries(trainer.agent.memory).values()}
    assert needed | {trainer.episode_id} == set(trainer.journal.training_episodes())
    trainer.close()


def test_entries_come_back_but_for_the_last_digits_of_their_keys(
    trained: Path, uses: F64, tmp_path: Path
) -> None:
    out = tmp_path / "brain.nec"
    export(trained, uses, 10_000_000, out)
    full, brain = (open_saved(path, {}).trainer for path in (trained, out))
    before, after = entries(full.agent.memory), entries(brain.agent.memory)
    assert after.keys() == before.keys()
    for place, entry in after.items():
        old = before[place]
        assert np.abs(entry.key - old.key).max() < 1e-3 * np.abs(old.key).max()
        for name in ("value", "moment", "first_moment", "origin", "num_updates", "clock"):
            assert getattr(entry, name) == getattr(old, name)
    assert (brain.frames, brain.episodes) == (full.frames, full.episodes)
    assert brain.agent.version == full.agent.version > 0
    observations = np.stack([full.emulator.observation()] * 2)
    q_full, q_brain = (one.agent.policy().q_values(observations) for one in (full, brain))
    assert np.allclose(q_full, q_brain, atol=0.02)
    full.close()
    brain.close()


def test_those_that_count_in_play_are_kept_before_others(
    trained: Path, uses: F64, tmp_path: Path
) -> None:
    made = export(trained, uses, 2_130_000, tmp_path / "brain.nec")
    assert made.num_entries < len(uses)
    full, brain = (open_saved(p, {}).trainer for p in (trained, tmp_path / "brain.nec"))
    kept = entries(brain.agent.memory).keys()
    is_kept = np.array([place in kept for place in entries(full.agent.memory)])
    assert uses[is_kept].mean() > 2 * uses[~is_kept].mean()
    assert all(size >= 10 for size in brain.agent.memory.sizes)  # some of every action
    full.close()
    brain.close()


def test_rehearsing_leaves_no_trace_and_is_the_same_each_time(trained: Path, uses: F64) -> None:
    trainer = open_saved(trained, {}).trainer
    memory = trainer.agent.memory
    version, scale = memory.version, memory.kernel_scale
    again = rehearsed(trainer)
    assert np.array_equal(again, uses)
    assert (memory.version, memory.kernel_scale) == (version, scale)
    assert uses.sum() > 100
    trainer.close()


def test_too_little_room_is_refused_with_what_is_needed(
    trained: Path, uses: F64, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match=r"--max-mb 1 is too small; .*; give --max-mb 2"):
        export(trained, uses, 1_000_000, tmp_path / "brain.nec")
    try:
        export(trained, uses, 1_000_000, tmp_path / "brain.nec")
    except SettingError as error:
        needed_mb = float(error.remedy.split()[2])
    made = export(trained, uses, int(needed_mb * 1e6), tmp_path / "brain.nec")
    assert made.num_entries >= 10 * 4


def test_an_export_of_an_export_is_one_with_the_same_keys(
    trained: Path, uses: F64, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / f"{n}.nec" for n in range(3))
    made = export(trained, uses, 2_500_000, first)
    trainer = open_saved(first, {}).trainer
    uses_then = rehearsed(trainer)
    all_before = entries(trainer.agent.memory)
    trainer.close()
    assert export(first, uses_then, 2_500_000, second).num_entries == made.num_entries
    smaller = export(first, uses_then, 2_130_000, third)
    assert smaller.num_entries < made.num_entries
    assert smaller.header["play_only"] == made.header["play_only"]
    trainer = open_saved(third, {}).trainer
    rebuilder = Rebuilder(trainer.rom, trainer.settings)
    for place, entry in entries(trainer.agent.memory).items():
        assert np.array_equal(entry.key, all_before[place].key)
        assert rebuilder.rebuild(trainer.journal, entry.moment).state_hash == place[1]
    trainer.close()


def test_training_goes_on_with_an_empty_replay_and_learns_once_that_is_filled(
    trained: Path, uses: F64, tmp_path: Path
) -> None:
    out = tmp_path / "brain.nec"
    export(trained, uses, 10_000_000, out)
    opened = open_saved(out, {})
    assert len(opened.missing) == 1
    assert "500 steps" in opened.missing[0]
    trainer = opened.trainer
    version, steps = trainer.agent.version, trainer.steps
    assert trainer.agent.replay_size == 0
    for _ in range(490):
        trainer.step()
    assert trainer.agent.version == version
    for _ in range(40):
        trainer.step()
    assert trainer.agent.version > version
    assert trainer.steps == steps + 530
    assert open_saved(trained, {}).missing == ()
    trainer.close()


def test_a_brain_of_another_machine_opens_on_this_one(tmp_path: Path) -> None:
    made_on = Settings(
        torch_threads=64, capacity=400_000, deterministic=False, export_episodes=0, index="exact",
    )  # fmt: skip
    path = train("pong", tmp_path / "pong.nec", made_on, 150)
    out = tmp_path / "brain.nec"
    trainer = open_saved(path, {}).trainer
    uses = rehearsed(trainer)
    trainer.close()
    assert not uses.any()
    made = export(path, uses, 5_000_000, out)
    assert made.header["settings"]["capacity"] == 100_000
    settings = Settings.from_json(made.header["settings"])
    assert (settings.device, settings.torch_threads, settings.index) == ("auto", 0, "auto")
    open_saved(out, {}).trainer.close()


def test_recorded_games_that_nobody_here_understands_are_refused(trained: Path, uses: F64) -> None:
    with SnapshotReader(trained) as reader:
        header, tree = reader.header, read_to_export(reader)
    other = {**tree["journal"], "ale_version": "0.9"}
    with pytest.raises(SnapshotError, match=r"ale-py 0\.9"):
        Exporter(header, {**tree, "journal": other})
    ids = tree["journal"]["episode_ids"] + 1000
    with pytest.raises(SnapshotError, match="picture"):
        Exporter(header, {**tree, "journal": {**tree["journal"], "episode_ids": ids}})


def test_an_agent_without_a_memory_keeps_its_network(tmp_path: Path) -> None:
    settings = changed(SETTINGS, {"agent": "dqn", "replay_capacity": 1500, "learning_starts": 100})
    path, out = train("breakout", tmp_path / "run.nec", settings, 300), tmp_path / "brain.nec"
    made = export(path, np.empty(0), 10_000_000, out)
    assert made.tree["agent"].keys() == {"network"}
    assert made.num_entries == 0
    assert made.header["journal"]["episodes"] == 0
    with SnapshotReader(path) as reader, pytest.raises(SettingError, match="network alone"):
        Exporter(reader.header, read_to_export(reader)).refuse_larger(1_000_000)
    full, brain = (open_saved(one, {}).trainer for one in (path, out))
    observations = full.emulator.observation()[None]
    assert np.array_equal(
        full.agent.policy().q_values(observations), brain.agent.policy().q_values(observations)
    )
    for _ in range(120):
        brain.step()
    assert brain.agent.replay_size >= 120
    full.close()
    brain.close()


def test_every_agent_with_a_memory_plays_on_as_it_was(tmp_path: Path) -> None:
    """``ec`` keeps several entries of a state, some of them of an episode under way."""
    path = train("breakout", tmp_path / "run.nec", changed(SETTINGS, {"agent": "ec"}), 500)
    out = tmp_path / "brain.nec"
    trainer = open_saved(path, {}).trainer
    uses = rehearsed(trainer)
    trainer.close()
    export(path, uses, 8_000_000, out)
    full, brain = (open_saved(one, {}).trainer for one in (path, out))
    assert brain.agent.memory.check_valid() == []
    assert brain.agent.memory.sizes == full.agent.memory.sizes
    observations = full.emulator.observation()[None]
    before, after = (one.agent.policy().q_values(observations) for one in (full, brain))
    assert np.allclose(before, after, atol=0.02)
    for _ in range(200):
        brain.step()
    assert brain.agent.memory.check_valid() == []
    full.close()
    brain.close()


def test_a_cheap_brain_knows_the_states_it_has_seen_again(tmp_path: Path) -> None:
    """Its average asks whether a key is the same to the last bit."""
    path = train("breakout", tmp_path / "run.nec", changed(SETTINGS, {"agent": "mfec"}), 900)
    trainer = open_saved(path, {}).trainer
    uses = rehearsed(trainer)
    trainer.close()
    out = tmp_path / "brain.nec"
    made = export(path, uses, 8_000_000, out)
    assert made.tree["agent"]["network"]["weights"].dtype == np.int8
    full, brain = (open_saved(one, {}).trainer for one in (path, out))
    before, after = entries(full.agent.memory), entries(brain.agent.memory)
    assert before.keys() == after.keys()
    assert all(np.array_equal(entry.key, before[place].key) for place, entry in after.items())
    rebuilder = Rebuilder(brain.rom, brain.settings)
    for (action, state_hash), entry in list(after.items())[::40]:
        rebuilt = rebuilder.rebuild(brain.journal, entry.moment)
        assert rebuilt.state_hash == state_hash
        q = brain.agent.policy().q_values(rebuilt.observation[None])
        assert q[0, action] == pytest.approx(entry.value, abs=1e-5)
    full.close()
    brain.close()
