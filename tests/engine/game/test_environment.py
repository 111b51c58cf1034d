"""The Gymnasium environment."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import nec_engine.game  # registers the environment
from nec_engine.config import Settings
from nec_engine.errors import RomError
from nec_engine.game.roms import find_rom

assert nec_engine.game
ENVIRONMENT = "nec_engine/Atari-v0"


@pytest.mark.parametrize("render_mode", [None, "rgb_array"])
def test_it_passes_the_checker_of_gymnasium_without_a_warning(render_mode: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        environment = gymnasium.make(ENVIRONMENT, rom="breakout", render_mode=render_mode)
        check_env(environment)
        check_env(environment.unwrapped)
        environment.close()


@pytest.mark.parametrize("order", ["nec_engine.game, gymnasium", "gymnasium, nec_engine.game"])
def test_importing_the_games_registers_it_in_either_order_and_imports_no_gymnasium(
    order: str,
) -> None:
    code = (
        "import sys, nec_engine.game as first; " if order.startswith("nec") else "import sys; "
    ) + (
        f"assert {order.startswith('gym')} or 'gymnasium' not in sys.modules; import {order}; "
        "gymnasium.make('nec_engine/Atari-v0', rom='pong').reset(seed=1); print('made')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("made\n", "")


def test_who_asks_whether_gymnasium_is_installed_keeps_nothing_from_being_registered() -> None:
    code = (
        "import importlib.util, nec_engine.game; "
        "assert importlib.util.find_spec('gymnasium') and importlib.util.find_spec('gymnasium'); "
        "import gymnasium; "
        "gymnasium.make('nec_engine/Atari-v0', rom='pong').reset(seed=1); print('made')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("made\n", "")


def test_the_seed_decides_about_everything() -> None:
    settings = Settings(sticky_actions=0.25)
    environments = [gymnasium.make(ENVIRONMENT, rom="pong", settings=settings) for _ in range(2)]

    def play(environment: gymnasium.Env[np.ndarray, np.int64], seed: int) -> list[bytes]:
        observation, _ = environment.reset(seed=seed)
        seen = [observation.tobytes()]
        environment.action_space.seed(seed)
        for _ in range(60):
            observation, *_ = environment.step(environment.action_space.sample())
            seen.append(observation.tobytes())
        return seen

    first, second = environments
    assert play(first, 3) == play(second, 3) == play(second, 3)
    assert play(first, 3) != play(second, 4)


def test_an_episode_ends_with_the_game_and_tells_lives_on_the_way() -> None:
    environment = gymnasium.make(ENVIRONMENT, rom="breakout")
    _, info = environment.reset(seed=1)
    assert info["lives"] == 5
    assert 1 <= info["episode_frames"] <= 30
    lost, score, is_terminal = 0, 0.0, False
    while not is_terminal:
        _, reward, is_terminal, is_truncated, info = environment.step(np.int64(lost % 2 + 1))
        lost += info["is_life_lost"]
        score += float(reward)
        assert not is_truncated
    assert (lost, info["lives"], info["score"]) == (5, 0, score)


def test_an_episode_is_truncated_at_its_cap() -> None:
    environment = gymnasium.make(ENVIRONMENT, rom="pong", settings=Settings(episode_cap_frames=100))
    environment.reset(seed=1)
    ends = [environment.step(np.int64(0))[2:4] for _ in range(25)]
    assert (False, True) in ends
    assert ends[0] == (False, False)


def test_what_is_rendered_is_the_picture_of_the_step() -> None:
    environment = gymnasium.make(ENVIRONMENT, rom="pong", render_mode="rgb_array")
    environment.reset(seed=1)
    picture = environment.render()
    assert isinstance(picture, np.ndarray)
    assert (picture.shape, picture.dtype) == ((210, 160, 3), np.uint8)
    assert gymnasium.make(ENVIRONMENT, rom="pong").render() is None
    with pytest.raises(ValueError, match="rgb_array"):
        environment.unwrapped.__class__(rom="pong", render_mode="human")  # type: ignore[call-arg]  # what a caller may try


def test_actions_have_their_meanings() -> None:
    environment = gymnasium.make(ENVIRONMENT, rom="breakout")
    assert environment.get_wrapper_attr("get_action_meanings")() == [
        "noop", "fire", "right", "left",
    ]  # fmt: skip


def test_a_file_makes_an_environment_and_nonsense_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "game"
    path.write_bytes(find_rom("pong").path.read_bytes())
    assert gymnasium.make(ENVIRONMENT, rom=str(path)).action_space == gymnasium.spaces.Discrete(6)
    with pytest.raises(RomError):
        gymnasium.make(ENVIRONMENT, rom=str(tmp_path))


def test_several_run_side_by_side_each_as_it_would_alone() -> None:
    environments = gymnasium.make_vec(
        ENVIRONMENT, num_envs=2, vectorization_mode="sync", rom="pong"
    )
    alone = [gymnasium.make(ENVIRONMENT, rom="pong") for _ in range(2)]
    observations, _ = environments.reset(seed=1)
    seen = [each.reset(seed=1 + place)[0] for place, each in enumerate(alone)]
    assert np.array_equal(observations, np.stack(seen))
    for step in range(20):
        actions = np.array([2, step % 6])
        observations, rewards, _, _, infos = environments.step(actions)
        steps = [each.step(action) for each, action in zip(alone, actions, strict=True)]
        assert np.array_equal(observations, np.stack([observation for observation, *_ in steps]))
        assert rewards.tolist() == [reward for _, reward, *_ in steps]
        assert infos["score"].tolist() == [info["score"] for *_, info in steps]
    environments.close()
