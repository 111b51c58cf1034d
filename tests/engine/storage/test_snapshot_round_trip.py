"""What is written is what is read, and nothing that cannot be is written."""

from __future__ import annotations

import json
import math
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from safetensors import safe_open
from safetensors.numpy import load_file

from nec_engine.seeding import Generators
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import read_header, read_snapshot, write_snapshot
from nec_engine.storage.tree import CHUNK_BYTES, DTYPES, flatten

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8)
)
JSON = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3)
    ),
    max_leaves=6,
)
ARRAYS = st_np.arrays(
    st.sampled_from(list(DTYPES.values())), st_np.array_shapes(min_dims=0, min_side=0, max_side=4)
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/#"), min_size=1, max_size=6)
LEAVES = ARRAYS | st.binary(max_size=9) | st.lists(st.binary(max_size=5), max_size=4) | JSON
TREES = st.dictionaries(
    NAMES.filter(lambda name: name != "__metadata__"),
    st.recursive(LEAVES, lambda below: st.dictionaries(NAMES, below, max_size=3), max_leaves=8),
    max_size=4,
)


def is_same(left: Any, right: Any) -> bool:
    """Equal in type, order and every bit; NaN is NaN."""
    if isinstance(left, np.ndarray):
        return (
            isinstance(right, np.ndarray)
            and (left.dtype, left.shape) == (right.dtype, right.shape)
            and left.tobytes() == right.tobytes()
        )
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(is_same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return bool(left == right)


@given(tree=TREES, header=st.dictionaries(st.text(min_size=1, max_size=3), JSON, max_size=3))
@settings(max_examples=150)
def test_any_tree_comes_back_as_it_was(tree: dict[str, Any], header: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.nec"
        num_bytes = write_snapshot(path, tree, header=header)
        read, read_tree = read_snapshot(path)
        assert is_same(tree, read_tree)
        added = {"format": 1, "parts": list(tree), "bytes": num_bytes}
        assert is_same(header | added, read)
        assert path.stat().st_size == num_bytes
        assert read_header(path).keys() == read.keys()
        with SnapshotReader(path) as reader:
            reader.verify()


def test_the_safetensors_library_opens_it(
    tmp_path: Path, tree: dict[str, Any], header: dict[str, Any]
) -> None:
    path = tmp_path / "a.nec"
    write_snapshot(path, tree, header=header)
    tensors = load_file(path)
    assert is_same(tensors["memory/keys/0"], tree["memory"]["keys"]["0"])
    assert tensors["journal/states"].tobytes() == b"abcde"
    with safe_open(path, "numpy") as file:
        assert json.loads(file.metadata()["nec_header"]) == header


def test_every_tensor_is_aligned_to_its_elements(
    tmp_path: Path, tree: dict[str, Any], header: dict[str, Any]
) -> None:
    path = tmp_path / "a.nec"
    write_snapshot(path, tree, header=header)
    with SnapshotReader(path) as reader:
        for extent in reader._layout.extents.values():
            assert extent.start % DTYPES[extent.dtype].itemsize == 0


def test_generator_states_come_back_and_draw_the_same(tmp_path: Path) -> None:
    rngs = Generators(7)
    rngs["exploration"].random(5)
    write_snapshot(tmp_path / "a.nec", {"rngs": rngs.state_dict()}, header={})
    again = Generators(0)
    again.load_state_dict(read_snapshot(tmp_path / "a.nec")[1]["rngs"])
    assert again["exploration"].random() == rngs["exploration"].random()


@pytest.mark.parametrize("order", ["rows strided", "columns first", "reversed", "broadcast"])
def test_arrays_in_any_order_of_memory_are_written_right(tmp_path: Path, order: str) -> None:
    whole = np.random.default_rng(1).random((1200, 300))
    array = {
        "rows strided": whole[::2],
        "columns first": np.asfortranarray(whole),
        "reversed": whole[::-1, ::-1],
        "broadcast": np.broadcast_to(whole[0], (700, 300)),
    }[order]
    write_snapshot(tmp_path / "a.nec", {"x": array}, header={})
    assert np.array_equal(read_snapshot(tmp_path / "a.nec")[1]["x"], array)


def test_long_lists_of_bytes_cross_the_chunks(tmp_path: Path) -> None:
    rng = random.Random(1)
    sizes = [
        0,
        1,
        CHUNK_BYTES - 1,
        1,
        0,
        3 * CHUNK_BYTES,
        *(rng.randrange(300) for _ in range(9000)),
    ]
    items = [rng.randbytes(size) for size in sizes]
    write_snapshot(tmp_path / "a.nec", {"states": items, "one": items[5]}, header={})
    tree = read_snapshot(tmp_path / "a.nec")[1]
    assert tree["states"] == items
    assert tree["one"] == items[5]


def test_single_numbers_of_numpy_become_numbers(tmp_path: Path) -> None:
    values = {"i": np.int64(3), "f": np.float32(0.5), "b": np.bool_(True), "t": (1, 2)}
    write_snapshot(tmp_path / "a.nec", values, header={"frames": np.int64(4)})
    header, tree = read_snapshot(tmp_path / "a.nec")
    assert tree == {"i": 3, "f": 0.5, "b": True, "t": [1, 2]}
    assert header["frames"] == 4


def test_parts_are_read_alone_and_arrays_are_fresh_and_writable(
    tmp_path: Path, tree: dict[str, Any], header: dict[str, Any]
) -> None:
    path = tmp_path / "a.nec"
    write_snapshot(path, tree, header=header)
    part = read_snapshot(path, parts=["memory"])[1]
    assert is_same(part, {"memory": tree["memory"]})
    part["memory"]["keys"]["0"][:] = 0
    with SnapshotReader(path) as reader:
        first = reader.read(["memory"])
        first["memory"]["actions"].append("spoiled")
        assert is_same(reader.read(), tree)
        with pytest.raises(KeyError):
            reader.read(["replay"])


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"a": {"b": object()}}, "a/b"),
        ({"a": {3: 1}}, "a"),
        ({"a": [{4: 1}]}, "a/0"),
        ({"a": [np.zeros(2)]}, "a/0"),
        ({"a": [b"x", "y"]}, "a/0"),
        ({"a": np.array([object()])}, "a"),
        ({"a": np.zeros(2, ">f4")}, "a"),
        ({"a": np.zeros(2, np.complex64)}, "a"),
        ({"a/b": np.zeros(2)}, "a/b"),
        ({"a#b": b""}, "a#b"),
        ({"": np.zeros(2)}, "''"),
        ({"__metadata__": np.zeros(2)}, "__metadata__"),
        ({"\ud800": np.zeros(2)}, "surrogate"),
    ],
)
def test_what_cannot_be_stored_is_named(tree: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=place.replace("'", ".")):
        flatten(tree)


def test_a_callers_mistake_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="reserved"):
        write_snapshot(tmp_path / "a.nec", {}, header={"bytes": 1})
    with pytest.raises(ValueError, match="cannot be stored"):
        write_snapshot(tmp_path / "a.nec", {"x": {1, 2}}, header={})
    assert list(tmp_path.iterdir()) == []
