"""What a person taught, as files: a thread of its own beside the game."""
