"""The map of the memory: points by likeness, the game as a dot among them, a lasso."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from app.models.map.map_colours import coded, palette_of
from app.models.map.map_dot import Live, MapDot
from app.models.map.map_requests import MapRequests, question_about
from app.models.map.map_statistics import (
    index_of,
    is_same_plane,
)
from app.models.map.map_words import ABOUT_COLOURS, UMAP_DUE, map_text, why_no_map
from app.views.map.map_canvas import MapCanvas
from app.views.map.map_close_up import MapCloseUp
from app.views.map.map_controls import MapControls
from app.views.map.map_legend import MapLegend
from app.views.map.map_picture import Layout
from app.views.map.map_pictures import MapPictures
from app.views.widgets.panel import Clock, Panel
from nec_engine.messages import (
    AskUmap,
    Decision,
    Entry,
    GameInfo,
    Landmarks,
    MapAnswer,
    PictureAnswer,
    PlacesAnswer,
    UmapEnded,
)

PANEL: Final = "map"
DOT: Final = "map dot"  # two more kinds of questions, that do not replace the first
SELECTION: Final = "map selection"
REFRESH_MS: Final = 60
SMALLER: Final = 0.88  # than the font of the panel
SHEET_SHARE: Final = 0.36  # of the height, at most: the rest is for the map
LOOK_MS: Final = 1000  # whether a new map is due


class MapView(Panel):
    """Asks for a map every ten seconds and for the dot's place ten times a second, while seen."""

    question_asked = pyqtSignal(object)  # AskMap, AskUmap, AskPlaces or AskPictures
    entry_picked = pyqtSignal(object)  # Entry
    edit_wanted = pyqtSignal(object, str)  # EntrySet, what it is called
    problem_found = pyqtSignal(str)
    visit_wanted = pyqtSignal(object)  # GoTo: a point was double-clicked

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Map of the memory", REFRESH_MS, parent, clock)
        self._names: tuple[str, ...] = ()
        self._map: MapAnswer | None = None  # what is shown
        self._plane: MapAnswer | None = None  # the newest that is not UMAP's
        self._wants_umap = self._is_umap_due = False
        self._is_laid_out = False  # what is held is what is shown
        self._decision: Decision | None = None
        self._action: int | None = None  # whose neighbours the dot is the mean of
        self._selected: Entry | None = None
        self._map_requests, self._dot = MapRequests(PANEL), MapDot(DOT)
        self.pictures = MapPictures(PANEL, self.clock, self.is_watched, self)
        self._look_timer = QTimer(self)
        self._look_timer.setInterval(LOOK_MS)
        self._look_timer.timeout.connect(self._look)
        self.canvas, self.legend, self.controls = MapCanvas(), MapLegend(), MapControls()
        self.close_up = MapCloseUp(self.canvas, self.pictures, self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)
        self.set_theme(self.theme)
        self._show_layout()

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.canvas.set_theme(theme)
        self.legend.set_theme(theme)
        self._show_layout()

    def open_game(self, info: GameInfo) -> None:
        """Forget the memory of the game before."""
        self._names = info.action_names
        self._map = self._plane = self._decision = self._selected = None
        self._wants_umap = self._is_umap_due = False
        self._show_state()
        for part in (self._dot, self.pictures, self._map_requests):
            part.clear()
        self.close_up.open_game(self._names)
        self.controls.fill(self._names)
        self.canvas.show_live(Live())
        self.canvas.show_selected(None)
        self._is_laid_out = False
        self.request_refresh()

    def show_decision(self, decision: Decision | None) -> None:
        """Let the dot follow ``decision``; None: nobody knows where it is just now."""
        self._decision = decision
        if decision is None:
            self._dot.clear()
            self.canvas.show_live(Live())
        self.request_refresh()

    def set_action(self, action: int | None) -> None:
        """The dot is the mean of the neighbours of ``action``; None: always of the best one."""
        if action != self._action:
            self._action = action
            self._dot.forget_way()
            self.request_refresh()

    def set_paused(self, is_paused: bool) -> None:
        """The game stands still, so all pictures can be asked for at once."""
        self.pictures.is_still = is_paused

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the entry that is selected in all views."""
        self._selected = entry
        if self.is_watched():
            self._mark_selected()
        else:
            self._is_laid_out = False
            self.request_refresh()

    def show_map(self, answer: MapAnswer) -> None:
        """Show a new map. What was encircled stays so while the plane is the same."""
        if answer.panel != PANEL:
            return
        self._map_requests.note_answer(answer, self.clock())
        self._plane = answer
        if not self._shows_umap:
            self._take(answer)
        if self._wants_umap and not self._shows_umap and not self._is_umap_due:
            self._ask_for_umap()

    def show_umap(self, answer: UmapEnded) -> None:
        """Show the map laid out by UMAP, or say why there is none."""
        if answer.panel != PANEL:
            return
        self._is_umap_due = False
        if answer.map is None:
            self._wants_umap = False
            self.problem_found.emit(answer.problem)
        elif self._wants_umap:
            self._take(answer.map)
        self._show_state()

    def show_places(self, answer: PlacesAnswer) -> None:
        """Move the dot, or mark the selected entry."""
        if answer.panel == SELECTION:
            self._mark_selected(answer)
        elif answer.panel == DOT:
            live = self._dot.take(answer, self._map)
            if live is not None:
                self.canvas.show_live(live)

    def show_picture(self, answer: PictureAnswer) -> None:
        """Put a picture where it is looked for."""
        self.pictures.take(answer)

    # --- what it does with it ---

    def refresh(self) -> None:
        if not self._is_laid_out:
            self._show_layout()
        question = self._dot.ask(self._decision, self._action, self._map, self.clock())
        if question is not None:
            self.question_asked.emit(question)
        self._look()

    @property
    def _shows_umap(self) -> bool:
        return self._map is not None and isinstance(self._map.projection, Landmarks)

    def _take(self, answer: MapAnswer) -> None:
        """Show this map from now on."""
        before, self._map = self._map, answer
        if answer is not before:
            self._is_laid_out = False
            self.close_up.show_map(answer)
            if not is_same_plane(answer, before):
                self.close_up.forget_lasso()
                self._dot.clear()
                self.canvas.show_live(Live())
            if before is not None and type(answer.projection) is not type(before.projection):
                self.canvas.start_fitted()
        self.request_refresh()

    def _look(self) -> None:
        """Ask for a new map when one is due, and look again."""
        if not self.is_watched():
            self._look_timer.stop()
            self.request_refresh()  # goes on when it is seen again
            return
        if not self._look_timer.isActive():
            self._look_timer.start()
        if self._shows_umap:  # takes long, and is made anew on demand
            return
        question = self._map_requests.ask(self._plane, self.clock())
        if question is not None:
            self.question_asked.emit(question)

    def _mark_selected(self, answer: PlacesAnswer | None = None) -> None:
        """Where the selected entry is: a point of the map, or asked for."""
        entry, shown = self._selected, self._map
        place = None
        if entry is not None and shown is not None and shown.projection is not None:
            index = index_of(shown, entry)
            if index is not None:
                x, y = shown.xy[index].tolist()
                place = (x, y)
            elif answer is None and self.is_watched():
                self.question_asked.emit(question_about(SELECTION, shown.projection, entry))
            elif answer is not None and answer.projection is shown.projection:
                place = answer.centre
        self.canvas.show_selected(place)

    def _show_layout(self) -> None:
        """Draw the map that is held, in the chosen colours."""
        answer, colouring = self._map, self.controls.colouring
        action = self.controls.action
        words = why_no_map(answer, action)
        self._show_state()
        if answer is None or words[0]:
            self.canvas.show_layout(None, words)
            self.legend.show_legend((), palette_of(colouring, self.theme), "")
            self.close_up.forget_lasso()
            return
        shown = np.arange(len(answer.xy))
        if action is not None:
            shown = np.flatnonzero(answer.actions == action)
        colours, palette = coded(answer, colouring, self._names), palette_of(colouring, self.theme)
        self._is_laid_out = True
        layout = Layout(answer.xy, shown, colours.codes, palette, answer.density)
        self.canvas.show_layout(layout)
        self.legend.show_legend(colours.legend, palette, ABOUT_COLOURS[colouring])
        self._mark_selected()

    # --- controls ---

    def _ask_anew(self) -> None:
        if self._wants_umap:
            self._ask_for_umap()
        else:
            self._map_requests.hurry()
            self._look()

    def _set_umap(self, is_on: bool) -> None:
        self._wants_umap = is_on
        if is_on:
            self._ask_for_umap()
            return
        if self._plane is not None:
            self._take(self._plane)
        self._show_state()

    def _ask_for_umap(self) -> None:
        if self._map is not None:
            self._is_umap_due = True
            self.question_asked.emit(AskUmap(PANEL, self._map))
        self._show_state()

    def _show_state(self) -> None:
        """Of the map, and of the one that UMAP is to make."""
        is_due = self._wants_umap and self._is_umap_due
        self.controls.show_umap(is_wanted=self._wants_umap, is_due=is_due)
        text = map_text(self._map) if self._map is not None else ""
        self.controls.status.show_text(UMAP_DUE if is_due else text)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.legend)
        layout.addWidget(self.close_up.sheet)

    def _connect(self) -> None:
        controls = self.controls
        controls.changed.connect(self._show_layout)
        controls.lasso_toggled.connect(self.canvas.set_drawing_lasso)
        controls.umap_toggled.connect(self._set_umap)
        controls.fit_button.clicked.connect(self.canvas.fit)
        controls.new_button.clicked.connect(self._ask_anew)
        self.close_up.entry_picked.connect(self.entry_picked)
        self.close_up.edit_wanted.connect(self.edit_wanted)
        self.close_up.visit_wanted.connect(self.visit_wanted)
        self.pictures.asked.connect(self.question_asked)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.close_up.sheet.set_most_height(round(SHEET_SHARE * self.height()))
