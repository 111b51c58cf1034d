"""A snapshot is known to fit before anything is built from it; ``info`` reads its head alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nec_engine.config import Settings, changed
from nec_engine.errors import NecError, SettingError, SnapshotError
from nec_engine.game.roms import find_rom
from nec_engine.run.arguments import parse
from nec_engine.run.checks import check_request, check_snapshot, refuse_without_network
from nec_engine.run.commands import info
from nec_engine.run.requests import InfoRequest
from nec_engine.storage.snapshot import write_snapshot

ARRAYS = {"memory": {"keys": np.ones((50, 8), np.float32)}, "journal": {"actions": [b"\1\2"]}}


def header(game: str = "pong") -> dict[str, Any]:
    rom = find_rom(game)
    return {
        "program_version": "0.1.0",
        "ale_py_version": "0.12.1",
        "game": rom.name,
        "rom_md5": rom.md5,
        "agent": "nec",
        "seed": 3,
        "frames": 4000,
        "steps": 1000,
        "episodes": 2,
        "settings": Settings(seed=3, n_step=50).to_json(),
        "memory": {
            "actions": ["noop", "fire"],
            "capacity": 100,
            "sizes": [20, 30],
            "key_size": 128,
            "origins": {"agent": 50, "person": 0, "imported": 0, "edited": 0},
        },
        "replay_size": 1000,
        "journal": {"episodes": 2, "steps": 1000, "bytes": 5000},
    }


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "pong.nec"
    write_snapshot(path, ARRAYS, header=header())
    return path


@pytest.mark.parametrize(
    "line",
    ["--envs 8 --set replay_capacity=800", "--envs 25 --set replay_capacity=100 agent=dqn"],
)
def test_so_many_games_that_nothing_could_be_learned_are_refused(line: str) -> None:
    with pytest.raises(SettingError, match="replay_capacity"):
        check_request(parse(f"train --rom pong --frames 400 {line}".split()))


@pytest.mark.parametrize(
    "line",
    [
        "--envs 8 --set replay_capacity=801",
        "--envs 8 --set replay_capacity=800 agent=mfec",  # has no replay
        "--envs 24 --set replay_capacity=100 agent=dqn",
        "--envs 1 --set replay_capacity=100",
    ],
)
def test_as_many_games_as_can_be_learned_from_are_not(line: str) -> None:
    check_request(parse(f"train --rom pong --frames 400 {line}".split()))


def test_a_snapshot_knows_its_game_and_settings(snapshot: Path) -> None:
    rom, settings = check_snapshot(snapshot, {"gamma": 0.9})
    assert rom == find_rom(rom.path)
    assert (rom.name, settings.seed, settings.n_step, settings.gamma) == ("pong", 3, 50, 0.9)


def test_a_file_called_like_the_game_does_not_stand_in_for_it(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (snapshot.parent / "pong").write_bytes(b"no game")
    monkeypatch.chdir(snapshot.parent)
    assert check_snapshot(snapshot, {})[0].name == "pong"


def test_the_same_game_under_another_name_fits(snapshot: Path) -> None:
    renamed = snapshot.parent / "paddles.a26"
    renamed.write_bytes(find_rom("pong").load_path.read_bytes())
    assert check_snapshot(snapshot, {}, str(renamed))[0].path == renamed


def test_another_game_is_refused(snapshot: Path) -> None:
    with pytest.raises(SnapshotError, match=r"snapshot of pong.*breakout"):
        check_snapshot(snapshot, {}, "breakout")


def test_a_game_that_ale_py_no_longer_has_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.nec"
    write_snapshot(path, ARRAYS, header=header() | {"game": "vanished"})
    with pytest.raises(SnapshotError, match="no game vanished"):
        check_snapshot(path, {})


def test_what_the_arrays_are_built_on_cannot_be_changed(snapshot: Path) -> None:
    with pytest.raises(SettingError, match="key_size"):
        check_snapshot(snapshot, {"key_size": 64})
    assert check_snapshot(snapshot, {"key_size": 128})[1].key_size == 128


def test_what_is_made_to_play_from_takes_another_replay(tmp_path: Path) -> None:
    path = tmp_path / "pong.nec"
    write_snapshot(path, ARRAYS, header=header() | {"play_only": {}})
    assert check_snapshot(path, {"replay_capacity": 500})[1].replay_capacity == 500
    with pytest.raises(SettingError, match="key_size"):
        check_snapshot(path, {"key_size": 64})


def test_every_byte_is_checked(snapshot: Path) -> None:
    content = bytearray(snapshot.read_bytes())
    content[-40] ^= 1
    snapshot.write_bytes(content)
    with pytest.raises(SnapshotError, match="checksum"):
        check_snapshot(snapshot, {}, thorough=True)


def test_a_window_is_refused_what_it_could_not_open(snapshot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    check_request(parse(["--snapshot", str(snapshot), "--data", str(folder)]))
    for line in (
        "--rom pong --set capacity=5000000 --set key_size=4096",
        "--rom pong --set game_mode=77",
        "--rom none",
        f"--snapshot {snapshot} --set key_size=7",
        "--set gamma=2",
    ):
        with pytest.raises(NecError):
            check_request(parse([*line.split(), "--data", str(folder)]))


def test_info_prints_every_key_of_the_contract(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert info.run(InfoRequest(snapshot, as_json=True)) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts == header() | {
        "format": 1,
        "parts": ["memory", "journal"],
        "bytes": snapshot.stat().st_size,
    }
    assert ",".join(facts) == (
        "format,program_version,ale_py_version,game,rom_md5,agent,seed,frames,steps,episodes,"
        "settings,memory,replay_size,journal,parts,bytes"
    )


def test_info_for_a_person_has_a_line_for_each_fact(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    info.run(InfoRequest(snapshot, as_json=False))
    lines = capsys.readouterr().out.splitlines()
    assert "frames: 4,000" in lines
    assert "  sizes: 20, 30" in lines
    assert "    agent: 50" in lines


def test_info_of_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.nec"
    path.write_bytes(b"x" * 1000)
    with pytest.raises(SnapshotError, match="not a snapshot"):
        info.run(InfoRequest(path, as_json=False))


@pytest.mark.parametrize(
    ("settings", "has_filters"),
    [
        ({}, True),
        ({"agent": "dqn"}, True),
        ({"agent": "mfec"}, False),
        ({"agent": "mfec", "dqn_handover_steps": 100}, True),
        ({"agent": "ec"}, False),
        ({"agent": "mfec", "embedding": "fixed"}, True),
    ],
)
def test_filters_are_those_of_a_network(settings: dict[str, Any], has_filters: bool) -> None:
    made = changed(Settings(), settings)
    if has_filters:
        refuse_without_network(Path("a.nec"), made)
    else:
        with pytest.raises(SnapshotError, match=f"its agent, {settings['agent']}, sees by"):
            refuse_without_network(Path("a.nec"), made)
