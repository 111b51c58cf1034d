"""The command line becomes a request, or one sentence about what is wrong with it."""

from __future__ import annotations

import contextlib
import math
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.errors import SettingError
from nec_engine.run.arguments import COMMANDS, parse
from nec_engine.run.requests import (
    BenchRequest,
    EvaluationRequest,
    ExportRequest,
    FiltersRequest,
    InfoRequest,
    PlotRequest,
    RecordRequest,
    SettingsRequest,
    TrainRequest,
    WindowRequest,
)


def test_no_arguments_open_the_window_on_its_start_screen() -> None:
    request = parse([])
    assert isinstance(request, WindowRequest)
    assert request.rom is None
    assert request.snapshot is None
    assert request.is_training
    assert not request.is_human
    assert request.speed == 1.0
    assert request.common.data == Path()


def test_every_option_of_the_window_reaches_the_request() -> None:
    request = parse(
        shlex.split(
            "--rom pong --snapshot a.nec --human --no-train --speed max --seed 7 --device cpu "
            "--index exact --set n_step=50 --data d"
        )
    )
    assert isinstance(request, WindowRequest)
    assert (request.rom, request.snapshot) == ("pong", Path("a.nec"))
    assert request.is_human
    assert not request.is_training
    assert request.speed == math.inf
    assert request.common.data == Path("d")
    settings = request.common.settings()
    assert (settings.seed, settings.device, settings.index, settings.n_step) == (
        7, "cpu", "exact", 50,
    )  # fmt: skip


def test_train_takes_all_of_its_options() -> None:
    request = parse(shlex.split("train --rom pong --frames 1e6 --out o --resume r.nec --envs 2"))
    assert request == TrainRequest(
        request.common, "pong", 1_000_000, Path("o"), Path("r.nec"), 2
    )  # fmt: skip


def test_test_and_record_have_the_defaults_of_the_contract() -> None:
    played = parse(["test", "a.nec"])
    assert played == EvaluationRequest(played.common, Path("a.nec"), 30, 0.05, None)
    recorded = parse(["record", "a.nec", "--out", "v.mp4"])
    assert recorded == RecordRequest(
        recorded.common, Path("a.nec"), Path("v.mp4"), 1, 0.05, False
    )  # fmt: skip


def test_filters_take_a_snapshot_and_the_page_to_write() -> None:
    request = parse(["filters", "a.nec", "--out", "b.html"])
    assert request == FiltersRequest(request.common, Path("a.nec"), Path("b.html"))
    with pytest.raises(SettingError, match=r"ends in \.html"):
        parse(["filters", "a.nec", "--out", "b.png"])


def test_export_has_the_size_of_the_contract_by_default() -> None:
    request = parse(["export", "a.nec", "--out", "b.nec"])
    assert request == ExportRequest(request.common, Path("a.nec"), Path("b.nec"), 30.0)
    assert parse(["export", "a.nec", "--out", "b.nec", "--max-mb", "2.5"]).max_mb == 2.5


def test_the_small_commands_take_their_options() -> None:
    assert parse(["settings"]) == SettingsRequest()
    assert parse(["info", "a.nec", "--json"]) == InfoRequest(Path("a.nec"), True)
    assert parse(["bench", "--quick", "--json", "b.json"]) == BenchRequest(
        True, False, Path("b.json")
    )
    assert parse(["plot", "r.csv", "--fields", "loss, epsilon", "--out", "p.png"]) == PlotRequest(
        Path("r.csv"), ("loss", "epsilon"), Path("p.png")
    )
    default = parse(["plot", "r.csv"])
    assert default == PlotRequest(
        Path("r.csv"), ("mean_score", "episodes", "mean_max_q", "loss"), None
    )


def test_set_takes_one_pair_or_several_and_a_file_may_follow() -> None:
    request = parse(shlex.split("test --set n_step=5 gamma=0.5 a.nec --set alpha=0.2"))
    assert isinstance(request, EvaluationRequest)
    assert request.snapshot == Path("a.nec")
    settings = request.common.settings()
    assert (settings.n_step, settings.gamma, settings.alpha) == (5, 0.5, 0.2)


def test_the_command_line_overrides_the_config_file(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("seed = 5\ngamma = 1\nn_step = 7\n")
    request = parse(["--config", str(config), "--seed", "6"])
    assert isinstance(request, WindowRequest)
    settings = request.common.settings()
    assert (settings.seed, settings.gamma, settings.n_step) == (6, 1.0, 7)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_prints_to_standard_output_and_ends_well(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*command.split(), "-h"])
    assert ended.value.code == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"usage: python main.py {command}".rstrip())
    assert printed.err == ""


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("tarin", "tarin"),
        ("export a.nec", "--out"),
        ("export a.nec --out b.bin", "b.bin"),
        ("export a.nec --out b.nec --max-mb 0", "--max-mb 0"),
        ("export a.nec --out b.nec --max-mb -3", "--max-mb -3"),
        ("export a.nec --out b.nec --max-mb nan", "--max-mb nan"),
        ("export a.nec --out b.nec --max-mb lots", "--max-mb lots"),
        ("--rom", "--rom"),
        ("--speed 0", "--speed 0"),
        ("--speed nan", "--speed nan"),
        ("--speed fast", "--speed fast"),
        ("--wat", "--wat"),
        ("--snap a.nec", "--snap"),
        ("--seed x", "seed=x"),
        ("--set n_step", "n_step"),
        ("--set stepz=3", "stepz"),
        ("--set gamma=much", "gamma=much"),
        ("--config /nowhere/c.toml", "/nowhere/c.toml"),
        ("train", "--rom"),
        ("train --rom pong", "--frames"),
        ("train --rom pong --frames 0", "--frames 0"),
        ("train --rom pong --frames -5", "--frames -5"),
        ("train --rom pong --frames 1.5", "--frames 1.5"),
        ("train --rom pong --frames inf", "--frames inf"),
        ("train --rom pong --frames many", "--frames many"),
        ("train --rom pong --frames 9 --envs 0", "--envs 0"),
        ("train --rom pong --frames 9 --envs -1", "--envs -1"),
        ("train --rom pong --frames 9 --envs 1000", "from 1 to 64"),
        ("train --rom pong --frames 9 --envs some", "--envs some"),
        ("test", "SNAPSHOT"),
        ("test a.nec --epsilon 1.5", "--epsilon 1.5"),
        ("test a.nec --epsilon nan", "--epsilon nan"),
        ("test a.nec --episodes 0", "--episodes 0"),
        ("record a.nec", "--out"),
        ("record a.nec --out v.avi", "v.avi"),
        ("plot r.csv --fields ,", "--fields"),
        ("bench --quick --large", "--large"),
        ("settings now", "now"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_of_three_parts(line: str, named: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse(shlex.split(line))
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)
    assert all((refused.value.what, refused.value.why, refused.value.remedy))


@pytest.mark.parametrize(
    "setting",
    ["gamma=2", "gamma=nan", "autosave_s=inf", "seed=-1", "index=tree", "device=tpu", "n_step=-1"],
)
def test_a_value_out_of_range_is_refused_when_the_settings_are_made(setting: str) -> None:
    request = parse(["--set", setting])
    assert isinstance(request, WindowRequest)
    with pytest.raises(SettingError, match=setting.partition("=")[0]):
        request.common.settings()


@given(st.lists(st.text(max_size=12), max_size=6))
def test_no_words_make_the_reader_fail_otherwise(words: list[str]) -> None:
    words = [word for word in words if word not in ("-h", "--help") and not word.startswith("-h")]
    with contextlib.suppress(SettingError):
        parse(words)
