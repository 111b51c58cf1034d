"""The training run and its thread: act, store, learn; edits and saving between two steps."""
