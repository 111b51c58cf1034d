"""A passing note: something that happened, said without stopping anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence for the person; a problem stays longer and can be dismissed.

    ``action`` names an action of the table that is offered beside the sentence.
    """

    text: str
    is_problem: bool = False
    action: str = ""
