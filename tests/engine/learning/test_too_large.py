"""What a full memory and a full replay take is known before they are made."""

from __future__ import annotations

import pytest

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError
from nec_engine.learning import estimate
from nec_engine.learning.replay import Replay
from nec_engine.learning.transitions import TransitionReplay


@pytest.fixture(autouse=True)
def eight_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "machine_ram_bytes", lambda: 8 * 10**9)


def fitting(error: SettingError, name: str) -> int:
    return int(error.remedy.split(f"{name} to ")[1].split()[0])


def test_more_than_sixty_percent_of_the_ram_is_refused_with_what_would_fit() -> None:
    settings = Settings()
    with pytest.raises(SettingError, match="60 %") as caught:
        estimate.refuse_too_large(18, 500_000, settings)
    capacity = fitting(caught.value, "capacity")
    assert 50_000 < capacity < 500_000
    estimate.refuse_too_large(18, capacity, settings)
    with pytest.raises(SettingError):
        estimate.refuse_too_large(18, capacity + 100, settings)


@pytest.mark.parametrize("changes", [{"agent": "dqn"}, {"replay_capacity": 1_000_000}])
def test_so_is_a_replay(changes: dict[str, object]) -> None:
    settings = changed(Settings(), changes)
    with pytest.raises(SettingError, match="replay_capacity=1000000 is too large") as caught:
        estimate.refuse_too_large(4, 100_000, settings)
    capacity = fitting(caught.value, "replay_capacity")
    assert 400_000 < capacity < 700_000
    estimate.refuse_too_large(4, 100_000, changed(settings, {"replay_capacity": capacity}))
    with pytest.raises(SettingError, match="exported brain"):
        estimate.refuse_too_large(4, 100_000, settings, num_held=10)


def test_every_replay_of_an_agent_counts() -> None:
    assert estimate.replay_bytes(changed(Settings(), {"agent": "mfec"})) == 0
    one = estimate.replay_bytes(Settings())
    assert estimate.replay_bytes(changed(Settings(), {"dqn_handover_steps": 1000})) == 2 * one
    assert estimate.replay_bytes(changed(Settings(), {"agent": "dqn"})) == 10 * one


@pytest.mark.parametrize("kind", [Replay, TransitionReplay])
def test_a_row_takes_what_its_arrays_take(kind: type[Replay]) -> None:
    replay = kind(1000)
    taken = sum(each.nbytes for each in vars(replay).values() if hasattr(each, "nbytes"))
    assert taken / 1000 == pytest.approx(estimate.BYTES_OF_REPLAYED, abs=8)
