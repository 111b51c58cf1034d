"""Makes the pictures of the walk-through: the real window, played by a script, no screen needed.

``python -m docs.walkthrough.pictures [FOLDER]``; a minute. The pictures differ a little each time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image  # comes with matplotlib
from PyQt6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PyQt6.QtGui import QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

import main
from app.session import SessionState
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from nec_engine.config import Settings
from nec_engine.messages import Decision, Origin, Progress

HAND: Final[Any] = QTest  # PyQt's stub takes its functions for methods
ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "docs" / "images"
BRAIN: Final = ROOT / "snapshots" / "ms_pacman.nec"
SIZE: Final = (1280, 800)
PATIENCE_S: Final = 60.0
NUM_COLOURS: Final = 256  # a third of the bytes, and looks the same
QUICK_S: Final = 0.7  # for panels to be painted with what has just come


class Walk:
    """The window, and a hand at its keys."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.desktop, self.window = desktop, desktop.window
        self.panels = desktop.window.panels
        self.decision: Decision | None = None
        self.progress: Progress | None = None
        self._folder = folder
        desktop.session.bridge.decision_came.connect(self._take_decision)
        desktop.session.bridge.progress_came.connect(self._take_progress)

    def _take_decision(self, decision: Decision) -> None:
        self.decision = decision

    def _take_progress(self, progress: Progress) -> None:
        self.progress = progress

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until something is so."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline_s:
                raise TimeoutError("the window did not come to what was waited for")
            wait(0.02)

    def press(self, key: Qt.Key, held_s: float = 0.0) -> None:
        HAND.keyPress(self.window, key)
        wait(held_s)
        HAND.keyRelease(self.window, key)

    def do(self, action: str) -> None:
        """What the menus call by this name."""
        self.window.actions_by_name[action].trigger()

    def picture(self, name: str) -> None:
        wait(QUICK_S)
        self.window.notes.clear()
        path = self._folder / f"walk-{name}.png"
        shot = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        bits = shot.constBits()
        assert bits is not None
        stride = shot.bytesPerLine()
        image = Image.frombytes(
            "RGB", (shot.width(), shot.height()), bits.asstring(stride * shot.height()),
            "raw", "RGB", stride,
        )  # fmt: skip
        image.quantize(NUM_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        sys.stdout.write(f"{path}\n")

    # --- the walk ---

    def why(self) -> None:
        """The agent moves left, and says why."""
        self.until(lambda: self._plays("left") and self._is_well_under_way())
        self.do("pause")
        self.picture("1-why")

    def find(self) -> None:
        """The memory that had the largest say, among all there are."""
        HAND.mouseClick(
            self.panels.neighbours.cards.viewport(),
            Qt.MouseButton.LeftButton,
            pos=QPoint(60, 40),
        )
        self.panels.bring_to_front("memory")
        wait(1.5)
        self.picture("2-memory")

    def go_there(self) -> None:
        self.do("visit_selected")
        self.picture("3-there")

    def play_better(self) -> None:
        """A person plays on from there: to the right, away from the ghost."""
        self.do("take_over")
        self.do("pause")
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Right):
            self.press(key, 1.0)
        self.do("pause")
        self.picture("4-you")
        self.do("give_back")
        self.do("pause")
        self.until(lambda: self._num_taught() > 0)

    def see_it_used(self) -> None:
        """The same moment again: what was played is among the neighbours, marked as a person's."""
        self.do("pause")
        self.do("visit_selected")
        self.until(lambda: self._played_by_person() is not None)
        self.panels.why.action_clicked.emit(self._played_by_person())
        self.picture("5-used")

    def _played_by_person(self) -> int | None:
        """The action of which a person's entry is the nearest."""
        for evidence in self.decision.evidence if self.decision else ():
            if evidence.origins.size and evidence.origins[0] == Origin.PERSON:
                return evidence.action
        return None

    def _plays(self, name: str) -> bool:
        decision = self.decision
        return decision is not None and decision.action_names[decision.action] == name

    def _is_well_under_way(self) -> bool:
        return self.decision is not None and self.decision.moment.step > 120

    def _num_taught(self) -> int:
        return self.progress.num_by_origin[Origin.PERSON] if self.progress else 0


def wait(seconds: float) -> None:
    """Let the program run for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def make_pictures(folder: Path) -> None:
    """All of them, in order."""
    app = QApplication([sys.argv[0]])
    with tempfile.TemporaryDirectory() as data:
        request = WindowRequest(
            open_engine=main.open_engine,
            rom=None,
            snapshot=BRAIN,
            settings=Settings(),
            settings_changes={},
            data_dir=Path(data),
            train=False,
        )
        desktop = Desktop(
            request, WindowSettings(Path(data) / "window.ini"), open_output=lambda _: None
        )
        try:
            desktop.window.resize(*SIZE)
            desktop.window.show()
            walk = Walk(desktop, folder)
            walk.until(lambda: desktop.session.state is SessionState.RUNNING)
            for stage in (
                walk.why, walk.find, walk.go_there, walk.play_better, walk.see_it_used,
            ):  # fmt: skip
                stage()
        finally:
            desktop.close()
            app.processEvents()


if __name__ == "__main__":
    make_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
