"""What would have come of each action at a moment."""

from __future__ import annotations

from collections.abc import Iterator

from nec_engine.errors import NecError
from nec_engine.insight.what_if import play_course
from nec_engine.messages import AskWhatIf, WhatIfAnswer
from nec_engine.run.answering.study_room import StudyRoom


def what_if(question: AskWhatIf, room: StudyRoom) -> Iterator[WhatIfAnswer]:
    """One for each action, in order, each some tenths of a second."""
    published, emulator = room.desk.publication.newest, room.emulator()
    try:
        start = room.place(emulator, question.moment, question.state_hash)
    except NecError as error:
        yield _problem(question, str(error))
        return
    if published is None:
        yield _problem(question, "The agent is not ready yet; ask again in a moment.")
        return
    for action in range(emulator.num_actions):
        course = play_course(
            emulator,
            start,
            published.policy,
            room.settings,
            action=action,
            num_forced=question.num_forced,
            num_free=question.num_free,
            give_way=room.give_way,
        )
        yield WhatIfAnswer(
            panel=question.panel,
            moment=question.moment,
            action=action,
            score=course.score,
            q=course.q,
            num_steps=course.num_steps,
            lives_lost=course.lives_lost,
            is_game_over=course.is_game_over,
            familiarity=course.familiarity,
            shots=course.shots,
            number=question.number,
        )


def _problem(question: AskWhatIf, sentence: str) -> WhatIfAnswer:
    return WhatIfAnswer(
        panel=question.panel, moment=question.moment, action=-1, score=0.0, q=0.0, num_steps=0,
        lives_lost=0, is_game_over=False, familiarity=None, shots=(), problem=sentence,
        number=question.number,
    )  # fmt: skip
