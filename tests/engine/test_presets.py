"""``agent=``: other defaults, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from nec_engine.config import Settings, changed, default_of, settings_from_texts
from nec_engine.errors import SettingError
from nec_engine.presets import PRESETS


def test_a_preset_changes_the_defaults_it_names_and_no_other() -> None:
    for agent, preset in PRESETS.items():
        settings = settings_from_texts({"agent": agent})
        for field in fields(Settings):
            expected = {"agent": agent, **preset}.get(field.name, field.default)
            assert (
                getattr(settings, field.name)
                == expected
                == (agent if field.name == "agent" else default_of(field.name, agent))
            )
        assert Settings.from_json(settings.to_json()) == settings


def test_what_is_said_wins_whatever_the_order(tmp_path: Path) -> None:
    before = settings_from_texts({"gamma": "0.5", "key_size": "128", "agent": "mfec"})
    after = settings_from_texts({"agent": "mfec", "key_size": "128", "gamma": "0.5"})
    assert before == after
    assert (before.gamma, before.key_size) == (0.5, 128)  # 128 is nec's own default
    assert before.kernel == "average"

    config = tmp_path / "mine.toml"
    config.write_text('agent = "mfec"\nkernel = "inverse_distance"\n')
    assert settings_from_texts({}, config=config).kernel == "inverse_distance"
    assert settings_from_texts({"kernel": "average"}, config=config).kernel == "average"
    assert settings_from_texts({"agent": "nec"}, config=config) == Settings()


def test_the_way_back_leads_to_the_other_defaults() -> None:
    mfec = changed(Settings(), {"agent": "mfec", "gamma": 0.9})
    assert changed(mfec, {"agent": "nec"}) == Settings(gamma=0.9)


def test_a_network_that_could_never_learn_is_refused() -> None:
    with pytest.raises(SettingError, match="never learn"):
        settings_from_texts({"agent": "mfec", "embedding": "learned"})
    with pytest.raises(SettingError, match="choose one of nec, mfec, ec, dqn"):
        settings_from_texts({"agent": "sarsa"})
