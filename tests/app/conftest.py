"""Fixtures of the window's tests; being here also lets them import what lies beside it."""

from __future__ import annotations

import pytest
from made_messages import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()
