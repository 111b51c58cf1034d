"""What the window remembers from one start to the next: layout, theme, sound, last folders."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6.QtCore import QByteArray, QSettings

NUM_RECENT: Final = 8


class WindowSettings:
    """Typed access to an INI file in the user's configuration folder, or to ``path``.

    A file that cannot be written is no error: the window then starts as it did the last time.
    """

    def __init__(self, path: Path | None = None) -> None:
        ini = QSettings.Format.IniFormat
        if path is not None:
            self._store = QSettings(str(path), ini)
        else:
            self._store = QSettings(ini, QSettings.Scope.UserScope, "nec-viewer", "nec-viewer")

    @property
    def is_dark(self) -> bool | None:
        """None when nobody chose yet."""
        return self._flag("window/dark") if self._store.contains("window/dark") else None

    @is_dark.setter
    def is_dark(self, value: bool) -> None:
        self._store.setValue("window/dark", value)

    @property
    def volume(self) -> int:
        """Percent."""
        return self._number("sound/volume", 60, 0, 100)

    @volume.setter
    def volume(self, value: int) -> None:
        self._store.setValue("sound/volume", value)

    @property
    def is_muted(self) -> bool:
        return self._flag("sound/muted")

    @is_muted.setter
    def is_muted(self, value: bool) -> None:
        self._store.setValue("sound/muted", value)

    @property
    def records_overlay(self) -> bool:
        """Whether Q bars are drawn into recordings."""
        return self._flag("recording/overlay")

    @records_overlay.setter
    def records_overlay(self, value: bool) -> None:
        self._store.setValue("recording/overlay", value)

    @property
    def last_folder(self) -> Path | None:
        """Where a file was chosen last, if that is still there."""
        text = self._store.value("files/folder", "")
        return Path(text) if isinstance(text, str) and text and Path(text).is_dir() else None

    @last_folder.setter
    def last_folder(self, value: Path) -> None:
        self._store.setValue("files/folder", str(value))

    @property
    def recent(self) -> tuple[str, ...]:
        """Files and games opened lately, newest first."""
        value = self._store.value("files/recent", [])
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(text for text in texts if isinstance(text, str) and text)[:NUM_RECENT]

    def add_recent(self, text: str) -> None:
        """Put ``text`` in front of the recently opened ones."""
        texts = [text, *(other for other in self.recent if other != text)]
        self._store.setValue("files/recent", texts[:NUM_RECENT])

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window; empty at first."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    def layout(self, arrangement: str) -> QByteArray:
        """Where the panels are in this arrangement; empty at first."""
        return self._bytes(f"layout/{arrangement}")

    def set_layout(self, arrangement: str, value: QByteArray) -> None:
        self._store.setValue(f"layout/{arrangement}", value)

    def forget_layouts(self) -> None:
        self._store.remove("layout")

    def write(self) -> None:
        """Write everything now."""
        self._store.sync()

    def _flag(self, name: str) -> bool:
        return str(self._store.value(name, False)).lower() == "true"

    def _number(self, name: str, default: int, low: int, high: int) -> int:
        try:
            return min(high, max(low, int(str(self._store.value(name, default)))))
        except ValueError:
            return default

    def _bytes(self, name: str) -> QByteArray:
        value = self._store.value(name, QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()
