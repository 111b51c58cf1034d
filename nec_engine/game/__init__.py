"""The emulator: find and check a game, step it, see what the agent sees, hold the stick."""
