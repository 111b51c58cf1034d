"""How many living entries were last written in each episode: what the journal must keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


class EpisodeCounts:
    """Entries per episode, kept as entries come, move and go. The trainer's thread changes them."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def __getitem__(self, episode: int) -> int:
        return self._counts[episode]

    def add(self, episodes: Iterable[int]) -> None:
        """One more entry for each episode named."""
        self._counts.update(episodes)

    def remove(self, episodes: Iterable[int]) -> None:
        """One entry less for each episode named."""
        for episode in episodes:
            left = self._counts[episode] - 1
            assert left >= 0, f"episode {episode} has no entry to lose"
            if left:
                self._counts[episode] = left
            else:
                del self._counts[episode]

    def restore(self, episodes: Iterable[int]) -> None:
        """Count afresh."""
        self._counts = Counter(episodes)

    def as_dict(self) -> dict[int, int]:
        """Entries by episode, a copy. Any thread: a dict is copied in one step."""
        return dict(self._counts)
