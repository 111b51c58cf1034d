from __future__ import annotations

import pytest

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.memory import estimate


def test_the_paper_s_memory_of_eighteen_actions_takes_about_twenty_gigabytes() -> None:
    taken = estimate.estimate_bytes(18, 500_000, Settings())
    assert 10e9 < taken < 25e9
    assert estimate.estimate_bytes(18, 500_000, Settings(index="exact")) < taken
    assert estimate.estimate_bytes(18, 500_000, Settings(index="hnsw")) > taken


def test_more_than_sixty_percent_of_the_ram_is_refused_with_what_would_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(estimate, "machine_ram_bytes", lambda: 8 * 10**9)
    settings = Settings()
    with pytest.raises(SettingError, match="60 %") as caught:
        estimate.refuse_too_large(18, 500_000, settings)
    fitting = int(caught.value.remedy.split("capacity to ")[1].split()[0])
    assert 50_000 < fitting < 500_000
    estimate.refuse_too_large(18, fitting, settings)
