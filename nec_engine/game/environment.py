"""A Gymnasium environment on the emulator: the same game that the agent here plays."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE
from nec_engine.game.roms import find_rom
from nec_engine.messages import U8


class AtariEnvironment(gymnasium.Env[U8, np.int64]):
    """Observations uint8[4, 84, 84], oldest screen first; one step is ``frame_skip`` frames.

    An episode ends with the game (lost lives are told in ``info``) and is truncated at
    ``episode_cap_frames``. Rewards are not clipped.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 15}  # noqa: RUF012 - Gymnasium's own form

    def __init__(
        self, rom: str, settings: Settings | None = None, render_mode: str | None = None
    ) -> None:
        """``rom`` is a file or the name of a bundled game.

        Raises :class:`~nec_engine.errors.RomError` or :class:`~nec_engine.errors.SettingError`.
        """
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode={render_mode!r}: only 'rgb_array' is known")
        self._settings = settings or Settings()
        self._emulator = Emulator(find_rom(rom), self._settings, seed=self._settings.seed)
        self.render_mode = render_mode
        self.metadata = {**self.metadata, "render_fps": 60 / self._settings.frame_skip}
        shape = (STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE)
        self.observation_space = gymnasium.spaces.Box(0, 255, shape, np.uint8)
        self.action_space = gymnasium.spaces.Discrete(self._emulator.num_actions)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[U8, dict[str, Any]]:
        """A new game after 1 to ``max_noops`` frames of doing nothing."""
        super().reset(seed=seed, options=options)
        if seed is not None:
            self._emulator.reseed(int(self.np_random.integers(2**31)))
        most = self._settings.max_noops
        self._emulator.reset(int(self.np_random.integers(1, most + 1)) if most else 0)
        return self._emulator.observation(), self._info(is_life_lost=False)

    def step(self, action: np.int64) -> tuple[U8, float, bool, bool, dict[str, Any]]:
        result = self._emulator.step(int(action))
        return (
            self._emulator.observation(),
            result.reward,
            result.is_game_over,
            result.is_truncated,
            self._info(is_life_lost=result.is_life_lost),
        )

    def render(self) -> U8 | None:
        """uint8[H, 160, 3]: the last two frames, brightest pixels; None without a render mode."""
        return self._emulator.step_rgb() if self.render_mode == "rgb_array" else None

    def get_action_meanings(self) -> list[str]:
        """The actions in words, in order ("up right fire")."""
        return list(self._emulator.action_names)

    def _info(self, *, is_life_lost: bool) -> dict[str, Any]:
        return {
            "score": self._emulator.score,
            "lives": self._emulator.lives,
            "is_life_lost": is_life_lost,
            "episode_frames": self._emulator.num_frames,
        }
