"""The embedding: from what the agent saw to the key it remembers it by."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nec_engine.game.preprocess import STACK_SIZE

KEY_GAIN = 4.0  # brings the p-th neighbour of random play to a distance of about 1


def to_unit_range(observations: Tensor) -> Tensor:
    """float32[B, 4, 84, 84] of 0 .. 1, channels last, of grey levels 0 .. 255 [B, 4, 84, 84].

    The four screens of uint8 are interleaved before they become floats: that takes 1.3 ms for a
    minibatch of 32, the other way round 4.4. Float screens may have a gradient.
    """
    if observations.is_floating_point():
        return observations.contiguous(memory_format=torch.channels_last) / 255.0
    interleaved = torch.stack(observations.unbind(1), dim=-1)  # [B, 84, 84, 4]
    return interleaved.permute(0, 3, 1, 2).float().div_(255.0)


class EmbeddingNetwork(nn.Module):
    """Keys float32[B, key_size] of observations [B, 4, 84, 84].

    The convolutions of DQN (Mnih et al. 2015), then one linear layer (Pritzel et al. 2017). It
    starts from torch's global generator; how, was chosen by measurement (docs/decisions.md).
    Computed with the channels last: on the CPU an update then takes 17 ms instead of 25.
    """

    def __init__(self, key_size: int) -> None:
        super().__init__()
        self.conv_1 = nn.Conv2d(STACK_SIZE, 32, 8, stride=4)
        self.conv_2 = nn.Conv2d(32, 64, 4, stride=2)
        self.conv_3 = nn.Conv2d(64, 64, 3, stride=1)
        self.key = nn.Linear(64 * 7 * 7, key_size)
        self._initialise()
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub

    def forward(self, observations: Tensor) -> Tensor:
        """Keys float32[B, key_size] of grey levels 0 .. 255, uint8 or float32[B, 4, 84, 84]."""
        x = to_unit_range(observations)  # [B, 4, 84, 84]
        x = torch.relu(self.conv_1(x))  # [B, 32, 20, 20]
        x = torch.relu(self.conv_2(x))  # [B, 64, 9, 9]
        x = torch.relu(self.conv_3(x))  # [B, 64, 7, 7]
        keys: Tensor = self.key(x.flatten(1))  # [B, key_size]
        return keys

    @torch.no_grad()
    def _initialise(self) -> None:
        """Weights as He et al. 2015, which keep differences alive through the layers; no biases.

        The first filters sum to zero over each screen, blind to what is flat. What all keys have
        in common is then small, and so is the common shift of all new keys against the stored
        ones that every learning step brings.
        """
        for layer in (self.conv_1, self.conv_2, self.conv_3, self.key):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
        self.conv_1.weight -= self.conv_1.weight.mean((2, 3), keepdim=True)
        self.key.weight *= KEY_GAIN
