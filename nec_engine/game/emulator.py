"""One Atari game: steps of several frames, the agent's four screens, exact copies to return to."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

import ale_py
import numpy as np
from ale_py import Action, ALEInterface, ALEState, LoggerMode

from nec_engine.config import Settings
from nec_engine.errors import DataError, SettingError
from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE, hash_observation, shrink_screen
from nec_engine.game.roms import Rom
from nec_engine.messages import U8, read_only

__all__ = [
    "ALE_VERSION",
    "AUDIO_SAMPLES",
    "Emulator",
    "EmulatorState",
    "FrameResult",
    "StartPoint",
    "StepResult",
    "hash_observation",
]

ALE_VERSION: str = ale_py.__version__
SCREEN_WIDTH: Final = 160
AUDIO_SAMPLES: Final = 512  # a frame, at 30,720 Hz
_SILENCE: Final = 128
_NOOP: Final = 0


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Everything inside the emulator, its random numbers too, but not its screen (14 KB)."""

    data: bytes
    checksum: int  # crc32: the emulator itself takes some damaged states without a word

    @classmethod
    def from_data(cls, data: bytes) -> EmulatorState:
        """The state that is in ``data`` now, taken to be whole."""
        return cls(data, zlib.crc32(data))

    def check(self) -> None:
        """Raises :class:`DataError` when the bytes are not those that were saved."""
        if zlib.crc32(self.data) != self.checksum:
            raise DataError(
                "a state of the emulator is damaged",
                "its checksum does not match",
                "use an older copy of the file",
            )


@dataclass(frozen=True, slots=True)
class StartPoint:
    """Everything that play goes on from, between two steps; arrays are read-only."""

    state: EmulatorState
    stack: U8  # uint8[4, 84, 84], oldest first
    rgb: U8  # uint8[H, 160, 3]: the last frame
    score: float
    frame: int  # frames of this episode so far, no-ops included
    lives: int


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
        """A game just begun, without no-ops.

        ``cap_frames`` replaces ``settings.episode_cap_frames``; without ``colour`` steps are 6 %
        faster and :meth:`step_rgb` is refused.
        Raises :class:`SettingError` for a mode or difficulty that the game does not have.
        """
        self.rom = rom
        self.frame_skip = settings.frame_skip
        self.cap_frames = settings.episode_cap_frames if cap_frames is None else cap_frames
        self._has_sound = sound
        self._has_colour = colour
        self._ale = _load(rom, settings, seed, sound)
        self.action_names, self._codes = _action_set(self._ale, settings)
        self.num_actions = len(self._codes)
        self.screen_height: int = self._ale.getScreenDims()[0]

        grey, rgb = (self.screen_height, SCREEN_WIDTH), (self.screen_height, SCREEN_WIDTH, 3)
        self._last_grey, self._grey_before = np.zeros(grey, np.uint8), np.zeros(grey, np.uint8)
        self._rgb_before = np.zeros(rgb, np.uint8)
        self._stack = np.zeros((STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE), np.uint8)
        self.score = 0.0  # rewards of this episode, those during no-ops left out
        self.lives = 0
        self.num_frames = 0  # of this episode, no-ops included
        self.num_steps = 0  # of this episode, or since the latest restore
        self._is_over = False
        self._frame_in_step = 0
        self._step_action = _NOOP
        self._restored_rgb: U8 | None = None  # shown instead of the emulator's, which is old
        self.reset(0)

    def reset(self, num_noops: int) -> None:
        """Begins a new game with ``num_noops`` single frames of doing nothing.

        All four screens of the observation are then the last frame.
        """
        self._ale.reset_game()
        self._restored_rgb = None
        self.num_frames = num_noops
        for _ in range(num_noops):
            self._ale.act(_NOOP)
            if self._ale.game_over():
                self._ale.reset_game()
        self.score = 0.0
        self.num_steps = 0
        self._begin_at_step_boundary()
        self._ale.getScreenGrayscale(self._last_grey)
        shrink_screen(self._last_grey, self._stack[-1])
        self._stack[:-1] = self._stack[-1]
        if self._has_colour:
            self._ale.getScreenRGB(self._rgb_before)

    def step(self, action: int) -> StepResult:
        """Plays ``frame_skip`` frames of ``action``, fewer when the game ends in between."""
        reward, is_life_lost, first_frame = 0.0, False, self.num_frames
        while True:
            frame = self.act_frame(action)
            reward += frame.reward
            is_life_lost = is_life_lost or frame.is_life_lost
            if frame.completed_step:
                return StepResult(
                    reward,
                    frame.is_game_over,
                    frame.is_truncated,
                    is_life_lost,
                    self.num_frames - first_frame,
                )

    def act_frame(self, action: int) -> FrameResult:
        """Plays one frame; the observation changes when it completes a step.

        Raises ``ValueError`` when the game is over or the action changes within a step.
        """
        ale, frame_in_step = self._ale, self._frame_in_step
        if frame_in_step == 0:
            if self._is_over:
                raise ValueError("the game is over: reset or restore it first")
            self._step_action = action
        elif action != self._step_action:
            raise ValueError(f"action {action} within a step of action {self._step_action}")
        reward = float(ale.act(self._codes[action]))
        self._restored_rgb = None
        self.score += reward
        self.num_frames += 1
        lives, self.lives = self.lives, ale.lives()
        self._is_over = ale.game_over()
        completed_step = self._is_over or frame_in_step == self.frame_skip - 1
        if completed_step:
            self._complete_step(is_cut_short=frame_in_step < self.frame_skip - 1)
        else:
            if frame_in_step == self.frame_skip - 2:
                ale.getScreenGrayscale(self._grey_before)
                if self._has_colour:
                    ale.getScreenRGB(self._rgb_before)
            self._frame_in_step += 1
        return FrameResult(
            reward,
            self._is_over,
            completed_step and not self._is_over and self.num_frames >= self.cap_frames,
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

        Only between two steps, and only of an emulator with ``colour``.
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
        """The emulator's whole inside, its random numbers too; about 40 us."""
        return EmulatorState.from_data(self._ale.cloneState(include_rng=True).serialize())

    def clone(self) -> StartPoint:
        """Everything to play on from here, bit-exactly, in this or another emulator.

        Only between two steps; ``ValueError`` otherwise.
        """
        if self._frame_in_step:
            raise ValueError("a step is not finished")
        return StartPoint(
            self.state(),
            read_only(self.observation()),
            read_only(self.rgb()),
            self.score,
            self.num_frames,
            self.lives,
        )

    def restore(self, point: StartPoint) -> None:
        """Goes to ``point``; raises :class:`DataError`, changing nothing, if it is damaged."""
        self.restore_state(point.state)
        self._stack[:] = point.stack
        self._restored_rgb = point.rgb
        self.score, self.num_frames, self.lives = point.score, point.frame, point.lives

    def restore_state(self, state: EmulatorState) -> None:
        """Goes to ``state`` alone: until four steps are played the observation means nothing.

        Score and frame count start from 0. Raises :class:`DataError`, changing nothing, if
        ``state`` is damaged.
        """
        state.check()
        try:
            ale_state = ALEState(state.data)
            self._ale.restoreState(ale_state)
            # WORKAROUND(ale-py 0.12.1): Q*bert and Tetris keep a flag outside the state; one
            # frame sets it, and the second restore undoes everything else.
            self._ale.act(_NOOP)
            self._ale.restoreState(ale_state)
        except SystemError as error:
            raise DataError(
                "a state of the emulator cannot be restored",
                f"ale-py {ALE_VERSION} does not understand it",
                "use the ale-py version that it was made with",
            ) from error
        self._stack[:] = 0
        self._restored_rgb = np.zeros_like(self._rgb_before)
        self.score, self.num_frames, self.num_steps = 0.0, 0, 0
        self._begin_at_step_boundary()

    def _begin_at_step_boundary(self) -> None:
        self._frame_in_step = 0
        self._step_action = _NOOP
        self._is_over = bool(self._ale.game_over())
        self.lives = self._ale.lives()

    def _complete_step(self, *, is_cut_short: bool) -> None:
        """Puts the newest screen on the stack; a step cut short shows its last frame alone."""
        self._ale.getScreenGrayscale(self._last_grey)
        if not is_cut_short:
            np.maximum(self._last_grey, self._grey_before, out=self._last_grey)
        elif self._has_colour:
            self._ale.getScreenRGB(self._rgb_before)
        self._stack[:-1] = self._stack[1:]
        shrink_screen(self._last_grey, self._stack[-1])
        self._frame_in_step = 0
        self.num_steps += 1


def _load(rom: Rom, settings: Settings, seed: int, sound: bool) -> ALEInterface:
    """The loaded game. Options count only when they are set before loading."""
    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.setInt("random_seed", seed)
    ale.setFloat("repeat_action_probability", settings.sticky_actions)
    ale.setBool("sound_obs", sound)
    ale.loadROM(rom.load_path)
    modes, difficulties = ale.getAvailableModes(), ale.getAvailableDifficulties()
    if _is_offered("game_mode", settings.game_mode, modes, rom):
        ale.setMode(settings.game_mode)
    if _is_offered("game_difficulty", settings.game_difficulty, difficulties, rom):
        ale.setDifficulty(settings.game_difficulty)
    return ale


def _is_offered(name: str, value: int, offered: list[int], rom: Rom) -> bool:
    """False for 0 in a game that counts from elsewhere: it then starts as it is loaded."""
    if value not in offered and value != 0:
        raise SettingError(
            f"{name}={value}",
            f"{rom.title} does not have it",
            "choose one of " + ", ".join(map(str, offered)),
        )
    return value in offered


def _action_set(ale: ALEInterface, settings: Settings) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names ("up fire") and the emulator's codes of the actions the agent can choose from.

    Backgammon and Video Checkers have no no-op in their minimal sets; it is added, because a
    person must be able to let go of the stick.
    """
    actions = ale.getLegalActionSet() if settings.full_action_set else ale.getMinimalActionSet()
    if Action.NOOP not in actions:
        actions = [Action.NOOP, *actions]
    names = (re.sub("(?<=.)(UP|DOWN|LEFT|RIGHT|FIRE)", r" \1", action.name) for action in actions)
    return tuple(name.lower() for name in names), tuple(int(action.value) for action in actions)
