"""Settings as a person writes them: a file, and ``name=value``."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError
from nec_engine.setting_texts import changes_from_texts


def read(path: Path, **texts: str) -> Settings:
    return changed(Settings(), changes_from_texts(texts, path))


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
        read(path)


def test_a_whole_number_does_for_a_fraction(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("gamma = 1")
    assert read(path).gamma == 1.0


def test_what_is_said_wins_over_the_file_and_the_file_over_the_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('agent = "mfec"\nkernel = "inverse_distance"\n')
    assert read(path).kernel == "inverse_distance"
    assert read(path, kernel="average").kernel == "average"
    assert read(path, agent="nec") == Settings()
