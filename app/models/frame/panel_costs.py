"""What the panels cost: the part of a core that answers them, which training does not get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEAST_SHARE: Final = 0.01  # of a core; less is not worth a word


class PanelCosts:
    """Adds up what answering took. Not Qt's."""

    def __init__(self) -> None:
        self._work_s: dict[str, float] = {}
        self._since_s: float | None = None

    def add(self, work_s: Mapping[str, float]) -> None:
        """``work_s``: seconds by the name a question was asked in, "map" and "map dot" alike.

        The first word of such a name is that of the panel.
        """
        for asker, seconds in work_s.items():
            panel = asker.partition(" ")[0]
            self._work_s[panel] = self._work_s.get(panel, 0.0) + seconds

    def take(self, now_s: float) -> dict[str, float]:
        """Parts of a core by panel, over the time since it was asked last; at first none."""
        work_s, since_s = self._work_s, self._since_s
        self._work_s, self._since_s = {}, now_s
        if since_s is None or now_s <= since_s:
            return {}
        return {panel: seconds / (now_s - since_s) for panel, seconds in work_s.items()}


def cost_text(share: float) -> str:
    """What is said of a panel that takes that part of a core: "9 % of a core", or nothing."""
    return f"{100 * share:.0f} % of a core" if share >= LEAST_SHARE else ""
