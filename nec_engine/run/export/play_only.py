"""A snapshot to play from: network, memory and the games it remembers, under a given size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nec_engine.config import Settings
from nec_engine.errors import SettingError, SnapshotError
from nec_engine.game.state import ALE_VERSION
from nec_engine.journal.episode import PackedEpisode
from nec_engine.journal.packing import pack_episodes, unpack_episodes
from nec_engine.journal.thinning import stored_bytes, with_shared_starts
from nec_engine.memory.thinning import entry_table, thinned
from nec_engine.messages import F64, Origin
from nec_engine.run.export.selection import Selection, select
from nec_engine.run.to_play import SIDE, places_not_to_play, to_play
from nec_engine.run.training.history import thin_history
from nec_engine.storage.reader import HEADER_ADDITIONS, SnapshotReader
from nec_engine.storage.snapshot import snapshot_bytes
from nec_engine.storage.tree import Tree
from nec_engine.version import PROGRAM_VERSION

MB: Final = 1_000_000
CURVE_POINTS: Final = 1000  # of each learning curve
CAPACITY: Final = 100_000  # room per action to go on learning in: that of a small machine's new run
# What suited the machine that trained, and may not be there on another.
MACHINE_SETTINGS: Final = ("device", "torch_threads", "index", "deterministic")

_PARTS: Final = ("counters", "generators", "agent", "journal", "history")
_JOURNAL: Final = ("rom_md5", "next_training_id", "next_live_id", "start_base")


@dataclass(frozen=True, slots=True)
class PlayOnly:
    """What is to be written, and how large it will be."""

    header: Tree
    tree: Tree
    num_entries: int
    num_bytes: int


def read_to_export(reader: SnapshotReader) -> Tree:
    """What an export is made of."""
    return reader.read(_PARTS, without=places_not_to_play())


class Exporter:
    """Makes play-only snapshots of a saved run: without replay and optimiser.

    The picture of every entry that is kept can be rebuilt. Of an agent without a memory the
    network remains.
    """

    def __init__(self, header: Mapping[str, Any], tree: Tree) -> None:
        """``tree`` as :func:`read_to_export` gives it.

        Raises :class:`SnapshotError` when the recorded games are of no use here.
        """
        self._header = header
        agent = _compacted(to_play(tree["agent"]))
        history = thin_history(tree["history"], CURVE_POINTS)
        self._base = {**tree, "agent": agent, "history": history}
        self.has_memory = "memory" in agent
        if self.has_memory:
            self._open_memory(agent["memory"])

    def refuse_larger(self, max_bytes: int) -> None:
        """Raise :class:`SettingError` when not even the least that can play fits."""
        made = self._least()
        if made.num_bytes <= max_bytes:
            return
        held = "the network alone takes"
        if made.num_entries:
            held = f"the network and the {made.num_entries:,} entries it needs at least take"
        raise SettingError(
            f"--max-mb {max_bytes / MB:g} is too small",
            f"{held} {made.num_bytes / MB:.2f} MB",
            f"give --max-mb {math.ceil(made.num_bytes * 10 / MB) / 10:g} or more",
        )

    def made(self, uses: F64, max_bytes: int) -> PlayOnly:
        """With as many entries as fit ``max_bytes``, which is not refused.

        uses: float64[N], how much each entry counts (:func:`rehearse`), by action and slot.
        """
        least = self._least()
        if not self.has_memory:
            return least
        selection = self._select(uses)
        # The estimate is some bytes off: numbers widen, the head grows.
        budget = max_bytes - least.num_bytes + selection.bytes_of_first(least.num_entries)
        made = self._build(selection, selection.num_within(budget))
        while made.num_bytes > max_bytes:
            budget -= made.num_bytes - max_bytes
            num = min(selection.num_within(budget), made.num_entries - 1)
            made = self._build(selection, num)
        budget = selection.bytes_of_first(made.num_entries) + max_bytes - made.num_bytes
        larger = self._build(selection, selection.num_within(budget))
        return larger if larger.num_bytes <= max_bytes else made

    def _open_memory(self, memory: Tree) -> None:
        # An average asks whether a key is the same to the last bit.
        self._exact_keys = self._header["settings"].get("kernel") == "average"
        self._table = entry_table(memory, exact_keys=self._exact_keys)
        base_state, self._episodes = with_shared_starts(_recorded(self._base["journal"]))
        self._base["journal"] = {**self._base["journal"], "start_base": base_state}
        num_shown = len(self._select(np.zeros(len(self._table.slots))).rows)
        if len(self._table.slots) and not num_shown:
            raise SnapshotError(
                "nothing to export",
                "no entry has a recorded game from which its picture could be rebuilt",
                "use a snapshot that was saved with the ale-py it was trained with",
            )

    def _select(self, uses: F64) -> Selection:
        num_reserved = self._header["settings"]["num_neighbours"]
        return select(self._table, uses, self._episodes, num_reserved)

    def _least(self) -> PlayOnly:
        if not self.has_memory:
            return _assembled(self._header, self._base, 0, [], {})
        selection = self._select(np.zeros(len(self._table.slots)))
        return self._build(selection, selection.num_reserved)

    def _build(self, selection: Selection, num: int) -> PlayOnly:
        """With the first ``num`` entries."""
        agent, slots = self._base["agent"], selection.slots_of_first(num)
        memory = thinned(agent["memory"], slots, exact_keys=self._exact_keys)
        about = _about_memory(self._header, selection, num)
        base = {**self._base, "agent": {**agent, "memory": memory}}
        return _assembled(self._header, base, num, selection.episodes_of_first(num), about)


def _assembled(
    header: Mapping[str, Any],
    base: Tree,
    num_entries: int,
    episodes: list[PackedEpisode],
    about: Mapping[str, Any],
) -> PlayOnly:
    """``base`` with only these ``episodes``; ``about`` goes over the header."""
    journal = base["journal"]
    kept = {name: journal[name] for name in _JOURNAL if name in journal}
    tree = {**base, "journal": {**kept, **pack_episodes(episodes)}}
    defaults = Settings()
    settings = {name: getattr(defaults, name) for name in MACHINE_SETTINGS}
    if about:
        settings["capacity"] = about["memory"]["capacity"]
    new_header = {
        **{name: value for name, value in header.items() if name not in HEADER_ADDITIONS},
        "program_version": PROGRAM_VERSION,
        "ale_py_version": ALE_VERSION,
        "settings": {**header["settings"], **settings},
        "replay_size": 0,
        "journal": {
            "episodes": len(episodes),
            "steps": sum(len(episode.actions) for episode in episodes),
            "bytes": sum(stored_bytes(episode) for episode in episodes),
        },
        "play_only": header.get("play_only")
        or {
            "entries_before": sum(header["memory"]["sizes"]),
            "episodes_before": header["journal"]["episodes"],
        },
        **about,
    }
    return PlayOnly(new_header, tree, num_entries, snapshot_bytes(tree, header=new_header))


def _about_memory(header: Mapping[str, Any], selection: Selection, num: int) -> Tree:
    """What the header says of the memory, for the first ``num`` entries."""
    sizes = [len(slots) for slots in selection.slots_of_first(num)]
    by_origin = np.bincount(selection.origins_of_first(num), minlength=len(Origin))
    return {
        "memory": {
            **header["memory"],
            "capacity": min(header["memory"]["capacity"], max(CAPACITY, *sizes)),
            "sizes": sizes,
            "origins": {origin.name.lower(): int(by_origin[origin]) for origin in Origin},
        }
    }


def _recorded(journal: Mapping[str, Any]) -> list[PackedEpisode]:
    """The recorded games, checked. Raises :class:`SnapshotError`."""
    episodes, left_behind = unpack_episodes(journal)
    if left_behind:
        raise SnapshotError(
            "nothing to export",
            f"ale-py {journal['ale_version']} recorded its games, {ALE_VERSION} is installed",
            "install that version of ale-py to export it",
        )
    problems = [problem for episode in episodes for problem in episode.check_valid()]
    if problems:
        raise SnapshotError("nothing to export", problems[0], "use another snapshot")
    return [episode.packed() for episode in episodes]


def _compacted(agent: Mapping[str, Any]) -> Tree:
    """An agent's state with its networks in as few bytes as they need."""
    network = {name: _compact(array) for name, array in agent["network"].items()}
    made = {**agent, "network": network}
    if SIDE in made:
        made[SIDE] = _compacted(made[SIDE])
    return made


def _compact(weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Weights that are small whole numbers (those of a random projection) as int8."""
    is_small = np.abs(weights).max(initial=0) <= np.iinfo(np.int8).max
    if is_small and np.array_equal(weights, np.rint(weights)):
        return weights.astype(np.int8)
    return weights
