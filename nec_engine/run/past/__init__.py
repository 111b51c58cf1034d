"""Recorded games frame by frame, and videos of them: a thread of its own beside the game."""
