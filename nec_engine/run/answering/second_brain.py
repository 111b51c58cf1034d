"""The open agent and a saved one, playing from one start in step."""

from __future__ import annotations

from collections.abc import Iterator

from nec_engine.errors import NecError
from nec_engine.game.noops import draw_noops
from nec_engine.insight.two_brains import play_in_step
from nec_engine.messages import AskSecondBrain, BrainsEnded, BrainsStep
from nec_engine.run.answering.study_room import StudyRoom
from nec_engine.seeding import derived_seed, generator


def second_brain(question: AskSecondBrain, room: StudyRoom) -> Iterator[BrainsStep | BrainsEnded]:
    """A step at a time; opening the snapshot comes before the first."""
    panel, number = question.panel, question.number
    published = room.desk.publication.newest
    if published is None:
        yield BrainsEnded(panel, 0, "The agent is not ready yet; ask again in a moment.", number)
        return
    emulators = room.emulator(), room.emulator()
    try:
        policy = room.second_brain(question.snapshot, emulators[0].action_names)
        if question.moment is not None:
            start = room.place(emulators[0], question.moment, question.state_hash)
        else:
            emulators[0].reset(_num_noops(room))
            start = emulators[0].clone()
    except NecError as error:
        yield BrainsEnded(panel, 0, str(error), number)
        return
    for emulator in emulators:
        emulator.restore(start)
    step = 0
    policies = published.policy, policy
    games = play_in_step(emulators, policies, question.num_steps, room.give_way)
    for step, (sides, have_parted) in enumerate(games, start=1):
        yield BrainsStep(panel, step, sides, have_parted, number)
    yield BrainsEnded(panel, step, number=number)


def _num_noops(room: StudyRoom) -> int:
    """Of the new game: always the same for a seed."""
    seed = derived_seed(room.settings.seed, "two brains")
    return draw_noops(room.settings, generator(seed, "no-ops"))
