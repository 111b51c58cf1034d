"""A policy with a real network that remembers some states of a real game."""

from __future__ import annotations

import numpy as np
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.insight.methods import METHODS
from nec_engine.insight.protocol import Method, Target
from nec_engine.insight.targets import target_of
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.agents import Policy
from nec_engine.learning.embedding import embed
from nec_engine.messages import (
    F32,
    ActionEvidence,
    Choice,
    Decision,
    Entry,
    Moment,
    QOf,
    SaliencyMethod,
    SaliencyTarget,
)

ACTION, OTHER, UNKNOWN = 2, 3, 4  # remembered more often, remembered, never done


def remembered(**changes: object) -> tuple[EpisodicAgent, Decision]:
    """An agent with 120 random entries of Ms. Pac-Man, and a decision some steps later."""
    small = {"index": "exact", "capacity": 500, "prior_distance": 0.5, "key_size": 32}
    settings = changed(Settings(), {**small, **changes})
    emulator = Emulator(find_rom("ms_pacman"), settings, seed=1, colour=False)
    agent = EpisodicAgent(emulator.num_actions, settings, 500, torch.device("cpu"))
    rng = np.random.default_rng(0)
    for step in range(120):
        emulator.step(int(rng.integers(emulator.num_actions)))
        key = embed(agent.network, emulator.observation()[None], agent.device)[0]
        action = OTHER if step % 3 == 0 else ACTION
        agent.memory.write(action, key, float(rng.normal(0, 10)), step, Moment(0, step))
    for _ in range(8):  # the kernel scale comes from the trainer's own lookups
        emulator.step(0)
        agent.act(emulator.observation()[None], 0, rng)
    return agent, decision_at(agent.policy(), emulator)


def decision_at(policy: Policy, emulator: Emulator) -> Decision:
    explained = policy.explain(emulator.observation())
    best = int(np.argmax([part.q for part in explained.evidence]))
    return Decision(
        number=7, moment=Moment(1, 8), action_names=emulator.action_names,
        evidence=explained.evidence, action=ACTION, best_action=best, choice=Choice.GREEDY,
        epsilon=0.0, observation=emulator.observation(), state_hash=1,
        kernel_scale=explained.kernel_scale, network_version=0, memory_version=0,
    )  # fmt: skip


def entry_of(evidence: ActionEvidence, place: int) -> Entry:
    """The neighbour at ``place``."""
    return Entry(
        evidence.action,
        int(evidence.slots[place]),
        Moment(int(evidence.episodes[place]), int(evidence.steps[place])),
        int(evidence.state_hashes[place]),
    )


def map_of(
    policy: Policy,
    decision: Decision,
    method: Method | SaliencyMethod,
    wish: SaliencyTarget = QOf(ACTION),  # noqa: B008 - immutable
) -> F32:
    """What a method ends with."""
    target = target_of(policy, decision, wish)
    return end_of(method, target, decision)


def end_of(method: Method | SaliencyMethod, target: Target, decision: Decision) -> F32:
    chosen = METHODS[method] if isinstance(method, SaliencyMethod) else method
    steps = chosen.attribution(target, decision.observation)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            attribution: F32 = ended.value
            return attribution
