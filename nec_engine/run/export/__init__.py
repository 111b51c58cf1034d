"""Play-only snapshots: which entries go into one, and what else."""
