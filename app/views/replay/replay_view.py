"""A recorded episode seen again: scrubbed like a video, with what the agent of now thinks of it."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.neighbours.neighbour_rows import STEPS_BEFORE
from app.models.replay.chosen_range import ChosenRange
from app.models.replay.hindsight_requests import FRESH_S, HindsightRequests
from app.models.replay.reel import Reel
from app.models.replay.replay_words import (
    NOTHING_OPEN,
    NOTHING_TO_REPLAY,
    check_words,
    place_words,
    thought_words,
)
from app.views.replay.replay_controls import ReplayControls
from app.views.replay.replay_neighbours import ReplayNeighbours
from app.views.replay.replay_panes import ReplayPanes
from app.views.replay.replay_picture import ReplayPicture
from app.views.why.action_bars import ActionBars
from app.views.widgets.fitted_label import ElidedLabel, SentenceLabel
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    U8,
    Decision,
    Entry,
    GoTo,
    HindsightAnswer,
    Moment,
    PictureAnswer,
    ReplayPart,
)

PANEL: Final = "replay"
THOUGHTS: Final = "replay thoughts"
REFRESH_MS: Final = 16
PICTURE_MS: Final = 33  # two frames of the game
ASK_AGAIN_MS: Final = 40


class ReplayView(Panel):
    """Plays one episode; it stands still while nobody sees it."""

    replay_wanted = pyqtSignal(object)  # AskReplay
    hindsight_wanted = pyqtSignal(object)  # AskHindsight
    pictures_wanted = pyqtSignal(object)  # AskPictures
    visit_wanted = pyqtSignal(object)  # GoTo
    entry_clicked = pyqtSignal(object)  # Entry
    video_wanted = pyqtSignal(object, int)  # the first Moment, number of steps

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Replay", REFRESH_MS, parent, clock)
        self.reel = Reel(PANEL)
        self._thoughts = HindsightRequests(THOUGHTS)
        self._entry: Entry | None = None
        self._action_names: tuple[str, ...] = ()
        self._nothing_open = NOTHING_OPEN
        self.step = self._part = 0
        self.shown: Moment | None = None  # whose picture is there; None: another one's, or none
        self._range = ChosenRange()
        self.picture = ReplayPicture()
        self.controls = ReplayControls()
        self.place, self.check = SentenceLabel(2), ElidedLabel()
        self.sentence = SentenceLabel(3)
        self.sentence.setAccessibleName("What the agent of now thinks of this step")
        self.bars = ActionBars()
        self.neighbours = ReplayNeighbours(self.clock)
        self._screen = QWidget()
        self.panes = ReplayPanes(self._screen, self.bars, self.neighbours)
        self._play_timer = QTimer(self)
        self._play_timer.setInterval(PICTURE_MS)
        self._play_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._play_timer.timeout.connect(self._play_on)
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.timeout.connect(self._ask)
        self._connect()
        self._lay_out()
        self.setFocusProxy(self.controls.slider)
        self.set_theme(self.theme)
        self.refresh()

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for part in (self.picture, self.controls, self.bars, self.neighbours):
            part.set_theme(theme)

    def open_game(self, action_names: tuple[str, ...], *, has_memory: bool = True) -> None:
        """Another game is open: nothing of the former can be replayed."""
        self._nothing_open = NOTHING_OPEN if has_memory else NOTHING_TO_REPLAY
        self.set_playing(False)
        self.reel.close()
        self._thoughts.clear()
        self._entry, self._action_names = None, action_names
        self.step = self._part = 0
        self._range.clear()
        self.neighbours.clear()
        self.bars.forget()
        self.panes.fit_actions(len(action_names))
        self.request_refresh()

    def open_entry(self, entry: Entry) -> None:
        """Play the episode of ``entry`` from a little before it."""
        self._entry = entry
        if entry.moment.episode != self.reel.episode:
            self._range.clear()
        self.reel.open(entry.moment)
        self._stand_at(max(0, entry.moment.step - STEPS_BEFORE))
        self.set_playing(True)

    def show_part(self, part: ReplayPart) -> None:
        """Keep steps that came, and show them if they are those looked at."""
        if part.panel == PANEL:
            self.reel.put(part)
            if self.reel.problem:
                self.set_playing(False)
            self._ask()
            self.request_refresh()

    def show_hindsight(self, answer: HindsightAnswer) -> None:
        """Keep what is thought of a step, and show it."""
        if answer.panel == THOUGHTS:
            self._thoughts.put(answer.decision, self.clock())
            self._ask()
            self.request_refresh()

    def think_again(self) -> None:
        """The memory is another one: what was thought of the steps is asked for anew."""
        self._thoughts.make_old()
        self._ask()

    def show_picture(self, answer: PictureAnswer) -> None:
        """A picture for the cards."""
        self.neighbours.show_picture(answer)

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the selected entry among the neighbours."""
        self.neighbours.set_selected(entry)

    # --- running ---

    @property
    def is_playing(self) -> bool:
        return self._play_timer.isActive()

    def set_playing(self, is_playing: bool) -> None:
        """Run on from here, at the game's own pace, or stand still."""
        if is_playing and self.reel.num_recorded and self.step >= self.reel.num_recorded:
            self._stand_at(0)
        if is_playing and self.reel.episode is not None:
            self._play_timer.start()
        else:
            self._play_timer.stop()
            self._part = 0
        self.controls.show_playing(self.is_playing)
        self._ask()
        self.request_refresh()

    def scrub(self, step: int) -> None:
        """Stand at ``step``, as when the slider is dragged."""
        self._play_timer.stop()
        self.controls.show_playing(False)
        self._stand_at(step)

    def _stand_at(self, step: int) -> None:
        last = self.reel.num_recorded or max(step, 0)
        self.step, self._part = min(max(step, 0), last), 0
        self._ask()
        self.request_refresh()

    def _play_on(self) -> None:
        is_at_end = bool(self.reel.num_recorded) and self.step >= self.reel.num_recorded
        if not self.is_watched() or is_at_end:
            self.set_playing(False)
        elif self.reel.step(self.step) is not None:  # else it waits for what comes
            self._part += 1
            if self._part >= self.reel.num_pictures(self.step):
                self.step, self._part = self.step + 1, 0
            self._ask()
            self.request_refresh()

    def _ask(self) -> None:
        """Ask for what is missing; hidden, for nothing."""
        if self.reel.episode is None or not self.is_watched():
            self._ask_timer.stop()
            return
        now_s = self.clock()
        part = self.reel.ask(self.step, now_s)
        if part is not None:
            self.replay_wanted.emit(part)
        is_more_wanted = self.reel.has_more_to_ask
        if self.reel.step(self.step) is not None:
            moment = Moment(self.reel.episode, self.step)
            thought = self._thoughts.ask(moment, is_playing=self.is_playing, now_s=now_s)
            if thought is not None:
                self.hindsight_wanted.emit(thought)
            is_more_wanted = is_more_wanted or self._thoughts.get(moment) is None
        wait_ms = ASK_AGAIN_MS if is_more_wanted else round(1000 * FRESH_S)  # the agent learns on
        if not self._ask_timer.isActive() or self._ask_timer.remainingTime() > wait_ms:
            self._ask_timer.start(wait_ms)

    # --- showing ---

    def refresh(self) -> None:
        reel, entry = self.reel, self._entry
        has_episode = reel.episode is not None
        rgb, is_its_own = self._picture() if has_episode else (None, False)
        self.shown = None
        if reel.episode is not None and is_its_own:
            self.shown = Moment(reel.episode, self.step)
        is_at_memory = entry is not None and not self._part and entry.moment.step == self.step
        is_memory = is_at_memory and is_its_own
        if rgb is not None or reel.problem or not has_episode or self.picture.rgb is None:
            words = self._picture_words(is_memory, rgb is None)
            self.picture.show_picture(rgb, words, is_memory=is_memory)
        self.controls.show_place(
            self.step, reel.num_recorded, None if entry is None else entry.moment.step
        )
        chosen = self._range.steps(reel.num_recorded)
        self.controls.set_has_episode(
            has_episode and not reel.problem, has_memory=entry is not None,
            has_range=chosen is not None, can_visit=reel.step(self.step) is not None,
        )  # fmt: skip
        self.controls.slider.set_range(chosen)
        self.place.show_text(place_words(reel, self.step, self._action_names))
        self.check.show_text(check_words(reel, entry))
        self._show_thought()
        if has_episode:
            self._ask()  # it may have been hidden until now

    def _picture(self) -> tuple[U8 | None, bool]:
        """Of the step that is looked at, True; leafing fast, of the last one that came, False."""
        rgb = self.reel.picture(self.step, self._part)
        if rgb is not None:
            return rgb, True
        return self.reel.picture(self.reel.came_last), False

    def _picture_words(self, is_memory: bool, is_missing: bool) -> str:
        if self.reel.episode is None:
            return self._nothing_open
        if self.reel.problem:
            return f"It cannot be shown: {self.reel.problem}."
        if is_missing:
            return "The picture is on its way."
        return "REPLAY: the memory" if is_memory else "REPLAY"

    def _show_thought(self) -> None:
        decision = self._newest_thought()
        shown, reel = self.bars.decision, self.reel
        is_past_end = bool(reel.num_recorded) and self.step >= reel.num_recorded
        is_of_another = shown is not None and shown.moment.episode != reel.episode
        # Until the next thought comes, the last one stands, unless it is of another game.
        if decision is not None or reel.problem or is_past_end or is_of_another:
            self.bars.show_decision(decision, self.clock())
            self.neighbours.show_decision(decision, is_still=not self.is_playing)
        self.sentence.show_text(
            thought_words(self.reel, self.step, decision, is_playing=self.is_playing)
        )

    def _newest_thought(self) -> Decision | None:
        """Of the step that is shown; while it plays, of one just before it too."""
        if self.reel.episode is None:
            return None
        for step in range(self.step, self.step - (4 if self.is_playing else 1), -1):
            decision = self._thoughts.get(Moment(self.reel.episode, step))
            if decision is not None:
                return decision
        return None

    # --- what is pressed ---

    def _visit(self) -> None:
        step = self.reel.step(self.step)
        if step is not None and self.reel.episode is not None:
            place = Moment(self.reel.episode, self.step)
            self.visit_wanted.emit(GoTo(place, step.state_hash))

    def _stand_at_memory(self) -> None:
        if self._entry is not None:
            self.scrub(self._entry.moment.step)

    def _set_range_end(self, is_begin: bool) -> None:
        if is_begin:
            self._range.set_begin(self.step)
        else:
            self._range.set_end(self.step)
        self.request_refresh()

    def _save_range(self) -> None:
        chosen = self._range.steps(self.reel.num_recorded)
        if chosen is not None and self.reel.episode is not None:
            self.video_wanted.emit(Moment(self.reel.episode, chosen[0]), chosen[1] - chosen[0])

    def _save_episode(self) -> None:
        if self.reel.episode is not None and self.reel.num_recorded:
            self.video_wanted.emit(Moment(self.reel.episode, 0), self.reel.num_recorded)

    def _connect(self) -> None:
        controls, neighbours = self.controls, self.neighbours
        controls.scrubbed.connect(self.scrub)
        controls.stepped.connect(lambda steps: self.scrub(self.step + steps))
        controls.play_pressed.connect(lambda: self.set_playing(not self.is_playing))
        controls.memory_pressed.connect(self._stand_at_memory)
        controls.visit_pressed.connect(self._visit)
        controls.episode_video_pressed.connect(self._save_episode)
        controls.range_video_pressed.connect(self._save_range)
        controls.range_end_pressed.connect(self._set_range_end)
        self.bars.action_clicked.connect(neighbours.set_action)
        neighbours.pictures_wanted.connect(self.pictures_wanted)
        neighbours.visit_wanted.connect(self.visit_wanted)
        neighbours.entry_clicked.connect(self.entry_clicked)
        neighbours.replay_wanted.connect(self.open_entry)

    def _lay_out(self) -> None:
        muted(self.check)
        top, under = QHBoxLayout(), QVBoxLayout()
        top.addWidget(self.place, 1)
        top.addWidget(self.panes.switch)
        under.addWidget(self.picture, 1)
        under.addWidget(self.controls)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(3)
        self._screen.setLayout(under)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.panes, 1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.check)
