"""Keys that are held: the joystick, fast, and rewind. All others are shortcuts of actions."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from PyQt6.sip import isdeleted

from nec_engine.messages import HoldStick

Key = Qt.Key

DIRECTIONS: Final[dict[int, tuple[str, ...]]] = {
    Key.Key_Up: ("up",),
    Key.Key_Down: ("down",),
    Key.Key_Left: ("left",),
    Key.Key_Right: ("right",),
    Key.Key_Space: ("fire",),
}
# The keypad gives digits with Num Lock and these names without it.
KEYPAD: Final[dict[int, tuple[str, ...]]] = {
    **DIRECTIONS,
    Key.Key_8: ("up",),
    Key.Key_2: ("down",),
    Key.Key_4: ("left",),
    Key.Key_6: ("right",),
    Key.Key_7: ("up", "left"),
    Key.Key_9: ("up", "right"),
    Key.Key_1: ("down", "left"),
    Key.Key_3: ("down", "right"),
    Key.Key_Home: ("up", "left"),
    Key.Key_PageUp: ("up", "right"),
    Key.Key_End: ("down", "left"),
    Key.Key_PageDown: ("down", "right"),
}
# WORKAROUND(Qt on X11): a key that repeats is told as released and pressed again when the second
# event is not there yet as the first is read. A joystick does not mind; a branch would begin.
REPEAT_MS: Final = 40
_OPPOSITE: Final = {"up": "down", "down": "up", "left": "right", "right": "left"}
_BUSY_MODIFIERS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def words_of_key(event: QKeyEvent) -> tuple[str, ...]:
    """What a key does to the stick: any of up, down, left, right, fire; empty: nothing."""
    on_keypad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    return (KEYPAD if on_keypad else DIRECTIONS).get(event.key(), ())


class Keyboard(QObject):
    """Turns held keys into :class:`HoldStick`, into ``fast`` and into ``rewind``.

    Watches whatever hears the keys, so that a click on a panel does not take the stick away. Keys
    are taken from the other widgets only while a person plays; never from a text field. Auto-repeat
    is ignored, and everything is let go when the window loses the keyboard, to a menu too. Qt's
    thread.

    Not the whole application: that is some fifty events a frame, and for each of them Python would
    have to be taken from training.
    """

    stick_changed = pyqtSignal(object)  # HoldStick
    fast_changed = pyqtSignal(bool)
    rewind_changed = pyqtSignal(bool)

    def __init__(self, window: QMainWindow, game: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._game = game  # Tab is fast while the focus is here; elsewhere it moves the focus
        self._held: dict[int, tuple[str, ...]] = {}  # by key on the board, in order of pressing
        self._is_fast = self._is_rewinding = False
        self._is_playing = False
        self._stick = HoldStick()
        self._rewind_end = QTimer(self)
        self._rewind_end.setSingleShot(True)
        self._rewind_end.setInterval(REPEAT_MS)
        self._rewind_end.timeout.connect(lambda: self._set_rewinding(False))
        self._listened: QWidget | None = None  # to, beside the window
        window.installEventFilter(self)
        app = _application()
        app.focusChanged.connect(self._follow_focus)
        app.focusWindowChanged.connect(self._change_window)
        app.applicationStateChanged.connect(self.release_all)
        self._follow_focus()

    @property
    def stick(self) -> HoldStick:
        """The joystick as it is held; of two opposite directions the later one counts."""
        on: dict[str, bool] = {}
        for words in self._held.values():
            for word in words:
                on[word] = True
                if word in _OPPOSITE:
                    on[_OPPOSITE[word]] = False
        return HoldStick(**on)

    def set_playing(self, is_playing: bool) -> None:
        """Say whether the person plays: only then do keys move the stick."""
        if is_playing != self._is_playing:
            self._is_playing = is_playing
            self._tell()

    def release_all(self) -> None:
        """Let every key go, as when the window loses the keyboard."""
        self._held.clear()
        self._tell()
        self._set_fast(False)
        self._set_rewinding(False)

    def close(self) -> None:
        """Watch no longer."""
        app = _application()
        app.focusChanged.disconnect(self._follow_focus)
        app.focusWindowChanged.disconnect(self._change_window)
        app.applicationStateChanged.disconnect(self.release_all)
        self._listen_to(None)
        self._window.removeEventFilter(self)

    def _change_window(self) -> None:
        self.release_all()
        self._follow_focus()

    def _follow_focus(self) -> None:
        """Listen to what is told of keys first, in whichever window of the program it is."""
        self._listen_to(QApplication.focusWidget() or QApplication.activeWindow())

    def _listen_to(self, widget: QWidget | None) -> None:
        if widget is self._listened:
            return
        if self._listened not in (None, self._window) and not isdeleted(self._listened):
            self._listened.removeEventFilter(self)
        self._listened = widget
        if widget is not None:
            widget.installEventFilter(self)

    def _press(self, event: QKeyEvent, receiver: QWidget) -> bool:
        if event.key() == Key.Key_Tab and not event.modifiers() and receiver is self._game:
            self._set_fast(True)
            return True
        if event.key() == Key.Key_Backspace and not event.modifiers() and not is_typing(receiver):
            self._set_rewinding(True)
            return True
        words = words_of_key(event)
        if not words or event.modifiers() & _BUSY_MODIFIERS or is_typing(receiver):
            return False
        if not event.isAutoRepeat():
            self._held[_board_key(event)] = words
            self._tell()
        return self._is_playing

    def _keeps_from_shortcuts(self, event: QKeyEvent, receiver: QWidget) -> bool:
        """Whether the key is the player's alone: without Num Lock the keypad's point is Delete."""
        on_keypad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        is_free = not event.modifiers() & _BUSY_MODIFIERS and not is_typing(receiver)
        return self._is_playing and on_keypad and is_free

    def _release(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            is_rewind = event.key() == Key.Key_Backspace and self._is_rewinding
            return is_rewind or (self._is_playing and bool(words_of_key(event)))
        if event.key() == Key.Key_Tab and self._is_fast:
            self._set_fast(False)
            return True
        if event.key() == Key.Key_Backspace and self._is_rewinding:
            self._rewind_end.start()
            return True
        was_held = self._held.pop(_board_key(event), None)
        self._tell()
        return was_held is not None and self._is_playing

    def _tell(self) -> None:
        stick = self.stick if self._is_playing else HoldStick()
        if stick != self._stick:
            self._stick = stick
            self.stick_changed.emit(stick)

    def _set_fast(self, is_fast: bool) -> None:
        if is_fast != self._is_fast:
            self._is_fast = is_fast
            self.fast_changed.emit(is_fast)

    def _set_rewinding(self, is_rewinding: bool) -> None:
        self._rewind_end.stop()
        if is_rewinding != self._is_rewinding:
            self._is_rewinding = is_rewinding
            self.rewind_changed.emit(is_rewinding)

    def _is_ours(self, receiver: QWidget) -> bool:
        window = receiver.window()
        return window is self._window or isinstance(window, QDockWidget)

    def eventFilter(self, receiver: QObject | None, event: QEvent | None) -> bool:
        assert event is not None
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            if isinstance(receiver, QWidget) and self._is_ours(receiver):
                assert isinstance(event, QKeyEvent)
                if self._keeps_from_shortcuts(event, receiver):
                    event.accept()
                    return True
        elif kind == QEvent.Type.KeyPress:
            if isinstance(receiver, QWidget) and self._is_ours(receiver):
                assert isinstance(event, QKeyEvent)
                return self._press(event, receiver)
        elif kind == QEvent.Type.KeyRelease:
            if isinstance(receiver, QWidget):
                assert isinstance(event, QKeyEvent)
                return self._release(event)
        elif kind == QEvent.Type.WindowDeactivate:
            self.release_all()
        elif kind == QEvent.Type.FocusOut:
            assert isinstance(event, QFocusEvent)
            if event.reason() == Qt.FocusReason.PopupFocusReason:  # a menu hears the keys now
                self.release_all()
        return False


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def is_typing(widget: QWidget | None) -> bool:
    """Whether letters belong to ``widget`` because a person writes in it."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox)


def _board_key(event: QKeyEvent) -> int:
    """The same number at press and release, even when Num Lock or Shift changed in between."""
    return event.nativeScanCode() or -int(event.key())
