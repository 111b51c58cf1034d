"""What is offered above a new game, in the whole window around a fake engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_engine import Openings
from made_news import progress
from pressing import OpenDesktop
from pytestqt.qtbot import QtBot

from app.models.start import agents
from app.startup.lifecycle import Desktop
from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.run import shipped
from nec_engine.storage.snapshot import write_snapshot

Ship = Callable[..., Path]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Puts a made-up brain of a game where the program's own are."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(shipped, "FOLDER", folder)

    def put(game: str = "pong", **header: Any) -> Path:
        path = folder / f"{game}.nec"
        about = {"game": find_rom(game).name, "agent": "nec", "frames": 2_500_000, "play_only": {}}
        write_snapshot(path, {"counters": {}}, header=about | header)
        return path

    return put


def opened(open_desktop: OpenDesktop, qtbot: QtBot, **words: Any) -> tuple[Desktop, list[Any]]:
    """The window with Pong open, and every request that was made."""
    openings = Openings()
    desktop = open_desktop(open_engine=openings, **words)
    qtbot.waitUntil(lambda: desktop.session.info is not None)
    desktop.session.bridge.pull()  # the fake engine's first news
    return desktop, openings.asked


def tell(desktop: Desktop, steps: int, **changes: Any) -> None:
    desktop.session.bridge.progress_came.emit(progress(steps, **changes))


def test_a_game_with_a_brain_offers_it_and_opens_it(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    path = ship()
    changes = {"key_size": 64, "capacity": 9, "value_update": "append", "device": "cpu"}
    desktop, asked = opened(open_desktop, qtbot, settings_changes=changes)
    bar = desktop.window.central.offers
    tell(desktop, 100)
    assert bar.isVisible()
    assert bar.label.text() == "A trained brain of Pong comes with the program."
    button = bar.button("brain")
    assert button is not None
    assert "2,500,000 frames" in button.toolTip()
    with qtbot.waitSignal(desktop.session.game_opened):
        button.click()
    assert asked[-1].snapshot == path
    assert asked[-1].settings_changes == {"device": "cpu"}  # the rest is the snapshot's
    assert not bar.isVisible()


def test_a_game_without_one_and_a_snapshot_offer_nothing(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship, tmp_path: Path
) -> None:
    ship("breakout")
    desktop, _ = opened(open_desktop, qtbot, rom="alien")
    assert not desktop.window.central.offers.isVisible()
    ship("pong")
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(snapshot=tmp_path / "my.nec")
    tell(desktop, 9000)
    assert not desktop.window.central.offers.isVisible()


def test_once_dismissed_it_stays_away_for_that_game(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    ship("pong")
    ship("breakout")
    desktop, _ = opened(open_desktop, qtbot)
    bar = desktop.window.central.offers
    bar.dismissed.emit()
    assert not bar.isVisible()
    for game, is_offered in (("pong", False), ("breakout", True), ("pong", False)):
        with qtbot.waitSignal(desktop.session.game_opened):
            desktop.session.open(rom=game)
        assert bar.isVisible() == is_offered
        tell(desktop, 9000)
        assert bar.isVisible() == is_offered


def test_what_to_expect_is_said_once_there_is_a_rate_and_the_cheap_mode_offered(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    desktop, asked = opened(open_desktop, qtbot)
    bar = desktop.window.central.offers
    tell(desktop, 4000, steps_per_s=300.0)
    assert not bar.isVisible()
    tell(desktop, 6000, steps_per_s=85.0)
    assert bar.isVisible()
    assert bar.label.text().startswith("At 85 steps/s NEC needs about 2 hours")
    assert bar.button("brain") is None
    tell(desktop, 6010, steps_per_s=60.0)
    assert bar.label.text().startswith("At 85 steps/s")  # it does not flicker
    cheap = bar.button("cheap")
    assert cheap is not None
    with qtbot.waitSignal(desktop.session.game_opened):
        cheap.click()
    assert asked[-1].rom == "pong"
    assert asked[-1].settings.agent == "mfec"
    assert asked[-1].settings.n_step != asked[0].settings.n_step  # with all that belongs to it
    assert not bar.isVisible()
    tell(desktop, 9000, steps_per_s=400.0)
    assert not bar.isVisible()


def test_the_sentence_follows_the_rate_and_goes_when_it_is_past(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship("breakout")
    desktop, _ = opened(open_desktop, qtbot, rom="breakout")
    now_s = [0.0]
    monkeypatch.setattr(desktop.offers, "_clock", lambda: now_s[0])
    bar = desktop.window.central.offers
    for second, rate in enumerate((80.0, 60.0, 40.0)):
        now_s[0] = 11.0 * second
        tell(desktop, 9000, steps_per_s=rate)
        assert bar.label.text().startswith(f"At {rate:.0f} steps/s")
    tell(desktop, 25_000, steps_per_s=40.0)
    assert bar.label.text() == "A trained brain of Breakout comes with the program."


def test_without_a_cheap_mode_none_is_offered(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents, "agents", lambda: ())
    desktop, _ = opened(open_desktop, qtbot)
    tell(desktop, 6000)
    assert desktop.window.central.offers.isVisible()
    assert desktop.window.central.offers.button("cheap") is None


def test_brains_are_on_the_start_screen(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    openings = Openings()
    path = ship("pong")
    desktop = open_desktop(rom=None, open_engine=openings)
    (button,) = desktop.window.central.start.brains.buttons
    assert button.isVisible()
    assert button.text() == "Pong: trained for 2.5 million frames"
    with qtbot.waitSignal(desktop.session.game_opened):
        button.click()
    assert openings.asked[-1].snapshot == path


def test_a_new_game_has_the_agent_that_was_chosen(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    openings = Openings()
    desktop = open_desktop(rom=None, open_engine=openings)
    start = desktop.window.central.start
    assert start.agents.agent == "nec"
    start.agents.choose("mfec")
    with qtbot.waitSignal(desktop.session.game_opened):
        start.chosen.emit("breakout")
    assert openings.asked[-1].settings.agent == "mfec"
    assert openings.asked[-1].settings.key_size == 64


def test_settings_that_do_not_go_with_the_agent_are_a_note(
    open_desktop: OpenDesktop, qtbot: QtBot, ship: Ship
) -> None:
    desktop, asked = opened(open_desktop, qtbot, settings=Settings(num_neighbours=7))
    assert asked[0].settings.num_neighbours == 7
    desktop.session.open(rom="pong", agent="no such agent")
    assert "no such agent" in desktop.window.notes.texts()[-1]
    assert len(asked) == 1
