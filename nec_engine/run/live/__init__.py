"""The game that is shown and its thread: who plays, what is decided, where in time it stands."""
