"""What a saved run takes of other settings: more or less room, not other entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import main
from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.game.roms import find_rom
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.saved_settings import settings_of_snapshot
from nec_engine.run.training.saving import save_run, snapshot_header
from nec_engine.storage.snapshot import write_snapshot

SMALL = Settings(
    agent="mfec", embedding="dct", capacity=200, key_size=16, n_step=5, index="exact",
    torch_threads=1,
)  # fmt: skip


def saved(path: Path, steps: int, capacity: int | None = None, **settings: Any) -> int:
    """Entries of the fullest action of the short run saved at ``path``.

    The file says that it has room for ``capacity``, whatever the machine it was made on has.
    """
    opened = open_new(find_rom("pong"), Settings(**{**SMALL.to_json(), **settings}))
    trainer = opened.trainer
    for _ in range(steps):
        trainer.step()
    header = snapshot_header(trainer)
    if capacity is not None:
        header["settings"]["capacity"] = header["memory"]["capacity"] = capacity
    write_snapshot(path, trainer.state_dict(), header=header)
    trainer.close()
    sizes: list[int] = header["memory"]["sizes"]
    return max(sizes)


def command(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of a command, and what it says of an error."""
    code = main.main(line.split())
    return code, capsys.readouterr().err.strip().splitlines()[-1]


def test_a_snapshot_with_more_room_than_this_machine_has_opens_with_the_room_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.nec"
    saved(path, 60, capacity=5_000_000, key_size=4096)
    line = f"test {path} --episodes 1 --set episode_cap_frames=100"
    code, told = command(line, capsys)
    assert (code, told.startswith("error: capacity=5000000 is too large; ")) == (2, True)
    remedy = told.split("; ")[2]
    assert remedy.startswith("give --set capacity=")
    fitting = remedy.split(",")[0].removeprefix("give ")
    capsys.readouterr()
    assert main.main([*line.split(), *fitting.split()]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("result: game=pong ")


def test_a_run_goes_on_in_less_room_as_long_as_all_entries_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "run.nec"
    held = saved(path, 120)
    assert held > 5
    trainer = open_saved(path, {"capacity": held}).trainer
    memory = trainer.agent.memory
    assert memory is not None
    assert (memory.capacity, max(memory.sizes)) == (held, held)
    for _ in range(60):
        trainer.step()
    assert memory.check_valid() == []
    assert max(memory.sizes) == held
    save_run(trainer, tmp_path / "again.nec")
    trainer.close()
    again = open_saved(tmp_path / "again.nec", {"capacity": 400}).trainer
    assert again.agent.memory is not None
    assert again.agent.memory.capacity == 400
    assert again.agent.memory.check_valid() == []
    again.close()


def test_less_room_than_there_are_entries_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.nec"
    held = saved(path, 120)
    code, told = command(f"test {path} --set capacity={held - 1}", capsys)
    assert code == 2
    assert told == (
        f"error: capacity={held - 1} is too small for the snapshot; it holds {held} entries of "
        f"one action; set capacity to {held} or more, or leave it out"
    )


def test_a_memory_with_an_entry_for_each_visit_stays_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.nec"
    saved(path, 20, value_update="append", provisional_every=5)
    code, told = command(
        f"train --rom pong --frames 400 --resume {path} --out {tmp_path / 'run'} "
        "--set value_update=step provisional_every=0",
        capsys,
    )
    assert code == 2
    assert told.startswith("error: value_update=step does not fit the snapshot; its memory was ")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("was", "wanted", "is_taken"),
    [
        ("step", "maximum", True),
        ("maximum", "step", True),
        ("append", "append", True),
        ("step", "append", False),
        ("append", "maximum", False),
    ],
)
def test_only_from_or_to_append_no_memory_goes(was: str, wanted: str, is_taken: bool) -> None:
    header = {"settings": Settings(value_update=was).to_json()}
    if is_taken:
        assert settings_of_snapshot(header, {"value_update": wanted}).value_update == wanted
    else:
        with pytest.raises(SettingError, match="value_update"):
            settings_of_snapshot(header, {"value_update": wanted})


def test_an_agent_without_a_memory_takes_any_room_and_value_update() -> None:
    header = {
        "settings": Settings(agent="dqn", capacity=500).to_json(),
        "memory": {"capacity": 0, "sizes": []},
    }
    changes = {"capacity": 1, "value_update": "append"}
    assert settings_of_snapshot(header, changes).capacity == 1
