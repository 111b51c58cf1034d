"""A file of settings that cannot be taken is one sentence, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.config import settings_from_texts
from nec_engine.errors import SettingError


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('agent = ["nec"]', "agent"),
        ("agent = {}", "agent"),
        (f"gamma = 1{'0' * 400}", "gamma"),
        (f"seed = 1{'0' * 400}", "seed"),
        (f"seed = 1{'0' * 5000}", "settings.toml"),
        (f"seed = 0x{'f' * 5000}", "seed"),
        (f"seed = {'[' * 5000}", "settings.toml"),
        ("gamma = ", "settings.toml"),
    ],
)
def test_a_value_of_any_kind_is_refused_in_a_sentence(
    tmp_path: Path, content: str, named: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content)
    with pytest.raises(SettingError, match=named):
        settings_from_texts({}, config=path)


def test_a_whole_number_does_for_a_fraction(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("gamma = 1")
    assert settings_from_texts({}, config=path).gamma == 1.0
