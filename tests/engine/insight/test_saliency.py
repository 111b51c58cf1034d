"""The gradient that is shown, against finite differences through the same lookup."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from remembered_states import ACTION, UNKNOWN, map_of, remembered

from nec_engine.errors import DataError
from nec_engine.insight.saliency import heat_of
from nec_engine.learning.embedding import embed
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.reading import q_through_memory
from nec_engine.messages import QOf, SaliencyMethod

REMEMBERED = remembered()


def test_the_gradient_agrees_with_finite_differences_through_the_same_lookup() -> None:
    agent, decision = remembered()
    with torch.no_grad():  # where the screen is flat a fresh network stands on the rectifiers' kink
        dict(agent.network.named_parameters())["conv_1.bias"].add_(0.01)
    memory, settings, observation = agent.memory, agent.settings, decision.observation
    gradient = map_of(agent.policy(), decision, SaliencyMethod.GRADIENT)
    assert np.abs(gradient).max() > 0

    network = EmbeddingNetwork(settings.key_size).double()
    network.load_state_dict(agent.network.state_dict())
    key = embed(agent.network, observation[None], memory.device)
    held = memory.lookup(key, np.array([[ACTION]]), need_keys=True)
    assert held.keys is not None
    keys, values = held.keys.double(), held.values.double()

    def q_at(screens: np.ndarray) -> float:
        with torch.inference_mode():
            # forward() takes single precision; the layers alone keep the double one
            x = torch.from_numpy(screens[None]) / 255.0
            for layer in (network.conv_1, network.conv_2, network.conv_3):
                x = torch.relu(layer(x))
            moved = network.key(x.flatten(1))
            kept = q_through_memory(moved, keys, values, held.mask, held.kernel_scale, settings)
            return float(kept[0, 0])

    screens = observation.astype(np.float64)
    strongest = np.argsort(np.abs(gradient).reshape(-1))[::-1][::50][:40]
    directions = [np.eye(1, screens.size, place).reshape(screens.shape) for place in strongest]
    directions.append(np.sign(gradient).astype(np.float64))
    scale = float(np.abs(gradient).max())
    for direction in directions:
        step = 0.001 / np.abs(direction).sum()
        difference = (
            (q_at(screens + step * direction) - q_at(screens - step * direction)) / 2 / step
        )
        expected = float((gradient * direction).sum())
        assert abs(difference - expected) <= 1e-3 * max(abs(expected), scale)


@pytest.mark.parametrize("embedding", ["projection", "dct", "fixed"])
def test_an_average_is_shown_by_shares_of_distance(embedding: str) -> None:
    agent, decision = remembered(agent="mfec", embedding=embedding)
    gradient = map_of(agent.policy(), decision, SaliencyMethod.GRADIENT)
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 0
    assert "average has no gradient" in agent.policy().gradient_path


@pytest.mark.parametrize("method", list(SaliencyMethod))
def test_saliency_leaves_no_trace_in_the_memory(method: SaliencyMethod) -> None:
    agent, decision = REMEMBERED
    memory = agent.memory
    before = [memory.contents.entry(ACTION, slot) for slot in range(memory.sizes[ACTION])]
    scale = memory.kernel_scale
    map_of(agent.policy(), decision, method)
    after = [memory.contents.entry(ACTION, slot) for slot in range(memory.sizes[ACTION])]
    assert [e.last_retrieved for e in before] == [e.last_retrieved for e in after]
    assert memory.kernel_scale == scale


def test_an_action_without_entries_has_no_map() -> None:
    agent, decision = REMEMBERED
    with pytest.raises(DataError, match="nothing is remembered of this action"):
        map_of(agent.policy(), decision, SaliencyMethod.GRADIENT, QOf(UNKNOWN))


def test_heat_is_scaled_to_one_and_a_vanished_gradient_stays_dark() -> None:
    gradient = np.zeros((4, 84, 84), np.float32)
    assert heat_of(gradient).max() == 0
    gradient[1, 10, 60] = -3e-9
    heat = heat_of(gradient)
    assert heat.max() == 1
    assert np.unravel_index(heat.argmax(), heat.shape) == (10, 60)
