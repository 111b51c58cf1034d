"""The inspect thread: looks into the past and at the memory for the panels."""

from __future__ import annotations

from nec_engine.messages import (
    AskBlurred,
    AskEntries,
    AskEntry,
    AskEpisodes,
    AskHindsight,
    AskMap,
    AskPictures,
    AskPlaces,
    AskReplay,
    AskSaliency,
    AskSanityCheck,
    AskScores,
    LetEntriesGo,
    Question,
)
from nec_engine.run.answering.answering_thread import AnsweringThread, Turns
from nec_engine.run.answering.blurred import blurred
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.entries import Listing, entry
from nec_engine.run.answering.episodes import episodes, scores
from nec_engine.run.answering.map import memory_map
from nec_engine.run.answering.pictures import pictures
from nec_engine.run.answering.places import places
from nec_engine.run.answering.replay import Projector
from nec_engine.run.answering.saliency import saliency, sanity_check
from nec_engine.run.outbox import Outbox


class InspectThread(AnsweringThread[Question]):
    """Answers questions with its own emulator; ``answering/`` holds how each kind is answered."""

    def __init__(self, desk: Desk, outbox: Outbox, projector: Projector) -> None:
        super().__init__("inspect", outbox)
        self._desk = desk
        self._projector = projector
        self._listing = Listing(desk)

    def _is_urgent(self, question: Question) -> bool:
        return isinstance(question, AskPictures | AskReplay)

    def _answers(self, question: Question) -> Turns:
        match question:
            case AskPictures():
                return pictures(question, self._desk)
            case AskSaliency():
                return saliency(question, self._desk)
            case AskMap():
                return memory_map(question, self._desk)
            case AskPlaces():
                return places(question, self._desk)
            case AskEntries():
                return self._listing.entries(question)
            case LetEntriesGo():
                return self._listing.let_go()
            case AskEntry():
                return entry(question, self._desk)
            case AskEpisodes():
                return episodes(question, self._desk)
            case AskScores():
                return scores(question, self._desk)
            case AskBlurred():
                return blurred(question, self._desk)
            case AskSanityCheck():
                return sanity_check(question, self._desk)
            case AskReplay():
                return self._projector.replay(question)
            case AskHindsight():
                return self._projector.hindsight(question)
