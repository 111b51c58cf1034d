"""What can be known of a game and a snapshot before anything is opened: quickly, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nec_engine.config import Settings
from nec_engine.errors import SettingError, SnapshotError
from nec_engine.game.roms import Rom, bundled_games, find_rom
from nec_engine.learning.replay import HISTORY
from nec_engine.memory.index.installed import refuse_missing
from nec_engine.run.folders import DataFolders, writable_file
from nec_engine.run.requests import (
    Common,
    EvaluationRequest,
    ExportRequest,
    FiltersRequest,
    RecordRequest,
    Request,
    TrainRequest,
    WindowRequest,
)
from nec_engine.run.saved_settings import most_held, settings_of_snapshot
from nec_engine.storage.reader import SnapshotReader

# Whether these go depends on the game and the machine: they are tried out.
TRIED_OUT: Final = frozenset(
    {
        "agent",
        "annoy_trees",
        "capacity",
        "dqn_handover_steps",
        "full_action_set",
        "game_difficulty",
        "game_mode",
        "index",
        "key_size",
        "replay_capacity",
    }
)


def check_request(request: Request) -> None:
    """Refuse now, in no time, what is wrong with the game, snapshot or settings of a command.

    What a command checks itself it checks again; but most have to import torch before. Every byte
    of a snapshot is read for the window only: there, nothing may be wrong any more.
    Raises ``RomError``, ``SnapshotError``, ``SettingError``, ``DataError``.
    """
    match request:
        case WindowRequest(common, rom, snapshot):
            DataFolders(common.data).check_writable()
            check_machine(common.settings())  # for games chosen later
            if snapshot is not None:
                check_snapshot(snapshot, common.changes, rom, thorough=True)
            elif rom is not None:
                check_game(rom, common)
        case TrainRequest(resume=None):
            check_game(request.rom, request.common)
            refuse_games(request.envs, request.common.settings())
        case TrainRequest(resume=Path() as resume):
            _, settings = check_snapshot(resume, request.common.changes, request.rom)
            refuse_games(request.envs, settings)
        case (
            EvaluationRequest(common, snapshot, csv=out)
            | RecordRequest(common, snapshot, out)
            | ExportRequest(common, snapshot, out)
        ):
            check_snapshot(snapshot, common.changes)
            if out is not None:
                writable_file(out, [snapshot])
        case FiltersRequest(common, snapshot, out):
            _, settings = check_snapshot(snapshot, common.changes)
            refuse_without_network(snapshot, settings)
            writable_file(out, [snapshot])


def refuse_games(num_games: int, settings: Settings) -> None:
    """Raise ``SettingError`` when so many games side by side would learn nothing.

    All write to one replay, where a row must outlast its own wait: that for its return, and that
    for the screens that it shares with the rows after it.
    """
    if num_games == 1:
        return  # as small as the settings allow, which is for whoever sets them to know
    waits_steps = 0
    if settings.agent == "dqn" or settings.dqn_handover_steps > 0:
        waits_steps = HISTORY
    if settings.agent != "dqn" and settings.embedding == "learned":
        waits_steps = max(HISTORY, settings.n_step)
    least = num_games * waits_steps
    if waits_steps and settings.replay_capacity <= least:
        raise SettingError(
            f"--envs {num_games} with replay_capacity={settings.replay_capacity}",
            f"steps would be overwritten before they can be learned from, {least:,} steps later",
            "give a larger replay_capacity, or fewer --envs",
        )


def refuse_without_network(path: Path, settings: Settings) -> None:
    """Raise ``SnapshotError`` when the agent of the snapshot ``path`` has no convolutions."""
    has_q_network = settings.agent == "dqn" or settings.dqn_handover_steps > 0
    if has_q_network or settings.embedding in ("learned", "fixed"):
        return
    raise SnapshotError(
        f"no filters in {path}",
        f"its agent, {settings.agent}, sees by a fixed formula and has no network",
        "give a snapshot of agent nec or dqn",
    )


def check_game(text: str, common: Common) -> Rom:
    """The game that ``text`` names, which can be played with these settings on this machine."""
    rom, settings = find_rom(text), common.settings()
    check_machine(settings)
    _try_out(rom, settings, common.changes)
    return rom


def _try_out(
    rom: Rom, settings: Settings, changes: Mapping[str, Any], num_held: int | None = None
) -> None:
    """Raise ``SettingError`` when the game or the machine does not take what is changed."""
    if TRIED_OUT & changes.keys():
        from nec_engine.game.emulator import Emulator
        from nec_engine.learning.estimate import refuse_too_large  # imports torch

        probe = Emulator(rom, settings, seed=0, colour=False)
        refuse_too_large(probe.num_actions, settings.resolved_capacity(), settings, num_held)


def check_machine(settings: Settings) -> None:
    """Raise ``SettingError`` when a GPU or a library is asked for and there is none.

    Costs nothing otherwise.
    """
    refuse_missing(settings.index)
    if settings.device == "cuda":
        from nec_engine.run.devices import choose_device  # imports torch

        choose_device(settings.device)


def check_snapshot(
    path: Path, changes: Mapping[str, Any], rom_text: str | None = None, *, thorough: bool = False
) -> tuple[Rom, Settings]:
    """Game and settings of a snapshot whose head is right; ``thorough``: every byte of it.

    Raises ``SnapshotError`` (damaged, or of another game than ``rom_text``), ``RomError``,
    ``SettingError``.
    """
    with SnapshotReader(path) as reader:
        rom = rom_of_snapshot(path, reader.header, rom_text)
        settings = settings_of_snapshot(reader.header, changes)
        if thorough:
            reader.verify()
        num_held = most_held(reader.header)
    check_machine(settings)
    _try_out(rom, settings, changes, num_held)
    return rom, settings


def refuse_other_files(path: Path, header: Mapping[str, Any]) -> None:
    """Raise ``SnapshotError`` when the file ``path`` with this header holds no run."""
    if "settings" not in header:
        raise SnapshotError(
            f"{path.name} is no snapshot",
            f"it holds {header.get('kind', 'other data')}",
            "load lessons in the open game's Memory menu, or give a snapshot",
        )


def rom_of_snapshot(path: Path, header: Mapping[str, Any], rom_text: str | None) -> Rom:
    """The game of the snapshot; ``rom_text`` may name a file of it, and no other game."""
    refuse_other_files(path, header)
    name, md5 = str(header.get("game")), header.get("rom_md5")
    bundled = {game.name: game.path for game in bundled_games()}
    if rom_text is None and name not in bundled:
        raise SnapshotError(
            f"cannot play {path}",
            f"the installed ale-py has no game {name}",
            "install the ale-py version that 'python main.py info' names",
        )
    rom = find_rom(bundled[name] if rom_text is None else rom_text)
    if rom.md5 != md5:
        raise SnapshotError(
            f"{path} is a snapshot of {name} with the MD5 {md5}",
            f"the game at hand is {rom.name} with the MD5 {rom.md5}",
            f"leave out --rom, or give a file of that {name}",
        )
    return rom
