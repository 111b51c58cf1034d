"""What is said of a step that is explained later than it was played."""

from __future__ import annotations

import numpy as np

from nec_engine.messages import ActionEvidence, Choice, Decision, Moment
from nec_engine.run.live.deciding import as_played


def made_now(q_values: tuple[float, ...], choice: Choice = Choice.GREEDY) -> Decision:
    return Decision(
        number=9, moment=Moment(1, 4), action_names=("noop", "fire", "right"),
        evidence=tuple(ActionEvidence.of_network(a, q) for a, q in enumerate(q_values)),
        action=int(np.argmax(q_values)), best_action=int(np.argmax(q_values)), choice=choice,
        epsilon=0.0, observation=np.zeros((4, 84, 84), np.uint8), state_hash=5, kernel_scale=0.0,
        network_version=1, memory_version=1,
    )  # fmt: skip


def test_what_was_done_and_why_stays_while_it_holds() -> None:
    told = as_played(made_now((0.0, 2.0, 1.0)), 1, Choice.GREEDY, 0.1)
    assert (told.action, told.best_action, told.choice) == (1, 1, Choice.GREEDY)
    told = as_played(made_now((0.0, 2.0, 1.0)), 2, Choice.PERSON, 0.1)
    assert (told.action, told.best_action, told.choice) == (2, 1, Choice.PERSON)
    assert told.epsilon == 0.1


def test_of_equally_good_actions_the_played_one_is_the_best() -> None:
    told = as_played(made_now((2.0, 2.0, 1.0)), 1, Choice.GREEDY, 0.0)
    assert (told.best_action, told.choice) == (1, Choice.GREEDY)


def test_a_reason_that_does_not_hold_any_more_is_not_told_as_if_it_did() -> None:
    assert as_played(made_now((0.0, 2.0, 1.0)), 2, Choice.GREEDY, 0.0).choice is Choice.RECORDED
    assert as_played(made_now((0.0, 2.0, 1.0)), 2, Choice.EMPTY, 0.0).choice is Choice.RECORDED
    empty = made_now((0.0, 0.0, 0.0), Choice.EMPTY)
    assert as_played(empty, 2, Choice.EMPTY, 0.0).choice is Choice.EMPTY
