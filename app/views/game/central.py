"""The middle of the window: the start screen, the loading screen, or the game."""

from __future__ import annotations

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.views.game.game_view import GameView
from app.views.game.offer_bar import OfferBar
from app.views.start.loading_view import LoadingView
from app.views.start.start_view import StartView


class Central(QStackedWidget):
    """Holds the three screens; one is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = StartView()
        self.loading = LoadingView()
        self.game = GameView()
        self.offers = OfferBar()
        self._game_page = QWidget()
        layout = QVBoxLayout(self._game_page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offers)
        layout.addWidget(self.game, 1)
        for page in (self.start, self.loading, self._game_page):
            self.addWidget(page)

    @property
    def is_game_shown(self) -> bool:
        return self.currentWidget() is self._game_page

    @property
    def is_start_shown(self) -> bool:
        """Over the game or before one; the panels are away."""
        return self.currentWidget() is self.start

    def show_start(self, *, can_go_back: bool) -> None:
        self.start.set_can_go_back(can_go_back)
        self.setCurrentWidget(self.start)
        self.start.search.setFocus()
        self.start.search.selectAll()  # what is typed now is another search

    def show_loading(self) -> None:
        self.setCurrentWidget(self.loading)

    def show_game(self) -> None:
        self.setCurrentWidget(self._game_page)
        self.game.setFocus()

    def set_theme(self, theme: Theme) -> None:
        self.start.set_theme(theme)
        self.game.set_theme(theme)
        self.offers.set_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """The game's, so that the wider start screen takes no room from the panels."""
        return self.game.minimumSize()
