"""How much of a core answering a panel takes, and how that is said."""

from __future__ import annotations

import pytest

from app.models.frame.panel_costs import PanelCosts, cost_text


def test_all_that_a_panel_asks_is_added_up_over_the_time_since_the_last_look() -> None:
    costs = PanelCosts()
    costs.add({"map": 9.0})
    assert costs.take(100.0) == {}  # nobody knows since when
    costs.add({"map": 0.2, "saliency": 0.5})
    costs.add({"map dot": 0.1, "map selection": 0.1})
    assert costs.take(104.0) == pytest.approx({"map": 0.1, "saliency": 0.125})
    assert costs.take(108.0) == {}


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, ""), (0.0099, ""), (0.01, "1 % of a core"), (0.126, "13 % of a core")],
)
def test_what_is_too_little_is_not_said(share: float, text: str) -> None:
    assert cost_text(share) == text
