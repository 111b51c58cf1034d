"""The live game's past: shown step by step, played on from, and kept in quick states."""

from __future__ import annotations

import dataclasses
import time
from typing import Final

from nec_engine.errors import NecError
from nec_engine.journal.rebuild import RebuiltMoment
from nec_engine.messages import (
    BranchBegan,
    BranchHere,
    Decision,
    Frame,
    GoTo,
    LoadQuickState,
    LookAt,
    LookBack,
    Luck,
    Moment,
    Notice,
    QuickState,
    ReturnToPresent,
    Route,
    SaveQuickState,
    SetRewinding,
    TimeCommand,
    Timeline,
    WatchTimeline,
    WentTo,
)
from nec_engine.run.live.deciding import Seen
from nec_engine.run.live.guide import Guide
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.live.pace_thread import PaceThread
from nec_engine.run.outbox import Outbox

PICTURE_S: Final = 1 / 30  # between two pictures while rewinding, a step each
STANDING_S: Final = 0.12  # so long a moment is looked at before it is explained

NO_LUCK: Final = (
    "This game has no luck: the same actions bring the same game. "
    "Start with --set sticky_actions=0.25 for branches that differ by chance"
)


class TimeTravel:
    """Looks at moments of the session, and branches from them. The live thread's alone.

    While :attr:`is_past`, the open episode stays as it is: looking changes nothing. Whatever
    makes the game move on calls :meth:`go_on`, and a new episode begins at the moment shown.
    """

    def __init__(
        self, game: LiveGame, guide: Guide, outbox: Outbox, pacer: PaceThread, *, has_luck: bool
    ) -> None:
        self._game, self._guide = game, guide
        self._outbox, self._pacer = outbox, pacer
        self._has_luck = has_luck
        self._route: Route | None = None  # of what is looked at; None in the present
        self._place = 0  # along it
        self._there: RebuiltMoment | None = None  # what is shown, until it is explained
        self._is_rewinding = False
        self._due_s = 0.0  # of the next picture, or of the explanation
        self._quick_states: dict[int, Moment] = {}
        self.is_watched = False  # the timeline

    @property
    def is_past(self) -> bool:
        """A moment of the past is shown, and the game stands still."""
        return self._route is not None

    @property
    def is_rewinding(self) -> bool:
        return self._is_rewinding

    def obey(self, command: TimeCommand) -> bool:
        """Whether it could be done; what cannot is said, and nothing changes."""
        is_done = True
        try:
            match command:
                case LookAt(moment):
                    self._look_at(moment)
                case LookBack(steps):
                    is_done = self._look_back(steps)
                case SetRewinding(rewinding):
                    is_done = self._set_rewinding(rewinding)
                case ReturnToPresent():
                    self._return()
                case BranchHere(new_luck):
                    is_done = self._branch_here(new_luck)
                case SaveQuickState(slot):
                    is_done = self._save_quick_state(slot)
                case LoadQuickState(slot):
                    is_done = self._load_quick_state(slot)
                case WatchTimeline(is_watched):
                    self.is_watched = is_watched
        except NecError as error:
            self._is_rewinding = False  # or it would be said again at every picture
            self._say(str(error), is_problem=True)
            return False
        return is_done

    def turn(self, *, with_decision: bool) -> float:
        """Does what is due in the past; seconds until there may be more to do.

        ``with_decision``: somebody wants to know what the agent would do in the moment shown.
        """
        now_s = time.perf_counter()
        if self._is_rewinding:
            if now_s >= self._due_s:
                self._due_s = max(self._due_s + PICTURE_S, now_s)
                self.obey(LookBack(1))
        elif self._there is None:
            return float("inf")
        elif now_s >= self._due_s:
            there, self._there = self._there, None
            decision = self._judge(there) if with_decision else None
            if decision is not None:
                self._outbox.post_decision(decision)
            return float("inf")
        return max(0.0, self._due_s - time.perf_counter())

    def _judge(self, there: RebuiltMoment) -> Decision | None:
        """What was done there as the agent of now sees it; where the record ends, what it does."""
        seen = Seen(there.moment, there.observation, there.state_hash)
        return self._game.mind.judge_past(seen, self._guide.action_in(there.moment))

    def explain_again(self) -> None:
        """The moment shown is explained anew: the memory is another one."""
        if self._route is not None:
            try:
                self._there = self._guide.rebuild(self._route.moment_at(self._place))
            except NecError as error:
                self._say(str(error), is_problem=True)
            self._due_s = time.perf_counter()

    def go_on(self) -> None:
        """The game moves again: from the moment shown, as a branch; from the present, as it is."""
        self._is_rewinding = False
        if self._route is not None:
            try:
                self._branch(self._route.moment_at(self._place), Luck.SAME, is_asked_for=False)
            except NecError as error:
                self._say(str(error), is_problem=True)
                self._return()

    def forget(self) -> None:
        """Something else is shown from now on."""
        self._route = self._there = None
        self._is_rewinding = False

    def go_to(self, wish: GoTo) -> bool:
        """Goes on from a recorded moment of training or of this session; whether it could."""
        try:
            place = self._guide.find(wish)
        except NecError as error:
            self._say(str(error), is_problem=True)
            return False
        self._arrive(place, Luck.SAME)
        self._outbox.post_event(WentTo(wish.moment, wish.moment.step - place.moment.step))
        return True

    def post_timeline(self) -> None:
        """The newest timeline, if anybody sees it."""
        if self.is_watched:
            book = self._game.book
            present = book.present
            route = self._route
            if route is None and present is not None:
                route = book.route_to(present.episode)
            quick_states = (QuickState(*item) for item in sorted(self._quick_states.items()))
            self._outbox.post_timeline(
                Timeline(
                    book.episodes(), route, present, tuple(quick_states), self._has_luck,
                    self._game.emulator.frame_skip,
                )
            )  # fmt: skip

    # --- looking ---

    def _look_at(self, moment: Moment) -> None:
        book = self._game.book
        route = self._route
        if route is None and book.present is not None:
            route = book.route_to(book.present.episode)
        place = None if route is None else route.place_of(moment)
        if route is None or place is None:
            route = book.route_to(moment.episode)
            place = route.place_of(moment)
        assert place is not None  # a route to an episode ends in it
        self._look(route, place)

    def _look_back(self, num_steps: int) -> bool:
        book = self._game.book
        if self._route is not None:
            self._look(self._route, self._place - num_steps)
        elif book.present is None:
            return self._say_no("There is no past yet: let the game play first")
        elif num_steps > 0:
            route = book.route_to(book.present.episode)
            self._look(route, book.num_places(route) - num_steps)
        return True

    def _set_rewinding(self, rewinding: bool) -> bool:
        if rewinding and self._game.book.present is None:
            return self._say_no("There is no past yet: let the game play first")
        self._is_rewinding = rewinding
        self._due_s = time.perf_counter() + (0.0 if rewinding else STANDING_S)
        return True

    def _look(self, route: Route, place: int) -> None:
        """Shows that place; at the end of the episode that is being played the game itself.

        Before a game's start lies the end of the one before it, and the other way round.
        """
        book = self._game.book
        while place < 0 and (before := book.route_before(route)) is not None:
            route, place = before, place + 1 + book.num_places(before)
        while place > book.num_places(route) and (after := book.route_after(route)) is not None:
            route, place = after, place - 1 - book.num_places(route)
        place = min(max(place, 0), book.num_places(route))
        moment = route.moment_at(place)
        if moment == book.present:
            self._return()
            return
        if place == self._place and route == self._route:
            return
        there = self._guide.rebuild(moment)
        self._route, self._place, self._there = route, place, there
        if not self._is_rewinding:
            self._due_s = time.perf_counter() + STANDING_S
        self._show(self._picture(there))

    def _return(self) -> None:
        """The game stands where it was left."""
        if self._route is None:
            return
        self._route = self._there = None
        self._show(self._game.still(None, time.perf_counter()))
        decision = self._game.decision
        if decision is None and self._game.mind.is_evidence_wanted:
            decision = self._game.mind.judge_again()  # it was made when nobody looked
        if decision is not None:
            self._outbox.post_decision(decision)

    def _picture(self, there: RebuiltMoment) -> Frame:
        """Steady: both frames that the agent's screen is made of.

        With the step that begins there, which is also the one that is explained.
        """
        frame = self._game.still(there.rgb, time.perf_counter())
        return dataclasses.replace(
            frame,
            moment=there.moment,
            action=self._guide.action_at(there.moment),
            player=self._game.book.player_at(there.moment),
            score=there.point.score,
            lives=there.point.lives,
            is_past=True,
        )

    def _show(self, frame: Frame) -> None:
        self._pacer.drop()
        self._pacer.put(frame, None)

    # --- playing on ---

    def _branch_here(self, new_luck: bool) -> bool:
        present = self._game.book.present
        if present is None:
            return self._say_no("There is nothing to branch from yet: let the game play first")
        if new_luck and not self._has_luck:
            self._say(NO_LUCK)
        luck = Luck.NEW if new_luck else Luck.SAME
        at = present if self._route is None else self._route.moment_at(self._place)
        self._branch(at, luck, is_asked_for=True)
        return True

    def _branch(self, moment: Moment, luck: Luck, *, is_asked_for: bool) -> None:
        luck = luck if self._has_luck else Luck.NONE
        place = self._guide.rebuild(self._game.book.playable(moment))
        self._arrive(place, luck)
        self._outbox.post_event(BranchBegan(place.moment, luck, is_asked_for))

    def _arrive(self, place: RebuiltMoment, luck: Luck, *, with_last_frame: bool = False) -> None:
        frame = self._game.go_to(place, time.perf_counter(), luck)
        if with_last_frame:
            frame = dataclasses.replace(frame, rgb=place.point.rgb)
        self.forget()
        self._show(frame)  # seen while it is decided there, which takes longer than going
        decision = self._game.decide_there()
        self._pacer.put(self._game.still(frame.rgb, time.perf_counter()), decision)

    # --- quick states ---

    def _save_quick_state(self, slot: int) -> bool:
        """What is shown: of a step that is being played, its beginning."""
        present = self._game.book.present
        at = present if self._route is None else self._route.moment_at(self._place)
        if at is None:
            return self._say_no("There is nothing to save yet: let the game play first")
        self._quick_states[slot] = at
        self._say(f"Quick state {slot} saved; F11 goes back to it")
        return True

    def _load_quick_state(self, slot: int) -> bool:
        moment = self._quick_states.get(slot)
        if moment is None:
            self._say(f"Quick state {slot} is empty: F9 fills it, F10 chooses another")
            return False
        place = self._guide.rebuild(self._game.book.playable(moment))
        luck = Luck.SAME if self._has_luck else Luck.NONE
        self._arrive(place, luck, with_last_frame=True)
        self._outbox.post_event(BranchBegan(place.moment, luck, is_asked_for=True))
        return True

    def _say_no(self, text: str) -> bool:
        self._say(text, is_problem=True)
        return False

    def _say(self, text: str, is_problem: bool = False) -> None:
        self._outbox.post_event(Notice(text, is_important=True, is_problem=is_problem))
