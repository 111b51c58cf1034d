"""Two memories compared by playing, in a process of its own."""
