"""Networks that forget, from the top layer down."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from remembered_states import remembered

from nec_engine.insight.randomised import layers_of, randomised, rank_correlation
from nec_engine.learning.dqn import QPolicy
from nec_engine.learning.q_network import QNetwork


def test_each_network_has_one_more_random_layer_and_the_first_is_untouched() -> None:
    torch.manual_seed(0)
    policy = QPolicy(QNetwork(4), 0)
    before = {name: w.clone() for name, w in policy.network.state_dict().items()}
    layers = layers_of(policy)
    assert layers == ["q", "hidden", "conv_3", "conv_2", "conv_1"]
    made = list(randomised(policy))
    assert len(made) == len(layers)
    for num, changed in enumerate(made, start=1):
        (network,) = changed.networks
        for name, weights in network.state_dict().items():
            layer = name.split(".")[0]
            assert torch.equal(weights, before[name]) == (layer not in layers[:num])
            if weights.numel() > 1000:
                assert float(weights.std()) == pytest.approx(float(before[name].std()), rel=0.05)
    assert all(torch.equal(w, before[n]) for n, w in policy.network.state_dict().items())


def test_an_agent_without_a_network_has_nothing_to_make_random() -> None:
    policy = remembered(agent="ec")[0].policy()
    assert layers_of(policy) == []
    assert list(randomised(policy)) == []


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=2, max_size=30))
def test_a_map_agrees_with_itself_whatever_its_signs_and_scale(values: list[float]) -> None:
    first = np.array(values, np.float32)
    found = rank_correlation(first, -2 * first)
    if len(np.unique(np.abs(first))) == 1:
        assert found is None
    else:
        assert found == pytest.approx(1.0)


def test_rank_correlation_is_spearmans() -> None:
    first = np.array([1, 2, 3, 4, 5], np.float32)
    second = np.array([5, 6, 7, 8, 7], np.float32)
    assert rank_correlation(first, second) == pytest.approx(0.8207827)  # ties share their rank
    assert rank_correlation(first, first[::-1]) == pytest.approx(-1.0)
