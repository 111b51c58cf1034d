"""What there is to say to the person: passing notes, and lines in the log."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from app.note import Note


class Teller(QObject):
    """Says things by signal; whoever shows them listens. Qt's thread."""

    noted = pyqtSignal(object)  # Note
    logged = pyqtSignal(str, bool)  # a line, whether it is a problem

    def tell(self, text: str) -> None:
        """A passing note and a line in the log."""
        self.logged.emit(text, False)
        self.noted.emit(Note(text))

    def tell_briefly(self, text: str) -> None:
        """A passing note that is not worth a line."""
        self.noted.emit(Note(text))

    def tell_problem(self, text: str, action: str = "") -> None:
        """The same for something that went wrong."""
        self.logged.emit(text, True)
        self.noted.emit(Note(text, is_problem=True, action=action))
