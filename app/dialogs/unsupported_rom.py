"""A file that cannot be played: why, its MD5, and the nearest game that can."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from nec_engine.errors import RomError

MAX_BYTES: Final = 16 * 1024 * 1024  # what is larger is no game and not worth reading


class UnsupportedRom(QDialog):
    """Not modal. Offers the nearest known game, or another file."""

    game_chosen = pyqtSignal(str)
    other_clicked = pyqtSignal()

    def __init__(
        self, path: Path, error: RomError, titles: Mapping[str, str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("This file cannot be played")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        what = QLabel(f"{error.what}.")
        what.setWordWrap(True)
        font = what.font()
        font.setBold(True)
        what.setFont(font)
        form = QFormLayout()
        form.addRow("File", _words(str(path)))
        form.addRow("Why", _words(error.why))
        form.addRow("MD5", _words(md5_words(path)))
        nearest = nearest_game(path.stem, titles)
        if nearest is not None:
            form.addRow("Nearest known name", _words(f"{titles[nearest]} ({nearest})"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        if nearest is not None:
            play = buttons.addButton(f"Play the bundled {titles[nearest]}", role)
            assert play is not None
            play.clicked.connect(lambda: self._leave(nearest))
        other = buttons.addButton("Choose another file…", role)
        assert other is not None
        other.clicked.connect(lambda: self._leave(None))
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(what)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)

    def _leave(self, game: str | None) -> None:
        self.close()
        if game is None:
            self.other_clicked.emit()
        else:
            self.game_chosen.emit(game)


def md5_words(path: Path) -> str:
    """The file's MD5, by which games are known; or why there is none."""
    try:
        if not path.is_file():
            return "none, it is not a file"
        num_bytes = path.stat().st_size
        if num_bytes > MAX_BYTES:
            return f"not computed, {num_bytes:,} bytes are too many for a game"
        return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError as error:
        return f"none, the file cannot be read: {error.strerror}"


def nearest_game(stem: str, titles: Mapping[str, str]) -> str | None:
    """The bundled game whose name is most like a file's name; None when none is like it."""
    names = {name.replace("_", ""): name for name in titles}
    plain = "".join(letter for letter in stem.lower() if letter.isalnum())
    near = difflib.get_close_matches(plain, names, n=1, cutoff=0.6)
    return names[near[0]] if near else None


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
