"""A small editor of memories: which ones, and what to do with them. The game goes on meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QCursor
from PyQt6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from nec_engine.messages import Entries

MOST_VALUE: Final = 1e6
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Scope:
    """Some memories, and what they are called: "all of its episode"."""

    words: str
    entries: Entries


class ValueBox(QDoubleSpinBox):
    """A value with as many digits as it needs; empty while none is known or written."""

    def __init__(self) -> None:
        super().__init__()
        self.setDecimals(DECIMALS)
        self.setRange(-MOST_VALUE - 1, MOST_VALUE)  # the lowest stands for none
        self.setSpecialValueText("\N{EN DASH}")
        self.setValue(self.minimum())

    @property
    def is_empty(self) -> bool:
        return self.value() == self.minimum()

    def textFromValue(self, value: float) -> str:
        """Without the zeros at the end."""
        point = self.locale().decimalPoint()
        whole, _, digits = super().textFromValue(value).partition(point)
        digits = digits.rstrip("0")
        return f"{whole}{point}{digits}" if digits else whole

    def stepBy(self, steps: int) -> None:
        """From 0 where there is nothing yet."""
        if self.is_empty:
            self.setValue(0.0)
        super().stepBy(steps)


class EditPopup(QFrame):
    """Set a value, pin, let go or delete; Esc or a click beside it closes it."""

    value_chosen = pyqtSignal(object, float)  # Entries, the value
    pin_chosen = pyqtSignal(object, bool)  # Entries, pinned or not
    delete_chosen = pyqtSignal(object)  # Entries

    def __init__(
        self, scopes: Sequence[Scope], value: float | None, theme: Theme, parent: QWidget
    ) -> None:
        """``value``: what the memories have now; None where that is not one number or not known."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Edit memories")
        self._scopes = tuple(scopes)
        self.scope_box = QComboBox()
        self.value_box = ValueBox()
        self.set_button = QPushButton("Set value")
        self.pin_button = QPushButton("Pin")
        self.unpin_button = QPushButton("Let go")
        self.delete_button = QPushButton("Delete")
        self._lay_out()
        self.suggest(value)
        self.setObjectName("edit_popup")
        self.setStyleSheet(
            f"#edit_popup {{ background: {theme.raised}; border: 1px solid {theme.muted}; }}"
        )

    def suggest(self, value: float | None) -> None:
        """What stands in the field, unless a person has written something."""
        if value is not None and self.value_box.is_empty:
            self.value_box.setValue(value)
            self.value_box.selectAll()

    def show_over(self, window: QWidget) -> None:
        """Open at the pointer if that is over ``window``, else in its middle."""
        self.adjustSize()
        at = QCursor.pos()
        middle = window.mapToGlobal(window.rect().center())
        if not window.rect().contains(window.mapFromGlobal(at)):
            at = middle - QPoint(self.width() // 2, self.height() // 2)
        low = window.mapToGlobal(QPoint(0, 0))
        high = low + QPoint(window.width() - self.width(), window.height() - self.height())
        self.move(
            max(low.x(), min(at.x(), high.x())),
            max(low.y(), min(at.y(), high.y())),
        )
        self.show()
        self.value_box.setFocus()
        self.value_box.selectAll()

    @property
    def _entries(self) -> Entries:
        return self._scopes[self.scope_box.currentIndex()].entries

    def _set_value(self) -> None:
        if self.value_box.is_empty:
            return
        self.value_chosen.emit(self._entries, self.value_box.value())
        self.close()

    def _pin(self, pinned: bool) -> None:
        self.pin_chosen.emit(self._entries, pinned)
        self.close()

    def _delete(self) -> None:
        self.delete_chosen.emit(self._entries)
        self.close()

    def _lay_out(self) -> None:
        self.scope_box.addItems([scope.words for scope in self._scopes])
        self.scope_box.setAccessibleName("Which memories")
        self.scope_box.setToolTip("Which memories are edited")
        self.value_box.setAccessibleName("The new value")
        self.value_box.setToolTip(
            "The return that these memories promise, in points of the game.\n"
            "Training goes on from there; what is edited is marked as edited."
        )
        for button, tip, do in (
            (self.set_button, "Give them this value (Enter)", self._set_value),
            (self.pin_button, "Never evict them", lambda: self._pin(True)),
            (self.unpin_button, "They may be evicted again", lambda: self._pin(False)),
            (self.delete_button, "Take them out of the memory", self._delete),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, done=do: done())
        self.set_button.setEnabled(False)
        self.value_box.valueChanged.connect(
            lambda _: self.set_button.setEnabled(not self.value_box.is_empty)
        )
        edit = self.value_box.lineEdit()
        assert edit is not None
        edit.returnPressed.connect(self._set_value)
        which, row, hint = QHBoxLayout(), QHBoxLayout(), QLabel("Ctrl+Z undoes it.")
        which.addWidget(QLabel("Edit"))
        which.addWidget(self.scope_box, 1)
        for widget in (
            self.value_box, self.set_button, self.pin_button, self.unpin_button,
            self.delete_button,
        ):  # fmt: skip
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(which)
        layout.addLayout(row)
        layout.addWidget(hint)

    # --- Qt ---

    def closeEvent(self, event: QCloseEvent | None) -> None:
        super().closeEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            parent.activateWindow()  # its keys work again, on every platform
