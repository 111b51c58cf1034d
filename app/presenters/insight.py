"""Looking into what the agent sees: maps, regions of the game's picture, the selected memory."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer

from app.session import Session
from app.window import MainWindow
from nec_engine.messages import Answer, BlurredAnswer, SaliencyAnswer, SanityAnswer


class Insight(QObject):
    """Connects the saliency panel to the engine, the game's picture and actions. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        panel, picker = window.panels.saliency, window.central.game.picker
        panel.saliency_wanted.connect(session.ask)
        session.bridge.answer_came.connect(self._show_answer)
        session.game_opened.connect(lambda info, _: panel.open_game(info))
        window.selection.changed.connect(panel.set_selected)
        self._soon = QTimer(self)  # a dock that is put elsewhere is hidden on the way
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._leave_when_closed)
        window.panels.visibility_changed.connect(self._soon.start)
        panel.blurring_changed.connect(picker.set_active)
        panel.box_changed.connect(picker.show_box)
        picker.picked.connect(panel.ask_blurred)
        blur, check = (window.actions_by_name[name] for name in ("blur_and_ask", "test_saliency"))
        window.actions_by_name["next_saliency"].triggered.connect(lambda: self._next_saliency())
        blur.triggered.connect(self._set_blurring)
        check.triggered.connect(self._set_checking)
        panel.blurring_changed.connect(blur.setChecked)
        panel.blurring_changed.connect(self._give_keyboard_back)
        panel.checking_changed.connect(check.setChecked)

    def _next_saliency(self) -> None:
        """Also where the panel is closed: the heat's switch belongs to it."""
        panels = self._window.panels
        if panels.is_closed("saliency") and not panels.are_away:
            panels.bring_forward("saliency")
        panels.saliency.next_saliency()

    def _set_blurring(self, is_on: bool) -> None:
        self._window.panels.bring_to_front("saliency")
        self._window.panels.saliency.set_blurring(is_on)

    def _set_checking(self, is_on: bool) -> None:
        panels = self._window.panels
        panels.bring_to_front("saliency")
        panels.saliency.set_checking(is_on)
        self._window.actions_by_name["test_saliency"].setChecked(panels.saliency.is_checking)

    def _leave_when_closed(self) -> None:
        panels = self._window.panels
        if panels.is_closed("saliency"):
            panels.saliency.leave_modes()
            if not panels.are_away:
                panels.saliency.set_overlay(False)

    def _give_keyboard_back(self, is_blurring: bool) -> None:
        """The arrow keys moved the box: they are the joystick's again."""
        if not is_blurring and self._window.central.is_game_shown:
            self._window.central.game.setFocus()

    def _show_answer(self, answer: Answer) -> None:
        panel = self._window.panels.saliency
        match answer:
            case SaliencyAnswer():
                panel.show_saliency(answer)
            case BlurredAnswer():
                panel.show_blurred(answer)
            case SanityAnswer():
                panel.show_sanity(answer)
