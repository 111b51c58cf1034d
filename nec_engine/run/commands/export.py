"""``export``: a snapshot to play from, small enough to hand on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from nec_engine.errors import SnapshotError
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.messages import F64
from nec_engine.run.export.play_only import MB, Exporter, read_to_export
from nec_engine.run.export.rehearsal import rehearse
from nec_engine.run.folders import writable_file
from nec_engine.run.opening import open_saved
from nec_engine.run.progress import EpisodeBar
from nec_engine.run.requests import ExportRequest
from nec_engine.run.signals import StopSignals
from nec_engine.run.streams import print_last_result, print_result
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import SnapshotCancelledError, write_snapshot


def run(request: ExportRequest) -> int:
    """Write ``request.out`` and say what is in it; 0, or 130 / 143 after a signal, nothing made."""
    path = writable_file(request.out, [request.snapshot])
    max_bytes = int(min(request.max_mb * MB, sys.maxsize))
    with StopSignals() as stop, _damage_told(request):
        with SnapshotReader(request.snapshot) as reader:
            exporter = Exporter(reader.header, read_to_export(reader))
        exporter.refuse_larger(max_bytes)
        uses = _rehearsed(request, stop) if exporter.has_memory else np.empty(0)
        if stop.is_requested:
            return stop.exit_code
        made = exporter.made(uses, max_bytes)
        try:
            num_bytes = write_snapshot(
                path, made.tree, header=made.header, cancelled=lambda: stop.is_requested
            )
        except SnapshotCancelledError:
            return stop.exit_code
    num_before = made.header["play_only"]["entries_before"]
    num_episodes = made.header["journal"]["episodes"]
    print_result(
        f"exported: {made.num_entries:,} of {num_before:,} entries, {num_episodes:,} recorded "
        f"episodes, {num_bytes / MB:.2f} of {request.max_mb:g} MB"
    )
    return print_last_result(f"saved: {path}", stop.exit_code)


def _rehearsed(request: ExportRequest, stop: StopSignals) -> F64:
    """How much each entry counts. The run that was opened for it is gone after it."""
    trainer = open_saved(request.snapshot, request.common.changes).trainer
    settings, agent = trainer.settings, trainer.agent
    assert isinstance(agent, EpisodicAgent), "only an agent with a memory is rehearsed"
    try:
        with EpisodeBar(settings.export_episodes, f"{trainer.rom.title}, which entries") as bar:
            return rehearse(
                trainer.rom,
                settings,
                agent,
                ended=lambda result: bar.show(result.score),
                is_stopped=lambda: stop.is_requested,
            )
    finally:
        trainer.close()


@contextmanager
def _damage_told(request: ExportRequest) -> Iterator[None]:
    """A file that is whole and makes no sense is no fault of ours."""
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SnapshotError(
            f"cannot export {request.snapshot}",
            f"its parts do not fit together ({type(error).__name__}: {error})",
            "use another snapshot",
        ) from error
