"""What each action of the table does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from app.controls import NO_SPEED, NOT_WHILE_WATCHING, Controls
from app.dialogs.about import about_box
from app.dialogs.keys_sheet import KeysSheet
from app.look.theme import DARK, LIGHT
from app.panels import PANELS
from app.presenters.opening import Opening
from app.session import Session
from app.sound import Sound
from app.window import MainWindow
from nec_engine.messages import Player, ReturnToPresent


class Commands(QObject):
    """Connects actions, tool bar and held keys to the session and the window. Qt's thread."""

    def __init__(
        self, window: MainWindow, session: Session, opening: Opening, sound: Sound
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._opening = opening
        self._sound = sound
        self._keys_sheet: KeysSheet | None = None
        self._connect_game()
        self._connect_files()
        self._connect_view()
        session.controls_changed.connect(self._show_controls)
        window.central.currentChanged.connect(lambda _: self._show_page())
        sound.changed.connect(self._show_sound)
        session.state_changed.connect(self._show_sound)
        window.actions_by_name.enable_for_game(False)
        self._show_page()

    def _connect_game(self) -> None:
        session, sound = self._session, self._sound
        self._on_toggle("pause", session.set_paused)
        self._on("step", lambda: session.step(to_next_decision=True))
        self._on("step_frame", lambda: session.step(to_next_decision=False))
        self._on("slower", session.slow_down)
        self._on("faster", session.speed_up)
        self._on("normal_speed", lambda: session.set_speed(1.0))
        self._on_toggle("take_over", self._take_over)
        self._on("give_back", self._give_back)
        self._on("new_episode", session.start_new_episode)
        self._on("louder", lambda: self._change_volume(1))
        self._on("quieter", lambda: self._change_volume(-1))
        self._on_toggle("mute", sound.set_muted)
        self._on_toggle("train", session.set_training)
        self._on_toggle("greedy", lambda is_on: session.set_exploring(not is_on))
        self._on_toggle("watch_training", self._watch_training)
        self._on_toggle("teach", session.set_teaching)
        self._on_toggle("store_agent", session.set_storing_agent)
        bar, keyboard = self._window.tool_bar, self._window.keyboard
        bar.speed_chosen.connect(session.set_speed)
        bar.player_chosen.connect(lambda player: self._take_over(player is Player.PERSON))
        keyboard.stick_changed.connect(session.send)
        keyboard.fast_changed.connect(self._set_fast)
        self._action("mute").setChecked(sound.is_muted)

    def _connect_files(self) -> None:
        session, opening = self._session, self._opening
        self._on("open", opening.choose_file)
        self._on("choose_game", opening.show_start)
        self._on("save", lambda: session.save())
        self._on("save_as", opening.choose_where_to_save)
        self._on("screenshot", self._take_screenshot)
        self._on_toggle("record", self._record)
        self._on_toggle("record_overlay", self._set_overlay)
        self._on("quit", self._window.close)
        self._action("record_overlay").setChecked(self._window.settings.records_overlay)
        self._window.status_bar.cancel_clicked.connect(session.cancel_save)
        session.save_progressed.connect(self._window.status_bar.show_saving)

    def _connect_view(self) -> None:
        window, panels = self._window, self._window.panels
        for panel in PANELS:
            self._on(f"panel_{panel.name}", partial(panels.toggle, panel.name))
        panels.visibility_changed.connect(self._show_panels)
        self._on("second_brain", self._choose_second_brain)
        panels.brains.choose_clicked.connect(self._choose_second_brain)
        self._on_toggle("freeze", panels.neighbours.set_frozen)
        panels.neighbours.frozen_changed.connect(self._action("freeze").setChecked)
        self._on_toggle("dark", self._set_dark)
        self._on_toggle("full_screen", window.set_full_screen)
        self._on("reset_layout", panels.reset)
        self._on("keys", self._show_keys)
        self._on("about", lambda: about_box(window).show())

    # --- doing ---

    def _take_over(self, is_person: bool) -> None:
        self._session.set_player(Player.PERSON if is_person else Player.AGENT)
        if is_person:
            self._window.central.game.setFocus()

    def _set_fast(self, is_fast: bool) -> None:
        if is_fast and self._session.controls.is_watching_training:
            self._session.tell_briefly(NO_SPEED)  # a held key has no tooltip
        else:
            self._session.set_fast(is_fast)

    def _watch_training(self, is_on: bool) -> None:
        self._session.set_watching_training(is_on)
        if is_on and self._session.controls.is_recording:
            self._session.tell("The recording waits until the live game is shown again")

    def _give_back(self) -> None:
        """The innermost thing first.

        The start screen over a game, a test of the map, the past, the stick, the full screen.
        """
        if self._session.info is not None and not self._window.central.is_game_shown:
            self._opening.show_game()
            return
        if self._window.panels.saliency.leave_modes():
            return
        if self._session.controls.is_past:
            self._session.send(ReturnToPresent())
        elif self._session.controls.player is Player.PERSON:
            self._take_over(False)
        elif self._window.isFullScreen():
            self._window.set_full_screen(False)

    def _choose_second_brain(self) -> None:
        self._window.panels.bring_to_front("brains")
        self._opening.choose_second_brain()

    def _record(self, is_on: bool) -> None:
        with_overlay = self._action("record_overlay").isChecked()
        self._session.set_recording(is_on, with_overlay=with_overlay)

    def _set_overlay(self, is_on: bool) -> None:
        self._window.settings.records_overlay = is_on

    def _change_volume(self, steps: int) -> None:
        self._sound.change_volume(steps)
        self._session.tell_briefly(f"Volume {self._sound.volume} %")

    def _take_screenshot(self) -> None:
        path = self._session.new_file("screenshots", ".png")
        if path is None:
            return
        if self._window.grab().save(str(path), "PNG"):
            self._session.tell(f"Saved {path.name}")
        else:
            self._session.tell_problem(f"The screenshot could not be written to {path}")

    def _set_dark(self, is_dark: bool) -> None:
        self._window.settings.is_dark = is_dark
        self._window.set_theme(DARK if is_dark else LIGHT)

    def _show_keys(self) -> None:
        if self._keys_sheet is not None:
            self._keys_sheet.close()
            return
        sheet = KeysSheet(self._window.specs, self._window)
        sheet.destroyed.connect(self._forget_keys)
        self._keys_sheet = sheet
        sheet.show()

    def _forget_keys(self) -> None:
        self._keys_sheet = None

    # --- showing ---

    def _show_controls(self, controls: Controls) -> None:
        is_person = controls.player is Player.PERSON
        for name, is_on in (
            ("pause", controls.is_paused),
            ("take_over", is_person),
            ("record", controls.is_recording),
            ("train", controls.is_training),
            ("greedy", not controls.is_exploring),
            ("watch_training", controls.is_watching_training),
            ("teach", controls.is_teaching),
            ("store_agent", controls.is_storing_agent),
        ):
            self._action(name).setChecked(is_on)
        for name, reason in NOT_WHILE_WATCHING.items():
            self._window.actions_by_name.refuse(
                name, reason if controls.is_watching_training else ""
            )
        self._window.tool_bar.show_controls(controls)
        self._window.keyboard.set_playing(is_person and self._window.central.is_game_shown)
        self._window.panels.neighbours.set_paused(controls.is_paused)
        self._window.panels.map.set_paused(controls.is_paused)

    def _show_page(self) -> None:
        """Game or start screen: what is not seen is not to be changed by a key."""
        is_on_start = self._window.central.is_start_shown
        self._window.actions_by_name.enable_on_start(is_on_start)
        self._window.tool_bar.set_on_start(is_on_start)
        self._show_controls(self._session.controls)

    def _show_panels(self) -> None:
        for panel in PANELS:
            is_closed = self._window.panels.is_closed(panel.name)
            self._action(f"panel_{panel.name}").setChecked(not is_closed)

    def _show_sound(self) -> None:
        sound = self._sound
        for name in ("louder", "quieter", "mute"):
            has_sound = sound.is_available and self._session.info is not None
            self._window.actions_by_name.allow(name, has_sound)
        self._action("mute").setChecked(sound.is_muted)
        self._window.settings.volume = sound.volume
        self._window.settings.is_muted = sound.is_muted

    # --- inside ---

    def _action(self, name: str) -> QAction:
        return self._window.actions_by_name[name]

    def _on(self, name: str, do: Callable[[], object]) -> None:
        self._action(name).triggered.connect(lambda: do())

    def _on_toggle(self, name: str, do: Callable[[bool], object]) -> None:
        self._action(name).triggered.connect(lambda is_on: do(is_on))
