"""The bar above the game."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.game.offer_bar import Choosable, Offer, OfferBar

OFFER = Offer("A brain is there.", (Choosable("open", "Open it", "Opens it"),))


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[OfferBar]:
    """A bar on a page of 520 pixels."""
    page, made = QWidget(), OfferBar()
    layout = QVBoxLayout(page)
    layout.addWidget(made)
    layout.addStretch(1)
    qtbot.addWidget(page)
    page.resize(520, 300)
    page.show()
    yield made
    page.close()


def test_it_is_there_only_with_an_offer(bar: OfferBar) -> None:
    assert not bar.isVisible()
    bar.show_offer(OFFER)
    assert bar.isVisible()
    assert bar.label.text() == OFFER.text
    bar.show_offer(None)
    assert not bar.isVisible()


def test_what_is_clicked_is_told(bar: OfferBar, qtbot: QtBot) -> None:
    bar.show_offer(OFFER)
    button = bar.button("open")
    assert button is not None
    with qtbot.waitSignal(bar.chosen) as chosen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["open"]
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(bar._close, Qt.MouseButton.LeftButton)


def test_new_words_keep_the_buttons_and_new_choices_replace_them(bar: OfferBar) -> None:
    bar.show_offer(OFFER)
    before = bar.button("open")
    bar.show_offer(Offer("Other words.", OFFER.choices))
    assert bar.button("open") is before
    bar.show_offer(Offer("Other words.", (Choosable("cheap", "Cheap mode", ""),)))
    assert bar.button("open") is None
    assert bar.button("cheap") is not None


def test_nothing_is_cut_off_where_it_is_narrow(bar: OfferBar, qtbot: QtBot) -> None:
    long = "At 85 steps/s NEC needs about 2 hours more until it plays Pong even with the built-in"
    choices = (Choosable("a", "Open the trained brain", ""), Choosable("b", "Cheap mode", ""))
    bar.show_offer(Offer(f"{long} player (2.2 million frames in a public run).", choices))
    qtbot.waitUntil(lambda: bar.height() >= bar.label.heightForWidth(bar.label.width()))
    for theme in (DARK, LIGHT):
        bar.set_theme(theme)
    assert bar.width() <= 520
    assert all(one.width() >= one.sizeHint().width() for one in bar._buttons)
