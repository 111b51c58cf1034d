"""What a person wants becomes commands, and shows at once."""

from __future__ import annotations

from fake_engine import FakeEngine
from made_sessions import MakeSession
from pytestqt.qtbot import QtBot

from app.session import Session
from nec_engine.messages import (
    Advance,
    HoldStick,
    Player,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetTraining,
)


def test_a_second_toggle_undoes_the_first_even_before_the_engine_answered(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    engine = FakeEngine(autowake=False)  # obeys nothing, reports nothing
    session = make_session(lambda _: engine)
    with qtbot.waitSignal(session.game_opened):
        session.open(rom="pong")
    session.set_paused(not session.controls.is_paused)
    session.set_paused(not session.controls.is_paused)
    assert engine.commands == [SetPaused(True), SetPaused(False)]


def test_a_step_pauses_a_running_game_first(session: Session, engine: FakeEngine) -> None:
    session.step(to_next_decision=True)
    session.step(to_next_decision=False)
    assert engine.commands == [
        SetPaused(True), Advance(1, to_next_decision=True), Advance(1, to_next_decision=False),
    ]  # fmt: skip


def test_fast_lasts_while_it_is_held_and_then_the_speed_is_as_before(
    session: Session, engine: FakeEngine
) -> None:
    session.set_speed(0.5)
    session.set_fast(True)
    session.set_fast(False)
    assert engine.commands == [SetSpeed(0.5), SetSpeed(float("inf")), SetSpeed(0.5)]


def test_speeds_go_up_and_down(session: Session, engine: FakeEngine) -> None:
    session.speed_up()
    session.slow_down()
    session.slow_down()
    assert engine.commands == [SetSpeed(2.0), SetSpeed(1.0), SetSpeed(0.5)]


def test_intents_reach_the_engine_in_order(session: Session, engine: FakeEngine) -> None:
    session.set_player(Player.PERSON)
    session.send(HoldStick(up=True))
    session.set_training(False)
    assert engine.commands == [
        SetPlayer(Player.PERSON), HoldStick(up=True), SetTraining(False),
    ]  # fmt: skip
