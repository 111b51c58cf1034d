"""The small rules of the map panel: when it asks, the trail, what it says of a lasso."""

import numpy as np
import pytest
from made_maps import PLANE, make_map, places_for
from made_messages import NAMES, Clock, make_evidence

from app.models.map.map_requests import REFRESH_S, MapRequests, PlaceRequests
from app.models.map.map_statistics import (
    contact_sheet_of,
    entry_at,
    index_of,
    is_same_plane,
    statistics_of,
)
from app.models.map.map_trail import LENGTH, MapTrail
from app.models.map.map_words import entry_lines, map_text, why_no_map
from nec_engine.messages import Entry, Moment, Projection


def test_a_map_is_asked_again_ten_seconds_after_it_came() -> None:
    requests, answer = MapRequests("map"), make_map()
    assert requests.ask(None, 0.0) is not None
    assert requests.ask(None, 20.0) is None  # the first is still due
    requests.note_answer(answer, 21.0)
    assert requests.ask(answer, 21.0 + REFRESH_S - 0.1) is None
    question = requests.ask(answer, 21.0 + REFRESH_S)
    assert question is not None
    assert question.previous is answer


def test_a_map_that_took_long_is_asked_less_often_and_at_once_when_wanted() -> None:
    requests, answer = MapRequests("map"), make_map(took_s=8.0)
    requests.ask(None, 0.0)
    requests.note_answer(answer, 2.0)
    assert requests.ask(answer, 30.0) is None
    requests.hurry()
    assert requests.ask(answer, 30.0) is not None


def test_a_map_that_never_came_is_asked_again() -> None:
    requests = MapRequests("map")
    requests.ask(None, 0.0)
    assert requests.ask(None, 100.0) is not None


def test_places_are_asked_once_for_a_decision_and_one_question_at_a_time(clock: Clock) -> None:
    requests, evidence = PlaceRequests("map dot"), make_evidence(2)
    question = requests.ask(PLANE, 1, evidence, 0.0)
    assert question is not None
    assert (question.action, question.number) == (2, 1)
    assert requests.ask(PLANE, 2, evidence, 0.5) is None
    requests.note_answer(places_for(question, (0, 0)))
    assert requests.ask(PLANE, 1, evidence, 0.5) is None  # known
    assert requests.ask(PLANE, 2, evidence, 0.5) is not None
    assert requests.ask(PLANE, 3, evidence, 9.0) is not None  # the last one was lost


def test_the_trail_follows_one_game_and_forgets_its_old_end() -> None:
    trail = MapTrail()
    for step in range(LENGTH + 5):
        trail.add(Moment(1, step), (step, 0))
    assert trail.places[0] == (5, 0)
    trail.add(Moment(1, LENGTH + 4), (99, 0))  # the same decision again
    assert trail.places[-2:] == ((LENGTH + 3, 0), (99, 0))
    for elsewhere in (Moment(1, 3), Moment(2, 4)):  # gone back; another game
        trail.add(elsewhere, (0, 1))
        assert trail.places == ((0, 1),)


def test_the_contact_sheet_holds_twelve_at_most_the_best_first() -> None:
    answer = make_map(200)
    chosen = np.arange(40, 90)
    assert contact_sheet_of(answer, chosen).tolist() == list(range(51, 39, -1))
    assert contact_sheet_of(answer, chosen[:3]).tolist() == [42, 41, 40]


def test_the_statistics_of_a_lasso_in_words() -> None:
    answer = make_map(200, num_actions=2)
    lines = statistics_of(answer, np.array([10, 12, 13, 14]), NAMES)
    assert lines[0] == "4 of 200 entries on the map"
    assert lines[1].startswith("Mean value 12.")
    assert lines[2] == "NOOP 75 %, FIRE 25 %"
    assert lines[3] == "Written 140 steps ago to 100 steps ago"
    assert lines[4] == "By agent 75 %, person 25 %"
    all_actions = statistics_of(make_map(60), np.arange(60), NAMES)[2]
    assert all_actions == "NOOP 17 %, FIRE 17 %, UP 17 %, 3 others 50 %"


def test_an_entry_is_found_on_the_map_unless_its_slot_has_another_by_now() -> None:
    answer = make_map()
    entry = entry_at(answer, 17)
    assert entry == Entry(17 % 6, 17, Moment(0, 17), 24)
    assert index_of(answer, entry) == 17
    assert index_of(answer, Entry(17 % 6, 17, Moment(0, 17), 25)) is None
    assert index_of(answer, Entry(17 % 6, 3, Moment(0, 17), 24)) == 17  # it was moved


def test_two_maps_have_the_same_plane_while_it_is_kept() -> None:
    kept = Projection(PLANE.mean, PLANE.axes, 0.3)
    turned = Projection(PLANE.mean, PLANE.axes.copy(), 0.3)
    assert is_same_plane(make_map(projection=kept), make_map())
    assert not is_same_plane(make_map(projection=turned), make_map())
    assert not is_same_plane(make_map(), None)


@pytest.mark.parametrize(
    ("answer", "action", "begin"),
    [
        (None, None, "The map is on its way"),
        (make_map(0, num_entries=()), None, "This agent keeps no memories"),
        (make_map(0), None, "The memory is empty"),
        (make_map(3), 5, "No memories of this action yet"),
        (make_map(3), 1, ""),
    ],
)
def test_every_empty_map_says_why_and_what_to_do(
    answer: object, action: int | None, begin: str
) -> None:
    line, more = why_no_map(answer, action)  # type: ignore[arg-type]  # a made answer
    assert line.startswith(begin)
    assert bool(more) == bool(begin)


def test_the_map_tells_how_much_of_the_memory_it_shows() -> None:
    assert map_text(make_map(200)) == "200 entries, 37 % of variance"
    text = map_text(make_map(200, num_entries=(5_000, 1_000)))
    assert text == "200 of 6,000 entries as points, 37 % of variance"
    assert map_text(make_map(0)) == ""
    assert entry_lines(make_map(), 7, NAMES) == (
        "FIRE", "value 7.00", "person, 70 steps ago", "ep. 0, step 7",
    )  # fmt: skip
