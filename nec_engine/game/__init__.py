"""The emulator: find and check a game, step it, see what the agent sees, hold the stick."""

from nec_engine.game.registration import register_environment

register_environment()
