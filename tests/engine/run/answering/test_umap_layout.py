"""The memory laid out by UMAP, in a child process; what is said where it is not installed."""

import importlib.util
import tempfile
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import AskMap, AskPlaces, AskUmap, Landmarks, MapAnswer, UmapEnded
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.map import memory_map
from nec_engine.run.answering.places import places
from nec_engine.run.answering.umap_layout import NOT_INSTALLED, umap_layout
from nec_engine.scratch import PREFIX, remove_abandoned

has_umap = importlib.util.find_spec("umap") is not None


@pytest.fixture
def desk() -> Desk:
    """With a memory of two far groups of states."""
    memory = EpisodicMemory(2, 500, Settings(key_size=8, index="exact"), "cpu")
    rng = np.random.default_rng(0)
    for action in range(2):
        keys = rng.normal(size=(80, 8)) + 30 * (np.arange(80) % 2)[:, None]
        memory.write_batch(
            np.full(80, action), torch.from_numpy(keys.astype(np.float32)), rng.normal(size=80),
            np.arange(80).astype(np.uint64), 0, np.arange(80),
        )  # fmt: skip
    nothing = cast(Any, None)  # neither emulator nor journal is needed
    return Desk(nothing, nothing, nothing, memory, lambda: None)


def map_of(desk: Desk) -> MapAnswer:
    *_, answer = memory_map(AskMap("map"), desk)
    assert answer is not None
    return answer


@pytest.mark.skipif(has_umap, reason="umap-learn is installed")
def test_where_umap_is_missing_a_sentence_says_what_to_install(desk: Desk) -> None:
    (ended,) = umap_layout(AskUmap("map", map_of(desk)), desk)
    assert ended == UmapEnded("map", None, NOT_INSTALLED)


def test_its_folder_is_one_that_is_cleared_away_after_a_kill(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())  # the child may fail
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    turns = umap_layout(AskUmap("map", map_of(desk)), desk)
    while not list(tmp_path.iterdir()):
        assert next(turns) is None
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith(PREFIX)
    assert remove_abandoned(tmp_path) == 0  # its process lives
    turns.close()  # type: ignore[attr-defined]  # a generator
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not has_umap, reason="umap-learn is not installed")
def test_umap_keeps_groups_apart_and_knows_where_new_entries_belong(desk: Desk) -> None:
    shown = map_of(desk)
    *waiting, ended = umap_layout(AskUmap("map", shown, most_points=100), desk)
    assert not any(waiting)
    assert ended is not None
    assert ended.problem == ""
    answer = ended.map
    assert answer is not None
    assert isinstance(answer.projection, Landmarks)
    assert len(answer.xy) == len(answer.values) == 100
    group = answer.slots % 2
    middles = [answer.xy[group == g].mean(0) for g in (0, 1)]
    spread = max(answer.xy[group == g].std() for g in (0, 1))
    assert np.linalg.norm(middles[0] - middles[1]) > 2 * spread
    left_out = next(i for i in range(100, 160))
    question = AskPlaces(
        "map", answer.projection, 1, int(shown.actions[left_out]), shown.slots[[left_out]],
        shown.state_hashes[[left_out]], np.ones(1, np.float32),
    )  # fmt: skip
    (found,) = places(question, desk)
    at = [np.linalg.norm(found.xy[0] - middle) for middle in middles]
    assert np.argmin(at) == shown.slots[left_out] % 2


@pytest.mark.skipif(not has_umap, reason="umap-learn is not installed")
def test_a_layout_that_nobody_waits_for_ends_its_process(desk: Desk) -> None:
    layout = umap_layout(AskUmap("map", map_of(desk)), desk)
    for _ in range(4):
        assert next(layout) is None
    layout.close()  # type: ignore[attr-defined]  # it is a generator; tests/conftest.py looks


def test_a_temporary_folder_that_takes_nothing_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is not there"))
    *_, ended = umap_layout(AskUmap("map", map_of(desk)), desk)
    assert ended is not None
    assert ended.map is None
    assert ended.problem.startswith("UMAP failed, the map stays as it is: No such file")
