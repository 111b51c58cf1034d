"""Which moment lies where along the timeline: one game with its branches, or the whole session."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from nec_engine.messages import LiveEpisode, Moment, Timeline

SMALLEST_SPAN: Final = 100  # steps
SPANS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)  # times a power of ten
NUM_LANES: Final = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of steps of one episode, somewhere on a ruler."""

    episode: LiveEpisode
    place: int  # of its first step, in steps from the left end
    first_step: int
    num_steps: int

    @property
    def end(self) -> int:
        return self.place + self.num_steps

    @property
    def extent(self) -> tuple[int, int, int]:
        """Which steps, and where."""
        return self.place, self.first_step, self.num_steps


@dataclass(frozen=True, slots=True)
class Branch:
    """A course that is not on the ruler itself, drawn below it."""

    stretch: Stretch
    lane: int  # 0 .. NUM_LANES - 1


@dataclass(frozen=True, slots=True)
class Ruler:
    """The stretches from left to right without gaps, and what hangs below them."""

    stretches: tuple[Stretch, ...]
    branches: tuple[Branch, ...] = ()

    @property
    def num_places(self) -> int:
        return self.stretches[-1].end if self.stretches else 0

    @property
    def num_lanes(self) -> int:
        """Of branches that hang below."""
        return max((branch.lane + 1 for branch in self.branches), default=0)

    @property
    def span(self) -> int:
        """Steps that the whole width stands for: some more than there are, and rarely another."""
        needed = max([self.num_places, *(branch.stretch.end for branch in self.branches)])
        power = SMALLEST_SPAN
        while power * 10 < needed:
            power *= 10
        return next(int(power * part) for part in SPANS if power * part >= needed)

    def place_of(self, moment: Moment) -> int | None:
        """Where ``moment`` is, the newest also past the end; None when it is not on this ruler."""
        last = self.stretches[-1] if self.stretches else None
        for stretch in self.stretches:
            beyond = moment.step - stretch.first_step
            if stretch.episode.episode == moment.episode and beyond >= 0:
                is_open = stretch is last
                return stretch.place + beyond if is_open or beyond <= stretch.num_steps else None
        return None

    def moment_at(self, place: int) -> Moment | None:
        """The moment there, or the nearest one; None on an empty ruler."""
        if not self.stretches:
            return None
        place = min(max(place, 0), self.num_places)
        stretch = next(s for s in reversed(self.stretches) if s.place <= place)
        return Moment(stretch.episode.episode, stretch.first_step + place - stretch.place)


def num_same(before: tuple[Stretch, ...], now: tuple[Stretch, ...]) -> int:
    """How many stretches, from the left, are the very same messages at the same places."""
    num = 0
    for one, other in zip(before, now, strict=False):
        if one.episode is not other.episode or one.extent != other.extent:
            break
        num += 1
    return num


def game_ruler(timeline: Timeline) -> Ruler:
    """The route that is shown, and the other courses of the same game below it."""
    if timeline.route is None:
        return Ruler(())
    by_id = {episode.episode: episode for episode in timeline.episodes}
    legs = timeline.route.legs
    ends = [leg.offset for leg in legs[1:]]
    stretches, tails = [], []
    for leg, end in zip(legs, [*ends, None], strict=True):
        episode = by_id[leg.episode]
        num_shown = episode.num_steps if end is None else end - leg.offset
        stretches.append(Stretch(episode, leg.offset, 0, num_shown))
        if episode.num_steps > num_shown:
            rest = episode.num_steps - num_shown
            tails.append(Stretch(episode, leg.offset + num_shown, num_shown, rest))
    on_route = {leg.episode for leg in legs}
    family = set(on_route)
    for episode in timeline.episodes:  # parents come before their branches
        if episode.parent is not None and episode.parent.episode in family:
            family.add(episode.episode)
            if episode.episode not in on_route:
                tails.append(Stretch(episode, episode.offset, 0, episode.num_steps))
    return Ruler(tuple(stretches), _in_lanes(tails))


def session_ruler(timeline: Timeline) -> Ruler:
    """Every episode of the session, one after the other as they were begun."""
    stretches, place = [], 0
    for episode in timeline.episodes:
        stretches.append(Stretch(episode, place, 0, episode.num_steps))
        place += episode.num_steps
    return Ruler(tuple(stretches))


def _in_lanes(stretches: list[Stretch]) -> tuple[Branch, ...]:
    """The newest first; those for which no lane is free are left to the list of courses."""
    placed: list[Branch] = []
    lanes: list[list[Stretch]] = [[] for _ in range(NUM_LANES)]  # each from left to right
    for stretch in sorted(stretches, key=lambda s: s.episode.episode, reverse=True):
        if stretch.num_steps == 0:
            continue
        for number, lane in enumerate(lanes):
            at = bisect_right(lane, stretch.place, key=lambda s: s.place)
            is_free_before = at == 0 or lane[at - 1].end < stretch.place
            if is_free_before and (at == len(lane) or stretch.end < lane[at].place):
                lane.insert(at, stretch)
                placed.append(Branch(stretch, number))
                break
    return tuple(placed)
