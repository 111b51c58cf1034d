"""A closer look at points of the map: a card for the one pointed at, a sheet of those encircled."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QSize, pyqtSignal

from app.models.map.map_statistics import contact_sheet_of, entries_at, entry_at, statistics_of
from app.models.map.map_words import entry_lines
from app.views.map.contact_sheet import ContactSheet
from app.views.map.map_canvas import Card, MapCanvas
from app.views.map.map_marks import CARD_PICTURE
from app.views.map.map_pictures import MapPictures
from nec_engine.messages import I64, Entry, EntrySet, GoTo, MapAnswer


class MapCloseUp(QObject):
    """Shows what the mouse and the lasso are about, and says what was picked. Qt's thread."""

    entry_picked = pyqtSignal(object)  # Entry
    edit_wanted = pyqtSignal(object, str)  # EntrySet, what it is called
    visit_wanted = pyqtSignal(object)  # GoTo: a point was double-clicked

    def __init__(self, canvas: MapCanvas, pictures: MapPictures, parent: QObject) -> None:
        super().__init__(parent)
        self.sheet = ContactSheet()
        self._canvas, self._pictures = canvas, pictures
        self._names: tuple[str, ...] = ()
        self._map: MapAnswer | None = None
        self._hovered: int | None = None
        self._on_sheet: tuple[Entry, ...] = ()
        self._encircled: EntrySet | None = None
        canvas.pointed.connect(self._point_at)
        canvas.picked.connect(self._pick)
        canvas.opened.connect(self._open)
        canvas.encircled.connect(self._show_lasso)
        self.sheet.picked.connect(lambda place: self.entry_picked.emit(self._on_sheet[place]))
        self.sheet.closed.connect(self.forget_lasso)
        self.sheet.edit_clicked.connect(self._edit_lasso)
        pictures.came.connect(self._show_pictures)

    def open_game(self, action_names: tuple[str, ...]) -> None:
        """Forget the memory of the game before."""
        self._names, self._map, self._hovered = action_names, None, None
        self.forget_lasso()

    def show_map(self, answer: MapAnswer) -> None:
        """Look at the points of this map from now on; what was encircled is kept."""
        self._map, self._hovered = answer, None
        self._show_card()

    def forget_lasso(self) -> None:
        """Nothing is encircled."""
        self._on_sheet = ()
        self._canvas.clear_lasso()
        self.sheet.hide()

    # --- pointed at ---

    def _point_at(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self._want_pictures()
        if index is not None or self._canvas.card is not None:
            self._show_card()

    def _show_card(self) -> None:
        answer, index = self._map, self._hovered
        if answer is None or index is None:
            self._canvas.show_card(None)
            return
        entry = entry_at(answer, index)
        image = self._pictures.image(entry, QSize(*CARD_PICTURE), self._canvas.devicePixelRatioF())
        lines = entry_lines(answer, index, self._names)
        self._canvas.show_card(Card(image, self._pictures.problem(entry), lines))

    def _pick(self, index: int | None) -> None:
        if self._map is not None and index is not None:
            self.entry_picked.emit(entry_at(self._map, index))

    def _open(self, index: int) -> None:
        if self._map is not None:
            entry = entry_at(self._map, index)
            self.visit_wanted.emit(GoTo(entry.moment, entry.state_hash))

    # --- encircled ---

    def _show_lasso(self, chosen: I64) -> None:
        """The contact sheet and the statistics of what was encircled."""
        if self._map is None or not len(chosen):
            self.forget_lasso()
            return
        drawn = contact_sheet_of(self._map, chosen).tolist()
        self._encircled = entries_at(self._map, chosen)
        self._on_sheet = tuple(entry_at(self._map, index) for index in drawn)
        tips = ["; ".join(entry_lines(self._map, index, self._names)) for index in drawn]
        self.sheet.show_sheet(tips, statistics_of(self._map, chosen, self._names))
        self._want_pictures()
        self._show_pictures()

    def _edit_lasso(self) -> None:
        if self._encircled is not None:
            self.edit_wanted.emit(self._encircled, f"the {len(self._encircled):,} in the lasso")

    # --- pictures ---

    def _want_pictures(self) -> None:
        entries = list(self._on_sheet)
        if self._map is not None and self._hovered is not None:
            entries.insert(0, entry_at(self._map, self._hovered))
        self._pictures.want_entries(entries)

    def _show_pictures(self) -> None:
        if self._hovered is not None:
            self._show_card()
        ratio = self._canvas.devicePixelRatioF()
        for place, entry in enumerate(self._on_sheet):
            image = self._pictures.image(entry, self.sheet.picture_size(), ratio)
            self.sheet.show_picture(place, image, self._pictures.problem(entry))
