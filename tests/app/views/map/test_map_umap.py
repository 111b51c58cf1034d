"""The map laid out by UMAP, as the panel shows it."""

import dataclasses

import numpy as np
from made_maps import make_map
from made_messages import Clock, make_decision
from map_hand import of_kind
from pytestqt.qtbot import QtBot

from app.views.map.map_view import MapView
from nec_engine.messages import (
    AskPlaces,
    AskUmap,
    Landmarks,
    MapAnswer,
    UmapEnded,
)


def umap_of(answer: MapAnswer) -> MapAnswer:
    landmarks = Landmarks(np.zeros((100, 8), np.float32), answer.xy[:100])
    names = ("actions", "slots", "values", "ages_steps", "origins", "episodes", "steps")
    part = {name: getattr(answer, name)[:100] for name in (*names, "state_hashes", "xy")}
    return dataclasses.replace(answer, projection=landmarks, **part)


def test_umap_is_asked_for_and_shown_when_it_comes_and_the_plane_comes_back(
    shown: MapView, asked: list[object], clock: Clock
) -> None:
    plane = shown._map
    assert plane is not None
    button = shown.controls.umap_button
    button.click()
    assert asked == [AskUmap("map", plane)]
    assert button.text() == "UMAP…"
    laid_out = umap_of(plane)
    shown.show_umap(UmapEnded("map", laid_out))
    shown.refresh()
    assert button.text() == "UMAP"
    assert shown.controls.status.whole_text == "100 of 200 entries as points, by UMAP"
    clock.now_s += 100
    shown._look()  # lasts until it is asked for anew
    assert len(asked) == 1
    shown.controls.new_button.click()
    assert asked[-1] == AskUmap("map", laid_out)
    shown.show_decision(make_decision(number=1))
    assert isinstance(asked[-1], AskPlaces)
    assert asked[-1].projection is laid_out.projection
    button.click()
    assert shown._map is plane


def test_where_umap_cannot_be_had_the_plane_stays_and_it_is_said(
    shown: MapView, qtbot: QtBot
) -> None:
    plane = shown._map
    shown.controls.umap_button.click()
    with qtbot.waitSignal(shown.problem_found) as problem:
        shown.show_umap(UmapEnded("map", None, "UMAP is not installed"))
    assert problem.args == ["UMAP is not installed"]
    assert not shown.controls.umap_button.isChecked()
    assert shown._map is plane


def test_a_layout_that_comes_when_the_plane_is_wanted_again_is_not_shown(shown: MapView) -> None:
    plane = shown._map
    assert plane is not None
    shown.controls.umap_button.click()
    shown.controls.umap_button.click()
    shown.show_umap(UmapEnded("map", umap_of(plane)))
    assert shown._map is plane


def test_umap_that_is_wanted_before_the_first_map_is_asked_when_that_comes(
    view: MapView, asked: list[object]
) -> None:
    view.controls.umap_button.click()
    assert of_kind(asked, AskUmap) == []
    answer = make_map()
    view.show_map(answer)
    assert asked[-1] == AskUmap("map", answer)
    view.refresh()
    assert view.controls.status.whole_text.startswith("UMAP is at work")
