"""``agent=``: other defaults, and nothing else."""

from __future__ import annotations

from dataclasses import fields

import pytest

from nec_engine.config import Settings, changed, default_of
from nec_engine.errors import SettingError
from nec_engine.presets import PRESETS


def test_a_preset_changes_the_defaults_it_names_and_no_other() -> None:
    for agent, preset in PRESETS.items():
        settings = changed(Settings(), {"agent": agent})
        for field in fields(Settings):
            expected = {"agent": agent, **preset}.get(field.name, field.default)
            assert (
                getattr(settings, field.name)
                == expected
                == (agent if field.name == "agent" else default_of(field.name, agent))
            )
        assert Settings.from_json(settings.to_json()) == settings


def test_what_is_said_wins_whatever_the_order() -> None:
    before = changed(Settings(), {"gamma": 0.5, "key_size": 128, "agent": "mfec"})
    after = changed(Settings(), {"agent": "mfec", "key_size": 128, "gamma": 0.5})
    assert before == after
    assert (before.gamma, before.key_size) == (0.5, 128)  # 128 is nec's own default
    assert before.kernel == "average"


def test_the_way_back_leads_to_the_other_defaults() -> None:
    mfec = changed(Settings(), {"agent": "mfec", "gamma": 0.9})
    assert changed(mfec, {"agent": "nec"}) == Settings(gamma=0.9)


def test_a_network_that_could_never_learn_is_refused() -> None:
    with pytest.raises(SettingError, match="never learn"):
        changed(Settings(), {"agent": "mfec", "embedding": "learned"})
    with pytest.raises(SettingError, match="choose one of nec, mfec, ec, dqn"):
        changed(Settings(), {"agent": "sarsa"})
