"""What is read whole has an end, and is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import main
from nec_engine.named_files import open_to_read


def test_files_and_the_pipes_of_a_shell_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    reading, writing = os.pipe()
    os.write(writing, b"a pipe")
    os.close(writing)
    for path, content in (
        (tmp_path / "link", b"a file"),
        (Path(f"/dev/fd/{reading}"), b"a pipe"),
        (Path(os.devnull), b""),
    ):
        with open_to_read(path) as file:
            assert file.read() == content
    os.close(reading)


def test_a_pipe_with_a_name_and_a_device_are_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        for words in (
            ["plot", str(path), "--out", str(tmp_path / "p.png")],
            ["train", "--rom", "pong", "--frames", "4", "--config", str(path)],
        ):
            assert main.main(words) == 2
            told = capsys.readouterr().err
            assert told.count("\n") == 1
            assert f"{path}; it is a device or a pipe" in told


def test_what_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_to_read(tmp_path / "nothing")
    with pytest.raises(IsADirectoryError):
        open_to_read(tmp_path)
