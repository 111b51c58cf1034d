"""Whatever was done to the file: one sentence, and nothing of it is taken over."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from nec_engine.errors import SnapshotError
from nec_engine.storage import layout
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import read_header, read_snapshot, write_snapshot


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot with padding in its header and tensors of all widths."""
    path = tmp_path_factory.mktemp("whole") / "a.nec"
    tree = {
        "keys": np.arange(3, dtype=np.float32),
        "states": [b"ab", b"", b"c"],
        "flag": np.array([True]),
        "n": 1,
    }
    for name in ("x", "xx", "xxx", "xxxx"):
        write_snapshot(path, tree, header={"name": name})
        if b"} " in path.read_bytes():
            return path
    raise AssertionError("no header needed padding")


def refuse(path: Path) -> str:
    """The one sentence with which loading it ends."""
    with pytest.raises(SnapshotError) as caught:
        read_snapshot(path)
    sentence = str(caught.value)
    assert sentence.count("; ") == 2
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


def test_any_flipped_bit_is_found(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    path = tmp_path / "flipped.nec"
    fd = os.open(path, os.O_RDWR | os.O_CREAT)
    os.write(fd, content)
    for i, byte in enumerate(content):
        for bit in range(8):
            os.pwrite(fd, bytes([byte ^ (1 << bit)]), i)
            with pytest.raises(SnapshotError):
                read_snapshot(path)
        os.pwrite(fd, bytes([byte]), i)
    os.close(fd)
    read_snapshot(path)


def test_a_file_cut_at_any_length_is_refused(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    path = tmp_path / "cut.nec"
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(SnapshotError):
            read_snapshot(path)
    path.write_bytes(content[:-1])
    assert "cut short" in refuse(path)
    path.write_bytes(content[:50])
    assert "cut short" in refuse(path)


@given(data=st.data())
@settings(max_examples=100)
def test_any_bytes_changed_removed_or_added_are_found(whole: Path, data: st.DataObject) -> None:
    content = whole.read_bytes()
    at = data.draw(st.integers(0, len(content)))
    to = data.draw(st.integers(at, len(content)))
    changed = content[:at] + data.draw(st.binary(max_size=20)) + content[to:]
    if changed == content:
        return
    path = whole.with_name("changed.nec")
    path.write_bytes(changed)
    with pytest.raises(SnapshotError):
        read_snapshot(path)


def test_bytes_after_the_end_are_refused(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.nec"
    path.write_bytes(whole.read_bytes() + b"\0")
    assert "1 bytes too many" in refuse(path)


def test_damage_is_found_before_any_part_is_returned(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "end.nec"
    content = bytearray(whole.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert "checksum" in refuse(path)
    assert read_header(path)["name"]  # the head is whole, and says so cheaply
    with SnapshotReader(path) as reader, pytest.raises(SnapshotError, match="checksum"):
        reader.verify()


def test_foreign_files_are_told_apart(tmp_path: Path) -> None:
    picture = tmp_path / "picture.nec"
    picture.write_bytes(cv2.imencode(".png", np.zeros((84, 84), np.uint8))[1].tobytes())
    other = tmp_path / "other.nec"
    save_file({"weight": np.zeros(100)}, other, metadata={"format": "pt"})
    text = tmp_path / "text.nec"
    text.write_text("{}" * 100)
    for path in (picture, other, text):
        assert "not a snapshot of this program" in refuse(path)


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    empty = tmp_path / "empty.nec"
    empty.touch()
    assert "empty" in refuse(empty)
    assert "folder" in refuse(tmp_path)
    assert "no such file" in refuse(tmp_path / "missing.nec")
    assert "is a file, not a folder" in refuse(empty / "below.nec")
    pipe = tmp_path / "pipe.nec"
    os.mkfifo(pipe)
    assert "no ordinary file" in refuse(pipe)
    assert "no ordinary file" in refuse(Path("/dev/zero"))


@pytest.mark.parametrize("claimed", [0, 1, 40, 2**27, 2**40, 2**63, 2**64 - 1])
def test_a_false_header_length_allocates_nothing(whole: Path, tmp_path: Path, claimed: int) -> None:
    path = tmp_path / "claim.nec"
    path.write_bytes(struct.pack("<Q", claimed) + whole.read_bytes()[8:])
    os.truncate(path, 2**28)  # sparse: the claim is not refuted by the size alone
    tracemalloc.start()
    refuse(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**22


def test_a_later_format_is_named(
    tmp_path: Path, tree: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "later.nec"
    with monkeypatch.context() as later:
        later.setattr(layout, "FORMAT_VERSION", 2)
        write_snapshot(path, tree, header={})
    assert "format 2, this one reads up to 1" in refuse(path)


def forge(content: bytes, old: bytes, new: bytes) -> bytes:
    """``content`` with ``old`` replaced and the checksum of the head made right again."""
    assert len(old) == len(new)
    length = 8 + struct.unpack("<Q", content[:8])[0]
    head, rest = bytearray(content[:length].replace(old, new, 1)), content[length:]
    assert head != content[:length]
    at = head.index(b'crc32":"') + 8
    head[at : at + 8] = b"00000000"
    head[at : at + 8] = b"%08x" % zlib.crc32(head)
    return bytes(head) + rest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"shape":[3]', b'"shape":[9]'),
        (b'"shape":[3]', b'"shape":9  '),
        (b'"shape":[3]', b'"shape":{} '),
        (b'"dtype":"F32"', b'"dtype":"Q99"'),
        (b'"data_offsets":[0,', b'"data_offsets":[8,'),
        (b'"flag":{', b'"flog":{'),
        (b'"states":{"dtype', b'"stapes":{"dtype'),
        (b'"states#offsets":', b'"states+offsets":'),
        (b'"nec_format":"1"', b'"nec_format":"x"'),
        (b'"nec_tree"', b'"nec_twig"'),
        (b'"nec_crc32":"', b'"nec_crc32":-'),
    ],
)
def test_a_forged_head_with_a_right_checksum_is_refused(
    whole: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    path = tmp_path / "forged.nec"
    path.write_bytes(forge(whole.read_bytes(), old, new))
    refuse(path)
