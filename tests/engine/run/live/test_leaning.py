from __future__ import annotations

import dataclasses

import numpy as np
import torch
from test_time_travel import Traveller

from nec_engine.config import Settings
from nec_engine.game.preprocess import hash_observation
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import Choice, Decision, LookBack, Moment, Origin
from nec_engine.run.live.deciding import Seen, decide_with_evidence
from nec_engine.run.live.leaning import Leaning
from nec_engine.run.publication import Published

SCREENS = np.random.default_rng(3).integers(0, 255, (2, 4, 84, 84)).astype(np.uint8)


def decisions() -> list[Decision]:
    """In a state that was taught, and in one that the agent knows by itself."""
    agent = EpisodicAgent(2, Settings(num_neighbours=1), 10, torch.device("cpu"))
    for i, origin in enumerate((Origin.PERSON, Origin.AGENT)):
        screens = tuple(SCREENS[i])
        state_hash = hash_observation(SCREENS[i])
        agent.learn_from([TaughtStep(Moment(0, i), i, state_hash, screens, 0.0, 5.0, origin)])
    published = Published(agent.policy(), 0.0)
    seen = [Seen(Moment(1, i), SCREENS[i], hash_observation(SCREENS[i])) for i in range(2)]
    rng = np.random.default_rng(0)
    made = [decide_with_evidence(published, one, ("a", "b"), 1, rng) for one in seen]
    agent.close()
    return made


def test_a_decision_leans_on_lessons_when_they_have_half_of_the_say() -> None:
    taught, own = decisions()
    assert (taught.action, own.action) == (0, 1)
    assert taught.evidence[0].taught_share > 0.99
    assert own.evidence[1].taught_share == 0
    leaning = Leaning()
    leaning.add(taught)
    leaning.add(own)
    leaning.add(dataclasses.replace(taught, choice=Choice.PERSON))
    assert (leaning.num_judged, leaning.num_leaning) == (2, 1)
    leaning.begin_episode()
    assert (leaning.num_judged, leaning.num_leaning) == (0, 0)


def test_a_decision_that_a_branch_begins_with_counts_once() -> None:
    traveller = Traveller()
    traveller.play(6)
    leaning = traveller.live.leaning
    assert leaning.num_judged == 6
    traveller.travel.obey(LookBack(2))
    traveller.travel.go_on()
    assert leaning.num_judged == 0  # it is decided, and not yet acted on
    traveller.play(3)
    assert leaning.num_judged == 3
