"""Maps, blurred regions and the test of a map, as the inspect thread answers them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from remembered_states import ACTION, UNKNOWN, remembered

from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.messages import (
    AskBlurred,
    AskSaliency,
    AskSanityCheck,
    BlurredAnswer,
    Box,
    Decision,
    QOf,
    SaliencyAnswer,
    SaliencyMethod,
    SanityAnswer,
)
from nec_engine.run.answering.blurred import blurred
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.saliency import saliency, sanity_check
from nec_engine.run.publication import Publication, Published


class Asked:
    """A desk with an agent that remembers a little, and a decision of it."""

    def __init__(self, **changes: object) -> None:
        self.agent: EpisodicAgent
        self.decision: Decision
        self.agent, self.decision = remembered(**changes)
        self.num_ways_given = 0
        rom, settings = find_rom("ms_pacman"), self.agent.settings
        self.publication = Publication()
        self.desk = Desk(
            Rebuilder(rom, settings), Journal(settings, rom), self.publication,
            self.agent.memory, self._give_way,
        )  # fmt: skip

    def publish(self) -> None:
        self.publication.put(Published(self.agent.policy(), 0.0))

    def _give_way(self) -> None:
        self.num_ways_given += 1


@pytest.fixture(scope="module")
def asked() -> Asked:
    made = Asked()
    made.publish()
    return made


def only(turns: Any) -> Any:
    """The one answer among turns without any."""
    (answer,) = [answer for answer in turns if answer is not None]
    return answer


@pytest.mark.parametrize("method", list(SaliencyMethod))
def test_a_map_comes_in_turns_and_says_how_it_was_made(
    asked: Asked, method: SaliencyMethod
) -> None:
    before = asked.num_ways_given
    turns = list(saliency(AskSaliency("p", asked.decision, QOf(ACTION), method), asked.desk))
    answer = turns.pop()
    assert turns == [None] * (asked.num_ways_given - before)
    assert len(turns) >= 1
    assert isinstance(answer, SaliencyAnswer)
    assert (answer.actions, answer.method, answer.problem) == ((ACTION,), method, "")
    assert answer.heat.max() == 1
    assert answer.value == pytest.approx(asked.decision.evidence[ACTION].q, rel=1e-3)
    assert not answer.attribution.flags.writeable


def test_why_there_is_no_map_is_an_answer_too(asked: Asked) -> None:
    unpublished = Asked()
    question = AskSaliency("p", asked.decision, QOf(UNKNOWN))
    for desk, words in ((unpublished.desk, "not ready"), (asked.desk, "nothing is remembered")):
        answer = only(saliency(question, desk))
        assert words in answer.problem
        assert not answer.heat.any()
    fixed = Asked(agent="ec")
    fixed.publish()
    guided = AskSaliency("p", fixed.decision, QOf(ACTION), SaliencyMethod.GUIDED)
    assert "rectifiers" in only(saliency(guided, fixed.desk)).problem
    check = AskSanityCheck("p", fixed.decision, QOf(ACTION))
    assert "nothing to make random" in only(sanity_check(check, fixed.desk)).problem


def test_a_map_is_tested_layer_by_layer(asked: Asked) -> None:
    question = AskSanityCheck("p", asked.decision, QOf(ACTION))
    answers = [a for a in sanity_check(question, asked.desk) if a is not None]
    assert all(isinstance(answer, SanityAnswer) for answer in answers)
    assert [answer.layer for answer in answers] == ["", "key", "conv_3", "conv_2", "conv_1"]
    assert [answer.number for answer in answers] == list(range(answers[0].num))
    assert answers[0].correlation == pytest.approx(1.0)
    correlations = [answer.correlation for answer in answers if answer.correlation is not None]
    assert len(correlations) == len(answers)
    assert all(abs(correlation) < 0.9 for correlation in correlations[1:])
    assert correlations[0] > correlations[-1]


def test_a_test_is_given_up_between_any_two_turns(asked: Asked) -> None:
    question = AskSanityCheck("p", asked.decision, QOf(ACTION), SaliencyMethod.SMOOTHGRAD)
    turns = sanity_check(question, asked.desk)
    for _ in range(3):
        next(turns)
    turns.close()  # type: ignore[attr-defined]  # what the thread does by forgetting it


def test_a_blurred_region_is_read_by_the_same_agent(asked: Asked) -> None:
    box = Box(0, 0, 84, 84)
    answer = only(blurred(AskBlurred("b", asked.decision, box), asked.desk))
    assert isinstance(answer, BlurredAnswer)
    assert answer.blur == 42
    before = [part.q for part in answer.before]
    np.testing.assert_allclose(before, [part.q for part in asked.decision.evidence], rtol=1e-4)
    assert [part.q for part in answer.after] != before
    expected = asked.agent.policy().explain(answer.observation).evidence
    np.testing.assert_allclose([p.q for p in answer.after], [p.q for p in expected], rtol=1e-4)


def test_nothing_is_blurred_before_there_is_an_agent() -> None:
    unpublished = Asked()
    question = AskBlurred("b", unpublished.decision, Box(0, 0, 9, 9))
    assert list(blurred(question, unpublished.desk)) == []
