"""``test``: the score of a snapshot over whole episodes, with its interval."""

from __future__ import annotations

import time

from nec_engine.run.evaluation import EpisodeResult, greedy_chooser, play_episodes, summarise
from nec_engine.run.folders import writable_file
from nec_engine.run.opening import open_saved
from nec_engine.run.progress import EpisodeBar
from nec_engine.run.requests import EvaluationRequest
from nec_engine.run.results import write_table
from nec_engine.run.scores import human_normalised_percent
from nec_engine.run.signals import StopSignals, unwinding_on_signals
from nec_engine.run.streams import print_last_result, print_note

COLUMNS = ("episode", "seed", "noops", "score", "steps", "frames", "seconds")


def run(request: EvaluationRequest) -> int:
    """Play ``request.episodes``, print the result line; 0, or 130 / 143 after a signal."""
    if request.csv is not None:
        writable_file(request.csv, [request.snapshot])
    opened = open_saved(request.snapshot, request.common.changes)
    for sentence in opened.lost:
        print_note(f"note: {sentence}")
    trainer = opened.trainer
    settings = trainer.settings
    results: list[EpisodeResult] = []
    start_s = time.perf_counter()
    try:
        with StopSignals() as stop, EpisodeBar(request.episodes, trainer.rom.title) as bar:
            for result in play_episodes(
                trainer.rom,
                settings,
                greedy_chooser(trainer.agent, request.epsilon),
                num_episodes=request.episodes,
                names=("test",),
                cap_frames=settings.episode_cap_frames,
                is_stopped=lambda: stop.is_requested,
            ):
                results.append(result)
                bar.show(result.score)
    finally:
        trainer.close()
    if stop.is_requested and len(results) < request.episodes:
        return stop.exit_code
    took_s = time.perf_counter() - start_s
    if request.csv is not None:
        rows = [
            (r.episode, r.seed, r.noops, r.score, r.steps, r.frames, round(r.seconds, 3))
            for r in results
        ]
        with unwinding_on_signals():
            write_table(request.csv, COLUMNS, rows)
    scores = [result.score for result in results]
    summary = summarise(scores, settings.seed)
    percent = human_normalised_percent(trainer.rom.name, summary.mean)
    steps_per_s = sum(result.steps for result in results) / took_s
    facts = {
        "game": trainer.rom.name,
        "agent": settings.agent,
        "episodes": len(scores),
        "epsilon": f"{request.epsilon:g}",
        "seed": settings.seed,
        "mean": f"{summary.mean:.2f}",
        "stderr": "nan" if summary.stderr is None else f"{summary.stderr:.2f}",
        "ci95_low": f"{summary.ci95_low:.1f}",
        "ci95_high": f"{summary.ci95_high:.1f}",
        "hns_percent": "nan" if percent is None else f"{percent:.1f}",
        "steps_per_s": f"{steps_per_s:.0f}",
    }
    words = " ".join(f"{name}={value}" for name, value in facts.items())
    return print_last_result(f"result: {words}", stop.exit_code)
