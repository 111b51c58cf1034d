"""The screens that excite the filters, and the page of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from nec_engine.insight.filters import LAYERS, FilterView, StrongestScreens
from nec_engine.insight.filters_page import filters_page
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.q_network import QNetwork

NUM_FILTERS = 32 + 64 + 64


def noise(num: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (num, 4, 84, 84)).astype(np.uint8)


@pytest.fixture(scope="module")
def views() -> list[FilterView]:
    """Of a network whose filter 5 of the last layer is dead."""
    torch.manual_seed(1)
    network = EmbeddingNetwork(8)
    with torch.no_grad():
        network.conv_3.weight[5] = 0
    strongest = StrongestScreens(network)
    strongest.see(noise(5, 1))
    strongest.see(noise(4, 2))
    assert strongest.num_seen == 9
    return list(strongest.views())


def test_every_filter_keeps_the_screen_that_excites_it_most(views: list[FilterView]) -> None:
    torch.manual_seed(1)
    network = EmbeddingNetwork(8)
    screens = np.concatenate([noise(5, 1), noise(4, 2)])
    answers = network.conv_1(torch.from_numpy(screens).float() / 255).detach()  # [9, 32, 20, 20]
    for view in views[:32]:
        of_filter = answers[:, view.number].flatten(1).max(1).values
        np.testing.assert_array_equal(view.observation, screens[int(of_filter.argmax())])
        assert view.activation == pytest.approx(float(of_filter.max()), rel=1e-4)


def test_guided_backpropagation_stays_in_the_field_of_the_unit(views: list[FilterView]) -> None:
    sizes = {layer: {v.field.width for v in views if v.layer == layer} for layer in LAYERS}
    assert sizes == {"conv_1": {8}, "conv_2": {20}, "conv_3": {36}}
    for view in views:
        box = view.field
        assert box.left + box.width <= 84
        assert box.top + box.height <= 84
        outside = view.guided.copy()
        outside[:, box.top : box.top + box.height, box.left : box.left + box.width] = 0
        assert not outside.any()
        assert view.guided.any() == (view.activation > 0)


def test_a_filter_that_is_never_excited_is_shown_as_such(views: list[FilterView]) -> None:
    silent = [view for view in views if view.activation == 0]
    assert [(view.layer, view.number) for view in silent] == [("conv_3", 5)]
    page = filters_page("a", views, "")
    assert page.count("never excited") == 1
    assert "1 were silent" in page


def test_the_network_of_dqn_has_filters_too() -> None:
    strongest = StrongestScreens(QNetwork(4))
    strongest.see(noise(1, 1))
    assert next(strongest.views()).activation > 0


def test_the_page_has_two_pictures_for_each_filter_and_needs_no_other_file(
    views: list[FilterView],
) -> None:
    page = filters_page("<b>.nec", views, "9 screens & more")
    images = re.findall(r'<img alt="([^"]+)" src="([^"]+)">', page)
    assert len(images) == 2 * NUM_FILTERS
    assert all(source.startswith("data:image/png;base64,") for _, source in images)
    assert len({name for name, _ in images}) == 2 * NUM_FILTERS
    assert "http" not in page
    assert "&lt;b&gt;.nec" in page
    assert "9 screens &amp; more" in page
