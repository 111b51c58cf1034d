"""The tool bar: the actions one needs while watching, the speed, and who plays."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.actions import Actions, refused_tip
from app.controls import NO_SPEED, SPEEDS, Controls, speed_words
from app.look.icons import icon
from app.look.theme import Theme
from nec_engine.messages import Player

SPEED_TIP: Final = "Speed of the game (A slower, S faster, = normal)"
LEFT: Final = ("pause", "step")
RIGHT: Final = ("record", "save", "screenshot", "train")
SHORT: Final = {"save": "Snapshot", "step": "Step", "screenshot": "Picture", "record": "Record"}


class ToolBar(QToolBar):
    """Shows the controls as they stand; what is clicked is an action or a signal."""

    speed_chosen = pyqtSignal(float)
    player_chosen = pyqtSignal(object)  # Player
    rewind_held = pyqtSignal(bool)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Tool bar", parent)
        self.setObjectName("tool_bar")
        self.setMovable(False)
        toggle = self.toggleViewAction()
        assert toggle is not None
        toggle.setVisible(False)  # no menu offers to hide it: no other would bring it back
        self.setFloatable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions = actions
        self._has_game = self._is_on_start = False
        for name in LEFT:
            self._add(actions[name])
        self.rewind = self._rewind_button()
        self.addWidget(self.rewind)
        self._space(8)
        self.speed = SpeedSlider()
        self.speed.chosen.connect(self.speed_chosen)
        self.addWidget(self.speed)
        self._space(8)
        self.players = PlayerSwitch()
        self.players.chosen.connect(self.player_chosen)
        self.addWidget(self.players)
        self._stretch()
        for name in RIGHT:
            self._add(actions[name])

    def show_controls(self, controls: Controls) -> None:
        self.speed.show_speed(controls.speed)
        self.speed.refuse(NO_SPEED if controls.is_watching_training else "")
        self.players.show_player(controls.player)
        self._actions["pause"].setIconText("Play" if controls.is_paused else "Pause")
        self._actions["record"].setIconText("Stop" if controls.is_recording else "Record")

    def set_has_game(self, has_game: bool) -> None:
        """Enable what needs a game."""
        self._has_game = has_game
        self._enable()

    def set_on_start(self, is_on_start: bool) -> None:
        """On the start screen, disable what acts on a game that nobody sees."""
        self._is_on_start = is_on_start
        self._enable()

    def _enable(self) -> None:
        for part in (self.speed, self.players, self.rewind):
            part.setEnabled(self._has_game and not self._is_on_start)

    def set_theme(self, theme: Theme) -> None:
        for name in (*LEFT, *RIGHT):
            self._actions[name].setIcon(icon(name, theme))
        self.rewind.setIcon(icon("rewind", theme))
        self.players.set_theme(theme)

    def _rewind_button(self) -> QToolButton:
        """No action: it works while it is held, as its key does."""
        button = QToolButton()
        button.setText("Rewind")
        button.setToolButtonStyle(self.toolButtonStyle())
        button.setIconSize(self.iconSize())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip("Rewind while held; the game goes on from there (Backspace)")
        button.setAccessibleName("Rewind while held")
        button.pressed.connect(lambda: self.rewind_held.emit(True))
        button.released.connect(lambda: self.rewind_held.emit(False))
        return button

    def _add(self, action: QAction) -> None:
        action.setIconText(SHORT.get(action.objectName(), action.text()))
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the game
        button.setAccessibleName(action.text())

    def _space(self, width: int) -> None:
        space = QWidget()
        space.setFixedWidth(width)
        self.addWidget(space)

    def _stretch(self) -> None:
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)


class SpeedSlider(QWidget):
    """The speeds of the game on a slider, slowest left."""

    chosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(120)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName("Speed")
        self.slider.valueChanged.connect(self._choose)
        self.words = QLabel()
        self.words.setFixedWidth(self.words.fontMetrics().horizontalAdvance("0.25x ") + 4)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        layout.addWidget(QLabel("Speed"))
        layout.addWidget(self.slider)
        layout.addWidget(self.words)
        self.show_speed(1.0)
        self.refuse("")

    def refuse(self, reason: str) -> None:
        """Disable it and say why in its tooltip; empty: enable it."""
        self.slider.setEnabled(not reason)
        for widget in (self.slider, self.words):
            widget.setToolTip(refused_tip(SPEED_TIP, reason))

    def show_speed(self, speed: float) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(min(SPEEDS[i], 99) - min(speed, 99)))
        self.slider.blockSignals(True)
        self.slider.setValue(nearest)
        self.slider.blockSignals(False)
        self.words.setText(speed_words(speed))

    def _choose(self, place: int) -> None:
        self.words.setText(speed_words(SPEEDS[place]))
        self.chosen.emit(SPEEDS[place])


class PlayerSwitch(QWidget):
    """AGENT | YOU: who holds the stick."""

    chosen = pyqtSignal(object)  # Player

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.group = QButtonGroup(self)
        self.buttons: dict[Player, QToolButton] = {}
        for player, text, tip in (
            (Player.AGENT, "AGENT", "The agent plays (M or Esc)"),
            (Player.PERSON, "YOU", "You play: arrows and Space (M)"),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setCheckable(True)
            button.setMinimumWidth(64)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _, chosen=player: self.chosen.emit(chosen))
            font = button.font()
            font.setBold(True)
            button.setFont(font)
            self.group.addButton(button)
            self.buttons[player] = button
            layout.addWidget(button)
        self.show_player(Player.AGENT)

    def set_theme(self, theme: Theme) -> None:
        """The one who plays stands out in the colour that is theirs everywhere."""
        for player, colour in ((Player.AGENT, theme.origins[0]), (Player.PERSON, theme.origins[1])):
            self.buttons[player].setStyleSheet(
                f"QToolButton {{ border: 1px solid {theme.border}; padding: 4px;"
                f" background: {theme.raised}; color: {theme.muted}; }}"
                f"QToolButton:checked:enabled {{ background: {colour}; color: {theme.on_accent};"
                f" border: 1px solid {colour}; }}"
                f"QToolButton:focus {{ border: 1px solid {theme.text}; }}"
                f"QToolButton:disabled {{ color: {theme.border}; }}"
            )

    def show_player(self, player: Player) -> None:
        self.buttons[Player.PERSON if player is Player.PERSON else Player.AGENT].setChecked(True)
