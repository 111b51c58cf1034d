"""What each panel costs is said behind its title."""

from __future__ import annotations

import time
from typing import Final

from PyQt6.QtCore import QObject, QTimer

from app.models.frame.panel_costs import PanelCosts, cost_text
from app.panels import PANELS
from app.session import Session
from app.window import MainWindow

PERIOD_MS: Final = 4000  # long enough to be read, and for slow maps to count evenly


class Costs(QObject):
    """Tells the panels what answering them takes. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._panels = window.panels
        self._costs = PanelCosts()
        session.bridge.work_came.connect(self._costs.add)
        timer = QTimer(self)
        timer.setInterval(PERIOD_MS)
        timer.timeout.connect(lambda: self.tell(time.monotonic()))
        timer.start()

    def tell(self, now_s: float) -> None:
        """Say what each panel has cost since the last time."""
        shares = self._costs.take(now_s)
        for panel in PANELS:
            self._panels.set_cost(panel.name, cost_text(shares.get(panel.name, 0.0)))
