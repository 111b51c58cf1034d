"""The cheat sheet: every key, from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.actions import HELD_KEYS, MENUS, ActionSpec, key_words


class KeysSheet(QDialog):
    """Not modal: it can stay beside the game."""

    def __init__(self, specs: Sequence[ActionSpec], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        held = [(held.keys, held.text) for held in HELD_KEYS]
        groups = {"Play": held} | {
            menu: [
                (" or ".join(_pretty(key) for key in unique(spec.keys)), spec.text.rstrip("…"))
                for spec in specs
                if spec.menu == menu and spec.keys
            ]
            for menu in MENUS
        }
        for names in (("Play", "Game"), ("File", "Agent", "Memory"), ("View", "Help")):
            column = QVBoxLayout()
            for name in names:
                if groups[name]:
                    column.addWidget(_group(name, groups[name]))
            column.addStretch(1)
            columns.addLayout(column)
        inside = QWidget()
        inside.setLayout(columns)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        self.resize(inside.sizeHint().width() + 50, min(620, inside.sizeHint().height() + 80))


def unique(keys: Sequence[str]) -> list[str]:
    """Keys without those that read the same."""
    return list(dict.fromkeys(key_words(key) for key in keys))


def _pretty(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 8)
    grid.setHorizontalSpacing(16)
    head = QLabel(title)
    font = head.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.15)
    head.setFont(font)
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (keys, text) in enumerate(rows, start=1):
        key = QLabel(keys)
        bold = key.font()
        bold.setBold(True)
        key.setFont(bold)
        grid.addWidget(key, row, 0)
        grid.addWidget(QLabel(text), row, 1)
    grid.setColumnStretch(1, 1)
    return box
