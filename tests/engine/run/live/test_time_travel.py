"""The past of the live game, stepped without a thread on real games."""

from __future__ import annotations

import numpy as np
import pytest
from test_live_game import Table

from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import (
    U8,
    BranchBegan,
    BranchHere,
    Choice,
    Decision,
    Ending,
    Event,
    Frame,
    HoldStick,
    LoadQuickState,
    LookAt,
    LookBack,
    Luck,
    Moment,
    Notice,
    Player,
    ReturnToPresent,
    SaveQuickState,
    SetRewinding,
    Timeline,
    WatchTimeline,
)
from nec_engine.run.live.guide import Guide
from nec_engine.run.live.pace_thread import PaceThread
from nec_engine.run.live.time_travel import TimeTravel
from nec_engine.run.outbox import Outbox

STEPS = 40


class Traveller:
    """A live game and its past; what would be shown is kept."""

    def __init__(self, game: str = "pong", **changes: object) -> None:
        self.table = Table(game, **changes)
        self.live = self.table.live
        self.outbox = Outbox()
        self.pacer = PaceThread(self.outbox)  # not started: what is put waits to be looked at
        guide = Guide(Rebuilder(self.table.rom, self.table.settings), self.table.journal)
        has_luck = self.table.settings.sticky_actions > 0
        self.travel = TimeTravel(self.live, guide, self.outbox, self.pacer, has_luck=has_luck)

    def play(self, num_steps: int) -> list[U8]:
        """The screen after each step."""
        screens = []
        for _ in range(num_steps):
            self.table.play(4)
            screens.append(self.live.emulator.rgb())
        return screens

    def repeat(self, actions: bytes) -> list[U8]:
        """The screen after each of these actions, played by hand in the live emulator."""
        screens = []
        for action in actions:
            for _ in range(4):
                self.live.emulator.act_frame(action)
            screens.append(self.live.emulator.rgb())
        return screens

    def shown(self) -> Frame:
        return self.pacer._waiting[-1][0]

    def events(self) -> list[Event]:
        return list(self.outbox.pull().events)

    def timeline(self) -> Timeline:
        self.travel.obey(WatchTimeline(True))
        self.travel.post_timeline()
        timeline = self.outbox.pull().timeline
        assert timeline is not None
        return timeline


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_ten_steps_back_and_the_same_actions_bring_the_same_screens(game: str) -> None:
    traveller = Traveller(game, sticky_actions=0.25)
    screens = traveller.play(STEPS)
    episode = traveller.live.episode_id
    traveller.travel.obey(LookBack(10))
    assert traveller.shown().is_past
    assert traveller.shown().moment == Moment(episode, STEPS - 10)
    traveller.travel.go_on()
    assert not traveller.travel.is_past
    assert traveller.live.episode_id == episode + 1
    actions = traveller.table.journal.episode(episode).actions(STEPS - 10, STEPS)
    for before, again in zip(screens[-10:], traveller.repeat(actions), strict=True):
        assert np.array_equal(before, again)


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_new_luck_brings_another_game_and_the_same_luck_the_same(game: str) -> None:
    traveller = Traveller(game, sticky_actions=0.25)
    traveller.live.mind.is_evidence_wanted = False
    traveller.play(110)  # Ms. Pac-Man stands still at first
    place = traveller.live.book.present
    assert place is not None
    names = traveller.live.emulator.action_names
    ways = [names.index("left"), names.index("right")]
    actions = bytes(ways[step % 2] for step in range(60))
    courses = {}
    for name, new_luck in (("first", False), ("same", False), ("new", True)):
        traveller.travel.obey(LookAt(place))
        traveller.travel.obey(BranchHere(new_luck))
        courses[name] = traveller.repeat(actions)
        traveller.play(1)
    pairs = zip(courses["first"], courses["same"], strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)
    pairs = zip(courses["first"], courses["new"], strict=True)
    assert not all(np.array_equal(one, other) for one, other in pairs)
    lucks = [episode.luck for episode in traveller.timeline().episodes]
    assert lucks[1:] == [Luck.SAME, Luck.SAME, Luck.NEW]


def test_where_nothing_is_left_to_chance_new_luck_says_so() -> None:
    traveller = Traveller()
    traveller.play(5)
    traveller.travel.obey(BranchHere(new_luck=True))
    notice, began = traveller.events()
    assert isinstance(notice, Notice)
    assert "no luck" in notice.text
    assert isinstance(began, BranchBegan)
    assert began.luck is Luck.NONE


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_a_quick_state_brings_its_screen_back_bit_by_bit(game: str) -> None:
    traveller = Traveller(game)
    screen = traveller.play(30)[-1]
    saved = traveller.live.book.present
    score = traveller.live.emulator.score
    traveller.travel.obey(SaveQuickState(3))
    traveller.play(25)
    traveller.travel.obey(LoadQuickState(3))
    frame = traveller.shown()
    assert np.array_equal(frame.rgb, screen)
    assert np.array_equal(traveller.live.emulator.rgb(), screen)
    assert (frame.score, frame.is_past) == (score, False)
    timeline = traveller.timeline()
    assert timeline.episodes[-1].parent == saved
    assert timeline.quick_states == ((3, saved),)
    traveller.travel.obey(LoadQuickState(4))
    (notice,) = traveller.events()
    assert isinstance(notice, Notice)
    assert "Quick state 4 is empty" in notice.text


def test_looking_changes_nothing_and_the_game_goes_on_where_it_was_left() -> None:
    plain, looking = Traveller("ms_pacman"), Traveller("ms_pacman")
    for traveller in (plain, looking):
        traveller.play(20)
        traveller.table.play(2)  # in the middle of a step
    screen = looking.live.emulator.rgb()
    looking.travel.obey(LookBack(7))
    looking.travel.turn(with_decision=True)
    looking.travel.obey(LookBack(-3))
    looking.travel.obey(LookAt(Moment(looking.live.episode_id, 0)))
    looking.travel.obey(ReturnToPresent())
    assert np.array_equal(looking.shown().rgb, screen)
    looking.travel.go_on()  # nothing to do
    assert looking.timeline().episodes[-1].parent is None
    for traveller in (plain, looking):
        traveller.table.play(2)
    for one, other in zip(plain.play(20), looking.play(20), strict=True):
        assert np.array_equal(one, other)


def test_further_back_than_a_branch_lies_the_episode_it_left() -> None:
    traveller = Traveller()
    traveller.play(20)
    first = traveller.live.episode_id
    traveller.travel.obey(LookBack(8))
    traveller.travel.go_on()
    traveller.play(5)
    timeline = traveller.timeline()
    assert [episode.ending for episode in timeline.episodes] == [Ending.LEFT, Ending.OPEN]
    assert timeline.episodes[0].num_steps == 20
    assert timeline.episodes[1].offset == 12
    places = []
    for back in (2, 3, 1, 100, -14, -2, -1):
        traveller.travel.obey(LookBack(back))
        places.append(traveller.shown().moment)
    second = first + 1
    assert places == [
        Moment(second, 3), Moment(second, 0), Moment(first, 11), Moment(first, 0),
        Moment(second, 2), Moment(second, 4), Moment(second, 5),
    ]  # fmt: skip
    assert not traveller.travel.is_past  # at the end stands the game itself
    traveller.travel.obey(LookAt(Moment(first, 18)))  # what was left is still there
    assert traveller.shown().moment == Moment(first, 18)
    assert traveller.timeline().route == traveller.live.book.route_to(first)


def test_a_picture_of_the_past_says_who_played_and_what() -> None:
    traveller = Traveller(max_noops=0)
    traveller.play(3)
    traveller.live.wanted_player, traveller.live.stick = Player.PERSON, HoldStick(up=True)
    traveller.play(5)
    traveller.live.wanted_player = Player.AGENT
    traveller.play(3)
    traveller.travel.obey(LookBack(4))
    assert traveller.shown().player is Player.PERSON
    traveller.travel.obey(LookBack(5))
    assert traveller.shown().player is Player.AGENT
    traveller.travel.obey(LookBack(-1))
    frame = traveller.shown()
    assert frame.moment.step == 3
    assert frame.player is Player.PERSON
    assert traveller.live.emulator.action_names[frame.action] == "right"


def what_is_told(traveller: Traveller, moment: Moment) -> Decision:
    """The explanation of a moment of the past that is looked at until it comes."""
    traveller.travel.obey(LookAt(moment))
    traveller.travel._due_s = 0.0
    traveller.travel.turn(with_decision=True)
    decision = traveller.outbox.pull().decision
    assert decision is not None
    assert decision.moment == moment
    return decision


def test_of_the_past_is_told_what_was_played_there_not_what_would_be() -> None:
    traveller = Traveller(max_noops=0)
    traveller.play(6)
    traveller.live.wanted_player = Player.PERSON
    for step in range(12):
        traveller.live.stick = HoldStick(up=step % 3 == 0, down=step % 3 == 1)
        traveller.play(1)
    traveller.live.leave_episode()
    first = traveller.live.episode_id
    traveller.play(3)
    played = traveller.table.journal.episode(first).actions(0, 18)
    told_best = set()
    for step in (2, 6, 7, 8, 9, 17):
        decision = what_is_told(traveller, Moment(first, step))
        assert decision.action == traveller.shown().action == played[step]
        assert decision.choice is Choice.RECORDED
        assert decision.epsilon == 0.0
        told_best.add(decision.action == decision.best_action)
    assert told_best == {True, False}
    at_the_end = what_is_told(traveller, Moment(first, 18))
    assert at_the_end.choice is Choice.GREEDY  # nothing was played there
    assert traveller.shown().action == played[17]


def test_a_finished_game_can_be_played_on_from_its_last_step() -> None:
    traveller = Traveller(episode_cap_frames=120)
    while traveller.live.ended is None:
        traveller.table.play(1)
    length = traveller.live.ended.steps
    traveller.travel.obey(LookBack(3))
    traveller.travel.obey(LookBack(-2))
    traveller.travel.go_on()
    traveller.table.play(1)
    assert traveller.timeline().episodes[-1].parent == Moment(
        traveller.live.episode_id - 1, length - 1
    )


def test_before_the_start_of_a_game_lies_the_end_of_the_last_one() -> None:
    traveller = Traveller(episode_cap_frames=100, max_noops=0)
    traveller.live.mind.is_evidence_wanted = False
    while traveller.live.ended is None:
        traveller.table.play(1)
    first, length = traveller.live.episode_id, traveller.live.ended.steps
    traveller.play(6)
    moments = []
    for back in (6, 1, 2, -3, 100, -100):
        traveller.travel.obey(LookBack(back))
        moments.append(traveller.shown().moment)
    assert moments == [
        Moment(first + 1, 0), Moment(first, length), Moment(first, length - 2),
        Moment(first + 1, 0), Moment(first, 0), Moment(first + 1, 6),
    ]  # fmt: skip
    assert not traveller.travel.is_past
    traveller.travel.obey(LookBack(7))
    traveller.travel.go_on()
    parent = traveller.timeline().episodes[-1].parent
    assert parent == Moment(first, length - 1)


def test_what_a_person_plays_before_and_after_a_branching_is_taught_once_each() -> None:
    traveller = Traveller()
    traveller.live.wanted_player, traveller.live.stick = Player.PERSON, HoldStick(up=True)
    traveller.play(30)
    traveller.travel.obey(LookBack(12))
    traveller.travel.go_on()
    traveller.play(15)
    traveller.live.leave_episode()
    moments = [step.moment for step in traveller.table.taught]
    assert len(moments) == len(set(moments)) == 45
    rebuilder = Rebuilder(traveller.table.rom, traveller.table.settings)
    for taught in traveller.table.taught:
        there = rebuilder.rebuild(traveller.table.journal, taught.moment)
        assert there.state_hash == taught.state_hash


def test_a_moment_that_stands_still_is_explained_and_one_passed_by_is_not() -> None:
    traveller = Traveller()
    traveller.play(12)
    traveller.travel.obey(LookBack(4))
    assert traveller.travel.turn(with_decision=True) > 0  # not at once
    traveller.travel._due_s = 0.0
    assert traveller.travel.turn(with_decision=True) == float("inf")
    decision = traveller.outbox.pull().decision
    assert decision is not None
    assert decision.moment == traveller.shown().moment
    traveller.travel.obey(SetRewinding(True))
    for _ in range(3):
        traveller.travel._due_s = 0.0
        traveller.travel.turn(with_decision=True)
    assert traveller.shown().moment.step == 5
    assert traveller.outbox.pull().decision is None


def test_before_anything_was_played_there_is_a_sentence() -> None:
    traveller = Traveller()
    for command in (LookBack(1), BranchHere(), SaveQuickState(0), SetRewinding(True)):
        assert not traveller.travel.obey(command)
        (notice,) = traveller.events()
        assert isinstance(notice, Notice)
        assert "let the game play first" in notice.text
    assert not traveller.travel.is_rewinding
    assert not traveller.travel.obey(LookAt(Moment(5, 5)))
    (notice,) = traveller.events()
    assert isinstance(notice, Notice)
    assert "was not played in this session" in notice.text


def test_frames_of_the_past_are_new_frames() -> None:
    traveller = Traveller()
    traveller.play(10)
    numbers = []
    for _ in range(3):
        traveller.travel.obey(LookBack(1))
        numbers.append(traveller.shown().number)
    assert numbers == sorted(set(numbers))


def test_rewinding_ends_where_there_is_no_record_and_says_so_once() -> None:
    there = Traveller()
    there.play(3)
    there.live.leave_episode()
    first = there.live.episode_id
    there.play(1)
    assert there.table.journal.forget(first)
    there.travel.obey(SetRewinding(True))
    while there.travel.is_rewinding:
        there.travel.turn(with_decision=False)
    assert [type(event) for event in there.events()] == [Notice]


def test_a_moment_whose_record_is_gone_is_told_when_it_is_to_be_explained_again() -> None:
    there = Traveller()
    there.play(12)
    there.live.leave_episode()
    first = there.live.episode_id
    there.play(2)
    there.travel.obey(LookAt(Moment(first, 5)))
    there.events()
    assert there.table.journal.forget(first)
    there.travel.explain_again()
    (told,) = there.events()
    assert isinstance(told, Notice)
    assert told.is_problem
