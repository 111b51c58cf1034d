"""What a window asks of an agent on a device is answered as for the same agent on the host.

On the pretended device; what that does not show is told in :mod:`test_playing_on_a_device`.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from device_runs import HOST, SMALL, let_find, played
from pretended_device import DEVICE
from waiting import until

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.insight.filters import StrongestScreens
from nec_engine.insight.gradient import Gradient
from nec_engine.insight.guided import GuidedBackpropagation
from nec_engine.insight.integrated import IntegratedGradients
from nec_engine.insight.perturbation import Perturbation
from nec_engine.insight.protocol import Method
from nec_engine.insight.randomised import randomised
from nec_engine.insight.smoothgrad import SmoothGrad
from nec_engine.insight.targets import target_of
from nec_engine.insight.two_brains import play_in_step
from nec_engine.insight.what_if import play_course
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.agents import Policy
from nec_engine.learning.steps import TaughtStep
from nec_engine.memory.edit_log import EditLog, Job
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.state import on_host
from nec_engine.messages import (
    F32,
    AskEntries,
    AskMap,
    AskPlaces,
    AskSaliency,
    AskWhatIf,
    Column,
    Decision,
    DeleteEntries,
    Entry,
    EntryFilter,
    EntrySet,
    Event,
    Landmarks,
    LikeEntry,
    LikeMoment,
    LikenessTo,
    MemoryEdited,
    Moment,
    OfEpisode,
    OfOrigin,
    Origin,
    Projection,
    QOf,
    SaliencyMethod,
    SaliencyTarget,
    SaveSnapshot,
    SetPaused,
    SnapshotSaved,
    ThreadFailed,
    UndoEdit,
)
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.entries import Listing
from nec_engine.run.answering.map import memory_map
from nec_engine.run.answering.places import places
from nec_engine.run.comparing.run_copy import CopyWish, copy_run, images_of
from nec_engine.run.engine import Engine
from nec_engine.run.export.rehearsal import rehearse
from nec_engine.run.live.deciding import Seen, decide_with_evidence
from nec_engine.run.publication import Publication, Published
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer

NUM_STEPS = 24
METHODS: tuple[Method, ...] = (
    Gradient(),
    SmoothGrad(num_copies=5),
    IntegratedGradients(num_steps=5),
    GuidedBackpropagation(),
    Perturbation(spacing=28),
)


class Opened:
    """A run and what its window's threads have at hand."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        memory = trainer.agent.memory
        assert isinstance(memory, EpisodicMemory)
        self.memory = memory
        self.policy: Policy = trainer.agent.policy()
        publication = Publication()
        publication.put(Published(self.policy, 0.0))
        rebuilder = Rebuilder(trainer.rom, trainer.settings)
        self.desk = Desk(rebuilder, trainer.journal, publication, memory, lambda: None)

    def emulator(self) -> Emulator:
        return Emulator(self.trainer.rom, self.trainer.settings, seed=0)


Pair = tuple[Opened, Opened]


def opened_pair(**changes: Any) -> Pair:
    there, here = (Opened(played(device, NUM_STEPS, **changes)) for device in (DEVICE, HOST))
    return there, here


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """The same run on the device and on the host; not to be changed."""
    made = opened_pair(prior_distance=0.5, capacity=8, dqn_handover_steps=60)
    yield made
    for run in made:
        run.trainer.close()


def facts(told: Any) -> Any:
    """A message as plain values that can be compared, without how long it took."""
    if isinstance(told, np.ndarray):
        return (told.dtype.str, told.shape, told.tobytes())
    if dataclasses.is_dataclass(told):
        return {
            field.name: facts(getattr(told, field.name))
            for field in dataclasses.fields(told)
            if field.name != "took_s"
        }
    if isinstance(told, Mapping):
        return {key: facts(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [facts(value) for value in told]
    return told


def same(pair: Pair, ask: Callable[[Opened], Any]) -> Any:
    """What both answer."""
    there, here = (ask(run) for run in pair)
    assert facts(there) == facts(here)
    return there


def decision_of(run: Opened) -> Decision:
    """Where the training game stands."""
    emulator = run.trainer.emulator
    seen = Seen(Moment(0, 0), emulator.observation(), 1)
    published = run.desk.publication.newest
    assert published is not None
    return decide_with_evidence(published, seen, emulator.action_names, 1, np.random.default_rng(0))


def entry_of(run: Opened) -> Entry:
    """The nearest neighbour of a decision."""
    evidence = max(decision_of(run).evidence, key=lambda part: len(part.slots))
    moment = Moment(int(evidence.episodes[0]), int(evidence.steps[0]))
    return Entry(evidence.action, int(evidence.slots[0]), moment, int(evidence.state_hashes[0]))


def ended(steps: Iterator[Any]) -> Any:
    """What a generator ends with."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_a_decision_is_explained_and_adds_up(pair: Pair) -> None:
    decision = same(pair, decision_of)
    assert any(len(part.shares) for part in decision.evidence)
    for part in decision.evidence:
        of_prior = part.prior_share * part.prior_value
        of_network = part.network_share * part.network_value
        assert part.contributions.sum() + of_prior + of_network == pytest.approx(part.q, abs=1e-5)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_a_map_of_the_screens_is_made(pair: Pair, method: Method) -> None:
    entry = entry_of(pair[0])
    for wish in (QOf(entry.action), LikenessTo(entry)):

        def attribution(run: Opened, wish: SaliencyTarget = wish) -> F32:
            decision = decision_of(run)
            target = target_of(run.policy, decision, wish)
            found: F32 = ended(method.attribution(target, decision.observation))
            return found

        found = same(pair, attribution)
        assert np.isfinite(found).all()
        assert found.any()


def test_a_map_is_checked_against_random_layers(pair: Pair) -> None:
    def q_values(run: Opened) -> list[F32]:
        observation = decision_of(run).observation[None]
        return [policy.q_values(observation) for policy in randomised(run.policy)]

    assert len(same(pair, q_values)) == 5


def test_the_memory_is_mapped_and_browsed(pair: Pair) -> None:
    entry = entry_of(pair[0])

    def browse(run: Opened) -> list[Any]:
        *_, first = memory_map(AskMap("map", most_points=20), run.desk)
        *_, second = memory_map(AskMap("map", previous=None), run.desk)
        assert first is not None
        assert second is not None
        plane = second.projection
        assert isinstance(plane, Projection)
        named = np.array([entry.slot]), np.array([entry.state_hash], np.uint64)
        question = AskPlaces("map", plane, 1, entry.action, *named, np.ones(1, np.float32))
        keys = run.memory.contents.at(second.actions.astype(np.int64), second.slots).keys
        marks = Landmarks(on_host(keys), second.xy)
        again = dataclasses.replace(question, projection=marks)
        found: list[Any] = [first, second]
        found += [*places(question, run.desk), *places(again, run.desk)]
        for like in (LikeEntry(entry), LikeMoment(entry.moment)):
            asked = AskEntries("memory", EntryFilter(), Column.DISTANCE, like=like)
            found += [answer for answer in Listing(run.desk).entries(asked) if answer is not None]
        return found

    *maps, by_entry, by_moment = same(pair, browse)
    assert len(maps) == 4
    assert by_entry.distances_sq[0] == 0.0
    assert by_moment.problem == ""


def test_other_actions_and_other_brains_are_played_out(pair: Pair) -> None:
    def play_on(run: Opened) -> list[Any]:
        emulator, other = run.emulator(), run.emulator()
        start = emulator.clone()
        course = play_course(
            emulator, start, run.policy, run.trainer.settings, action=1, num_forced=1, num_free=2
        )
        other.restore(start)
        emulator.restore(start)
        steps = play_in_step((emulator, other), (pair[1].policy, run.policy), 2)
        return [course, *steps]

    course, *steps = same(pair, play_on)
    assert course.num_steps == 3
    assert not any(have_parted for _, have_parted in steps)


def test_filters_are_shown_what_excites_them(pair: Pair) -> None:
    def views(run: Opened) -> list[Any]:
        strongest = StrongestScreens(run.policy.networks[0])
        strongest.see(decision_of(run).observation[None])
        return list(itertools.islice(strongest.views(), 3))

    assert len(same(pair, views)) == 3


def test_entries_are_rehearsed_for_export(pair: Pair) -> None:
    def uses(run: Opened) -> Any:
        settings = changed(
            run.trainer.settings, {"export_episodes": 1, "eval_episode_cap_frames": 100}
        )
        agent = run.trainer.agent
        assert isinstance(agent, EpisodicAgent)
        return rehearse(run.trainer.rom, settings, agent)

    assert same(pair, uses).sum() > 0


@pytest.fixture
def changing_pair() -> Iterator[Pair]:
    """The same run on the device and on the host, for one test."""
    made = opened_pair(capacity=8)
    yield made
    for run in made:
        run.trainer.close()


def test_a_memory_is_edited_taught_and_copied(changing_pair: Pair, tmp_path: Path) -> None:
    screens = tuple(changing_pair[1].trainer.emulator.observation())
    taught = [
        TaughtStep(Moment(1 << 40, step), step % 2, 70 + step % 2, screens, 0.0, 5.0 + step, who)
        for step, who in enumerate((Origin.PERSON, Origin.AGENT, Origin.PERSON))
    ]

    def change(run: Opened) -> list[Any]:
        log, entry = EditLog(run.memory, piece=2), entry_of(run)
        one, all_of_it = EntrySet.of([entry]), OfEpisode(run.trainer.episode_id)
        run.trainer.take_taught(taught)
        run.memory.lesson_say.weight = 2.0
        told = [decision_of(run)]
        named = run.memory.surgery.named
        jobs: tuple[Callable[[], Job], ...] = (
            lambda: log.set_value(named(one), 3.0),
            lambda: log.set_pinned(named(one), None),
            lambda: log.delete(named(all_of_it)),
            log.undo,
            log.forget_lessons,
            log.undo,
            log.redo,
        )
        for job in jobs:
            ended(job())
            assert run.memory.check_valid() == []
            told.append(decision_of(run))
        wish = CopyWish()
        ended(copy_run(run.trainer, log, wish))
        copied = wish.made.get_nowait()
        images = [image for edit in images_of(copied.tree["edits"]) for image in edit]
        return [*told, copied.tree, [[image.keys.numpy(), image.records] for image in images]]

    same(changing_pair, change)
    paths = (tmp_path / "there.nec", tmp_path / "here.nec")
    for run, path in zip(changing_pair, paths, strict=True):
        save_run(run.trainer, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_engine_with_all_its_threads_runs_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_find(DEVICE, monkeypatch)
    settings = changed(Settings(), SMALL)
    engine = Engine.open_game("pong", settings, tmp_path)
    rung, told = threading.Event(), Told()
    engine.start(rung.set)
    try:
        until(lambda: told.take(engine).decision is not None and told.num_updates > 0)
        engine.send(SetPaused(True))
        until(lambda: told.take(engine).status is not None and told.status.is_paused)
        decision = told.decision
        assert decision is not None
        engine.ask(AskSaliency("map of the screens", decision, QOf(), SaliencyMethod.GUIDED))
        engine.ask(AskMap("map"))
        engine.ask(AskEntries("memory", EntryFilter(), Column.VALUE))
        engine.ask(AskWhatIf("what if", decision.moment, decision.state_hash, 1, 1))
        engine.send(DeleteEntries(OfOrigin(Origin.AGENT)))
        engine.send(UndoEdit())
        engine.send(SaveSnapshot(tmp_path / "saved.nec"))
        asked = {"map of the screens", "map", "memory", "what if"}
        until(lambda: told.take(engine).panels == asked)
        until(lambda: any(isinstance(event, SnapshotSaved) for event in told.take(engine).events))
    finally:
        engine.stop()
    assert engine.info.device == str(DEVICE)
    assert [event for event in told.events if isinstance(event, ThreadFailed)] == []
    assert sum(isinstance(event, MemoryEdited) for event in told.events) == 2


class Told:
    """What an engine has told so far."""

    def __init__(self) -> None:
        self.decision: Decision | None = None
        self.status: Any = None
        self.num_updates = 0
        self.panels: set[str] = set()
        self.events: list[Event] = []

    def take(self, engine: Engine) -> Told:
        news = engine.pull()
        self.decision, self.status = news.decision or self.decision, news.status or self.status
        self.num_updates = news.progress.network_version if news.progress else self.num_updates
        self.panels |= {answer.panel for answer in news.answers}
        self.events += news.events
        return self
