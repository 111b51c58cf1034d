"""The pictures of memories that came lately, least recently used first out. No Qt here."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from nec_engine.messages import Moment, PictureAnswer

CAPACITY: Final = 300  # about 30 MB of full-colour pictures
RETRY_AFTER_S: Final = 5.0  # what could not be rebuilt may be possible later
LARGEST_OFFSET: Final = 8  # steps: about half a second of play looks much the same


class PictureStore:
    """Pictures by moment. Qt's thread."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._pictures: OrderedDict[Moment, PictureAnswer] = OrderedDict()
        self._retry_s: dict[Moment, float] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    def put(self, answer: PictureAnswer, now_s: float) -> None:
        """Keep ``answer``, dropping what nobody has looked at for longest."""
        self._pictures[answer.moment] = answer
        self._pictures.move_to_end(answer.moment)
        if answer.rgb is None:
            self._retry_s[answer.moment] = now_s + RETRY_AFTER_S
        else:
            self._retry_s.pop(answer.moment, None)
        while len(self._pictures) > self._capacity:
            gone, _ = self._pictures.popitem(last=False)
            self._retry_s.pop(gone, None)

    def get(self, moment: Moment) -> PictureAnswer | None:
        """The picture of exactly this moment, and a note that it was looked at."""
        answer = self._pictures.get(moment)
        if answer is not None:
            self._pictures.move_to_end(moment)
        return answer

    def near(self, moment: Moment) -> PictureAnswer | None:
        """A picture of the same episode at most ``LARGEST_OFFSET`` steps off, the nearest one."""
        for offset in range(1, LARGEST_OFFSET + 1):
            for step in (moment.step - offset, moment.step + offset):
                answer = self._pictures.get(Moment(moment.episode, step))
                if answer is not None and answer.rgb is not None:
                    return answer
        return None

    def is_wanted(self, moment: Moment, now_s: float) -> bool:
        """Whether to ask for this moment: not known, or it failed a good while ago."""
        if moment not in self._pictures:
            return True
        return now_s >= self._retry_s.get(moment, float("inf"))

    def clear(self) -> None:
        """Forget all, as when another game is opened."""
        self._pictures.clear()
        self._retry_s.clear()
