"""The command line read into a request. Everything wrong with it is one SettingError."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from nec_engine.errors import SettingError
from nec_engine.run.option_parser import Parser, positive, probability, speed, whole
from nec_engine.run.requests import (
    BenchRequest,
    Common,
    EvaluationRequest,
    ExportRequest,
    FiltersRequest,
    InfoRequest,
    PlotRequest,
    RecordRequest,
    Request,
    SettingsRequest,
    TrainRequest,
    WindowRequest,
)
from nec_engine.setting_texts import changes_from_texts

PROGRAM: Final = "python main.py"
COMMANDS: Final = {
    "train": "train without a window and write results and snapshots",
    "test": "play test episodes from a snapshot and print the mean score",
    "record": "play from a snapshot into an mp4",
    "plot": "draw the learning curves of a results.csv",
    "info": "say what a snapshot holds",
    "export": "make a small snapshot to play from, to hand on",
    "filters": "draw what each convolutional filter answers to, as one HTML page",
    "settings": "list every --set name with its default, unit and source",
    "bench": "measure this machine",
}
MOST_ENVS: Final = 64
DEFAULT_FIELDS: Final = ("mean_score", "episodes", "mean_max_q", "loss")


def parse(arguments: Sequence[str]) -> Request:
    """The request that ``arguments`` (without the program's name) make.

    Raises :class:`SettingError`; ``SystemExit(0)`` after printing the help of ``-h``.
    """
    command = arguments[0] if arguments and not arguments[0].startswith("-") else None
    if command is None:
        return _window(arguments)
    readers: dict[str, Callable[[Sequence[str]], Request]] = {
        "train": _train,
        "test": _test,
        "record": _record,
        "plot": _plot,
        "info": _info,
        "export": _export,
        "filters": _filters,
        "settings": _settings,
        "bench": _bench,
    }
    if command not in readers:
        known = ", ".join(readers)
        raise SettingError(
            f"unknown command {command!r}", f"the commands are {known}", f"see '{PROGRAM} -h'"
        )
    return readers[command](arguments[1:])


def _window(arguments: Sequence[str]) -> WindowRequest:
    lines = [f"  {name:10}{what}" for name, what in COMMANDS.items()]
    more = ["commands, instead of the window:", *lines, "", f"'{PROGRAM} COMMAND -h' tells more"]
    parser = Parser(
        PROGRAM,
        "Watch a Neural Episodic Control agent play Atari in a window.",
        "\n".join(more),
    )
    parser.add_argument("--rom", help="a game file, or the name of a bundled game (pong)")
    parser.add_argument("--snapshot", type=Path, metavar="FILE", help="go on from this snapshot")
    parser.add_argument("--human", action="store_true", help="you hold the stick from the start")
    parser.add_argument("--no-train", action="store_true", help="start with training off")
    parser.add_argument(
        "--speed", type=speed, default=1.0, metavar="X", help="times 60 frames/s, or max"
    )
    _add_common(parser)
    given = parser.parse(arguments)
    return WindowRequest(
        _common(given), given.rom, given.snapshot, given.human, not given.no_train, given.speed
    )


def _train(arguments: Sequence[str]) -> TrainRequest:
    parser = _command_parser("train")
    parser.add_argument("--rom", required=True, help="a game file or the name of a bundled game")
    parser.add_argument(
        "--frames", required=True, type=whole("--frames"), metavar="N",
        help="emulator frames in all, resumed ones included",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="default: results/<game>-seed<N> in --data"
    )
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from this snapshot")
    parser.add_argument(
        "--envs", type=whole("--envs", most=MOST_ENVS), default=1, metavar="N",
        help=f"training games side by side, 1 to {MOST_ENVS}, default 1",
    )  # fmt: skip
    _add_common(parser)
    given = parser.parse(arguments)
    return TrainRequest(
        _common(given), given.rom, given.frames, given.out, given.resume, given.envs
    )


def _test(arguments: Sequence[str]) -> EvaluationRequest:
    parser = _command_parser("test")
    _add_playing(parser, episodes=30)
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a row for each episode")
    given = parser.parse(arguments)
    return EvaluationRequest(
        _common(given), given.snapshot, given.episodes, given.epsilon, given.csv
    )


def _record(arguments: Sequence[str]) -> RecordRequest:
    parser = _command_parser("record")
    _add_playing(parser, episodes=1)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.mp4")
    parser.add_argument("--overlay", action="store_true", help="draw the Q bars into the picture")
    given = parser.parse(arguments)
    if given.out.suffix.lower() != ".mp4":
        raise SettingError(
            f"--out {given.out}", "videos are written as mp4", "give a name that ends in .mp4"
        )
    return RecordRequest(
        _common(given), given.snapshot, given.out, given.episodes, given.epsilon, given.overlay
    )


def _plot(arguments: Sequence[str]) -> PlotRequest:
    parser = _command_parser("plot")
    parser.add_argument("results", type=Path, metavar="RESULTS.csv")
    parser.add_argument("--fields", default=",".join(DEFAULT_FIELDS), metavar="a,b")
    parser.add_argument("--out", type=Path, metavar="FILE.png")
    given = parser.parse(arguments)
    fields = tuple(name.strip() for name in given.fields.split(",") if name.strip())
    if not fields:
        raise SettingError(
            f"--fields {given.fields!r}", "it names no column", "give names such as mean_score,loss"
        )
    return PlotRequest(given.results, fields, given.out)


def _info(arguments: Sequence[str]) -> InfoRequest:
    parser = _command_parser("info")
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    given = parser.parse(arguments)
    return InfoRequest(given.snapshot, given.json)


def _export(arguments: Sequence[str]) -> ExportRequest:
    parser = _command_parser("export")
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.nec")
    parser.add_argument(
        "--max-mb", type=positive("--max-mb"), default=30.0, metavar="X",
        help="most megabytes (1e6 bytes) the file may have, default 30",
    )  # fmt: skip
    _add_common(parser)
    given = parser.parse(arguments)
    if given.out.suffix.lower() != ".nec":
        raise SettingError(
            f"--out {given.out}", "snapshots are called .nec", "give a name that ends in .nec"
        )
    return ExportRequest(_common(given), given.snapshot, given.out, given.max_mb)


def _filters(arguments: Sequence[str]) -> FiltersRequest:
    parser = _command_parser("filters")
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT")
    parser.add_argument("--out", type=Path, required=True, metavar="PAGE.html")
    _add_common(parser)
    given = parser.parse(arguments)
    if given.out.suffix.lower() not in (".html", ".htm"):
        raise SettingError(
            f"--out {given.out}", "filters are drawn as a page", "give a name that ends in .html"
        )
    return FiltersRequest(_common(given), given.snapshot, given.out)


def _settings(arguments: Sequence[str]) -> SettingsRequest:
    _command_parser("settings").parse(arguments)
    return SettingsRequest()


def _bench(arguments: Sequence[str]) -> BenchRequest:
    parser = _command_parser("bench")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="within 90 seconds")
    size.add_argument(
        "--large", action="store_true", help="up to a million entries an action; 18 actions"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    given = parser.parse(arguments)
    return BenchRequest(given.quick, given.large, given.json)


def _command_parser(command: str) -> Parser:
    what = COMMANDS[command]
    return Parser(f"{PROGRAM} {command}", what[0].upper() + what[1:] + ".")


def _add_playing(parser: Parser, *, episodes: int) -> None:
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT")
    parser.add_argument(
        "--episodes", type=whole("--episodes"), default=episodes, metavar="N",
        help=f"default {episodes}",
    )  # fmt: skip
    parser.add_argument(
        "--epsilon", type=probability("--epsilon"), default=0.05, metavar="X",
        help="share of random actions, default 0.05",
    )  # fmt: skip
    _add_common(parser)


def _add_common(parser: Parser) -> None:
    common = parser.add_argument_group("common")
    common.add_argument("--seed", metavar="N")
    common.add_argument("--device", metavar="auto|cpu|cuda")
    common.add_argument("--index", metavar="annoy|exact|hnsw")
    common.add_argument("--config", type=Path, metavar="FILE.toml", help="settings, one a line")
    common.add_argument(
        "--set", action="append", default=[], metavar="name=value", dest="assignments",
        help=f"any setting; '{PROGRAM} settings' lists them",
    )  # fmt: skip
    common.add_argument(
        "--data", type=Path, default=Path(), metavar="DIR",
        help="folder of snapshots, videos, screenshots and results (default: the current one)",
    )  # fmt: skip


def _common(given: argparse.Namespace) -> Common:
    texts = {}
    for assignment in given.assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise SettingError(
                f"--set {assignment}", "name=value was expected", f"see '{PROGRAM} settings'"
            )
        texts[name.strip()] = text
    for name in ("seed", "device", "index"):
        if getattr(given, name) is not None:
            texts[name] = getattr(given, name)
    return Common(changes_from_texts(texts, given.config), given.data)
