"""What a person wants of the open game: each intent becomes a command, and shows at once."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls import Controls, Wishes, faster, slower
from app.teller import Teller
from nec_engine.messages import (
    Advance,
    Command,
    GoTo,
    Player,
    Question,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetStoringAgent,
    SetTeaching,
    SetTraining,
    SetWatchingTraining,
    StartNewEpisode,
    StudyQuestion,
)
from nec_engine.run.engine_api import EngineApi


class Intents(Teller):
    """What can be asked of the game, whichever is open; nothing happens while none is. Qt's thread.

    What is asked of the live game shows it, where training was watched.
    """

    controls_changed = pyqtSignal(object)  # Controls

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: EngineApi | None = None  # whoever opens and closes games sets it
        self._wishes = Wishes()
        self._shown = Controls()
        self._speed_before_fast: float | None = None

    @property
    def controls(self) -> Controls:
        return self._wishes.controls

    def set_paused(self, paused: bool) -> None:
        self._send(SetPaused(paused), is_paused=paused, is_watching_training=False)

    def step(self, *, to_next_decision: bool) -> None:
        """Play on to the next decision or by one frame; pauses first when the game runs."""
        if not self.controls.is_paused:
            self.set_paused(True)
        self._send(Advance(frames=1, to_next_decision=to_next_decision))

    def set_speed(self, speed: float) -> None:
        self._speed_before_fast = None
        self._send(SetSpeed(speed), speed=speed)

    def speed_up(self) -> None:
        self.set_speed(faster(self.controls.speed))

    def slow_down(self) -> None:
        self.set_speed(slower(self.controls.speed))

    def set_fast(self, is_fast: bool) -> None:
        """As fast as possible while a key is held, then as before."""
        if is_fast and self._speed_before_fast is None:
            before = self.controls.speed
            self._send(SetSpeed(float("inf")), speed=float("inf"))
            self._speed_before_fast = before
        elif not is_fast and self._speed_before_fast is not None:
            self.set_speed(self._speed_before_fast)

    def set_player(self, player: Player) -> None:
        self._send(SetPlayer(player), player=player, is_watching_training=False)

    def start_new_episode(self) -> None:
        self._send(StartNewEpisode(), is_watching_training=False)

    def go_to(self, place: GoTo) -> None:
        """Let the live game go on from a recorded moment; it is the live game that is shown."""
        self._send(place, is_watching_training=False)

    def set_training(self, training: bool) -> None:
        self._send(SetTraining(training), is_training=training)

    def set_exploring(self, exploring: bool) -> None:
        self._send(SetExploring(exploring), is_exploring=exploring)

    def set_teaching(self, teaching: bool) -> None:
        self._send(SetTeaching(teaching), is_teaching=teaching)

    def set_storing_agent(self, storing: bool) -> None:
        self._send(SetStoringAgent(storing), is_storing_agent=storing)

    def set_watching_training(self, watching: bool) -> None:
        self._send(SetWatchingTraining(watching), is_watching_training=watching)

    def send(self, command: Command) -> None:
        """Hand a view's own command to the engine; what the controls show does not change."""
        if self._engine is not None:
            self._engine.send(command)

    def ask(self, question: Question | StudyQuestion) -> None:
        if self._engine is not None:
            self._engine.ask(question)

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        if self._engine is not None:
            self._engine.set_wanted(decisions=decisions, audio=audio)

    # --- inside ---

    def _send(self, command: Command, **wished: object) -> None:
        if self._engine is None:
            return
        self._wishes.wish(**wished)
        self._engine.send(command)
        self._tell_controls(force=True)

    def _tell_controls(self, *, force: bool = False) -> None:
        controls = self._wishes.controls
        if force or controls != self._shown:
            self._shown = controls
            self.controls_changed.emit(controls)
