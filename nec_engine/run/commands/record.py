"""``record``: whole episodes of a snapshot's agent as a video with sound."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from nec_engine.game.emulator import Emulator
from nec_engine.journal.journal import Journal
from nec_engine.messages import U8, Decision
from nec_engine.recording.offline import write_video
from nec_engine.run.folders import writable_file
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.opening import open_saved
from nec_engine.run.progress import EpisodeBar
from nec_engine.run.publication import Publication, Published
from nec_engine.run.requests import RecordRequest
from nec_engine.run.signals import StopSignals
from nec_engine.run.streams import print_last_result, print_note
from nec_engine.run.training.trainer import Trainer
from nec_engine.seeding import derived_seed

Shown = tuple[U8, U8 | None, Decision | None]


def run(request: RecordRequest) -> int:
    """Write ``request.out``; 0, or 130 / 143 after a signal, with what was played until then.

    Before the first frame that is nothing, and ``request.out`` stays as it was.
    """
    path = writable_file(request.out, [request.snapshot])
    opened = open_saved(request.snapshot, request.common.changes)
    for sentence in opened.lost:
        print_note(f"note: {sentence}")
    trainer = opened.trainer
    try:
        with StopSignals() as stop, EpisodeBar(request.episodes, trainer.rom.title) as bar:
            frames = _frames(trainer, request, stop, bar)
            first = next(frames, None)
            if first is None:  # a signal came before the game began
                return stop.exit_code
            written = write_video(
                path,
                itertools.chain([first], frames),
                with_overlay=request.with_overlay,
                title=trainer.rom.title,
            )
    finally:
        trainer.close()
    return print_last_result(
        f"saved: {path} ({written.seconds:.1f} s, {written.num_bytes} bytes)", stop.exit_code
    )


def _frames(
    trainer: Trainer, request: RecordRequest, stop: StopSignals, bar: EpisodeBar
) -> Iterator[Shown]:
    """Every emulator frame of the episodes, with its sound, and each step's decision."""
    game = _game(trainer, request.epsilon, request.with_overlay)
    num_ended = 0
    while num_ended < request.episodes and not stop.is_requested:
        result = game.advance()
        decision = game.decision if result.frame_in_step == 0 else None
        yield game.emulator.rgb(), game.emulator.audio(), decision
        if game.ended is not None:
            num_ended += 1
            bar.show(game.ended.score)


def _game(trainer: Trainer, epsilon: float, with_overlay: bool) -> LiveGame:
    """The live game with a journal of its own, so that nothing is added to the snapshot's run."""
    settings = trainer.settings
    emulator = Emulator(
        trainer.rom, settings, seed=derived_seed(settings.seed, "record"), sound=True
    )
    publication = Publication()
    publication.put(Published(trainer.agent.policy(), epsilon))
    game = LiveGame(
        emulator,
        Journal(settings, trainer.rom),
        publication,
        settings,
        lambda _: None,
    )
    game.mind.is_exploring = epsilon > 0
    game.mind.is_evidence_wanted = with_overlay
    return game
