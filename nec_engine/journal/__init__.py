"""Recorded games, from which any moment can be rebuilt bit by bit and entered again."""
