"""Above the map: what the colours tell, whose memories are shown, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app.models.map.map_colours import Colouring
from app.models.map.map_words import ABOUT_MAP
from app.models.wording import action_text
from app.views.widgets.fitted_label import ElidedLabel
from app.views.widgets.panel import muted

SMALLER: Final = 0.88  # than the font of the panel


class MapControls(QWidget):
    """Boxes and the lasso; more buttons; a line about the map."""

    changed = pyqtSignal()  # the colours, or whose memories are shown
    lasso_toggled = pyqtSignal(bool)
    umap_toggled = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour_box, self.filter_box = QComboBox(), QComboBox()
        self.lasso_button, self.umap_button = QToolButton(), QToolButton()
        self.fit_button, self.new_button, self.help_button = (QToolButton() for _ in range(3))
        self.status = ElidedLabel()
        self._lay_out()

    @property
    def colouring(self) -> Colouring:
        colouring = self.colour_box.currentData()
        assert isinstance(colouring, Colouring)
        return colouring

    @property
    def action(self) -> int | None:
        """Whose memories alone are shown; None: all."""
        action = self.filter_box.currentData()
        assert action is None or isinstance(action, int)
        return action

    def fill(self, action_names: Sequence[str]) -> None:
        """Offer these actions."""
        box = self.filter_box
        box.blockSignals(True)
        box.clear()
        box.addItem("All actions", None)
        for action, name in enumerate(action_names):
            box.addItem(action_text(name), action)
        box.blockSignals(False)

    def show_umap(self, *, is_wanted: bool, is_due: bool) -> None:
        """Whether UMAP lays the map out, or is about to."""
        self.umap_button.blockSignals(True)
        self.umap_button.setChecked(is_wanted)
        self.umap_button.blockSignals(False)
        self.umap_button.setText("UMAP…" if is_due else "UMAP")

    def _lay_out(self) -> None:
        for colouring in Colouring:
            self.colour_box.addItem(f"Colour: {colouring.value.lower()}", colouring)
        self.colour_box.setAccessibleName("Colour of the points")
        self.colour_box.setToolTip("What the colour of a point tells; the legend is below the map")
        self.filter_box.setAccessibleName("Memories of which action")
        self.filter_box.setToolTip("Show the memories of all actions, or of one alone")
        self.fill(())
        for button, text, name, tip in (
            (self.lasso_button, "Lasso", "Draw a lasso",
             "Dragging draws a lasso around memories, for their pictures and statistics"
             " (hold Shift)"),
            (self.fit_button, "Fit", "See the whole map",
             "See the whole map, but for a few entries that lie far out (0)"),
            (self.new_button, "↻", "Draw the map anew",
             "Draw the map anew now; the plane is drawn anew every ten seconds or so by itself"),
            (self.umap_button, "UMAP", "Lay the map out by UMAP",
             "Lay 10,000 memories out by their neighbourhoods instead of in a plane; it takes a"
             " minute in the background.\nNeeds the extra named umap."),
            (self.help_button, "?", "How to read the map", ABOUT_MAP),
        ):  # fmt: skip
            button.setText(text)
            button.setAccessibleName(name)
            button.setToolTip(tip)
        for button in (self.lasso_button, self.umap_button):
            button.setCheckable(True)
        muted(self.status)
        font = self.status.font()
        font.setPointSizeF(font.pointSizeF() * SMALLER)
        self.status.setFont(font)
        first, second = QHBoxLayout(), QHBoxLayout()
        for box in (self.colour_box, self.filter_box):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMinimumContentsLength(6)
            box.currentIndexChanged.connect(self.changed)
            first.addWidget(box, 1)
        first.addWidget(self.lasso_button)
        for button in (self.fit_button, self.new_button, self.umap_button, self.help_button):
            second.addWidget(button)
        second.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.status)
        self.lasso_button.toggled.connect(self.lasso_toggled)
        self.umap_button.toggled.connect(self.umap_toggled)
        self.help_button.clicked.connect(self._show_help)

    def _show_help(self) -> None:
        button = self.help_button
        QToolTip.showText(button.mapToGlobal(button.rect().bottomLeft()), ABOUT_MAP, button)
