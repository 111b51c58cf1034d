"""What the inspect thread has at hand when it answers."""

from __future__ import annotations

from dataclasses import dataclass

from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.run.publication import Publication


@dataclass(frozen=True, slots=True)
class Desk:
    """An emulator of its own to rebuild moments with; the journal and the newest policy to read."""

    rebuilder: Rebuilder
    journal: Journal
    publication: Publication
