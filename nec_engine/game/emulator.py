"""One Atari game: steps of several frames, the agent's four screens, exact copies to return to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ale_py import ALEState

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.loading import action_set, load_game
from nec_engine.game.luck import StickyActions
from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE, hash_observation, shrink_screen
from nec_engine.game.roms import Rom
from nec_engine.game.state import ALE_VERSION, Counts, EmulatorState, StartPoint, check_portable
from nec_engine.messages import U8

__all__ = [
    "ALE_VERSION",
    "AUDIO_SAMPLES",
    "SCREEN_WIDTH",
    "Emulator",
    "EmulatorState",
    "FrameResult",
    "StartPoint",
    "StepResult",
    "hash_observation",
]

SCREEN_WIDTH: Final = 160
AUDIO_SAMPLES: Final = 512  # a frame, at 30,720 Hz
_SILENCE: Final = 128
_NOOP: Final = 0


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step brought."""

    reward: float  # not clipped
    is_game_over: bool
    is_truncated: bool  # the episode reached its cap
    is_life_lost: bool
    num_frames: int


@dataclass(frozen=True, slots=True)
class FrameResult:
    """What one frame brought."""

    reward: float
    is_game_over: bool
    is_truncated: bool
    is_life_lost: bool
    frame_in_step: int  # 0 .. frame_skip - 1
    completed_step: bool


class Emulator:
    """A running game. One thread at a time may use it; it holds the GIL for most of a step."""

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        *,
        seed: int,
        sound: bool = False,
        colour: bool = True,
        cap_frames: int | None = None,
    ) -> None:
        """A game just begun, without no-ops. ``seed`` is for the luck of sticky actions.

        ``cap_frames`` replaces ``settings.episode_cap_frames``; without ``colour`` steps are 6 %
        faster and :meth:`step_rgb` is refused.
        Raises :class:`SettingError` for a mode or difficulty that the game does not have.
        """
        self.rom = rom
        self._settings = settings
        self.frame_skip = settings.frame_skip
        self.cap_frames = settings.episode_cap_frames if cap_frames is None else cap_frames
        self._has_sound = sound
        self._has_colour = colour
        self._ale = load_game(rom, settings, sound=sound)
        self.action_names, self._codes = action_set(
            self._ale, full_action_set=settings.full_action_set
        )
        self.num_actions = len(self._codes)
        self.screen_height: int = self._ale.getScreenDims()[0]
        self._sticky = StickyActions(settings.sticky_actions, seed)

        grey, rgb = (self.screen_height, SCREEN_WIDTH), (self.screen_height, SCREEN_WIDTH, 3)
        self._last_grey, self._grey_before = np.zeros(grey, np.uint8), np.zeros(grey, np.uint8)
        self._rgb_before = np.zeros(rgb, np.uint8)
        self._stack = np.zeros((STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE), np.uint8)
        self._restored_rgb: U8 | None = None  # shown instead of the emulator's, which is old
        self.score = 0.0  # rewards of this episode, those during no-ops left out
        self.lives = 0
        self.num_frames = 0  # of this episode, no-ops included
        self.num_steps = 0  # of this episode
        self._is_over = False
        self._frame_in_step = 0
        self._step_action = 0
        self._is_life_lost = False
        self.reset(0)

    def reset(self, num_noops: int) -> None:
        """Begins a new game with ``num_noops`` single frames of doing nothing.

        All four screens of the observation are then the last frame.
        """
        self._ale.reset_game()
        for _ in range(num_noops):
            self._ale.act(_NOOP)
            if self._ale.game_over():
                self._ale.reset_game()
        self._begin(Counts(self._sticky.luck, _NOOP, self._ale.lives(), 0.0, num_noops, 0))
        self._restored_rgb = None
        self._ale.getScreenGrayscale(self._last_grey)
        shrink_screen(self._last_grey, self._stack[-1])
        self._stack[:-1] = self._stack[-1]
        if self._has_colour:
            self._ale.getScreenRGB(self._rgb_before)

    def reseed(self, seed: int) -> None:
        """Makes the luck of sticky actions from here on that of ``seed``."""
        self._sticky.reseed(seed)

    def step(self, action: int, *, is_seen: bool = True) -> StepResult:
        """Plays ``action`` to the end of the step: ``frame_skip`` frames, fewer at a game over.

        One that is not seen takes a third less time: observation and colours mean nothing until
        ``STACK_SIZE`` steps are seen after it. ``ValueError`` when the game is over already.
        """
        num_frames, reward = self.num_frames, 0.0
        while True:
            reward += self._play_frame(action, is_seen=is_seen)
            if self._frame_in_step == 0:
                break
        return StepResult(
            reward,
            self._is_over,
            self._is_truncated,
            self._is_life_lost,
            self.num_frames - num_frames,
        )

    def act_frame(self, action: int) -> FrameResult:
        """Plays one frame; the observation changes when it completes a step.

        ``ValueError`` when the game is over already, or the action changes within a step.
        """
        frame_in_step, lives = self._frame_in_step, self.lives
        reward = self._play_frame(action)
        completed_step = self._frame_in_step == 0
        return FrameResult(
            reward,
            self._is_over,
            completed_step and self._is_truncated,
            self.lives < lives,
            frame_in_step,
            completed_step,
        )

    def observation(self) -> U8:
        """uint8[4, 84, 84], fresh: the screens of the last four steps, oldest first."""
        return self._stack.copy()

    def screen(self) -> U8:
        """uint8[84, 84], fresh: the newest screen of the observation."""
        screen: U8 = self._stack[-1].copy()
        return screen

    def rgb(self) -> U8:
        """uint8[H, 160, 3], fresh: the last frame."""
        rgb: U8 = self._ale.getScreenRGB()
        if self._restored_rgb is not None:
            rgb[:] = self._restored_rgb
        return rgb

    def step_rgb(self) -> U8:
        """uint8[H, 160, 3], fresh: maximum of the last two frames, so that nothing flickers away.

        Only between two steps, and only of an emulator with ``colour``. Right after a restore it
        is the last frame alone.
        """
        if not self._has_colour or self._frame_in_step:
            raise ValueError("no colours of a whole step here")
        rgb = self.rgb()
        if self._restored_rgb is None:
            np.maximum(rgb, self._rgb_before, out=rgb)
        return rgb

    def audio(self) -> U8:
        """uint8[512], fresh: sound of the last frame at 30,720 Hz; silence (128) without sound."""
        if not self._has_sound or self._restored_rgb is not None:
            return np.full(AUDIO_SAMPLES, _SILENCE, np.uint8)
        audio: U8 = self._ale.getAudio()
        return audio

    def state(self) -> EmulatorState:
        """The emulator's whole inside and its luck; only between two steps."""
        if self._frame_in_step:
            raise ValueError("a step is not finished")
        # ale-py's own random numbers are left out: nothing in any supported game depends on them.
        ale_data = self._ale.cloneState(include_rng=False).serialize()
        counts = Counts(
            self._sticky.luck,
            self._sticky.last_action,
            self.lives,
            self.score,
            self.num_frames,
            self.num_steps,
        )
        return EmulatorState.join(counts, ale_data)

    def clone(self) -> StartPoint:
        """Everything to play on from here, bit-exactly, in this or another emulator.

        Only between two steps; ``ValueError`` otherwise.
        """
        return StartPoint.join(self.state(), self.observation(), self.rgb())

    def restore(self, point: StartPoint) -> None:
        """Goes to ``point``; raises :class:`DataError` if it is damaged."""
        self.restore_state(point.state)
        self._stack[:] = point.stack
        self._restored_rgb = point.rgb

    def restore_state(self, state: EmulatorState) -> None:
        """Goes to ``state`` alone: until four steps are played the observation means nothing.

        Raises :class:`DataError`, changing nothing, if ``state`` is damaged or of another game;
        after one that only ale-py itself refuses, a new game has begun.
        """
        counts, ale_data = state.split()
        if not state.is_of_game(self.rom.md5):
            raise DataError(
                "a state of the emulator cannot be restored",
                f"it is none of {self.rom.title}",
                "use the game that it was made with",
            )
        try:
            ale_state = ALEState(ale_data)
            self._ale.restoreState(ale_state)
            # WORKAROUND(ale-py 0.12.1): Q*bert and Tetris keep a flag outside the state; one
            # frame sets it, and the second restore undoes everything else.
            self._ale.act(_NOOP)
            self._ale.restoreState(ale_state)
        except SystemError as error:
            self._ale = load_game(self.rom, self._settings, sound=self._has_sound)
            self.reset(0)  # nothing may go on from what was half restored
            raise DataError(
                "a state of the emulator cannot be restored",
                f"ale-py {ALE_VERSION} does not understand it",
                "use the version of ale-py that it was made with",
            ) from error
        self._stack[:] = 0
        self._restored_rgb = np.zeros_like(self._rgb_before)
        self._begin(counts)

    def state_dict(self) -> dict[str, Any]:
        """Arrays, bytes and JSON values; only between two steps."""
        return {
            "ale_version": ALE_VERSION,
            "rom_md5": self.rom.md5,
            "point": self.clone().state_dict(),
        }

    def load_state_dict(self, values: Mapping[str, Any]) -> None:
        """Goes to where :meth:`state_dict` was taken.

        Raises :class:`DataError`, changing nothing, for another version of ale-py or game.
        """
        check_portable(values["ale_version"], values["rom_md5"], self.rom.md5)
        self.restore(StartPoint.from_state_dict(values["point"]))

    @property
    def is_over(self) -> bool:
        """The game has ended by itself: there is no next step before a reset or a restore."""
        return self._is_over

    @property
    def _is_truncated(self) -> bool:
        return not self._is_over and self.num_frames >= self.cap_frames

    def _begin(self, counts: Counts) -> None:
        """Counts on from ``counts``; the emulator stands between two steps."""
        self._sticky.luck, self._sticky.last_action = counts.luck, counts.last_action
        self.lives, self.score = counts.lives, counts.score
        self.num_frames, self.num_steps = counts.num_frames, counts.num_steps
        self._frame_in_step = 0
        self._is_over = bool(self._ale.game_over())

    def _play_frame(self, action: int, *, is_seen: bool = True) -> float:
        """Its reward. ``_frame_in_step`` is 0 afterwards when it completed a step."""
        ale = self._ale
        if self._frame_in_step == 0:
            if self._is_over:
                raise ValueError("the game is over: reset or restore it first")
            self._step_action, self._is_life_lost = action, False
        elif action != self._step_action:
            raise ValueError(f"action {action} within a step of action {self._step_action}")
        reward = float(ale.act(self._sticky.executed(self._codes[action])))
        lives = ale.lives()
        self._is_life_lost = self._is_life_lost or lives < self.lives
        self._is_over = bool(ale.game_over())
        self._restored_rgb = None
        self.lives = lives
        self.score += reward
        self.num_frames += 1
        frames_left = self.frame_skip - 1 - self._frame_in_step
        if self._is_over or frames_left == 0:
            if is_seen:
                self._see_step(is_cut_short=frames_left > 0)
            self._frame_in_step = 0
            self.num_steps += 1
        else:
            if frames_left == 1 and is_seen:
                ale.getScreenGrayscale(self._grey_before)
                if self._has_colour:
                    ale.getScreenRGB(self._rgb_before)
            self._frame_in_step += 1
        return reward

    def _see_step(self, *, is_cut_short: bool) -> None:
        """Puts the newest screen on the stack; a step cut short shows its last frame alone."""
        self._ale.getScreenGrayscale(self._last_grey)
        if not is_cut_short:
            np.maximum(self._last_grey, self._grey_before, out=self._last_grey)
        elif self._has_colour:
            self._ale.getScreenRGB(self._rgb_before)
        self._stack[:-1] = self._stack[1:]
        shrink_screen(self._last_grey, self._stack[-1])
