"""The two rows of controls above the maps: what of, how, where, and what else can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.saliency.saliency_words import METHOD_NAMES, METHOD_TIPS, took_text
from app.models.wording import action_text
from nec_engine.messages import (
    Decision,
    Entry,
    GapOfBest,
    LikenessTo,
    QOf,
    SaliencyMethod,
    SaliencyTarget,
)

PLAYED, BEST, GAP, LIKENESS = range(4)  # places in the target box; actions follow
FIXED_TARGETS: Final = ("Played action", "Best action", "Best less second best", "Selected memory")
NUM_FIXED_TARGETS: Final = len(FIXED_TARGETS)
TIP: Final = Qt.ItemDataRole.ToolTipRole


class SaliencyControls(QWidget):
    """What a person wants to see a map of. ``wish_changed`` when that is another one."""

    wish_changed = pyqtSignal()
    overlay_toggled = pyqtSignal()
    opacity_changed = pyqtSignal()
    blur_toggled = pyqtSignal(bool)
    check_toggled = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target_box, self.method_box = QComboBox(), QComboBox()
        self.overlay_box = QCheckBox("Over the game")
        self.opacity_slider = QSlider(Qt.Orientation.Horizontal)
        self.blur_button, self.check_button = QToolButton(), QToolButton()
        self._fill()
        self._explain()
        self._lay_out()
        self.target_box.currentIndexChanged.connect(self.wish_changed)
        self.method_box.currentIndexChanged.connect(self.wish_changed)
        self.overlay_box.toggled.connect(self.overlay_toggled)
        self.opacity_slider.valueChanged.connect(self.opacity_changed)
        self.blur_button.toggled.connect(self.blur_toggled)
        self.check_button.toggled.connect(self.check_toggled)

    @property
    def opacity(self) -> float:
        """0 .. 1."""
        return self.opacity_slider.value() / 100

    @property
    def method(self) -> SaliencyMethod:
        return list(SaliencyMethod)[max(0, self.method_box.currentIndex())]

    def target(self, decision: Decision, entry: Entry | None) -> SaliencyTarget | None:
        """What is to be explained; None while a memory is to be selected first."""
        place = self.target_box.currentIndex()
        if place == GAP and len(decision.evidence) > 1:
            return GapOfBest()
        if place == LIKENESS:
            return None if entry is None else LikenessTo(entry)
        if place >= NUM_FIXED_TARGETS:
            return QOf(min(place - NUM_FIXED_TARGETS, len(decision.evidence) - 1))
        return QOf(decision.best_action if place == BEST else decision.action)

    def set_actions(self, names: Sequence[str], *, has_memory: bool) -> None:
        """The targets of a game: its actions, and a memory where there is one."""
        texts = [*FIXED_TARGETS, *(action_text(name) for name in names)]
        box = self.target_box
        if texts != [box.itemText(i) for i in range(box.count())]:
            place, name = max(box.currentIndex(), 0), box.currentText()
            if place >= NUM_FIXED_TARGETS:  # an action of the game before: the one of that name
                place = texts.index(name) if name in texts else PLAYED
            box.blockSignals(True)
            box.clear()
            box.addItems(texts)
            box.setItemData(GAP, "What the best Q has over the second best", TIP)
            box.setItemData(LIKENESS, "How like the screens are to the selected memory", TIP)
            box.setCurrentIndex(place)
            box.blockSignals(False)
        _set_enabled(box, LIKENESS, has_memory)
        if not has_memory and box.currentIndex() == LIKENESS:
            box.setCurrentIndex(PLAYED)

    def set_methods(self, methods: Sequence[SaliencyMethod]) -> None:
        """Those that say something about this agent."""
        for place, method in enumerate(SaliencyMethod):
            tip = METHOD_TIPS[method]
            if method not in methods:
                tip += "\nNot for this agent: it sees by a fixed formula and has no network"
            self.method_box.setItemData(place, tip, TIP)
            _set_enabled(self.method_box, place, method in methods)
        if self.method not in methods:
            self.method_box.setCurrentIndex(0)

    def note_time(self, method: SaliencyMethod, took_s: float) -> None:
        """Say at the method what a map of it takes here."""
        tip = f"{METHOD_TIPS[method]}\nThe last map took {took_text(took_s)}"
        self.method_box.setItemData(list(SaliencyMethod).index(method), tip, TIP)

    def _fill(self) -> None:
        self.set_actions((), has_memory=True)
        self.method_box.addItems([METHOD_NAMES[method] for method in SaliencyMethod])
        self.set_methods(tuple(SaliencyMethod))
        self.opacity_slider.setRange(5, 100)
        self.opacity_slider.setValue(70)
        for button, text in ((self.blur_button, "Blur and ask"), (self.check_button, "Test")):
            button.setText(text)
            button.setCheckable(True)

    def _explain(self) -> None:
        self.overlay_box.setToolTip(
            "Paint the heat over the game's picture, too (V).\n"
            "It stays on while this panel is behind another tab."
        )
        self.overlay_box.setAccessibleName("Heat over the game")
        self.target_box.setAccessibleName("What the map explains")
        self.target_box.setToolTip("What the heat explains (V: off, played, best)")
        self.method_box.setAccessibleName("How the map is made")
        self.method_box.setToolTip("How the map is made; all of them are hints, none is a proof")
        self.opacity_slider.setAccessibleName("Opacity of the heat")
        self.opacity_slider.setToolTip("How strongly the heat covers the picture")
        self.blur_button.setAccessibleName("Blur and ask")
        self.blur_button.setToolTip(
            "Drag a box over the game or the agent's screen: what are Q, neighbours and choice"
            " without it? (X)"
        )
        self.check_button.setAccessibleName("Test the map")
        self.check_button.setToolTip(
            "Let the network forget, layer by layer, and see whether the map changes (Shift+X)"
        )

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for box in (self.target_box, self.method_box):
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            first.addWidget(box, 1)
        self.opacity_slider.setMinimumWidth(40)
        second.addWidget(self.overlay_box)
        second.addWidget(self.opacity_slider, 1)
        second.addWidget(self.blur_button)
        second.addWidget(self.check_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)


def _set_enabled(box: QComboBox, place: int, is_enabled: bool) -> None:
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(place)
    if item is not None:
        item.setEnabled(is_enabled)
