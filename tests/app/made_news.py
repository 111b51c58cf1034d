"""Made-up news of an engine, with believable numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from nec_engine.messages import (
    ActionEvidence,
    Choice,
    Curves,
    Decision,
    GameInfo,
    Moment,
    Player,
    Progress,
    Series,
    read_only,
)

NAMES = ("noop", "fire", "right", "left", "right fire", "left fire")
WAYS = ("up", "right", "left", "down", "up right", "up left", "down right", "down left")
FULL = ("noop", "fire", *WAYS, *(f"{way} fire" for way in WAYS))


def game_info(name: str = "pong", action_names: tuple[str, ...] = NAMES) -> GameInfo:
    return GameInfo(
        name=name,
        title=name.replace("_", " ").title(),
        rom_path=Path(f"/games/{name}.bin"),
        rom_md5="60e0ea3cbe0913d39803477945e9e5ec",
        action_names=action_names,
        screen_height=210,
        agent="nec",
        device="cpu",
    )


def picture(number: int) -> np.ndarray:
    """uint8[210, 160, 3]: two paddles and a ball that moves."""
    rgb = np.empty((210, 160, 3), np.uint8)
    rgb[:] = (144, 72, 17)
    rgb[24:34] = rgb[194:204] = (236, 236, 236)
    rgb[:24] = (60, 30, 10)
    x, y = 20 + abs(number * 2 % 240 - 120), 40 + abs(number * 3 % 290 - 145)
    rgb[y : y + 5, x : x + 4] = (236, 236, 236)
    left, right = 90 + number // 2 % 40, min(170, y)
    rgb[left : left + 16, 16:20] = (213, 130, 74)
    rgb[right : right + 16, 140:144] = (92, 186, 92)
    return read_only(rgb)


def decision(
    number: int,
    action_names: tuple[str, ...] = NAMES,
    player: Player = Player.AGENT,
    num_neighbours: int = 50,
) -> Decision:
    rng = np.random.default_rng(number // 30)  # neighbours come and go now and then
    evidence = []
    for action in range(len(action_names)):
        distances = np.sort(rng.gamma(2.0, 1.0, num_neighbours)).astype(np.float32)
        weights = 1 / (distances + 1e-3)
        shares = (weights / weights.sum() * 0.98).astype(np.float32)
        values = rng.normal(0.0, 0.4, num_neighbours) + 0.3 * np.sin(number / 9 + action)
        values = values.astype(np.float32)
        evidence.append(
            ActionEvidence(
                action=action,
                q=float((shares * values).sum()) if num_neighbours else 0.0,
                slots=rng.integers(0, 60_000, num_neighbours),
                distances_sq=distances,
                shares=shares,
                values=values,
                origins=rng.choice(4, num_neighbours, p=(0.7, 0.2, 0.05, 0.05)).astype(np.uint8),
                episodes=rng.integers(0, 40, num_neighbours),
                steps=rng.integers(0, 900, num_neighbours),
                ages_steps=rng.integers(0, 90_000, num_neighbours),
                state_hashes=rng.integers(0, 2**63, num_neighbours).astype(np.uint64),
                prior_share=0.02 if num_neighbours else 0.0,
                prior_value=0.0,
                num_entries=10_000 if num_neighbours else 0,
            )
        )
    best = int(np.argmax([e.q for e in evidence]))
    observation = np.stack(
        [picture(4 * number + k)[::2, ::2, 0][:84, :80].repeat(2, 1)[:, :84] for k in range(4)]
    )
    return Decision(
        number=number,
        moment=Moment(3, number),
        action_names=action_names,
        evidence=tuple(evidence),
        action=best,
        best_action=best,
        choice=Choice.PERSON if player is Player.PERSON else Choice.GREEDY,
        epsilon=0.005,
        observation=read_only(np.ascontiguousarray(observation)),
        state_hash=number,
        kernel_scale=1.3,
        network_version=4,
        memory_version=number,
    )


def progress(steps: int = 182_304, **changes: object) -> Progress:
    value = Progress(
        is_training=True,
        activity="training",
        frames=4 * steps,
        steps=steps,
        episodes=41,
        epsilon=0.005,
        episode_score=-7.0,
        mean_score_100=-12.5,
        best_score=3.0,
        loss=0.12,
        mean_max_q=0.4,
        steps_per_s=120.0,
        memory_sizes=(10_203,) * 6,
        memory_capacity=100_000,
        num_by_origin=(60_000, 1_220, 0, 0),
        recall_at_50=0.98,
        effective_neighbours=4.2,
        replay_size=100_000,
        replay_capacity=100_000,
        learning_starts_steps=5_000,
        tail_sizes=(120,) * 6,
        building_action=None,
        num_index_builds=12,
        network_version=4,
        device="cpu",
    )
    return replace(value, **changes)  # type: ignore[arg-type]  # fields by name


def curves(num: int = 60) -> Curves:
    rng = np.random.default_rng(1)
    x = np.linspace(0, 700_000, num)

    def series(name: str, low: float, high: float, noise: float) -> Series:
        y = low + (high - low) * (1 - np.exp(-x / 3e5)) + rng.normal(0, noise, num)
        return Series(name, x, y)

    return Curves(
        training_scores=series("training", -21, 5, 2),
        live_agent_scores=series("agent live", -21, 7, 2),
        live_person_scores=series("you", -10, -5, 3),
        mean_max_q=series("mean max Q", 0, 0.8, 0.05),
        loss=series("loss", 0.8, 0.1, 0.02),
        epsilon=series("epsilon", 1, 0, 0),
        effective_neighbours=series("effective neighbours", 30, 4, 1),
        recall_at_50=series("recall", 1, 0.96, 0.005),
        steps_per_s=series("steps/s", 400, 120, 10),
        random_score=-20.7,
        human_score=14.6,
    )
