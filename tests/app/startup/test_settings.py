"""What the window remembers."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QByteArray

from app.startup.settings import NUM_RECENT, WindowSettings


def test_everything_comes_back_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    first = WindowSettings(path)
    first.is_dark = False
    first.volume = 30
    first.is_muted = True
    first.records_overlay = True
    first.last_folder = tmp_path
    first.geometry = QByteArray(b"geometry")
    first.set_layout("wide", QByteArray(b"layout"))
    first.add_recent("pong")
    first.write()
    second = WindowSettings(path)
    assert second.is_dark is False
    assert second.volume == 30
    assert second.is_muted
    assert second.records_overlay
    assert second.last_folder == tmp_path
    assert second.geometry == QByteArray(b"geometry")
    assert second.layout("wide") == QByteArray(b"layout")
    assert second.layout("compact").isEmpty()
    assert second.recent == ("pong",)


def test_a_first_start_has_sensible_values(window_settings: WindowSettings) -> None:
    assert window_settings.is_dark is None
    assert window_settings.volume == 60
    assert not window_settings.is_muted
    assert window_settings.recent == ()
    assert window_settings.geometry.isEmpty()
    assert window_settings.last_folder is None


def test_a_file_full_of_nonsense_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_text("[sound]\nvolume=loud\n[window]\ngeometry=5\n[files]\nfolder=/nowhere/at/all\n")
    settings = WindowSettings(path)
    assert settings.volume == 60
    assert settings.geometry.isEmpty()
    assert settings.last_folder is None


def test_what_is_recent_is_newest_first_without_doubles_and_not_endless(
    window_settings: WindowSettings,
) -> None:
    for number in range(NUM_RECENT + 3):
        window_settings.add_recent(f"game {number}")
    window_settings.add_recent("game 5")
    assert window_settings.recent[:2] == ("game 5", f"game {NUM_RECENT + 2}")
    assert len(window_settings.recent) == NUM_RECENT
    assert window_settings.recent.count("game 5") == 1


def test_forgetting_the_layouts_keeps_the_rest(window_settings: WindowSettings) -> None:
    window_settings.volume = 10
    window_settings.set_layout("wide", QByteArray(b"layout"))
    window_settings.forget_layouts()
    assert window_settings.layout("wide").isEmpty()
    assert window_settings.volume == 10
