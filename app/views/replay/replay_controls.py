"""What runs a replay: a slider over its steps, and buttons."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.views.replay.marked_slider import MarkedSlider


class ReplayControls(QWidget):
    """Tells what was pressed; shows where the replay stands."""

    scrubbed = pyqtSignal(int)  # step
    stepped = pyqtSignal(int)  # so many steps on; negative: back
    play_pressed = pyqtSignal()
    memory_pressed = pyqtSignal()
    visit_pressed = pyqtSignal()
    episode_video_pressed = pyqtSignal()
    range_video_pressed = pyqtSignal()
    range_end_pressed = pyqtSignal(bool)  # it begins here; False: it ends here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = MarkedSlider()
        self.slider.setAccessibleName("Step of the episode")
        self.slider.setToolTip(
            "Drag to scrub; the arrow marks the memory.\n"
            "Left and Right go one step, Page Up and Page Down ten, Space plays or pauses."
        )
        self.slider.valueChanged.connect(self.scrubbed)
        self.slider.play_pressed.connect(self.play_pressed)
        self.back = self._button("‹", "One step back", "One step back (Left on the slider)")
        self.play = self._button("Pause", "Play the replay", "")
        self.play.setFixedWidth(self.play.sizeHint().width() + 12)  # of its longer text
        self.on = self._button("›", "One step on", "One step on (Right on the slider)")
        self.memory = self._button(
            "Memory", "To the memory", "Stand at the memory that the arrow marks"
        )
        self.visit = self._button(
            "Go there", "Go there from here",
            "Let the live game go on from the step that is shown here",
        )  # fmt: skip
        self.save = self._button(
            "Save video", "Save a video of the past",
            "Save this episode, or a range of it, as a video with sound.\n"
            "The sound is rebuilt: the same tones, not the very samples.",
        )  # fmt: skip
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        self.play.clicked.connect(self.play_pressed)
        self.memory.clicked.connect(self.memory_pressed)
        self.visit.clicked.connect(self.visit_pressed)
        self._fill_menu()
        running, going = QHBoxLayout(), QHBoxLayout()
        for row in (running, going):
            row.setSpacing(4)
        for control in (self.play, self.back, self.slider, self.on):
            running.addWidget(control, 1 if control is self.slider else 0)
        for button in (self.memory, self.visit, self.save):
            going.addWidget(button)
        going.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(running)
        layout.addLayout(going)
        self.show_playing(False)

    def set_theme(self, theme: Theme) -> None:
        self.slider.set_theme(theme)

    def add_overlay_switch(self, action: QAction) -> None:
        """The switch for Q bars in videos, which is the window's."""
        self._menu.addSeparator()
        self._menu.addAction(action)

    def show_playing(self, is_playing: bool) -> None:
        self.play.setText("Pause" if is_playing else "Play")
        self.play.setAccessibleName(f"{self.play.text()} the replay")
        self.play.setToolTip(
            f"{'Pause' if is_playing else 'Play'} the replay (Space on the slider)"
        )

    def show_place(self, step: int, num_steps: int, mark: int | None) -> None:
        """The slider reaches from 0 to ``num_steps`` and stands at ``step``."""
        slider = self.slider
        slider.blockSignals(True)
        slider.setMaximum(max(num_steps, step))
        slider.setValue(step)
        slider.blockSignals(False)
        slider.set_mark(mark)

    def set_has_episode(
        self, has_episode: bool, *, has_memory: bool, has_range: bool, can_visit: bool
    ) -> None:
        """Enable what makes sense; an episode's end is no step that one could go on from."""
        for control in (self.slider, self.back, self.play, self.on, self.save):
            control.setEnabled(has_episode)
        self.visit.setEnabled(has_episode and can_visit)
        self.memory.setEnabled(has_memory)
        self.save_range.setEnabled(has_range)

    def _fill_menu(self) -> None:
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.save_episode = self._item("Save the whole episode", "From its first step to its last")
        self.save_episode.triggered.connect(lambda: self.episode_video_pressed.emit())
        self.save_range = self._item("Save the range", "From where it begins to where it ends")
        self.save_range.triggered.connect(lambda: self.range_video_pressed.emit())
        self._menu.addSeparator()
        self.begin_range = self._item("The range begins here", "At the step that is shown")
        self.begin_range.triggered.connect(lambda: self.range_end_pressed.emit(True))
        self.end_range = self._item("The range ends here", "At the step that is shown")
        self.end_range.triggered.connect(lambda: self.range_end_pressed.emit(False))
        self.save.setMenu(self._menu)
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _item(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        self._menu.addAction(action)
        return action

    def _button(self, text: str, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        return button
