"""The walk-through and what makes its pictures."""
