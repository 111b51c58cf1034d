from __future__ import annotations

from nec_engine.config import Settings
from nec_engine.memory import estimate


def test_the_paper_s_memory_of_eighteen_actions_takes_about_twenty_gigabytes() -> None:
    taken = estimate.estimate_bytes(18, 500_000, Settings())
    assert 10e9 < taken < 25e9
    assert estimate.estimate_bytes(18, 500_000, Settings(index="exact")) < taken
    assert estimate.estimate_bytes(18, 500_000, Settings(index="hnsw")) > taken
