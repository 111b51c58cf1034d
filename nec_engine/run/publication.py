"""What the trainer publishes for the other threads: the newest policy and where training stands."""

from __future__ import annotations

from dataclasses import dataclass

from nec_engine.learning.agents import Policy


@dataclass(frozen=True, slots=True)
class Published:
    """A policy and the exploration that goes with it."""

    policy: Policy
    epsilon: float


class Publication:
    """Holds the newest :class:`Published`: the trainer puts, any thread reads, nobody waits."""

    def __init__(self) -> None:
        self._newest: Published | None = None

    def put(self, published: Published) -> None:
        self._newest = published

    @property
    def newest(self) -> Published | None:
        """None until the trainer has published for the first time."""
        return self._newest
