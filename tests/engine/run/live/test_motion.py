"""When the live game plays on."""

from __future__ import annotations

from nec_engine.run.live.motion import Motion


def paused() -> Motion:
    motion = Motion()
    motion.is_paused = True
    return motion


def test_a_game_runs_until_it_is_paused() -> None:
    motion = Motion()
    assert motion.is_wanted
    motion.note_frame(is_at_step_boundary=True)
    assert motion.is_wanted
    assert not paused().is_wanted


def test_so_many_frames_are_played_as_were_asked_for_in_all() -> None:
    motion = paused()
    motion.advance(2, to_next_decision=False)
    motion.advance(1, to_next_decision=False)
    played = 0
    while motion.is_wanted:
        motion.note_frame(is_at_step_boundary=False)
        played += 1
    assert played == 3


def test_the_next_decision_is_reached_where_a_step_begins() -> None:
    motion = paused()
    motion.advance(1, to_next_decision=True)
    for is_at_step_boundary in (False, False, True):
        assert motion.is_wanted
        motion.note_frame(is_at_step_boundary=is_at_step_boundary)
    assert not motion.is_wanted


def test_what_was_asked_for_before_is_forgotten_where_it_stands() -> None:
    motion = paused()
    motion.advance(5, to_next_decision=False)
    motion.advance(1, to_next_decision=True)
    motion.stand()
    assert not motion.is_wanted


def test_of_a_new_episode_one_frame_is_seen_and_not_more_than_were_asked_for() -> None:
    motion = paused()
    motion.show_first_frame()
    motion.note_frame(is_at_step_boundary=False)
    assert not motion.is_wanted
    motion.advance(2, to_next_decision=False)
    motion.show_first_frame()
    for _ in range(2):
        assert motion.is_wanted
        motion.note_frame(is_at_step_boundary=False)
    assert not motion.is_wanted
