"""A training game that is cut off: what its last steps are worth."""

from __future__ import annotations

import pytest

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.run.opening import open_new


def test_an_episode_that_is_cut_off_promises_what_the_agent_expects_from_there() -> None:
    settings = Settings(
        index="exact", capacity=500, replay_capacity=500, n_step=50, prior_value=6.0,
        episode_cap_frames=100, max_noops=0,
    )  # fmt: skip
    trainer = open_new(find_rom("pong"), settings).trainer
    while not trainer.step():
        pass
    memory = trainer.agent.memory
    assert memory is not None
    entries = [
        memory.contents.entry(action, slot)
        for action, size in enumerate(memory.sizes)
        for slot in range(size)
    ]
    values = {entry.moment.step: entry.value for entry in entries}
    assert len(values) > 10
    expected = {step: 6 * settings.gamma ** (trainer.steps - step) for step in values}
    assert values == pytest.approx(expected)
    trainer.close()
