"""A headless command shows how far it is, on standard error."""

from __future__ import annotations

import pytest

from nec_engine.messages import Progress
from nec_engine.run.progress import EpisodeBar, TrainingBar


def progress(frames: int, mean: float | None) -> Progress:
    return Progress(
        is_training=True, activity="training", frames=frames, steps=frames // 4, episodes=3,
        epsilon=0.5, episode_score=0.0, mean_score_100=mean, best_score=None, loss=None,
        mean_max_q=None, steps_per_s=120.4, memory_sizes=(), memory_capacity=0,
        num_by_origin=(0, 0, 0, 0), recall_at_50=None, effective_neighbours=None, replay_size=0,
        replay_capacity=0, learning_starts_steps=0, tail_sizes=(), building_action=None,
        num_index_builds=0, network_version=0, device="cpu",
    )  # fmt: skip


def test_training_shows_every_figure_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    with TrainingBar(8000, 4000, "pong") as bar:
        bar.show(progress(4400, None))
        bar.say("a message")
        bar.show(progress(8000, -20.25))
    printed = capsys.readouterr()
    assert printed.out == ""
    last = printed.err.replace("\n", "\r").rstrip("\r").split("\r")[-1]
    for part in ("pong: 100%", "8,000/8,000 frames", "2,000 steps", "3 episodes", "mean -20.2",
                 "epsilon 0.500", "120 steps/s"):  # fmt: skip
        assert part in last
    assert "a message\n" in printed.err


def test_episodes_show_the_mean_so_far(capsys: pytest.CaptureFixture[str]) -> None:
    with EpisodeBar(2, "test") as bar:
        bar.show(10)
        bar.show(20)
    assert "2/2 episodes" in capsys.readouterr().err


@pytest.mark.parametrize("begun_at", [4000, 8003])
def test_the_last_step_may_go_past_the_end(
    capsys: pytest.CaptureFixture[str], begun_at: int
) -> None:
    with TrainingBar(8000, begun_at, "pong") as bar:
        bar.show(progress(8003, None))
    assert "8,000/8,000 frames" in capsys.readouterr().err
