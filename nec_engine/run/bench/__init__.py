"""What this machine can do, measured: the figures of ``bench``, a module for each kind."""
