"""Frames of the past one by one, as they go into a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nec_engine.errors import RecordingError
from nec_engine.journal.journal import Journal
from nec_engine.journal.playback import Playback, PlayedStep
from nec_engine.messages import FIRST_LIVE_EPISODE, U8, Decision, Moment
from nec_engine.run.live.tail import TailFrame

Judge = Callable[[PlayedStep], Decision | None]


@dataclass(frozen=True, slots=True)
class PastFrame:
    """One frame of a video to be."""

    rgb: U8  # uint8[H, 160, 3]
    audio: U8  # uint8[512]
    caption: str
    decision: Decision | None
    is_as_recorded: bool


def tail_frames(
    playback: Playback, journal: Journal, tail: Sequence[TailFrame], judge: Judge
) -> Iterator[PastFrame]:
    """The pictures of ``tail`` with the sound that was heard.

    Raises :class:`DataError` when an episode is gone, :class:`RecordingError` when nothing was
    played yet.
    """
    if not tail:
        raise RecordingError("no video", "the game has not moved yet", "save it a little later")
    for _, group in groupby(tail, key=lambda frame: frame.moment.episode):
        frames = list(group)
        first, last = frames[0].moment, frames[-1].moment
        waiting = iter(frames)
        frame = next(waiting)
        for step in playback.steps(journal, first, last.step - first.step + 1):
            decision = judge(step)
            for number, played in enumerate(step.frames):
                if (step.moment, number) != (frame.moment, frame.frame_in_step):
                    continue
                caption = f"{frame.player.value.upper()}   score {frame.score:,.0f}"
                yield PastFrame(played.rgb, frame.audio, caption, decision, step.is_as_recorded)
                frame = next(waiting, frame)


def range_frames(
    playback: Playback, journal: Journal, first: Moment, num_steps: int, judge: Judge
) -> Iterator[PastFrame]:
    """All frames of these steps with rebuilt sound. Raises :class:`DataError` as the playback."""
    name = _episode_words(first.episode)
    for step in playback.steps(journal, first, num_steps):
        decision = judge(step)
        caption = f"{name}   score {step.score:,.0f}"
        for played in step.frames:
            yield PastFrame(played.rgb, played.audio, caption, decision, step.is_as_recorded)


def _episode_words(episode: int) -> str:
    if episode >= FIRST_LIVE_EPISODE:
        return f"LIVE GAME {episode - FIRST_LIVE_EPISODE + 1}"
    return f"EPISODE {episode}"
