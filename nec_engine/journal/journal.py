"""All recorded games of a run: training's and the live game's, from their first step on."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Mapping
from operator import itemgetter
from typing import Any, Final

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.roms import Rom
from nec_engine.game.state import EmulatorState, StartPoint
from nec_engine.journal.episode import Episode, PackedStart, World
from nec_engine.journal.packing import pack_episodes, unpack_episodes
from nec_engine.messages import FIRST_LIVE_EPISODE

MAX_ACTIONS: Final = 18


class Journal:
    """Recorded games by id: training's from 0, the live game's from ``FIRST_LIVE_EPISODE``.

    Any thread may begin, read and forget episodes; each writer belongs to one thread.
    """

    def __init__(self, settings: Settings, rom: Rom) -> None:
        self._world = World.of(settings)
        self._rom_md5 = rom.md5
        self._lock = threading.Lock()  # for the collection, not for what is in an episode
        self._episodes: dict[int, Episode] = {}
        self._next_ids = {False: 0, True: FIRST_LIVE_EPISODE}  # by is_live

    # --- writing ---

    def begin(self, start: StartPoint, *, is_live: bool) -> EpisodeWriter:
        """A new episode that goes on from ``start``, with the next free id."""
        packed = PackedStart.pack(start)
        with self._lock:
            episode = Episode(self._next_ids[is_live], self._world, packed)
            self._next_ids[is_live] += 1
            writer = EpisodeWriter(episode)
            self._episodes[episode.episode_id] = episode
        return writer

    def resume(self, episode_id: int) -> EpisodeWriter:
        """Goes on recording an episode that was unfinished when it was saved.

        Raises :class:`DataError` when it is gone or was recorded with other settings.
        """
        episode = self.episode(episode_id)
        if episode.is_open:
            raise ValueError(f"episode {episode_id} is being recorded already")
        if episode.world != self._world:
            raise DataError(f"episode {episode_id} cannot go on", *self._other_world(episode))
        return EpisodeWriter(episode)

    # --- reading ---

    def episode(self, episode_id: int) -> Episode:
        """For reading, also while it is written. Raises :class:`DataError` when it is gone."""
        try:
            return self._episodes[episode_id]
        except KeyError:
            raise DataError(
                f"episode {episode_id} is not in the journal",
                "nothing needed it any more, or another version of ale-py recorded it",
                "its moments cannot be shown",
            ) from None

    def training_episodes(self) -> tuple[int, ...]:
        """Ids of the training episodes that are kept, oldest first."""
        return tuple(number for number in self._ids() if number < FIRST_LIVE_EPISODE)

    def live_episodes(self) -> tuple[int, ...]:
        """Ids of the live episodes that are kept, oldest first."""
        return tuple(number for number in self._ids() if number >= FIRST_LIVE_EPISODE)

    @property
    def num_episodes(self) -> int:
        return len(self._episodes)

    @property
    def num_steps(self) -> int:
        """Of all kept episodes."""
        return sum(episode.num_steps for episode in self._all())

    @property
    def num_bytes(self) -> int:
        """Of all kept episodes, as they are stored."""
        return sum(episode.num_bytes for episode in self._all())

    # --- keeping ---

    def forget(self, episode_id: int) -> bool:
        """Drops the episode unless it is being written; whether it is gone."""
        with self._lock:
            episode = self._episodes.get(episode_id)
            if episode is None:
                return True
            if episode.is_open:
                return False
            del self._episodes[episode_id]
            return True

    # --- state ---

    def state_dict(self, episodes: Collection[int] | None = None) -> dict[str, Any]:
        """Arrays and JSON values, of all episodes or only of some; also while others write."""
        with self._lock:
            next_ids = dict(self._next_ids)
            kept = list(self._episodes.items())
        kept.sort(key=itemgetter(0))  # and packed without the lock: who begins a game waits for it
        chosen = [
            episode.packed() for number, episode in kept if episodes is None or number in episodes
        ]
        return {
            "rom_md5": self._rom_md5,
            "next_training_id": next_ids[False],
            "next_live_id": next_ids[True],
            **pack_episodes(chosen),
        }

    def load_state_dict(self, values: Mapping[str, Any]) -> list[str]:
        """Takes the place of everything recorded; a sentence for each thing left behind.

        States of another ale-py mean nothing here: their episodes are left out, and ids go on
        counting. Raises :class:`DataError`, changing nothing, for another game or damage.
        """
        if values["rom_md5"] != self._rom_md5:
            raise DataError(
                f"the recorded games are of the game with MD5 {values['rom_md5']}",
                f"the game that is open has {self._rom_md5}",
                "open the game that they belong to",
            )
        loaded, left_behind = unpack_episodes(values)
        problems = [text for episode in loaded for text in episode.check_valid()]
        if problems:
            raise DataError("the recorded games are damaged", problems[0], "use an older file")
        with self._lock:
            self._episodes = {episode.episode_id: episode for episode in loaded}
            self._next_ids = {
                False: int(values["next_training_id"]),
                True: int(values["next_live_id"]),
            }
        for number in values["open_ids"]:
            episode = self._episodes.get(number)
            if episode is not None and not episode.is_live and episode.world != self._world:
                why, remedy = self._other_world(episode)
                left_behind.append(f"the unfinished episode does not go on; {why}; {remedy}")
        return left_behind

    def check_valid(self) -> list[str]:
        """Problems, none if all is well; must not be called while another thread writes."""
        problems = [text for episode in self._all() for text in episode.check_valid()]
        for number, episode in self._episodes.items():
            if number != episode.episode_id:
                problems.append(f"episode {episode.episode_id} is filed as {number}")
            if number >= self._next_ids[episode.is_live]:
                problems.append(f"episode {number} would be begun again")
        return problems

    def _all(self) -> list[Episode]:
        with self._lock:
            return list(self._episodes.values())

    def _ids(self) -> list[int]:
        with self._lock:
            return sorted(self._episodes)

    def _other_world(self, episode: Episode) -> tuple[str, str]:
        """Why it cannot go on, and what to do about it."""
        old, new = episode.world._asdict(), self._world._asdict()
        changes = [f"{name} was {old[name]} and is {new[name]}" for name in old]
        differing = itertools.compress(changes, (old[name] != new[name] for name in old))
        return ", ".join(differing), "begin a new episode, or set the old value"


class EpisodeWriter:
    """Records one episode, step by step, in one thread."""

    def __init__(self, episode: Episode) -> None:
        self._episode = episode
        self._start_state = episode.start_state().data
        self._key_steps = episode.world.journal_key_steps
        episode.open()

    @property
    def episode_id(self) -> int:
        return self._episode.episode_id

    @property
    def num_steps(self) -> int:
        """Recorded so far."""
        return self._episode.num_steps

    def append(self, action: int, state: Callable[[], EmulatorState]) -> None:
        """Records that ``action`` is played now.

        To be called *before* the emulator plays it: ``state`` is asked at once, every few steps,
        for the state before the action.
        """
        if not 0 <= action < MAX_ACTIONS:
            raise ValueError(f"action {action}")
        if not self._episode.is_open:
            raise ValueError(f"episode {self.episode_id} has ended")
        step = self._episode.num_steps
        is_key = step > 0 and step % self._key_steps == 0
        self._episode.append(action, state().data if is_key else None, self._start_state)

    def end(self) -> None:
        """Nothing more will be recorded; may be called again."""
        if self._episode.is_open:
            self._episode.close()
