"""What is needed around a session to try it: an engine that tells of a save, notes as they come."""

from __future__ import annotations

from collections.abc import Callable

from fake_engine import FakeEngine
from listening import heard

from app.note import Note
from app.session import Session
from nec_engine.messages import Event

MakeSession = Callable[..., Session]


class Saving(FakeEngine):
    """An engine that tells of a save as it is stopped."""

    def __init__(self, told: Event) -> None:
        super().__init__()
        self._told = told

    def stop(self, timeout_s: float = 4.0) -> None:
        super().stop(timeout_s)
        self.publish(events=(self._told,))


def notes_of(session: Session) -> list[Note]:
    return heard(session.noted)
