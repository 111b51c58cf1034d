"""The sections of ``docs/results.md``, one a list of runs."""
