"""Going back to a point of a game, in the same and in another emulator."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game import state as state_module
from nec_engine.game.emulator import Emulator, EmulatorState, StartPoint
from nec_engine.game.roms import find_rom

# Games whose flags outside the state once broke a restore, games with paddles, and others.
GAMES = ("pong", "breakout", "ms_pacman", "qbert", "tetris")


def make(game: str, *, seed: int = 1, **changes: Any) -> Emulator:
    return Emulator(find_rom(game), Settings(**changes), seed=seed)


def seen(emulator: Emulator) -> tuple[Any, ...]:
    return (
        emulator.screen().tobytes(),
        emulator.step_rgb().tobytes(),
        emulator.rgb().tobytes(),
        (emulator.score, emulator.lives, emulator.num_frames, emulator.num_steps),
    )


@pytest.mark.parametrize("sticky", [0.0, 0.25])
@pytest.mark.parametrize("game", GAMES)
def test_play_goes_on_from_any_point_as_it_went_on_without_a_restore(
    game: str, sticky: float
) -> None:
    played = make(game, sticky_actions=sticky)
    rng = np.random.default_rng(1)
    points, actions, results = [], [], []
    played.reset(9)
    for action in rng.integers(played.num_actions, size=240).tolist():
        points.append(played.clone())
        result = played.step(action)
        actions.append(action)
        results.append((result, played.observation().tobytes(), *seen(played)))
        if result.is_game_over:
            break
    other_place = make(game, seed=2, sticky_actions=sticky)
    for _ in range(5):
        other_place.step(1)
    for emulator in (played, other_place):
        for first in rng.integers(len(actions), size=6).tolist():
            emulator.restore(points[first])
            for step in range(first, min(first + 12, len(actions))):
                result = emulator.step(actions[step])
                again = (result, emulator.observation().tobytes(), *seen(emulator))
                assert again == results[step], (first, step)


def test_after_a_restore_everything_shown_is_that_of_the_point() -> None:
    emulator = make("ms_pacman")
    for _ in range(70):
        emulator.step(1)
    point = emulator.clone()
    for _ in range(30):
        emulator.step(2)
    emulator.restore(point)
    np.testing.assert_array_equal(emulator.observation(), point.stack)
    np.testing.assert_array_equal(emulator.rgb(), point.rgb)
    np.testing.assert_array_equal(emulator.step_rgb(), point.rgb)
    assert (emulator.score, emulator.num_frames) == (point.score, point.frame) == (point.score, 280)
    assert emulator.lives == point.lives == 3
    assert point.rgb.any()


def test_a_point_does_not_change_when_play_goes_on() -> None:
    emulator = make("pong")
    emulator.step(2)
    point = emulator.clone()
    kept = pickle.dumps(point)
    for _ in range(10):
        emulator.step(2)
    assert pickle.dumps(point) == kept
    with pytest.raises(ValueError, match="read-only"):
        point.stack[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        point.rgb[0] = 0


def test_a_new_game_after_a_restore_is_that_of_the_restored_one() -> None:
    first, second = (make("breakout", seed=s, sticky_actions=0.25) for s in (1, 2))
    for _ in range(20):
        first.step(1)
    second.restore(first.clone())
    for emulator in (first, second):
        emulator.reset(5)
        for action in [1, 1, 2, 2, 3, 3, 0] * 3:
            emulator.step(action)
    assert seen(first) == seen(second)


def test_a_game_that_is_over_is_over_after_a_restore_too() -> None:
    emulator = make("breakout")
    start = emulator.clone()
    while not emulator.step(1).is_game_over:
        pass
    end = emulator.clone()
    emulator.restore(start)
    emulator.step(1)
    emulator.restore(end)
    with pytest.raises(ValueError, match="over"):
        emulator.step(1)


def test_a_state_is_small_and_takes_well_under_a_millisecond_to_make() -> None:
    assert len(make("pong").state().data) < 16_384


def _cut(data: bytes) -> bytes:
    return data[:-1]


def _shorten(data: bytes) -> bytes:
    return data[:100]


def _flip(data: bytes) -> bytes:
    return data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]


def _blank(data: bytes) -> bytes:
    return bytes(len(data))


def _empty(_data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_cut, _shorten, _flip, _blank, _empty])
def test_a_damaged_state_is_refused_and_the_game_goes_on(
    damage: Callable[[bytes], bytes],
) -> None:
    emulator = make("pong")
    emulator.step(2)
    before = seen(emulator)
    state = emulator.state()
    with pytest.raises(DataError, match="damaged"):
        emulator.restore_state(EmulatorState(damage(state.data), state.checksum))
    assert seen(emulator) == before
    emulator.step(2)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("damage", [_shorten, _blank])
def test_nonsense_with_a_right_checksum_never_reaches_the_emulator(
    damage: Callable[[bytes], bytes],
) -> None:
    emulator = make("pong")
    before = seen(emulator)
    with pytest.raises(DataError, match="cannot be restored"):
        emulator.restore_state(EmulatorState.from_data(damage(emulator.state().data)))
    assert seen(emulator) == before


def test_after_a_state_that_only_the_emulator_itself_refuses_a_new_game_begins() -> None:
    emulator = make("pong")
    for _ in range(30):
        emulator.step(2)
    data = emulator.state().data
    nameless = data.replace(b"M6502Low", b"M6502xxx")
    assert nameless != data
    with pytest.raises(DataError, match="does not understand"):
        emulator.restore_state(EmulatorState.from_data(nameless))
    assert seen(emulator) == seen(make("pong"))
    assert emulator.step(2).num_frames == 4


def test_a_state_of_another_game_is_refused() -> None:
    pong, breakout = make("pong"), make("breakout")
    with pytest.raises(DataError, match="belong to the game"):
        pong.load_state_dict(breakout.state_dict())
    with pytest.raises(DataError, match="none of Pong"):
        pong.restore(breakout.clone())


def test_an_emulator_goes_on_from_its_saved_state_in_another_one() -> None:
    first = make("ms_pacman", sticky_actions=0.25)
    for _ in range(80):
        first.step(1)
    saved = first.state_dict()
    assert isinstance(saved["point"]["state"], bytes)
    second = make("ms_pacman", seed=9, sticky_actions=0.25)
    second.load_state_dict(saved)
    for action in [1, 2, 3, 4] * 5:
        assert first.step(action) == second.step(action)
        assert seen(first) == seen(second)


def test_a_state_of_another_version_is_refused_with_both_versions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved = make("pong").state_dict()
    monkeypatch.setattr(state_module, "ALE_VERSION", "0.13.7")
    with pytest.raises(DataError, match=r"0\.12\.\d+.*0\.13\.7"):
        make("pong").load_state_dict(saved)


def test_a_start_point_survives_being_saved() -> None:
    emulator = make("breakout")
    for action in [1, 1, 2, 3] * 9:
        emulator.step(action)
    point = emulator.clone()
    loaded = StartPoint.from_state_dict(point.state_dict())
    for field in dataclasses.fields(StartPoint):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(point, field.name))
    damaged = {**point.state_dict(), "checksum": point.state.checksum ^ 1}
    with pytest.raises(DataError, match="damaged"):
        StartPoint.from_state_dict(damaged)
