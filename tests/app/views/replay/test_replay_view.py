import dataclasses
from collections.abc import Iterator

import pytest
from made_messages import Clock, make_decision, picture_of, show_panel
from made_replays import NUM_RECORDED, answer
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.neighbours.neighbour_rows import STEPS_BEFORE
from app.models.replay.hindsight_requests import FRESH_S
from app.models.replay.replay_words import NOTHING_OPEN
from app.views.replay.replay_neighbours import PANEL as CARDS
from app.views.replay.replay_view import THOUGHTS, ReplayView
from nec_engine.messages import (
    AskHindsight,
    AskPictures,
    AskReplay,
    Choice,
    Decision,
    Entry,
    GoTo,
    HindsightAnswer,
    Moment,
    ReplayPart,
)

STEP = 203
ENTRY = Entry(2, 7, Moment(41, STEP), 1000 + STEP)
NAMES = ("noop", "fire", "up", "right", "left", "down")


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> Iterator[ReplayView]:
    view = ReplayView(clock=clock)
    show_panel(view, qtbot, clock, (320, 640))
    view.open_game(NAMES)
    yield view
    view.set_playing(False)


@pytest.fixture
def asked(view: ReplayView) -> list[AskReplay]:
    questions: list[AskReplay] = []
    view.replay_wanted.connect(questions.append)
    return questions


def thought(step: int, **about: object) -> Decision:
    decision = make_decision(num_actions=6, number=step)
    known = {"moment": Moment(41, step), "choice": Choice.RECORDED, "action": 2, **about}
    return dataclasses.replace(decision, **known)  # type: ignore[arg-type]  # fields by name


def load(view: ReplayView, asked: list[AskReplay]) -> None:
    """Answer all that is asked, until nothing is."""
    while asked:
        question = asked.pop()
        view.clock.now_s += 1  # type: ignore[attr-defined]  # the tests' own clock
        for part in answer(question):
            view.show_part(part)


def open_loaded(view: ReplayView, asked: list[AskReplay], clock: Clock) -> None:
    view.open_entry(ENTRY)
    load(view, asked)
    view.set_playing(False)
    clock.now_s += 1
    view.refresh()


def test_empty_it_says_what_to_do(view: ReplayView) -> None:
    assert view.picture._words == NOTHING_OPEN
    assert "Shift+G" in NOTHING_OPEN
    assert not view.controls.play.isEnabled()
    assert "when the replay stands at a step" in view.neighbours.cards._empty_texts[1]


def test_it_begins_two_seconds_before_the_memory_and_plays(
    view: ReplayView, asked: list[AskReplay]
) -> None:
    view.open_entry(ENTRY)
    assert view.step == STEP - STEPS_BEFORE
    assert view.is_playing
    assert asked[0].first == Moment(41, STEP - STEPS_BEFORE - 1)
    view._play_on()
    assert view.step == STEP - STEPS_BEFORE  # it waits for what comes
    load(view, asked)
    for _ in range(2 * STEPS_BEFORE):
        view._play_on()
    assert view.step == STEP


def test_scrubbing_stands_still_and_shows_each_step_at_once(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    for step in (10, 350, 11, 12):
        clock.now_s += 1 / 30
        view.controls.slider.setValue(step)
        assert view.picture.rgb is not None
        assert int(view.picture.rgb[0, 0, 0]) == (4 * step - 1) % 256
        assert view.place.text().startswith(f"Ep. 41, {step} of 400")
    assert not view.is_playing


def test_in_a_column_of_the_first_layout_the_headline_has_its_score(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    view.resize(290, 400)
    open_loaded(view, asked, clock)
    view.scrub(350)
    clock.now_s += 1
    view.refresh()
    label = view.place
    assert label.text() == "Ep. 41, 350 of 400 · ↑ · score 35"
    room = QRect(0, 0, label.width(), 1000)
    needed = label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, label.text())
    assert needed.height() <= label.height()
    assert label.width() < label.fontMetrics().horizontalAdvance(label.text())  # not on one line


def test_the_memory_is_marked_and_its_screens_are_checked(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    view.controls.memory.click()
    assert view.step == STEP
    assert view.picture._words == "REPLAY: the memory"
    assert view.controls.slider._mark == STEP
    assert view.check.whole_text.startswith("Checked")
    view.open_entry(dataclasses.replace(ENTRY, state_hash=5))
    view.set_playing(False)
    clock.now_s += 1
    view.refresh()
    assert view.check.whole_text.startswith("Not exact: the screens")


def test_a_record_that_cannot_be_shown_says_why(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    view.open_entry(ENTRY)
    why = "episode 41 is not in the journal; another version of ale-py recorded it; no pictures"
    view.show_part(ReplayPart("replay", Moment(41, 0), 0, b"", (), why))
    clock.now_s += 1
    view.refresh()
    assert why in view.picture._words
    assert why in view.check.whole_text
    assert not view.controls.visit.isEnabled()


def test_what_the_agent_of_now_thinks_stands_beside_what_was_played(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    wanted: list[AskHindsight] = []
    view.hindsight_wanted.connect(wanted.append)
    open_loaded(view, asked, clock)
    clock.now_s += 1
    view.scrub(STEP)
    clock.now_s += 0.2
    view.refresh()
    assert wanted[-1].first == Moment(41, STEP)
    decision = thought(STEP)
    known = int(decision.evidence[2].state_hashes[3])
    view.show_hindsight(HindsightAnswer(THOUGHTS, dataclasses.replace(decision, state_hash=known)))
    clock.now_s += 1
    view.refresh()
    assert view.bars.decision is not None
    assert view.bars.decision.moment.step == STEP
    words = view.sentence.text()
    assert "UP was played" in words
    assert "Remembered of this very step" in words
    assert "in 100 steps, the score changed by +10" in words


def test_standing_at_a_step_it_asks_again_after_an_edit_and_now_and_then_as_the_agent_learns(
    view: ReplayView, asked: list[AskReplay], clock: Clock, qtbot: QtBot
) -> None:
    wanted: list[AskHindsight] = []
    view.hindsight_wanted.connect(wanted.append)
    open_loaded(view, asked, clock)
    view.scrub(STEP)
    clock.now_s += 0.2
    view.refresh()
    view.show_hindsight(HindsightAnswer(THOUGHTS, thought(STEP)))
    load(view, asked)
    num_before = len(wanted)
    view.think_again()
    assert [question.first for question in wanted[num_before:]] == [Moment(41, STEP)]
    view.show_hindsight(HindsightAnswer(THOUGHTS, thought(STEP)))
    assert len(wanted) == num_before + 1
    qtbot.waitUntil(lambda: view._ask_timer.interval() == 1000 * FRESH_S)
    assert view._ask_timer.isActive()
    assert len(wanted) == num_before + 1
    clock.now_s += FRESH_S
    view._ask_timer.timeout.emit()
    assert len(wanted) == num_before + 2
    view.hide()
    view._ask_timer.timeout.emit()
    view.think_again()
    assert not view._ask_timer.isActive()
    assert len(wanted) == num_before + 2  # hidden it asks for nothing


def test_its_neighbours_have_pictures_and_can_be_selected_visited_and_replayed(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    pictures: list[AskPictures] = []
    places: list[GoTo] = []
    clicked: list[Entry] = []
    view.pictures_wanted.connect(pictures.append)
    view.visit_wanted.connect(places.append)
    view.entry_clicked.connect(clicked.append)
    open_loaded(view, asked, clock)
    view.scrub(STEP)
    view.show_hindsight(HindsightAnswer(THOUGHTS, thought(STEP)))
    clock.now_s += 1
    view.refresh()
    assert pictures[-1].panel == CARDS
    for moment in pictures[-1].moments:
        view.show_picture(dataclasses.replace(picture_of(moment), panel=CARDS))
    view.show_picture(picture_of(Moment(1, 1)))  # of another panel
    cards = view.neighbours.cards
    area = cards.viewport()
    assert area is not None
    first = cards.card_rect(0)
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=first.center().toPoint())
    evidence = thought(STEP).evidence[2]
    assert clicked[-1].moment == Moment(int(evidence.episodes[0]), int(evidence.steps[0]))
    QTest.mouseClick(
        area, Qt.MouseButton.LeftButton, pos=cards.card.button_rect(first).center().toPoint()
    )
    assert places[-1].moment == clicked[-1].moment
    QTest.mouseClick(
        area, Qt.MouseButton.LeftButton, pos=cards.card.replay_rect(first).center().toPoint()
    )
    assert view.reel.episode == clicked[-1].moment.episode


def test_the_game_goes_on_from_the_step_that_is_shown(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    places: list[GoTo] = []
    view.visit_wanted.connect(places.append)
    open_loaded(view, asked, clock)
    view.scrub(77)
    view.controls.visit.click()
    assert places == [GoTo(Moment(41, 77), 1077)]


def test_the_episode_or_a_range_of_it_becomes_a_video(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    videos: list[tuple[Moment, int]] = []
    view.video_wanted.connect(lambda first, num: videos.append((first, num)))
    open_loaded(view, asked, clock)
    controls = view.controls
    assert not controls.save_range.isEnabled()
    controls.save_episode.trigger()
    for step, action in ((50, controls.begin_range), (80, controls.end_range)):
        view.scrub(step)
        action.trigger()
        clock.now_s += 1
        view.refresh()
    controls.save_range.trigger()
    assert videos == [(Moment(41, 0), NUM_RECORDED), (Moment(41, 50), 30)]


def test_keys_on_the_slider_step_and_play(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    view.scrub(100)
    clock.now_s += 1
    view.refresh()
    slider = view.controls.slider
    for key, step in ((Qt.Key.Key_Right, 101), (Qt.Key.Key_PageUp, 111), (Qt.Key.Key_Left, 110)):
        clock.now_s += 1
        QTest.keyClick(slider, key)
        assert view.step == step
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert view.is_playing


def test_it_stops_at_the_end_and_begins_again(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    view.scrub(NUM_RECORDED - 1)
    view.set_playing(True)
    for _ in range(4):
        view._play_on()
    assert (view.step, view.is_playing) == (NUM_RECORDED, False)
    view.controls.play.click()
    assert (view.step, view.is_playing) == (0, True)


def test_hidden_it_stands_still_and_asks_for_nothing(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    view.set_playing(True)
    view.hide()
    view._play_on()
    assert not view.is_playing
    view.open_entry(dataclasses.replace(ENTRY, moment=Moment(5, 90)))
    assert asked == []


def test_another_game_leaves_nothing_of_the_former(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    view.open_game(NAMES)
    clock.now_s += 1
    view.refresh()
    assert view.reel.episode is None
    assert view.picture.rgb is None
    assert view.neighbours.cards.num_cards == 0


def test_a_low_panel_shows_the_bars_or_the_cards_and_a_high_one_both(view: ReplayView) -> None:
    bars, cards, switch = view.panes._bars_area, view.neighbours, view.panes.switch
    view.resize(320, 640)
    assert (bars.isVisible(), cards.isVisible(), switch.isVisible()) == (True, True, False)
    view.resize(320, 340)
    assert (bars.isVisible(), cards.isVisible(), switch.isVisible()) == (True, False, True)
    switch.click()
    assert (bars.isVisible(), cards.isVisible()) == (False, True)
    assert view.minimumSizeHint().height() <= 330


@pytest.mark.parametrize("size", [(240, 300), (320, 520), (700, 480)])
def test_every_state_is_painted_in_both_themes_and_at_any_size(
    view: ReplayView, asked: list[AskReplay], clock: Clock, size: tuple[int, int]
) -> None:
    view.resize(*size)
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        assert not view.grab().isNull()
    open_loaded(view, asked, clock)
    view.show_hindsight(HindsightAnswer(THOUGHTS, thought(view.step)))
    clock.now_s += 1
    view.refresh()
    assert not view.grab().isNull()


def test_every_control_has_a_tooltip_and_a_name(view: ReplayView) -> None:
    for control in (view.controls.slider, *view.controls.findChildren(QToolButton)):
        assert control.toolTip()
        assert control.accessibleName()


def test_what_was_thought_of_another_game_or_a_step_before_the_end_does_not_stay(
    view: ReplayView, asked: list[AskReplay], clock: Clock
) -> None:
    open_loaded(view, asked, clock)
    thought = dataclasses.replace(make_decision(), moment=Moment(41, 100), choice=Choice.RECORDED)
    view.scrub(100)
    view.show_hindsight(HindsightAnswer(THOUGHTS, thought))
    clock.now_s += 1
    view.refresh()
    assert view.bars.decision is thought
    assert view.controls.visit.isEnabled()
    view.scrub(NUM_RECORDED)
    clock.now_s += 1
    view.refresh()
    assert view.bars.decision is None
    assert not view.controls.visit.isEnabled()
    view.scrub(100)
    clock.now_s += 1
    view.refresh()
    assert view.bars.decision is thought
    view.open_entry(dataclasses.replace(ENTRY, moment=Moment(3, 9)))
    view.show_part(ReplayPart("replay", Moment(3, 0), 0, b"", (), "gone; why; what"))
    clock.now_s += 1
    view.refresh()
    assert view.bars.decision is None
    assert not view.is_playing


def test_another_game_takes_neither_scale_nor_chosen_action_along(
    view: ReplayView, clock: Clock
) -> None:
    view.bars.show_decision(make_decision(), 0.0)
    view.bars.scale.fit(0.0, 4000.0, 0.0)
    view.bars._click(2)
    view.open_game(NAMES)
    assert view.bars.selected is None
    assert view.neighbours._action is None
    assert view.bars.scale.high == 1.0
