import gc
import weakref
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QObject, pyqtSignal
from pytestqt.qtbot import QtBot

from app.startup import garbage
from app.startup.garbage import GarbageSearches


class Opening(QObject):
    """What of a session is listened to."""

    game_opened = pyqtSignal(object, object)


class Ring:
    """Freed by a search alone: it refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def searching(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(garbage, "SETTLED_MS", 1)
    monkeypatch.setattr(garbage, "LET_GO_MS", 1)
    gc.disable()  # as the program starts
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("searching")
def test_what_is_there_when_a_game_is_open_is_not_searched_until_another_one_is(
    qtbot: QtBot,
) -> None:
    opening = Opening()
    searches = GarbageSearches(opening)  # type: ignore[arg-type]  # all that is needed of a session
    assert not gc.isenabled()
    ring = Ring()
    opening.game_opened.emit(None, None)
    qtbot.waitUntil(gc.isenabled)
    assert gc.get_freeze_count() > 0
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    assert gone() is not None
    opening.game_opened.emit(None, None)
    qtbot.waitUntil(lambda: gone() is None)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    searches.close()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()
