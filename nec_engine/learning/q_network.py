"""The network of DQN: from the screens to the Q of every action."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nec_engine.game.preprocess import STACK_SIZE
from nec_engine.learning.network import to_unit_range

NUM_HIDDEN = 512


class QNetwork(nn.Module):
    """Q float32[B, A] of observations [B, 4, 84, 84] (Mnih et al. 2015).

    It starts from torch's global generator: uniform in 1 / sqrt(inputs), as the paper's own code.
    """

    def __init__(self, num_actions: int) -> None:
        super().__init__()
        self.conv_1 = nn.Conv2d(STACK_SIZE, 32, 8, stride=4)
        self.conv_2 = nn.Conv2d(32, 64, 4, stride=2)
        self.conv_3 = nn.Conv2d(64, 64, 3, stride=1)
        self.hidden = nn.Linear(64 * 7 * 7, NUM_HIDDEN)
        self.q = nn.Linear(NUM_HIDDEN, num_actions)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub

    def forward(self, observations: Tensor) -> Tensor:
        """Q float32[B, A] of grey levels 0 .. 255, uint8 or float32[B, 4, 84, 84]."""
        x = to_unit_range(observations)  # [B, 4, 84, 84]
        x = torch.relu(self.conv_1(x))  # [B, 32, 20, 20]
        x = torch.relu(self.conv_2(x))  # [B, 64, 9, 9]
        x = torch.relu(self.conv_3(x))  # [B, 64, 7, 7]
        x = torch.relu(self.hidden(x.flatten(1)))  # [B, 512]
        q: Tensor = self.q(x)  # [B, A]
        return q
