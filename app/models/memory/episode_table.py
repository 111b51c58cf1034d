"""The recorded games as a table: newest first, or in the order of any column."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from app.models.wording import NO_NUMBER, count_text, episode_text, score_text
from nec_engine.messages import FIRST_LIVE_EPISODE, I64, EpisodesAnswer, Player

Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
GAME, PLAYER, STEPS, SCORE, MEMORIES = range(5)
TITLES: Final = (
    ("Game", "A recorded game: an episode of training, or a live game."),
    ("Played by", "Who played: training, the agent, or you at any time of it."),
    ("Steps", "How long it was, in decisions of four frames each."),
    ("Score", "What it ended with. Worked out for the rows in sight by playing out the end again."),
    ("Memories", "Entries of the memory that were last written in it."),
)


class EpisodeTable(QAbstractTableModel):
    """An :class:`EpisodesAnswer`, and what else is known of its games."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer: EpisodesAnswer | None = None
        self._order: I64 = np.empty(0, np.int64)  # rows of the answer
        self._sort, self._is_descending = GAME, True
        self._scores: dict[int, float | None] = {}
        self._players: dict[int, Player] = {}

    def clear(self) -> None:
        """Forget the last game."""
        self._scores.clear()
        self._players.clear()
        self.show_answer(None)

    def show_answer(self, answer: EpisodesAnswer | None) -> None:
        """Have these games from now on."""
        self.beginResetModel()
        self._answer = answer
        self._arrange()
        self.endResetModel()

    def sort_by(self, column: int, is_descending: bool) -> None:
        """Put the games in another order; unknown scores come last."""
        self.beginResetModel()
        self._sort, self._is_descending = column, is_descending
        self._arrange()
        self.endResetModel()

    def note_score(self, episode: int, score: float | None) -> None:
        """What a game ended with; None: it cannot be known."""
        self._scores[episode] = score
        place = self.place_of(episode)
        if place is not None:
            index = self.index(place, SCORE)
            self.dataChanged.emit(index, index)

    def note_player(self, episode: int, player: Player) -> None:
        """Who played it."""
        self._players[episode] = player

    def note_playing(self, episode: int, player: Player) -> None:
        """Who plays it now; a game that a person played once stays theirs."""
        if self._players.get(episode) in (player, Player.PERSON):
            return
        self._players[episode] = player
        place = self.place_of(episode)
        if place is not None:
            index = self.index(place, PLAYER)
            self.dataChanged.emit(index, index)

    def episode(self, place: int) -> int | None:
        """The game in the row ``place`` of the table."""
        if self._answer is None or not 0 <= place < len(self._order):
            return None
        return int(self._answer.episodes[self._order[place]])

    def place_of(self, episode: int) -> int | None:
        """In which row a game is."""
        if self._answer is None:
            return None
        found = np.flatnonzero(self._answer.episodes[self._order] == episode)
        return int(found[0]) if len(found) else None

    def without_score(self, places: range) -> list[int]:
        """Games among these rows that have ended, and whose score was not asked yet."""
        answer = self._answer
        if answer is None:
            return []
        rows = self._order[places.start : places.stop]
        return [
            int(answer.episodes[row])
            for row in rows
            if not answer.is_open[row] and int(answer.episodes[row]) not in self._scores
        ]

    def _arrange(self) -> None:
        answer = self._answer
        if answer is None:
            self._order = np.empty(0, np.int64)
            return
        numbers = answer.episodes.tolist()
        keys: Any = {
            GAME: answer.episodes,
            PLAYER: np.array([self._player_text(number) for number in numbers]),
            STEPS: answer.num_steps,
            SCORE: np.array([self._known_score(number) for number in numbers]),
            MEMORIES: answer.num_entries,
        }[self._sort]
        order = np.argsort(keys, kind="stable")
        if self._is_descending:
            order = order[::-1]
        if self._sort == SCORE:
            is_known = ~np.isnan(keys[order])
            order = np.concatenate([order[is_known], order[~is_known]])
        self._order = order

    def _known_score(self, episode: int) -> float:
        score = self._scores.get(episode)
        return np.nan if score is None else score

    def _player_text(self, episode: int) -> str:
        if episode < FIRST_LIVE_EPISODE:
            return "training"
        player = self._players.get(episode)
        return NO_NUMBER if player is None else player.value

    def _score_text(self, row: int) -> str:
        assert self._answer is not None
        episode = int(self._answer.episodes[row])
        if self._answer.is_open[row]:
            return "being played"
        if episode not in self._scores:
            return "…"
        score = self._scores[episode]
        return NO_NUMBER if score is None else score_text(score)

    # --- Qt ---

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        answer = self._answer
        if answer is None or not index.isValid():
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(index.column())
        if role == Role.ToolTipRole:
            return "Double-click: list its memories."
        if role != Role.DisplayRole:
            return None
        row = int(self._order[index.row()])
        match index.column():
            case 0:
                return episode_text(int(answer.episodes[row]))
            case 1:
                return self._player_text(int(answer.episodes[row]))
            case 2:
                return count_text(int(answer.num_steps[row]))
            case 3:
                return self._score_text(row)
        return count_text(int(answer.num_entries[row]))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        title, tip = TITLES[section]
        match role:
            case Role.DisplayRole:
                return title
            case Role.ToolTipRole:
                return f"{tip}\nClick: sort by it; again: the other way round."
            case Role.TextAlignmentRole:
                return _alignment(section)
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in (GAME, PLAYER) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
