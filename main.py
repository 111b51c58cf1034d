"""The program's entry: read the command line, open the window or run one command.

Nothing heavy is imported before it must be: a wrong word on the command line is answered at once,
and each command brings only what it needs. Exit codes: 0 done; 1 a fault of ours, with a
traceback; 2 wrong input, with one line on standard error; 130 and 143 after SIGINT and SIGTERM.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

# Threads of BLAS spin when they wait: a small matrix product on the window's thread then costs
# tens of milliseconds. torch has its own threads, set by torch_threads. Before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from nec_engine.run.signals import exit_on_signals
from nec_engine.run.streams import (
    open_missing_streams,
    print_note,
    refuse_closed_output,
    settle_streams,
)

if __name__ == "__main__":
    open_missing_streams()
    exit_on_signals()  # the imports below take a tenth of a second already

from nec_engine.errors import NecError
from nec_engine.run.arguments import parse
from nec_engine.run.checks import check_request
from nec_engine.run.requests import (
    BenchRequest,
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

if TYPE_CHECKING:
    from app.startup.application import OpenEngine, OpenRequest
    from nec_engine.run.engine_api import EngineApi

WRONG_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` (default: the process's) ask for; the exit code."""
    try:
        request = parse(sys.argv[1:] if arguments is None else arguments)
        if not isinstance(request, WindowRequest):
            refuse_closed_output()
        check_request(request)
        return run(request)
    except NecError as error:
        print_note(f"error: {error}")
        return WRONG_INPUT
    finally:
        settle_streams()


def run(request: Request) -> int:
    """Run one request to its end; the exit code."""
    match request:
        case WindowRequest():
            return open_window(request)
        case TrainRequest():
            from nec_engine.run.commands import train

            return train.run(request)
        case EvaluationRequest():
            from nec_engine.run.commands import test

            return test.run(request)
        case RecordRequest():
            from nec_engine.run.commands import record

            return record.run(request)
        case PlotRequest():
            from nec_engine.run.commands import plot

            return plot.run(request)
        case InfoRequest():
            from nec_engine.run.commands import info

            return info.run(request)
        case ExportRequest():
            from nec_engine.run.commands import export

            return export.run(request)
        case FiltersRequest():
            from nec_engine.run.commands import filters

            return filters.run(request)
        case SettingsRequest():
            from nec_engine.run.commands import settings

            return settings.run(request)
        case BenchRequest():
            from nec_engine.run.commands import bench

            return bench.run(request)


def open_engine(request: OpenRequest) -> EngineApi:
    """The engine of a game or snapshot; called in a thread of its own, for it takes seconds."""
    from nec_engine.run.engine import Engine

    if request.snapshot is not None:
        rom = None if request.rom is None else str(request.rom)
        return Engine.open_snapshot(
            request.snapshot, request.settings_changes, request.data_dir, rom, request.go_on
        )
    assert request.rom is not None, "a game or a snapshot is opened"
    return Engine.open_game(request.rom, request.settings, request.data_dir)


def open_window(request: WindowRequest, open_engine: OpenEngine = open_engine) -> int:
    """Show the window until it is closed; the exit code."""
    from app.startup import application

    common = request.common
    return application.run_window(
        application.WindowRequest(
            open_engine=open_engine,
            data_dir=common.data,
            settings=common.settings(),
            settings_changes=common.changes,
            rom=request.rom,
            snapshot=request.snapshot,
            human=request.is_human,
            train=request.is_training,
            speed=request.speed,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
