"""What a recorded step costs."""

from __future__ import annotations

from nec_engine.config import Settings
from nec_engine.game.noops import draw_noops
from nec_engine.game.roms import Rom
from nec_engine.journal.journal import Journal
from nec_engine.run.bench.timing import round_figure
from nec_engine.run.training.training_game import TrainingGame
from nec_engine.seeding import generator


def journal_bytes_per_step(rom: Rom, settings: Settings, *, num_steps: int) -> float:
    """Bytes of the journal for each of ``num_steps`` of random play, starts of games included."""
    journal = Journal(settings, rom)
    rng = generator(settings.seed, "bench journal")
    game = TrainingGame(0, rom, settings, journal, draw_noops(settings, rng))
    for _ in range(num_steps):
        action = int(rng.integers(game.emulator.num_actions))
        game.record(action)
        result = game.emulator.step(action)
        if result.is_game_over or result.is_truncated:
            game.end_episode()
            game.begin_episode(draw_noops(settings, rng))
    return round_figure(journal.num_bytes / journal.num_steps)
