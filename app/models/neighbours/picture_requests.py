"""When to ask for which pictures: few while playing, all at once when still. No Qt here."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from nec_engine.messages import AskPictures, Moment

MOST_A_SECOND: Final = 4  # while playing; each costs the trainer some milliseconds
AT_ONCE: Final = 1  # while playing, so that they come evenly
SPACING_S: Final = AT_ONCE / MOST_A_SECOND
LOST_AFTER_S: Final = 1.5  # an answer that has not come by then never will

Wanted = tuple[Moment, int]  # a moment and the state hash of its entry


class PictureRequests:
    """Makes the panel's questions.

    A newer question of a panel replaces its older one in the engine, so nothing new is asked
    while answers are due, except when the game stands still: then one question names all that is
    missing. Qt's thread.
    """

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._due: dict[Moment, float] = {}  # asked and not answered: when
        self._asked_s: deque[float] = deque()  # of the pictures asked while playing

    def ask(self, wanted: Sequence[Wanted], *, is_still: bool, now_s: float) -> AskPictures | None:
        """The question to send now, most urgent first; None when there is nothing to send.

        ``wanted`` are the missing pictures, most urgent first.
        """
        self._due = {m: at for m, at in self._due.items() if now_s - at < LOST_AFTER_S}
        chosen = list(dict(wanted).items())
        if is_still:
            if all(moment in self._due for moment, _ in chosen):
                return None
        else:
            chosen = chosen[: self._allowance(now_s)]
            if self._due or not chosen:
                return None
            self._asked_s.extend([now_s] * len(chosen))
        self._due = dict.fromkeys((moment for moment, _ in chosen), now_s)
        moments, state_hashes = zip(*chosen, strict=True)
        return AskPictures(self._panel, tuple(moments), tuple(state_hashes))

    def note_answer(self, moment: Moment) -> None:
        """An answer came, good or bad."""
        self._due.pop(moment, None)

    def clear(self) -> None:
        """Nothing is due any more."""
        self._due.clear()

    def _allowance(self, now_s: float) -> int:
        while self._asked_s and now_s - self._asked_s[0] >= 1.0:
            self._asked_s.popleft()
        if self._asked_s and now_s - self._asked_s[-1] < SPACING_S:
            return 0
        return min(AT_ONCE, MOST_A_SECOND - len(self._asked_s))
