"""What the convolutional filters of a network answer to: the screens that excite them most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE
from nec_engine.insight.guided import GuidedRectifiers
from nec_engine.messages import F32, I64, U8, Box

LAYERS: Final = ("conv_1", "conv_2", "conv_3")


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter: where in play it was excited most, and what excited it there."""

    layer: str
    number: int  # within its layer
    activation: float  # of the filter's strongest unit; 0 when it was silent all the time
    observation: U8  # uint8[4, 84, 84], the screens of that moment; black when silent
    field: Box  # the pixels that the unit sees
    guided: F32  # float32[4, 84, 84]: guided backpropagation from the unit; 0 outside the field


class StrongestScreens:
    """Keeps, of all screens it is shown, the one that excites each filter most. One thread.

    ``network`` has the convolutions :data:`LAYERS`, as that of NEC and that of DQN.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._device = next(network.parameters()).device
        self._layers = {name: _convolution(network, name) for name in LAYERS}
        self.num_seen = 0
        self._best = {name: np.zeros(conv.out_channels) for name, conv in self._layers.items()}
        self._places = {
            name: np.zeros((conv.out_channels, 2), int) for name, conv in self._layers.items()
        }
        self._screens: dict[str, list[U8 | None]] = {
            name: [None] * conv.out_channels for name, conv in self._layers.items()
        }

    def see(self, observations: U8) -> None:
        """Look at uint8[B, 4, 84, 84]."""
        self.num_seen += len(observations)
        with torch.inference_mode():
            outputs = self._outputs(torch.tensor(observations, device=self._device))
        for name, output in outputs.items():
            strongest, places = output.flatten(2).max(dim=2)  # [B, C]
            values, rows = (x.cpu().numpy() for x in strongest.max(dim=0))
            at = places.cpu().numpy()
            for number in np.flatnonzero(values > self._best[name]):
                row = rows[number]
                self._best[name][number] = values[number]
                self._places[name][number] = divmod(int(at[row, number]), output.shape[3])
                self._screens[name][number] = observations[row].copy()

    def views(self) -> Iterator[FilterView]:
        """One for each filter, layer by layer; some milliseconds each."""
        for name, conv in self._layers.items():
            for number in range(conv.out_channels):
                yield self._view(name, number)

    def _view(self, name: str, number: int) -> FilterView:
        place = self._places[name][number]
        field = self._field(name, place)
        observation = self._screens[name][number]
        if observation is None:
            black = np.zeros((STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE), np.uint8)
            return FilterView(name, number, 0.0, black, field, black.astype(np.float32))
        screens = torch.from_numpy(observation.astype(np.float32)).to(self._device)
        screens.requires_grad_()
        with GuidedRectifiers():
            unit = self._outputs(screens[None])[name][0, number, place[0], place[1]]
        (guided,) = torch.autograd.grad(unit, screens)
        activation = float(self._best[name][number])
        return FilterView(name, number, activation, observation, field, guided.cpu().numpy())

    def _field(self, name: str, place: I64) -> Box:
        """The receptive field of the unit at ``place`` (row, column) of a layer's output."""
        size, jump = 1, 1
        for layer, conv in self._layers.items():
            size += (conv.kernel_size[0] - 1) * jump
            jump *= conv.stride[0]
            if layer == name:
                break
        return Box(left=int(place[1]) * jump, top=int(place[0]) * jump, width=size, height=size)

    def _outputs(self, screens: Tensor) -> dict[str, Tensor]:
        """What each convolution gives, float32[B, C, H, W], before the rectifier."""
        outputs: dict[str, Tensor] = {}

        def keep(name: str, output: Tensor) -> None:
            outputs[name] = output

        hooks = [
            conv.register_forward_hook(lambda _, __, output, name=name: keep(name, output))
            for name, conv in self._layers.items()
        ]
        try:
            self._network(screens)
        finally:
            for hook in hooks:
                hook.remove()
        return outputs


def has_convolutions(network: nn.Module) -> bool:
    """Whether it is a network, and no fixed formula."""
    return all(hasattr(network, name) for name in LAYERS)


def _convolution(network: nn.Module, name: str) -> nn.Conv2d:
    layer = network.get_submodule(name)
    assert isinstance(layer, nn.Conv2d), "the networks here begin with convolutions of these names"
    return layer
