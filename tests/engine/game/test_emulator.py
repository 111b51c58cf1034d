"""Steps, screens, scores and ends of a game."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from ale_py import ALEInterface

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom


def make(game: str, *, seed: int = 1, sound: bool = False, **changes: Any) -> Emulator:
    return Emulator(find_rom(game), Settings(**changes), seed=seed, sound=sound)


def plain_ale(game: str) -> ALEInterface:
    """ale-py itself, without stickiness, just reset."""
    ale = ALEInterface()
    ale.setFloat("repeat_action_probability", 0.0)
    ale.loadROM(find_rom(game).load_path)
    ale.reset_game()
    return ale


def everything(emulator: Emulator) -> tuple[Any, ...]:
    """All that can be seen of a game between two steps."""
    return (
        emulator.observation().tobytes(),
        emulator.rgb().tobytes(),
        emulator.step_rgb().tobytes(),
        emulator.audio().tobytes(),
        (emulator.score, emulator.lives, emulator.num_frames, emulator.num_steps),
    )


def play(emulator: Emulator, num_steps: int, seed: int = 0) -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(seed)
    seen = []
    for action in rng.integers(emulator.num_actions, size=num_steps):
        result = emulator.step(int(action))
        seen.append((result, *everything(emulator)))
        if result.is_game_over:
            emulator.reset(int(rng.integers(1, 31)))
    return seen


@pytest.mark.parametrize(("game", "frame_skip"), [("pong", 4), ("breakout", 4), ("pong", 3)])
def test_screens_are_the_last_two_frames_of_each_step_as_the_emulator_itself_shows_them(
    game: str, frame_skip: int
) -> None:
    emulator, ale = make(game, frame_skip=frame_skip), plain_ale(game)
    codes = [int(action.value) for action in ale.getMinimalActionSet()]
    for action in np.random.default_rng(1).integers(len(codes), size=60):
        result = emulator.step(int(action))
        reward, greys, colours = 0.0, [], []
        for _ in range(frame_skip):
            reward += ale.act(codes[action])
            greys.append(ale.getScreenGrayscale())
            colours.append(ale.getScreenRGB())
        screen = cv2.resize(np.maximum(*greys[-2:]), (84, 84), interpolation=cv2.INTER_AREA)
        assert result.reward == reward
        np.testing.assert_array_equal(emulator.screen(), screen)
        np.testing.assert_array_equal(emulator.rgb(), colours[-1])
        np.testing.assert_array_equal(emulator.step_rgb(), np.maximum(*colours[-2:]))


def test_the_observation_holds_the_newest_four_screens_oldest_first() -> None:
    emulator = make("pong")
    screens = [emulator.screen()] * 4
    for action in [2, 3, 2, 2, 0, 3]:
        emulator.step(action)
        screens = [*screens[1:], emulator.screen()]
        np.testing.assert_array_equal(emulator.observation(), screens)


def test_no_ops_are_single_frames_and_the_stack_starts_full_of_the_first_screen() -> None:
    emulator, ale = make("ms_pacman"), plain_ale("ms_pacman")
    emulator.step(1)
    ale.reset_game()
    emulator.reset(7)
    for _ in range(7):
        ale.act(0)
    np.testing.assert_array_equal(emulator.rgb(), ale.getScreenRGB())
    assert (emulator.num_frames, emulator.num_steps, emulator.score) == (7, 0, 0.0)
    assert len({screen.tobytes() for screen in emulator.observation()}) == 1


@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_a_step_is_its_frames_played_one_by_one(sticky: float) -> None:
    by_steps = make("breakout", sticky_actions=sticky, sound=True)
    by_frames = make("breakout", sticky_actions=sticky, sound=True)
    for action in np.random.default_rng(2).integers(by_steps.num_actions, size=300):
        step = by_steps.step(int(action))
        frames = [by_frames.act_frame(int(action))]
        while not frames[-1].completed_step:
            frames.append(by_frames.act_frame(int(action)))
        assert step.num_frames == len(frames)
        assert step.reward == sum(frame.reward for frame in frames)
        assert step.is_life_lost == any(frame.is_life_lost for frame in frames)
        assert step.is_game_over == frames[-1].is_game_over
        assert [frame.frame_in_step for frame in frames] == list(range(len(frames)))
        assert everything(by_steps) == everything(by_frames)
        if step.is_game_over:
            by_steps.reset(3)
            by_frames.reset(3)


@pytest.mark.parametrize("game", ["breakout", "ms_pacman"])
def test_steps_that_are_not_seen_lead_to_the_same_game(game: str) -> None:
    seen, unseen = (make(game, sticky_actions=0.25, sound=True) for _ in range(2))
    for action in np.random.default_rng(4).integers(seen.num_actions, size=100):
        assert unseen.step(int(action), is_seen=False) == seen.step(int(action))
        assert unseen.state() == seen.state()
    assert unseen.observation().tobytes() != seen.observation().tobytes()
    for action in [2, 1, 2, 0]:
        assert unseen.step(action) == seen.step(action)
    assert everything(unseen) == everything(seen)


@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_the_same_seed_and_actions_give_the_same_game(sticky: float) -> None:
    first, second = (make("breakout", sticky_actions=sticky, sound=True) for _ in range(2))
    assert play(first, 250) == play(second, 250)


def test_luck_comes_from_the_seed_alone_and_only_with_sticky_actions() -> None:
    sticky = [play(make("pong", seed=seed, sticky_actions=0.25), 40) for seed in (1, 2)]
    assert sticky[0] != sticky[1]
    plain = [play(make("pong", seed=seed), 40) for seed in (1, 2)]
    assert plain[0] == plain[1]
    reseeded = make("pong", seed=2, sticky_actions=0.25)
    reseeded.reseed(1)
    assert play(reseeded, 40) == sticky[0]


def test_score_lives_and_ends_are_counted() -> None:
    emulator = make("breakout")
    rng = np.random.default_rng(5)
    rewards, num_frames, lives_lost = 0.0, 0, 0
    while True:
        result = emulator.step(int(rng.integers(emulator.num_actions)))
        rewards += result.reward
        num_frames += result.num_frames
        lives_lost += result.is_life_lost
        if result.is_game_over:
            break
    assert rewards == emulator.score > 0
    assert num_frames == emulator.num_frames
    assert (emulator.lives, lives_lost) == (0, 5)
    with pytest.raises(ValueError, match="over"):
        emulator.step(0)
    emulator.reset(0)
    assert (emulator.score, emulator.num_frames, emulator.lives) == (0.0, 0, 5)


def test_an_episode_is_truncated_at_the_end_of_the_step_that_reaches_its_cap() -> None:
    for emulator in (
        make("pong", episode_cap_frames=100),
        Emulator(find_rom("pong"), Settings(), seed=1, cap_frames=100),
    ):
        emulator.reset(2)
        flags = [emulator.step(0).is_truncated for _ in range(25)]
        assert flags == [False] * 24 + [True]
        assert emulator.num_frames == 102


def test_arrays_are_fresh() -> None:
    emulator = make("pong", sound=True)
    emulator.step(1)
    for read in (
        emulator.observation,
        emulator.screen,
        emulator.rgb,
        emulator.step_rgb,
        emulator.audio,
    ):
        kept = read().copy()
        read()[:] = 77
        np.testing.assert_array_equal(read(), kept)


def test_the_action_cannot_change_within_a_step_and_nothing_is_cloned_there() -> None:
    emulator = make("pong")
    emulator.act_frame(2)
    with pytest.raises(ValueError, match="within a step"):
        emulator.act_frame(3)
    for refused in (emulator.clone, emulator.state, emulator.step_rgb):
        with pytest.raises(ValueError, match="step"):
            refused()


def test_a_step_finishes_what_single_frames_began() -> None:
    emulator = make("pong")
    emulator.act_frame(2)
    assert emulator.step(2).num_frames == 3


def test_sound_is_heard_only_when_it_is_wanted() -> None:
    emulator = make("breakout", sound=True)
    heard = []
    for action in [1, 1] + [0] * 60:
        emulator.step(action)
        heard.append(emulator.audio())
    assert all(audio.shape == (512,) and audio.dtype == np.uint8 for audio in heard)
    assert any((audio != 128).any() for audio in heard)
    assert (make("breakout").audio() == 128).all()


def test_colours_of_a_step_are_refused_where_they_were_not_wanted() -> None:
    emulator = Emulator(find_rom("pong"), Settings(), seed=1, colour=False)
    with pytest.raises(ValueError, match="colours"):
        emulator.step_rgb()
    assert emulator.rgb().shape == (210, 160, 3)


def test_high_screens_keep_their_height() -> None:
    emulator = make("air_raid")
    emulator.step(0)
    assert emulator.screen_height == 250
    assert emulator.rgb().shape == emulator.step_rgb().shape == (250, 160, 3)
    assert emulator.screen().shape == (84, 84)


@pytest.mark.parametrize(
    ("game", "num_actions"), [("pong", 6), ("ms_pacman", 9), ("breakout", 4), ("hero", 18)]
)
def test_actions_are_the_minimal_set_in_words_or_all_eighteen(game: str, num_actions: int) -> None:
    names = make(game).action_names
    assert len(names) == num_actions
    assert names[0] == "noop"
    assert {word for name in names for word in name.split()} <= {
        "noop", "up", "down", "left", "right", "fire",
    }  # fmt: skip
    all_names = make(game, full_action_set=True).action_names
    assert len(all_names) == 18
    assert "down left fire" in all_names


@pytest.mark.parametrize("name", ["game_mode", "game_difficulty"])
def test_a_mode_or_difficulty_the_game_does_not_have_is_refused_with_those_it_has(
    name: str,
) -> None:
    with pytest.raises(SettingError, match=f"{name}=77; Pong does not have it; choose one of 0, 1"):
        make("pong", **dict[str, Any]({name: 77}))


def test_modes_and_difficulties_change_the_game() -> None:
    plain, other = make("breakout"), make("breakout", game_mode=12)
    difficult = make("breakout", game_difficulty=1)
    seen = [play(emulator, 80) for emulator in (plain, other, difficult)]
    assert seen[0] != seen[1]
    assert seen[0] != seen[2]


def test_a_game_that_counts_its_modes_from_elsewhere_starts_in_its_own() -> None:
    assert make("air_raid", game_mode=0).step(0).num_frames == 4
