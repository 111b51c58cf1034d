"""Pictures of moments: rebuilt, and checked against what was stored of them."""

from __future__ import annotations

from test_replayed_games import show_of

from nec_engine.messages import AskPictures
from nec_engine.run.answering.pictures import pictures


def test_a_picture_that_is_not_what_was_stored_is_told_apart() -> None:
    show = show_of("pong")
    entry = show.remembered()
    question = AskPictures(
        "cards", (entry.moment, entry.moment), (entry.state_hash, entry.state_hash ^ 1)
    )
    same, other = pictures(question, show.desk)
    assert (same.is_exact, same.problem) == (True, "")
    assert not other.is_exact
    assert "differs from the one that was stored" in other.problem
