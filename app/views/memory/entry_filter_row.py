"""Which entries to list: by action, by who made them, and from here to there by any column."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton, QWidget

from app.models.memory.entry_words import WORDS
from app.models.memory.filter_words import RANGED, limit_of, limit_text
from app.models.wording import ORIGIN_WORDS, action_text
from app.views.widgets.flow_layout import FlowLayout
from nec_engine.messages import Column, EntryFilter, Limits

PAUSE_MS: Final = 350  # in typing, before the list follows
ANY: Final = Limits()


class EntryFilterRow(QWidget):
    """Two lists and one range at a time; the ranges of the other columns stay in force."""

    filter_changed = pyqtSignal(object)  # EntryFilter, by the person

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = EntryFilter()
        self._extents: dict[Column, Limits] = {}
        self.action_box, self.origin_box, self.column_box = QComboBox(), QComboBox(), QComboBox()
        self.low_field, self.high_field = QLineEdit(), QLineEdit()
        self.clear_button = QToolButton()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._take_range)
        self._lay_out()
        self.open_game(())

    @property
    def filter(self) -> EntryFilter:
        """All conditions now in force."""
        return self._filter

    def open_game(self, action_names: tuple[str, ...]) -> None:
        """Offer the actions of another game; no condition is left of the last."""
        self.action_box.clear()
        self.action_box.addItems(["Any action", *(action_text(name) for name in action_names)])
        self._extents = {}
        self.set_filter(EntryFilter())

    def set_filter(self, entry_filter: EntryFilter) -> None:
        """Show these conditions; does not tell."""
        self._filter = entry_filter
        self._pause.stop()
        for box, column in ((self.action_box, Column.ACTION), (self.origin_box, Column.ORIGIN)):
            limits = entry_filter.limits.get(column)
            box.setCurrentIndex(0 if limits is None else int(limits.low) + 1)
        self._show_range()

    def show_extents(self, extents: dict[Column, Limits]) -> None:
        """Say in the empty fields how far each column reaches."""
        self._extents = extents
        self._show_placeholders()

    @property
    def _column(self) -> Column:
        return RANGED[max(self.column_box.currentIndex(), 0)]

    # --- the person's choices ---

    def _take_choice(self, column: Column, index: int) -> None:
        limits = None if index <= 0 else Limits(index - 1, index - 1)
        self._change(self._filter.with_limits(column, limits))

    def _take_range(self) -> None:
        self._pause.stop()
        ends = []
        before = self._filter.limits.get(self._column, ANY)
        for field, end in ((self.low_field, before.low), (self.high_field, before.high)):
            try:
                # What is shown may be rounded: read only what a person wrote there.
                is_as_shown = field.text() == limit_text(self._column, end)
                ends.append(end if is_as_shown else limit_of(self._column, field.text()))
            except ValueError:
                self._mark(field, is_wrong=True)
                return
            self._mark(field, is_wrong=False)
        low, high = ends
        limits = Limits(ANY.low if low is None else low, ANY.high if high is None else high)
        self._change(self._filter.with_limits(self._column, None if limits == ANY else limits))
        self._name_ranges()

    def _clear(self) -> None:
        self.set_filter(EntryFilter())
        self.filter_changed.emit(self._filter)

    def _change(self, entry_filter: EntryFilter) -> None:
        if entry_filter != self._filter:
            self._filter = entry_filter
            self.clear_button.setEnabled(bool(entry_filter.limits))
            self.filter_changed.emit(entry_filter)

    # --- showing ---

    def _show_range(self) -> None:
        limits = self._filter.limits.get(self._column, ANY)
        for field, end in ((self.low_field, limits.low), (self.high_field, limits.high)):
            field.setText(limit_text(self._column, end))
            self._mark(field, is_wrong=False)
        self._name_ranges()
        self._show_placeholders()

    def _name_ranges(self) -> None:
        """A dot stands before each column that has a range in force."""
        for index, column in enumerate(RANGED):
            mark = "• " if column in self._filter.limits else ""
            self.column_box.setItemText(index, f"{mark}{WORDS[column].title}")
        self.clear_button.setEnabled(bool(self._filter.limits))

    def _show_placeholders(self) -> None:
        column = self._column
        extent = self._extents.get(column)
        is_told = extent is not None and column is not Column.EPISODE
        low, high = (extent.low, extent.high) if extent is not None and is_told else (0.0, 0.0)
        self.low_field.setPlaceholderText(limit_text(column, low) if is_told else "first")
        self.high_field.setPlaceholderText(limit_text(column, high) if is_told else "last")

    def _mark(self, field: QLineEdit, *, is_wrong: bool) -> None:
        tip = f"{field.accessibleName()}: a number such as 12, −0.5 or 5k; empty for any."
        if self._column is Column.EPISODE:
            tip = f"{field.accessibleName()}: a game of training such as 41, or live 3."
        field.setToolTip(f"This is no number. {tip}" if is_wrong else tip)
        font = field.font()
        font.setStrikeOut(is_wrong)
        field.setFont(font)

    def _lay_out(self) -> None:
        self.action_box.setAccessibleName("Entries of which action")
        self.action_box.setToolTip("List the memories of one action, or of all")
        self.action_box.activated.connect(lambda i: self._take_choice(Column.ACTION, i))
        self.origin_box.addItems(
            ["Made by anyone", *(f"Made by {word}" for word in ORIGIN_WORDS.values())]
        )
        self.origin_box.setAccessibleName("Entries made by whom")
        self.origin_box.setToolTip("List what the agent found out, what a person taught, or both")
        self.origin_box.activated.connect(lambda i: self._take_choice(Column.ORIGIN, i))
        self.column_box.addItems([WORDS[column].title for column in RANGED])
        for index, column in enumerate(RANGED):
            self.column_box.setItemData(index, WORDS[column].tip, 3)  # Qt's tooltip role
        self.column_box.setAccessibleName("Range of which column")
        self.column_box.setToolTip(
            "Which column the range beside it is of.\nA dot marks those with a range in force."
        )
        self.column_box.currentIndexChanged.connect(lambda _: self._show_range())
        for field, name in ((self.low_field, "From"), (self.high_field, "To")):
            field.setAccessibleName(name)
            field.setFixedWidth(72)
            field.textEdited.connect(lambda _: self._pause.start())
            field.editingFinished.connect(self._take_range)
        self.clear_button.setText("Clear")
        self.clear_button.setAccessibleName("Clear the filter")
        self.clear_button.setToolTip("List every entry again")
        self.clear_button.clicked.connect(self._clear)
        layout = FlowLayout(4, self)
        for part in (self.action_box, self.origin_box, self.column_box, self.low_field,
                     QLabel("to"), self.high_field, self.clear_button):  # fmt: skip
            layout.addWidget(part)
