"""A person's way to the first key of Montezuma's Revenge, and how it is played in.

Found once by a search on the emulator's states; written as (steps, action) from a start without
no-ops. 76 steps; the key brings 100 points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from held_sticks import stick_for

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.learning.agents import Policy
from nec_engine.messages import Player
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.opening import open_new
from nec_engine.run.publication import Publication, Published
from nec_engine.run.training.trainer import Trainer

GAME: Final = "montezuma_revenge"
KEY_POINTS: Final = 100.0
RUNS_TO_KEY: Final = (
    (2, "up"), (1, "right"), (1, "fire"), (5, "left"), (3, "right fire"), (4, "down"),
    (1, "right"), (3, "left"), (8, "right fire"), (9, "down"), (13, "left"), (2, "left fire"),
    (3, "right fire"), (10, "left"), (9, "up"), (1, "left"), (1, "left fire"),
)  # fmt: skip


def way_to_key() -> Iterator[str]:
    """The action of each step, in words."""
    for num, name in RUNS_TO_KEY:
        yield from [name] * num


def settings_of(agent: str, **changes: object) -> Settings:
    """Small, and without no-ops in any game, the live one included."""
    wanted = {"max_noops": 0, "capacity": 500, "replay_capacity": 500, "index": "exact"}
    return changed(Settings(), {"agent": agent, **wanted, **changes})


def taught_trainer(
    settings: Settings, names: Iterable[str], num_steps_before: int = 0
) -> tuple[Trainer, LiveGame]:
    """A new run, to which a person showed the way in the live game by the joystick."""
    trainer = open_new(find_rom(GAME), settings).trainer
    for _ in range(num_steps_before):
        trainer.step()
    publication = Publication()
    publication.put(Published(trainer.agent.policy(), 0.0))
    emulator = Emulator(trainer.rom, settings, seed=1)
    game = LiveGame(
        emulator, trainer.journal, publication, settings, trainer.take_taught, trainer.lesson_book
    )
    game.mind.is_evidence_wanted = False
    game.wanted_player = Player.PERSON
    for name in names:
        game.stick = stick_for(name)
        game.advance()
        while not game.is_at_step_boundary:
            game.advance()
    game.leave_episode()
    return trainer, game


def steps_to_key(policy: Policy, settings: Settings, num_noops: int, most_steps: int) -> int | None:
    """How many steps the greedy agent takes to the key by itself; None when it does not get it."""
    emulator = Emulator(find_rom(GAME), settings, seed=1, colour=False)
    emulator.reset(num_noops)
    for step in range(1, most_steps + 1):
        action = int(policy.q_values(emulator.observation()[None])[0].argmax())
        result = emulator.step(action)
        if result.reward > 0:
            return step
        if result.is_game_over:
            break
    return None
