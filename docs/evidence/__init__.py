"""The runs behind ``docs/results.md``: their lists, the queue that makes them, what was kept."""
