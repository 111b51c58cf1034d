"""Pictures are asked for while somebody looks, and kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from made_messages import Clock, picture_of
from PyQt6.QtCore import QObject

from app.models.neighbours.picture_requests import Wanted
from app.views.neighbours.picture_fetcher import PictureFetcher
from nec_engine.messages import AskPictures, Moment, PictureAnswer

WANTED: list[Wanted] = [(Moment(1, step), step) for step in range(3)]


class Looker(QObject):
    """Somebody who may look at pictures, and the questions that this brings."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.is_watching = True
        self.asked: list[AskPictures] = []
        self.num_came = 0
        self.fetcher = PictureFetcher("here", self.clock, lambda: self.is_watching, self)
        self.fetcher.asked.connect(self.asked.append)
        self.fetcher.came.connect(self.count)

    def count(self) -> None:
        self.num_came += 1


def answer(step: int, panel: str = "here") -> PictureAnswer:
    return dataclasses.replace(picture_of(Moment(1, step)), panel=panel)


@pytest.fixture
def looker(qapp: QObject) -> Iterator[Looker]:
    looker = Looker()
    yield looker
    looker.fetcher.clear()


def test_one_after_the_other_while_the_game_runs_and_all_when_it_stands(looker: Looker) -> None:
    looker.fetcher.want(WANTED)
    assert [question.moments for question in looker.asked] == [(Moment(1, 0),)]
    looker.fetcher.is_still = True
    looker.fetcher.take(answer(0))
    assert looker.asked[-1].moments == (Moment(1, 1), Moment(1, 2))
    assert looker.asked[-1].state_hashes == (1, 2)


def test_what_came_is_kept_and_not_asked_for_again(looker: Looker) -> None:
    looker.fetcher.is_still = True
    looker.fetcher.want(WANTED)
    for step in range(3):
        looker.fetcher.take(answer(step))
    assert (looker.num_came, len(looker.asked)) == (3, 1)
    looker.fetcher.want(WANTED)
    assert len(looker.asked) == 1
    assert looker.fetcher.store.get(Moment(1, 2)) is not None
    looker.fetcher.clear()
    looker.fetcher.want(WANTED)
    assert len(looker.asked) == 2


def test_nothing_is_asked_while_nobody_looks_and_others_pictures_are_theirs(looker: Looker) -> None:
    looker.is_watching = False
    looker.fetcher.want(WANTED)
    looker.fetcher.take(answer(0, "elsewhere"))
    assert (looker.num_came, looker.asked) == (0, [])
    assert looker.fetcher.store.get(Moment(1, 0)) is None
    looker.is_watching = True
    looker.fetcher.want(WANTED)
    assert len(looker.asked) == 1
