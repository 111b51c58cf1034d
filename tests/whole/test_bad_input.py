"""Wrong input on the command line: one sentence on standard error, exit 2, no window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from command_line import run_here

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.storage.snapshot import write_snapshot

MAIN = Path(__file__).resolve().parents[2] / "main.py"
BRAIN = MAIN.parent / "snapshots" / "pong.nec"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of everything that a person might name by mistake."""
    folder = tmp_path_factory.mktemp("bad")
    noise = np.random.default_rng(1).bytes(4096)
    (folder / "empty.bin").touch()
    (folder / "noise.bin").write_bytes(noise)
    (folder / "pong.bin").write_bytes(noise)
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(1 << 40)
    (folder / "folder.bin").mkdir()
    (folder / "settings.toml").write_text("gamma = [1]\n")
    (folder / "results.csv").write_bytes(noise)

    rom = find_rom("pong")
    header = {"game": rom.name, "rom_md5": rom.md5, "settings": Settings().to_json()}
    whole = folder / "pong.nec"
    write_snapshot(whole, {"memory": {"keys": np.zeros((100, 128), np.float32)}}, header=header)
    content = whole.read_bytes()
    (folder / "truncated.nec").write_bytes(content[: len(content) // 2])
    flipped = bytearray(content)
    flipped[-100] ^= 4
    (folder / "flipped.nec").write_bytes(flipped)
    (folder / "foreign.nec").write_bytes(noise)
    (folder / "empty.nec").touch()
    (folder / "run").mkdir()
    (folder / "run" / "results.csv").write_text("epoch,phase,frames\n")
    return folder


def refusal(arguments: Sequence[str], folder: Path, **environment: str | None) -> str:
    """What the program says on standard error, its one line checked."""
    variables = dict(os.environ)
    for name, value in environment.items():
        variables.pop(name, None)
        if value is not None:
            variables[name] = value
    ended = subprocess.run(
        [sys.executable, str(MAIN), *arguments],
        cwd=folder, env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return sentence(ended)


def sentence(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error that a command ended with."""
    assert ended.returncode == 2, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("error: ")
    assert lines[0].count("; ") >= 2, "what; why; what to do"
    assert ended.stdout == ""
    return lines[0]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        # the game
        ("--rom missing.bin", "missing.bin"),
        ("--rom folder.bin", "folder.bin"),
        ("--rom empty.bin", "empty.bin"),
        ("--rom noise.bin", "noise.bin"),
        ("--rom ./pong.bin", "pong.bin"),
        ("--rom huge.bin", "huge.bin"),
        ("train --rom ./pong.bin --frames 400", "pong.bin"),
        # the snapshot
        ("--snapshot missing.nec", "missing.nec"),
        ("--snapshot folder.bin", "folder.bin"),
        ("--snapshot empty.nec", "empty.nec"),
        ("--snapshot foreign.nec", "foreign.nec"),
        ("--snapshot huge.bin", "huge.bin"),
        ("--snapshot truncated.nec", "truncated.nec"),
        ("--snapshot flipped.nec", "flipped.nec"),
        ("--snapshot pong.nec --rom breakout", "breakout"),
        ("train --rom breakout --frames 400 --resume pong.nec", "breakout"),
        ("train --rom pong --frames 400 --resume flipped.nec", "flipped.nec"),
        ("test truncated.nec", "truncated.nec"),
        ("record flipped.nec --out v.mp4", "flipped.nec"),
        ("info foreign.nec --json", "foreign.nec"),
        # folders and files
        ("--rom pong --data empty.bin", "empty.bin"),
        ("train --rom pong --frames 400 --out empty.bin/run", "empty.bin"),
        ("train --rom pong --frames 400 --out run", "--resume"),
        ("record pong.nec --out empty.bin/v.mp4", "empty.bin"),
        ("plot results.csv", "results.csv"),
        # settings and numbers
        ("--rom pong --set stepz=3", "stepz"),
        ("--rom pong --set gamma=nan", "gamma"),
        ("--rom pong --config settings.toml", "gamma"),
        ("--rom pong --set capacity=5000000 key_size=4096", "capacity"),
        ("--rom pong --set game_mode=77", "game_mode"),
        (f"--snapshot {BRAIN} --set game_mode=77", "game_mode"),
        (f"--snapshot {BRAIN} --set capacity=5000000", "capacity"),
        ("--rom pong --speed 0", "--speed"),
        ("train --rom pong --frames -1", "--frames"),
        ("train --rom pong --frames 400 --index kd-tree", "kd-tree"),
        ("tarin", "tarin"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_2(
    files: Path, monkeypatch: pytest.MonkeyPatch, line: str, named: str
) -> None:
    monkeypatch.chdir(files)
    assert named in sentence(run_here(*line.split(), code=2))


@pytest.mark.parametrize("line", ["--rom ./pong.bin", "train --rom pong --frames 400 --out run"])
def test_so_it_is_for_whoever_reads_the_program_s_own_output(files: Path, line: str) -> None:
    refusal(line.split(), files)


def test_no_display_is_found_out_before_qt_aborts(files: Path) -> None:
    told = refusal(
        ["--rom", "pong"], files, DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None
    )
    assert "display" in told


def test_a_display_that_is_not_there_is_found_out_too(files: Path) -> None:
    told = refusal(
        ["--rom", "pong"], files, DISPLAY=":4711", WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None
    )
    assert "4711" in told


def test_a_missing_gpu_is_told_before_any_window(files: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert "cuda" in refusal(["--rom", "pong", "--device", "cuda"], files)


def test_a_reader_that_has_seen_enough_is_no_error(files: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-u", str(MAIN), "settings"],
        cwd=files, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.readline()
    program.stdout.close()
    told = program.stderr.read()
    program.stderr.close()
    assert program.wait(60) == 0
    assert told == ""
