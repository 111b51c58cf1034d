"""What all panels share: a palette, and no work while nobody sees them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QColor, QPaintEvent, QPalette, QShowEvent
from PyQt6.QtWidgets import QLabel, QWidget

from app.look.theme import DARK, Theme

Clock = Callable[[], float]


class Panel(QWidget):
    """A view that shows the newest of what it is given, at a bounded rate, only while watched.

    ``request_refresh`` may be called at any rate; ``refresh`` then runs at most every
    ``interval_ms``, and not at all while the panel is closed, behind another tab or minimised:
    then it runs once when the panel is seen again.
    """

    def __init__(
        self, name: str, interval_ms: int, parent: QWidget | None = None, clock: Clock | None = None
    ) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.clock: Clock = clock or time.monotonic
        self.setAccessibleName(name)
        self.setAutoFillBackground(True)
        self._interval_s = interval_ms / 1000
        self._is_stale = False
        self._refreshed_s = -1e9
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refresh_if_watched)

    def set_theme(self, theme: Theme) -> None:
        """Paint with other colours; what is not named here comes from the window's palette."""
        self.theme = theme
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.panel))
        self.setPalette(palette)
        self.setStyleSheet(style_rules(theme))
        self.update()

    def is_watched(self) -> bool:
        """Whether any pixel of the panel can be on the screen.

        A dock behind another tab is "visible" to Qt but lies outside its parent, so its visible
        region is empty.
        """
        return (
            self.isVisible()
            and not self.window().isMinimized()  # type: ignore[union-attr]  # a widget is in a window
            and not self.visibleRegion().isEmpty()
        )

    def request_refresh(self) -> None:
        """Have ``refresh`` called soon: now if the last one is long enough ago."""
        self._is_stale = True
        wait_s = self._refreshed_s + self._interval_s - self.clock()
        if wait_s <= 0:
            self._timer.stop()
            self._refresh_if_watched()
        elif not self._timer.isActive():
            self._timer.start(round(wait_s * 1000) + 1)

    def refresh(self) -> None:
        """Show the newest; overridden by each panel (with Qt's metaclass it cannot be abstract)."""
        raise NotImplementedError

    def _refresh_if_watched(self) -> None:
        if self._is_stale and self.is_watched():
            self._is_stale = False
            self._refreshed_s = self.clock()
            self.refresh()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._timer.start(0)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._is_stale and not self._timer.isActive():
            self._timer.start(0)


def muted(label: QLabel) -> QLabel:
    """``label``, from now on in the second-rank text colour of its panel's theme."""
    label.setProperty("muted", True)
    return label


def style_rules(theme: Theme) -> str:
    """Second-rank labels; buttons that say by line and weight, not by colour alone, they are on."""
    return f"""
    QLabel[muted="true"] {{ color: {theme.muted}; }}
    QToolButton {{ color: {theme.text}; background: {theme.raised}; padding: 2px 6px;
                   border: 1px solid {theme.border}; border-radius: 4px; }}
    QToolButton:hover {{ border-color: {theme.muted}; }}
    QToolButton:focus {{ border-color: {theme.accent}; }}
    QToolButton:checked {{ border-color: {theme.accent}; padding-bottom: 0px;
                           border-bottom: 3px solid {theme.accent}; }}
    QToolButton:disabled {{ color: {theme.border}; }}
    """
