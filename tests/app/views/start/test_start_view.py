"""The first screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.choices import ago_words, game_choices, recent_choices
from app.views.start.start_view import GOOD_FIRST, Choice, StartView


@pytest.fixture
def view(qtbot: QtBot) -> StartView:
    made = StartView()
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show_games(game_choices())
    made.show()
    return made


def test_every_bundled_game_is_listed_by_its_title(view: StartView) -> None:
    model = view.game_list.model()
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert len(titles) > 100
    assert "Ms. Pac-Man" in titles
    assert titles == sorted(titles, key=str.lower)


@pytest.mark.parametrize(("text", "name"), [("pac-m", "ms_pacman"), ("QBERT", "qbert")])
def test_searching_finds_by_title_and_by_name_and_enter_plays(
    view: StartView, qtbot: QtBot, text: str, name: str
) -> None:
    qtbot.keyClicks(view.search, text)
    model = view.game_list.model()
    found = [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]
    assert name in found
    assert len(found) < 5
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.keyClick(view.search, Qt.Key.Key_Return)
    assert chosen.args == [found[0]]


def test_searching_for_nothing_that_is_there_finds_nothing_and_enter_waits(
    view: StartView, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(view.chosen):
        qtbot.keyClicks(view.search, "no such game")
        qtbot.keyClick(view.search, Qt.Key.Key_Return)


def test_a_click_on_a_game_plays_it(view: StartView, qtbot: QtBot) -> None:
    view.search.setText("frostb")
    place = view.game_list.visualRect(view.game_list.model().index(0, 0)).center()
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.mouseClick(view.game_list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["frostbite"]


def test_the_games_to_begin_with_are_all_bundled(view: StartView) -> None:
    assert [button.isVisible() for button in view._first.values()] == [True] * len(GOOD_FIRST)


def test_recent_ones_are_offered_and_chosen(view: StartView, qtbot: QtBot) -> None:
    assert not view.recent_list.isVisible()
    view.show_recent([Choice("a.nec", "snapshot", Path("a.nec")), Choice("Pong", "game", "pong")])
    assert view.recent_list.isVisible()
    with qtbot.waitSignal(view.chosen) as chosen:
        view.recent_list.clicked.emit(view.recent_list.model().index(0, 0))
    assert chosen.args == [Path("a.nec")]


def test_a_click_chooses_once_and_so_does_enter(view: StartView, qtbot: QtBot) -> None:
    view.show_recent([Choice("Pong", "game", "pong")])
    rows = view.recent_list
    chosen: list[object] = []
    view.chosen.connect(chosen.append)
    index = rows.model().index(0, 0)
    place = rows.visualRect(index).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["pong"]
    rows.activated.emit(index)  # as some desktops do for a click, others for a double-click
    assert chosen == ["pong"]
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert chosen == ["pong", "pong"]


def test_the_way_back_is_offered_only_beside_a_game(view: StartView) -> None:
    assert not view.back.isVisible()
    view.set_can_go_back(True)
    assert view.back.isVisible()


def test_snapshots_in_the_data_folder_are_recent_and_what_is_gone_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    (folder / "pong-000000100.nec").write_bytes(b"x" * 1000)
    rom = tmp_path / "mine.bin"
    rom.write_bytes(b"x")
    choices = recent_choices(["pong", str(rom), str(tmp_path / "gone.bin")], tmp_path)
    assert [choice.title for choice in choices] == ["pong-000000100.nec", "Pong", "mine.bin"]
    assert choices[0].detail == "snapshot, 1.0 kB, just now"


def test_how_long_ago_has_words() -> None:
    assert [ago_words(s) for s in (5, 720, 3 * 3600, 5 * 86400)] == [
        "just now", "12 min ago", "3 h ago", "5 days ago",
    ]  # fmt: skip


def test_what_was_opened_lately_is_recent_though_four_newer_ones_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    paths = [folder / f"pong-{number}.nec" for number in range(6)]
    for seconds, path in enumerate(paths):
        path.write_bytes(b"x")
        os.utime(path, (1e9 + seconds, 1e9 + seconds))
    choices = recent_choices([str(paths[0])], tmp_path)
    assert [choice.target for choice in choices] == [
        path.resolve() for path in (*paths[:1:-1], paths[0])
    ]
