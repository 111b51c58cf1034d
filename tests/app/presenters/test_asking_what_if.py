"""What if, in the whole window: what its key asks about."""

from __future__ import annotations

from fake_engine import FakeEngine
from made_news import decision
from pressing import Key, OpenDesktop, press
from pytestqt.qtbot import QtBot

from nec_engine.messages import AskWhatIf, SetPaused


def test_its_key_asks_about_the_newest_decision_also_when_the_panel_was_hidden_since(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(autowake=False)
    desktop = open_desktop(engine)
    panels = desktop.window.panels

    def decide(number: int) -> None:
        with qtbot.waitSignal(desktop.session.bridge.decision_came):
            engine.publish(decision=decision(number))

    decide(7)
    press(qtbot, desktop, Key.Key_W)
    assert SetPaused(True) in engine.commands
    qtbot.waitUntil(lambda: panels.is_seen("what_if"))
    panels.bring_to_front("neighbours")
    qtbot.waitUntil(lambda: not panels.is_seen("what_if"))
    decide(8)
    press(qtbot, desktop, Key.Key_W)
    asked = [question for question in engine.questions if isinstance(question, AskWhatIf)]
    assert [question.moment for question in asked] == [decision(7).moment, decision(8).moment]


def test_its_key_waits_for_a_decision_where_nobody_saw_the_newest(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(autowake=False)
    desktop = open_desktop(engine, size=(960, 600))
    panels = desktop.window.panels
    engine.publish(decision=decision(7))
    qtbot.waitUntil(lambda: panels.why._decision is not None)
    panels.bring_to_front("log")
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    press(qtbot, desktop, Key.Key_W)
    qtbot.waitUntil(lambda: engine.wanted[0] is True)
    assert not any(isinstance(question, AskWhatIf) for question in engine.questions)
    engine.publish(decision=decision(32))
    qtbot.waitUntil(lambda: any(isinstance(asked, AskWhatIf) for asked in engine.questions))
    (asked,) = (question for question in engine.questions if isinstance(question, AskWhatIf))
    assert asked.moment == decision(32).moment
