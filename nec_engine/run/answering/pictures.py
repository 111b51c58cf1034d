"""What moments looked like."""

from __future__ import annotations

from collections.abc import Iterator

from nec_engine.errors import NecError
from nec_engine.messages import AskPictures, Moment, PictureAnswer, read_only
from nec_engine.run.answering.desk import Desk


def pictures(question: AskPictures, desk: Desk) -> Iterator[PictureAnswer]:
    """One for each moment, in order; each takes some milliseconds."""
    for moment, state_hash in zip(question.moments, question.state_hashes, strict=True):
        yield _picture(question.panel, moment, state_hash, desk)


def _picture(panel: str, moment: Moment, state_hash: int, desk: Desk) -> PictureAnswer:
    try:
        rebuilt = desk.rebuilder.rebuild(desk.journal, moment)
    except NecError as error:
        return PictureAnswer(panel, moment, None, None, False, str(error))
    is_exact = rebuilt.state_hash == state_hash
    return PictureAnswer(
        panel,
        moment,
        read_only(rebuilt.rgb),
        read_only(rebuilt.observation[-1].copy()),
        is_exact,
        "" if is_exact else "the rebuilt screen differs from the one that was stored",
    )
