"""The stick: every key that is listed for a game does something in it."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from ale_py import ALEInterface, LoggerMode
from held_sticks import STICK_WORDS, stick_for

from nec_engine.config import Settings
from nec_engine.game.actions import (
    stick_to_action,
)
from nec_engine.game.emulator import Emulator, StartPoint
from nec_engine.game.loading import action_set
from nec_engine.game.roms import bundled_games, find_rom
from nec_engine.messages import HoldStick

ALL_STICKS = [
    HoldStick(**dict(zip(STICK_WORDS, held, strict=True)))
    for held in itertools.product((False, True), repeat=5)
]


@functools.cache
def names_of(game: str, *, full_action_set: bool = False) -> tuple[str, ...]:
    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.loadROM(find_rom(game).load_path)
    return action_set(ale, full_action_set=full_action_set)[0]


def name_for(stick: HoldStick, game: str) -> str:
    return names_of(game)[stick_to_action(stick, names_of(game), game)]


def test_in_every_bundled_game_each_key_acts_where_an_action_has_its_word() -> None:
    for game in (bundled.name for bundled in bundled_games()):
        names = names_of(game)
        assert name_for(HoldStick(), game) == "noop", game
        offered = {word for name in names for word in name.split()} & set(STICK_WORDS)
        for word in offered:
            name = name_for(HoldStick(**{word: True}), game)
            assert name != "noop", (game, word)
        assert len(offered) >= 2, game
        for stick in ALL_STICKS:
            assert 0 <= stick_to_action(stick, names, game) < len(names)


def test_in_every_bundled_game_each_action_is_reached_by_the_stick_that_stands_for_it() -> None:
    aliased = {("tetris", "up"), ("enduro", "up")}
    for game in (bundled.name for bundled in bundled_games()):
        for name in names_of(game):
            reached = name_for(stick_for(name), game)
            assert reached == name or (game, name) in aliased | {("assault", "fire")}


@pytest.mark.parametrize("full_action_set", [False, True])
def test_in_pong_up_is_right_and_down_is_left(full_action_set: bool) -> None:
    names = names_of("pong", full_action_set=full_action_set)

    def name(**held: bool) -> str:
        return names[stick_to_action(HoldStick(**held), names, "pong")]

    assert name(up=True) == name(right=True) == "right"
    assert name(down=True) == name(left=True) == "left"
    assert name(up=True, fire=True) == "right fire"


@pytest.mark.parametrize(
    ("game", "held", "wanted"),
    [
        ("breakout", "left fire", "left"),
        ("breakout", "fire", "fire"),
        ("breakout", "up left", "left"),
        ("breakout", "up", "noop"),
        ("breakout", "up fire", "fire"),
        ("atlantis", "left", "left fire"),
        ("tutankham", "fire", "up fire"),
        ("ms_pacman", "up right", "up right"),
        ("qbert", "up right", "up"),
        ("assault", "fire", "up"),
        ("assault", "left fire", "left fire"),
        ("enduro", "up", "fire"),
        ("enduro", "up left", "left fire"),
        ("tetris", "up", "fire"),
        ("video_checkers", "up", "up right"),
        ("video_checkers", "up left", "up left"),
        ("hero", "up down left right", "noop"),
        ("hero", "up down left fire", "left fire"),
    ],
)
def test_a_stick_gives_the_nearest_action(game: str, held: str, wanted: str) -> None:
    assert name_for(stick_for(held), game) == wanted


@pytest.mark.parametrize(
    ("game", "keys"),
    [
        ("pong", "up down left right"),
        ("ms_pacman", "up down left right"),
        ("breakout", "left right fire"),
        ("assault", "up left right fire"),
        ("seaquest", "up down left right fire"),
    ],
)
def test_every_key_changes_what_happens_in_the_real_game(game: str, keys: str) -> None:
    emulator = Emulator(find_rom(game), Settings(), seed=1, colour=False)
    names, rng = emulator.action_names, np.random.default_rng(1)
    silent = set(keys.split())
    while silent:
        for action in rng.integers(len(names), size=15).tolist():
            if emulator.step(action).is_game_over:
                emulator.reset(5)
        point = emulator.clone()

        idle = _screens(emulator, point, "noop", game)
        silent -= {word for word in silent if _screens(emulator, point, word, game) != idle}
        emulator.restore(point)


def _screens(emulator: Emulator, point: StartPoint, word: str, game: str) -> list[bytes]:
    """What is seen from ``point`` on while a key is held."""
    emulator.restore(point)
    action = stick_to_action(stick_for(word), emulator.action_names, game)
    screens: list[bytes] = []
    while len(screens) < 12 and not emulator.step(action).is_game_over:
        screens.append(emulator.screen().tobytes())
    return screens


def test_in_pong_the_paddle_goes_where_the_stick_points() -> None:
    emulator = Emulator(find_rom("pong"), Settings(), seed=1)
    for _ in range(20):
        emulator.step(0)

    def paddle_row() -> float:
        green = emulator.rgb()[34:194, 140:144] == (92, 186, 92)
        return float(np.flatnonzero(green.all(axis=(1, 2))).mean())

    middle = paddle_row()
    up = stick_to_action(HoldStick(up=True), emulator.action_names, "pong")
    down = stick_to_action(HoldStick(down=True), emulator.action_names, "pong")
    for _ in range(8):
        emulator.step(up)
    high = paddle_row()
    for _ in range(16):
        emulator.step(down)
    assert high < middle < paddle_row()
