"""One life of the window, from the QApplication to the exit code."""

from __future__ import annotations

import os
import sys
from typing import Final

from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from app.presenters.asking_what_if import AskingWhatIf
from app.presenters.browsing import Browsing
from app.presenters.commands import Commands
from app.presenters.comparing import Comparing
from app.presenters.costs import Costs
from app.presenters.editing import Editing
from app.presenters.feeding import Feeding
from app.presenters.insight import Insight
from app.presenters.offers import Offers
from app.presenters.opening import Opening
from app.presenters.replaying import Replaying
from app.presenters.teaching import Teaching
from app.presenters.time_commands import TimeCommands
from app.presenters.timekeeping import Timekeeping
from app.presenters.videos import Videos
from app.session import Session
from app.sound import OpenOutput, Sound, open_device
from app.startup.crash import Faults
from app.startup.garbage import GarbageSearches
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from app.startup.signals import QuitSignals
from app.window import MainWindow
from nec_engine.run.streams import settle_streams

IDLE_MS: Final = 60  # by then the window has been painted


class Desktop:
    """The session, its window and everything between them, put together. Qt's thread."""

    def __init__(
        self,
        request: WindowRequest,
        settings: WindowSettings,
        open_output: OpenOutput = open_device,
    ) -> None:
        self._is_closed = self._has_ended = False
        self.session = Session(request)
        self.session.start()  # first of all: it takes longest, in a thread of its own
        self.window = MainWindow(settings)
        self.sound = Sound(settings.volume, settings.is_muted, open_output, self.window)
        self.opening = Opening(self.window, self.session)
        self.commands = Commands(self.window, self.session, self.opening, self.sound)
        self.time_commands = TimeCommands(self.window, self.session)
        self.feeding = Feeding(self.window, self.session, self.sound)
        self.asking_what_if = AskingWhatIf(self.window, self.session, self.feeding)
        self.browsing = Browsing(self.window, self.session)
        self.editing = Editing(self.window, self.session)
        self.teaching = Teaching(self.window, self.session)
        self.insight = Insight(self.window, self.session)
        self.timekeeping = Timekeeping(self.window, self.session)
        self.comparing = Comparing(self.window, self.session)
        self.offers = Offers(self.window, self.session)
        self.videos = Videos(self.window, self.session)
        self.replaying = Replaying(self.window, self.session, self.videos, self.feeding)
        self.costs = Costs(self.window, self.session)
        self.opening.show_present()
        idle = QTimer(self.window)
        idle.setSingleShot(True)
        idle.timeout.connect(self._prepare)
        idle.start(IDLE_MS)

    def _prepare(self) -> None:
        """What takes a tenth of a second is done while a game is opened or chosen, not in play."""
        import app.views.training.curve_plot  # noqa: F401  # brings pyqtgraph

        if self.sound.is_heard:
            self.sound.prepare()

    def close(self, *, keeps_training: bool = False) -> bool:
        """End everything: threads, sound, window; True when all threads ended in time.

        Waits for the engine, which with ``keeps_training`` saves what no file holds yet, whatever
        it is; may be called again.
        """
        if not self._is_closed:
            self._is_closed = True
            self.window.close()
            self.sound.close()
            self._has_ended = self.session.close(keeps_training=keeps_training)
            self.window.deleteLater()
        return self._has_ended


def live(request: WindowRequest) -> int:
    """Show the window until it is closed; 0, or 130 and 143 after SIGINT and SIGTERM."""
    app = QApplication([sys.argv[0]])
    app.setApplicationName("nec-viewer")
    app.setApplicationDisplayName("NEC viewer")
    QGuiApplication.setDesktopFileName("nec-viewer")
    app.setQuitOnLastWindowClosed(False)  # a floating panel is a window too
    with QuitSignals(app.exit) as signals:
        desktop = Desktop(request, WindowSettings())
        desktop.window.closed.connect(app.quit)
        searches = GarbageSearches(desktop.session, desktop.window)
        with Faults(desktop.session.tell_problem):
            desktop.window.show()
            # A signal that came before the loop began had no loop to end.
            QTimer.singleShot(0, lambda: signals.exit_code and app.exit(signals.exit_code))
            code = app.exec()
            searches.close()
            code = signals.exit_code or code
            desktop.session.logged.connect(lambda line, _: sys.stderr.write(f"{line}\n"))
            # Who closes a window knows what it costs; a signal comes from elsewhere.
            if not desktop.close(keeps_training=signals.exit_code != 0):
                # A game was still being opened (libraries take seconds to load), or a thread
                # hangs. Python would wait for it, or go down under its feet.
                settle_streams()
                os._exit(code)
        # Widgets go before the application does.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        del desktop
    return code
