"""What a front end may ask of the engine: the whole surface the window is written against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from nec_engine.config import Settings
from nec_engine.messages import (
    Answer,
    Command,
    Curves,
    Decision,
    Event,
    Frame,
    GameInfo,
    LiveStatus,
    Player,
    Progress,
    Question,
    StudyQuestion,
    Timeline,
)

# How much longer than its timeout a stop may take, to save what was changed by hand.
PATIENCE_SAVING_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class News:
    """All that is new since the last pull: newest values (None: unchanged), and every event."""

    frame: Frame | None = None
    decision: Decision | None = None
    progress: Progress | None = None
    status: LiveStatus | None = None
    curves: Curves | None = None
    timeline: Timeline | None = None
    events: tuple[Event, ...] = ()
    answers: tuple[Answer, ...] = ()
    # Seconds of a processor that answering took, by the name a panel asks in.
    work_s: Mapping[str, float] = field(default_factory=dict)


class EngineApi(Protocol):
    """The engine as the window's thread sees it; every method but ``stop`` returns at once."""

    @property
    def info(self) -> GameInfo: ...

    @property
    def settings(self) -> Settings: ...

    def start(
        self,
        wake: Callable[[], None] | None = None,
        *,
        training: bool = True,
        speed: float = 1.0,
        player: Player = Player.AGENT,
    ) -> None:
        """Start the threads. ``wake`` is called from them, at most once until the next pull."""

    def stop(self, timeout_s: float = 4.0) -> None:
        """Stop and join every thread and child; whole files; may be called again.

        What was changed by hand is saved first. What there was to tell can be pulled afterwards.
        """

    def send(self, command: Command) -> None: ...

    def ask(self, question: Question | StudyQuestion) -> None: ...

    def pull(self) -> News: ...

    def rest(self) -> None:
        """The window has done all there was to do, until it is woken again."""

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        """What anybody looks at or listens to: the rest is not computed."""
