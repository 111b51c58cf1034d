"""The steps of a recorded episode that have come, and which to ask for next. No Qt here."""

from __future__ import annotations

from typing import Final

import numpy as np

from nec_engine.messages import (
    U8,
    AskReplay,
    Moment,
    ReplayPart,
    ReplayStep,
    read_only,
    unpack_picture,
)

ASK_STEPS: Final = 90  # at once: six seconds
AHEAD_STEPS: Final = 1800  # two minutes are kept ready before the one who watches,
BEHIND_STEPS: Final = 900  # and the minute that was just seen
SPACING_S: Final = 0.5  # between questions that are not urgent: the trainer has the core too
NEAR_STEPS: Final = 20  # what will come so soon is waited for
EDGE_STEPS: Final = 40  # what is missing no farther away than this is asked for without a pause
LEAFING_STEPS: Final = 8  # from one look to the next: faster than steps can come in a row
LAG_STEPS: Final = 8  # beyond what comes next, who goes on step by step is faster than steps come:
OUTPACED_S: Final = 2.0  # so long single pictures are asked for then, and few steps
FEW_STEPS: Final = 6
PATIENCE_S: Final = 0.2  # while leafing, for the picture that was asked for last
MOST_STEPS: Final = 4000  # kept: some 40 MB
LOST_AFTER_S: Final = 5.0  # an answer that has not come by then never will


class Reel:
    """One episode's steps, by number; pictures stay packed until they are looked at. Qt's thread.

    A step begins with the picture that the agent saw when it chose. Frames are shown two at a
    time, brighter pixel by pixel, as the agent sees them: what flickers stays to be seen.
    """

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self.close()

    def close(self) -> None:
        """Forget the episode."""
        self.episode: int | None = None
        self.num_recorded = 0  # steps; 0 until the first part has come
        self.problem = ""
        self.has_differed = False  # a stored state was not reached again
        self._steps: dict[int, ReplayStep] = {}
        self._start = b""
        self._due: AskReplay | None = None
        self._due_next = 0  # the step that comes next
        self._asked_s = float("-inf")
        self._all_there_at: int | None = None  # nothing was missing around this step
        self._was_at: int | None = None
        self._is_walking_back = self._is_leafing = self._is_going_on = False
        self._outpaced_until_s = float("-inf")
        self.came_last = 0  # the step whose picture it was

    def open(self, moment: Moment) -> None:
        """Show this episode from now on; what is there of it already is kept."""
        episode = moment.episode
        if episode != self.episode or moment.step > self.num_recorded:  # or it has grown since
            self.close()
            self.episode = episode
        self.problem = ""
        self._due = self._all_there_at = self._was_at = None

    @property
    def num_loaded(self) -> int:
        return len(self._steps)

    def step(self, number: int) -> ReplayStep | None:
        """What is recorded of a step; None: it has not come, or there is none."""
        return self._steps.get(number)

    def num_pictures(self, number: int) -> int:
        """Of a step, a thirtieth of a second each; 2 while it has not come."""
        step = self._steps.get(number)
        return 2 if step is None else max(1, (len(step.frames) + 1) // 2)

    def picture(self, number: int, part: int = 0) -> U8 | None:
        """uint8[H, 160, 3] before the step, or later within it; None while it has not come."""
        if part:
            return self._pair(number, part - 1)
        if number == 0:
            return unpack_picture(self._start) if self._start else None
        return self._pair(number - 1, self.num_pictures(number - 1) - 1)

    def score_later(self, number: int, num_steps: int) -> tuple[int, float] | None:
        """(steps on, how much the score rose till then); None while that has not come."""
        end = min(number + num_steps, self.num_recorded)
        if number not in self._steps or end - 1 not in self._steps or end <= number:
            return None
        return end - number, self._steps[end - 1].score_after - self._steps[number].score

    # --- asking ---

    def put(self, part: ReplayPart) -> None:
        """Keep what came."""
        if part.first.episode != self.episode:
            return
        self.problem = part.problem
        if part.problem:
            self._due = None
            return
        self._start = part.start
        self.num_recorded = part.num_recorded
        for number, step in enumerate(part.steps, start=part.first.step):
            self._steps[number] = step
            self.has_differed = self.has_differed or not step.is_as_recorded
        self.came_last = part.first.step + len(part.steps)
        if self._due is None:
            return
        self._due_next = self.came_last
        is_end = not part.steps or self._due_next >= self.num_recorded
        if is_end or self._due_next >= self._due.first.step + self._due.num_steps:
            self._due = None

    def ask(self, at: int, now_s: float) -> AskReplay | None:
        """The question to send now for someone who looks at step ``at``; None: none.

        What is looked at comes first, even before what was asked; then what lies ahead, which is
        behind for who walks back. Steps come in their own order: so they are asked for from a
        little before.
        """
        if self.episode is None or self.problem:
            return None
        if self._due is not None and now_s - self._asked_s > LOST_AFTER_S:
            self._due = None
        self._notice_where(at, now_s)
        urgent = next((step for step in (at - 1, at) if self._is_missing(step)), None)
        if urgent is not None and self._is_outpaced(urgent):
            self._outpaced_until_s = now_s + OUTPACED_S
            self._is_leafing = True
        if urgent is not None:
            if self._is_worth_waiting_for(urgent, now_s):
                return None
            if self._is_leafing:
                return self._question(urgent, 2, now_s)
            if self._is_walking_back:
                return self._block_up_to(urgent, now_s)
            return self._question(urgent, ASK_STEPS, now_s)
        if self._due is not None:
            return None
        if self._is_walking_back:
            edge = self._first_missing(range(at - 1, at - EDGE_STEPS, -1))
            if edge is not None:
                return self._block_up_to(edge, now_s)
        edge = self._first_missing(range(at, at + EDGE_STEPS))
        if edge is None and now_s - self._asked_s < SPACING_S:
            return None
        if self._all_there_at is not None and abs(at - self._all_there_at) < NEAR_STEPS:
            return None
        self._drop_far_ones(at)
        ahead = self._first_missing(range(at, at + AHEAD_STEPS))
        if ahead is not None:
            is_slow = now_s < self._outpaced_until_s
            return self._question(ahead, FEW_STEPS if is_slow else ASK_STEPS, now_s)
        first = max(0, at - BEHIND_STEPS)
        behind = self._first_missing(range(first, at))
        if behind is not None:
            return self._question(behind, at - behind, now_s)
        self._all_there_at = at
        return None

    @property
    def has_more_to_ask(self) -> bool:
        """:meth:`ask` will have a question a little later, even where nobody moves."""
        return self._due is None and self._all_there_at is None and not self.problem

    def _notice_where(self, at: int, now_s: float) -> None:
        if at == self._was_at:
            return
        stride = 0 if self._was_at is None else at - self._was_at
        self._is_leafing = abs(stride) > LEAFING_STEPS or now_s < self._outpaced_until_s
        self._is_walking_back = stride < 0 and not self._is_leafing
        self._is_going_on = stride > 0
        self._was_at = at

    def _is_outpaced(self, urgent: int) -> bool:
        """What is on its way comes later than somebody who goes on step by step gets there."""
        if self._due is None or self._is_leafing or not self._is_going_on:
            return False
        return urgent - self._due_next > LAG_STEPS

    def _is_worth_waiting_for(self, urgent: int, now_s: float) -> bool:
        """An answer is on its way that brings it soon; or, while leafing, any picture at all."""
        if self._due is None:
            return False
        if self._is_leafing:
            is_unanswered = self._due_next == self._due.first.step
            return is_unanswered and now_s - self._asked_s < PATIENCE_S
        return 0 <= urgent - self._due_next <= NEAR_STEPS

    def _block_up_to(self, last: int, now_s: float) -> AskReplay:
        first = max(0, last - NEAR_STEPS)
        return self._question(first, last - first + 2, now_s)

    def _question(self, first: int, num_steps: int, now_s: float) -> AskReplay:
        assert self.episode is not None
        self._due = AskReplay(self._panel, Moment(self.episode, first), num_steps)
        self._due_next, self._asked_s = first, now_s
        return self._due

    def _first_missing(self, steps: range) -> int | None:
        return next((step for step in steps if self._is_missing(step)), None)

    def _is_missing(self, step: int) -> bool:
        is_recorded = step < self.num_recorded or self.num_recorded == 0
        return step >= 0 and is_recorded and step not in self._steps

    def _drop_far_ones(self, at: int) -> None:
        if len(self._steps) > MOST_STEPS:
            self._all_there_at = None
            near = sorted(self._steps, key=lambda step: abs(step - at))[: MOST_STEPS * 3 // 4]
            self._steps = {step: self._steps[step] for step in near}

    def _pair(self, number: int, pair: int) -> U8 | None:
        """Pairs of frames are counted from the end, where the agent looks."""
        step = self._steps.get(number)
        if step is None:
            return None
        last = len(step.frames) - 2 * (self.num_pictures(number) - 1 - pair)
        frames = [unpack_picture(packed) for packed in step.frames[max(0, last - 2) : last]]
        return frames[0] if len(frames) == 1 else read_only(np.maximum(*frames))
