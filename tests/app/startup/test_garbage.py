import gc
import weakref
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QObject, pyqtSignal
from pytestqt.qtbot import QtBot

from app.startup import garbage
from app.startup.garbage import GarbageSearches

LIMIT_MS = 60_000


class Opening(QObject):
    """What of a session is listened to."""

    game_opened = pyqtSignal(object, object)
    engine_ended = pyqtSignal()


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


@pytest.fixture
def opening() -> Opening:
    return Opening()


@pytest.fixture
def searches(searching: None, opening: Opening) -> Iterator[GarbageSearches]:
    made = GarbageSearches(opening)  # type: ignore[arg-type]  # all that is needed of a session
    yield made
    made.close()


def settle(qtbot: QtBot, searches: GarbageSearches) -> None:
    qtbot.waitUntil(lambda: not searches._timer.isActive(), timeout=LIMIT_MS)
    assert gc.isenabled()


def test_what_is_there_when_a_game_is_open_is_not_searched_until_an_engine_has_ended(
    qtbot: QtBot, opening: Opening, searches: GarbageSearches
) -> None:
    assert not gc.isenabled()
    ring = Ring()
    opening.game_opened.emit(None, None)
    qtbot.waitUntil(gc.isenabled, timeout=LIMIT_MS)
    assert gc.get_freeze_count() > 0
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    assert gone() is not None
    opening.game_opened.emit(None, None)
    opening.engine_ended.emit()
    settle(qtbot, searches)
    assert gone() is None
    assert gc.get_freeze_count() > 0
    searches.close()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()


def test_an_engine_that_ends_long_after_the_next_game_was_opened_is_let_go(
    qtbot: QtBot, opening: Opening, searches: GarbageSearches
) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    opening.game_opened.emit(None, None)
    settle(qtbot, searches)
    opening.game_opened.emit(None, None)
    settle(qtbot, searches)
    del ring
    gc.collect()
    assert gone() is not None  # it was there, and so it is not searched
    opening.engine_ended.emit()
    settle(qtbot, searches)
    assert gone() is None


def test_an_engine_that_ends_before_a_game_is_open_is_let_go_with_the_first_one(
    qtbot: QtBot, opening: Opening, searches: GarbageSearches
) -> None:
    gone = weakref.ref(Ring())
    opening.engine_ended.emit()
    assert not searches._timer.isActive()
    opening.game_opened.emit(None, None)
    settle(qtbot, searches)
    assert gone() is None
