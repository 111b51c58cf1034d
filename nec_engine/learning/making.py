"""Which agent: ``settings.agent``."""

from __future__ import annotations

import torch

from nec_engine.config import Settings
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.agents import Agent
from nec_engine.learning.dqn import DqnAgent
from nec_engine.learning.hand_over import HandOverAgent


def make_agent(
    num_actions: int,
    settings: Settings,
    capacity: int,
    device: torch.device,
    num_games: int = 1,
) -> Agent:
    """An agent that knows nothing; ``capacity`` entries an action where it has a memory.

    It is trained on ``num_games`` side by side.
    """
    if settings.agent == "dqn":
        return DqnAgent(num_actions, settings, device, num_games)
    if settings.dqn_handover_steps:
        return HandOverAgent(num_actions, settings, capacity, device, num_games)
    return EpisodicAgent(num_actions, settings, capacity, device, num_games)
