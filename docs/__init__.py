"""The pages, and in ``evidence`` the programs that make their numbers; not part of the package."""
