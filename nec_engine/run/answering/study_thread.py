"""The study thread: what takes seconds, and must not keep the pictures of memories waiting."""

from __future__ import annotations

from nec_engine.messages import (
    AskSecondBrain,
    AskUmap,
    AskWhatIf,
    PutSecondBrainAway,
    StudyQuestion,
)
from nec_engine.run.answering.answering_thread import AnsweringThread, Turns
from nec_engine.run.answering.second_brain import second_brain
from nec_engine.run.answering.study_room import StudyRoom
from nec_engine.run.answering.umap_layout import umap_layout
from nec_engine.run.answering.what_if import what_if
from nec_engine.run.outbox import Outbox


class StudyThread(AnsweringThread[StudyQuestion]):
    """Plays games of its own to answer what would have come of another action or agent."""

    def __init__(self, room: StudyRoom, outbox: Outbox) -> None:
        super().__init__("study", outbox)
        self._room = room

    def ask_stop(self) -> None:
        self._room.stop()
        super().ask_stop()

    def _run(self) -> None:
        try:
            super()._run()
        finally:
            self._room.close()

    def _answers(self, question: StudyQuestion) -> Turns:
        match question:
            case AskWhatIf():
                return what_if(question, self._room)
            case AskSecondBrain():
                return second_brain(question, self._room)
            case PutSecondBrainAway():
                return self._put_brain_away()
            case AskUmap():
                return umap_layout(question, self._room.desk)

    def _put_brain_away(self) -> Turns:
        self._room.put_brain_away()
        yield None
