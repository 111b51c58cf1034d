"""Every setting of the program: default, unit, allowed values and source, in one table.

``Settings`` is frozen and validated once, when it is made. What a person asks for is read in
``setting_texts.py`` and goes through :func:`changed`; a snapshot through ``Settings.from_json``.
``agent`` names a preset: other defaults for some settings (``presets.py``).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from nec_engine.errors import SettingError
from nec_engine.machine import machine_ram_bytes
from nec_engine.presets import PRESETS

NEC: Final = "Pritzel et al. 2017"
DQN: Final = "Mnih et al. 2015"
MFEC: Final = "Blundell et al. 2016"
EC: Final = "Kaixhin/EC"
OURS: Final = "own choice, docs/decisions.md"

AUTO: Final = 0  # in a count: chosen from the machine


def setting(
    default: Any,
    unit: str,
    source: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field that carries what ``main.py settings`` prints and validation checks."""
    about = {"unit": unit, "source": source, "low": low, "high": high, "choices": choices}
    return dataclasses.field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run. Unit and source stand beside each default."""

    # The run
    agent: str = setting("nec", "name: other defaults", NEC, choices=tuple(PRESETS))
    seed: int = setting(1, "number", "-", low=0, high=2**31 - 1)
    device: str = setting("auto", "name", OURS, choices=("auto", "cpu", "cuda"))
    deterministic: bool = setting(False, "yes/no", "one thread, bit-reproducible from the seed")
    torch_threads: int = setting(AUTO, "threads, 0 = from the cores", OURS, low=0, high=256)
    overlap_learning: bool = setting(
        True, "yes/no, in train: learn while acting, on two cores; deterministic: never", OURS
    )
    autosave_s: float = setting(60.0, "s, least time between autosaves", OURS, low=5.0)

    # The world the agent lives in
    sticky_actions: float = setting(
        0.0, "probability", "ALE; its own default is 0.25", low=0, high=1
    )
    full_action_set: bool = setting(False, "yes/no", DQN)
    max_noops: int = setting(30, "frames", DQN, low=0, high=1000)
    frame_skip: int = setting(4, "frames per step", DQN, low=2, high=16)
    episode_cap_frames: int = setting(108_000, "frames", "Machado et al. 2018", low=100)
    eval_episode_cap_frames: int = setting(18_000, "frames, inside train", OURS, low=100)
    game_mode: int = setting(0, "number", "ALE", low=0, high=255)
    game_difficulty: int = setting(0, "number", "ALE", low=0, high=255)
    life_loss_is_terminal: bool = setting(True, "yes/no, training only", DQN)

    # From screens to keys
    embedding: str = setting(
        "learned", "what makes keys", NEC + "; projection: " + MFEC,
        choices=("learned", "fixed", "projection", "dct"),
    )  # fmt: skip
    key_size: int = setting(128, "numbers", EC, low=2, high=4096)

    # Memory
    capacity: int = setting(
        AUTO, "entries per action, 0 = from the RAM", NEC + ": 5e5", low=0, high=5_000_000
    )
    kernel: str = setting(
        "inverse_distance", "shares of the neighbours", NEC + "; average: " + MFEC,
        choices=("inverse_distance", "average"),
    )  # fmt: skip
    num_neighbours: int = setting(50, "entries", NEC, low=1, high=1000)
    delta: float = setting(
        1e-5, "squared distance over kernel scale; 1e-3 with kernel_scale=absolute is the paper's",
        OURS + "; " + NEC + ": 1e-3", low=1e-12, high=1e3,
    )  # fmt: skip
    kernel_scale: str = setting(
        "relative", "delta relative to the mean p-th neighbour, or absolute",
        "Badia et al. 2020 (NGU); absolute: " + NEC, choices=("relative", "absolute"),
    )  # fmt: skip
    value_update: str = setting(
        "step", "a state seen again: a step of alpha, the maximum of both returns, another entry",
        NEC + "; maximum: " + MFEC, choices=("step", "maximum", "append"),
    )  # fmt: skip
    alpha: float = setting(0.1, "step size of the tabular update", EC, low=0, high=1)
    prior_distance: float = setting(
        0.0, "squared distance over kernel scale; 0 = no prior", NEC + ": off", low=0, high=1e6
    )
    prior_value: float = setting(0.0, "value of the unfamiliar", OURS, low=-1e6, high=1e6)
    prior_source: str = setting(
        "setting", "the unfamiliar is worth prior_value, or what all actions' neighbours promise",
        OURS, choices=("setting", "neighbours"),
    )  # fmt: skip
    prior_optimism: float = setting(
        0.5, "standard deviations of the neighbours' values, prior_source=neighbours",
        OURS, low=-100, high=100,
    )  # fmt: skip
    lessons_lead: bool = setting(
        True, "yes/no: where a lesson is nearer than all that is known of an action, it is worth "
        "little", OURS,
    )  # fmt: skip
    value_decay: float = setting(
        1.0, "left of a value above prior_value 100,000 steps after its write, 1 = all", OURS,
        low=1e-6, high=1,
    )  # fmt: skip
    optimism: float = setting(
        0.0, "log of the say that one standard deviation of value more gives, 0 = off", OURS,
        low=0, high=20,
    )  # fmt: skip
    dnd_gradients: str = setting(
        "keys_and_values", "what the loss changes in the memory", NEC,
        choices=("none", "values", "keys_and_values"),
    )  # fmt: skip
    dnd_learning_rate: float = setting(
        1e-3,
        "step size for values; for keys in units of the kernel and of the values",
        OURS,
        low=0,
        high=1000,
    )

    # Index
    index: str = setting(
        "auto", "name; auto = exact on a GPU, else annoy; hnsw is an extra", NEC + ": approximate",
        choices=("auto", "exact", "annoy", "hnsw"),
    )  # fmt: skip
    annoy_trees: int = setting(20, "trees", OURS, low=1, high=1000)
    annoy_search_k: int = setting(10_000, "nodes", OURS, low=1, high=1_000_000)
    index_min_entries: int = setting(30_000, "entries before Annoy is used", OURS, low=100)
    index_tail: int = setting(2000, "entries searched exactly before a rebuild", OURS, low=10)
    index_rebuild_steps: int = setting(
        5000, "steps between builds when deterministic", OURS, low=100
    )
    hnsw_m: int = setting(16, "links a node", OURS, low=2, high=1000)
    hnsw_ef_construction: int = setting(100, "candidates for links", OURS, low=1, high=10_000)
    hnsw_ef: int = setting(80, "candidates of a search", OURS, low=1, high=10_000)
    hnsw_min_entries: int = setting(2000, "entries before hnsw is searched", OURS, low=1)

    # Learning
    gamma: float = setting(0.99, "discount a step", NEC, low=0, high=1)
    n_step: int = setting(
        100, "steps, 0 = to the end of the episode", NEC + "; 0: " + MFEC, low=0, high=10_000
    )
    clip_rewards: bool = setting(False, "yes/no, to -1 .. 1 for learning alone", NEC + ": no")
    target_update: int = setting(
        10_000, "updates between two target networks, dqn alone", DQN, low=1, high=10_000_000
    )
    provisional_every: int = setting(
        0, "steps between writes of returns that are still open, 0 = none is written",
        "after Long et al. 2022 (NAIT)", low=0, high=10_000,
    )  # fmt: skip
    dqn_handover_steps: int = setting(
        0, "steps until a DQN that learns beside decides alone, 0 = off", "Nishio and Yamane 2018",
        low=0, high=1_000_000_000,
    )  # fmt: skip
    dqn_learning_rate: float = setting(
        2.5e-4, "step size, of the DQN that learns beside", DQN, low=0, high=1
    )
    learning_rate: float = setting(7.9e-6, "step size", EC, low=0, high=1)
    rmsprop_decay: float = setting(0.95, "a step", EC, low=0, high=1)
    rmsprop_epsilon: float = setting(0.01, "gradient", EC, low=1e-12, high=1)
    batch_size: int = setting(32, "transitions", NEC, low=1, high=4096)
    replay_capacity: int = setting(100_000, "steps", NEC, low=100, high=10_000_000)
    update_period: int = setting(4, "steps per update", NEC, low=1, high=1000)
    learning_starts: int = setting(5_000, "steps", OURS + "; " + EC + ": 50,000", low=0)

    # Exploration
    epsilon_start: float = setting(1.0, "probability", EC, low=0, high=1)
    epsilon_end: float = setting(0.001, "probability", EC, low=0, high=1)
    epsilon_decay_start: int = setting(5_000, "steps", EC, low=0)
    epsilon_decay_end: int = setting(25_000, "steps", EC, low=1)

    exploration_bonus: float = setting(
        0.0, "points for an action never done here, for choosing in training, 0 = off",
        "Strehl and Littman 2008; Badia et al. 2020", low=0, high=1e6,
    )  # fmt: skip

    # Evaluation
    eval_epsilon: float = setting(0.05, "probability", DQN, low=0, high=1)
    epoch_frames: int = setting(200_000, "frames", NEC, low=100)
    test_episodes: int = setting(5, "episodes", OURS, low=1, high=10_000)
    final_test_episodes: int = setting(30, "episodes", "Machado et al. 2018", low=1, high=10_000)

    # Export
    export_episodes: int = setting(
        10, "episodes played to see which entries count", OURS, low=0, high=1000
    )

    # Journal
    journal_key_steps: int = setting(10, "steps between stored states", OURS, low=1, high=1000)

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field, getattr(self, field.name))
        if self.epsilon_decay_end <= self.epsilon_decay_start:
            raise SettingError(
                f"epsilon_decay_end={self.epsilon_decay_end}",
                f"it must be later than epsilon_decay_start={self.epsilon_decay_start}",
                "give a larger epsilon_decay_end",
            )
        if self.provisional_every and self.value_update != "append":
            raise SettingError(
                f"provisional_every={self.provisional_every} with value_update={self.value_update}",
                "a value that is still open would be counted several times",
                "set value_update=append, or provisional_every=0",
            )
        if self.deterministic and self.index == "hnsw":
            raise SettingError(
                "deterministic=true with index=hnsw",
                "its graph depends on the order in which entries came, which no snapshot keeps",
                "set index=annoy or exact",
            )
        if self.embedding == "learned" and self.kernel == "average":
            raise SettingError(
                "embedding=learned with kernel=average",
                "an average depends on no distance, so that a network would never learn",
                "set kernel=inverse_distance, or embedding=fixed, projection or dct",
            )

    @property
    def has_memory(self) -> bool:
        """Whether the agent keeps entries that it looks up."""
        return self.agent != "dqn"

    def to_json(self) -> dict[str, Any]:
        """All values by name, as JSON can hold them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from :meth:`to_json`; names this version does not know are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def resolved_capacity(self, ram_bytes: int | None = None) -> int:
        """Room per action: as set, else the paper's 5e5, or 1e5 on less than 32 GB of RAM."""
        if self.capacity != AUTO:
            return self.capacity
        ram = machine_ram_bytes() if ram_bytes is None else ram_bytes
        return 500_000 if ram >= 32 * 10**9 else 100_000


def changed(base: Settings, changes: Mapping[str, Any]) -> Settings:
    """``base`` with ``changes``; raises :class:`SettingError` for an unknown name or bad value.

    With another ``agent`` what stands at its default goes to that of the new agent.
    """
    for name, value in changes.items():
        _check(field_of(name), value)
    before, after = base.agent, changes.get("agent", base.agent)
    moved: dict[str, Any] = {}
    if after != before and after in PRESETS:
        moved = {
            field.name: default_of(field.name, after)
            for field in fields(Settings)
            if getattr(base, field.name) == default_of(field.name, before)
        }
    return dataclasses.replace(base, **(moved | dict(changes)))


def default_of(name: str, agent: str) -> Any:
    """What a setting is with this agent when nobody sets it."""
    return PRESETS[agent].get(name, field_of(name).default)


def field_of(name: str) -> dataclasses.Field[Any]:
    """What is known of a setting; raises :class:`SettingError` for a name that none has."""
    for field in fields(Settings):
        if field.name == name:
            return field
    raise SettingError(
        f"unknown setting {name!r}", "no setting has that name", "see 'python main.py settings'"
    )


def _check(field: dataclasses.Field[Any], value: Any) -> None:
    about = field.metadata
    wanted: Any = {"str": str, "int": int, "float": (int, float), "bool": bool}[str(field.type)]
    if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
        raise SettingError(
            f"{field.name}={value!r}", f"a value of type {field.type} was expected",
            "see 'python main.py settings'",
        )  # fmt: skip
    if about["choices"] and value not in about["choices"]:
        raise SettingError(
            f"{field.name}={value}", "it is none of the known ones",
            "choose one of " + ", ".join(about["choices"]),
        )  # fmt: skip
    low, high = about["low"], about["high"]
    if isinstance(value, (int, float)) and (
        (isinstance(value, float) and not math.isfinite(value))
        or (low is not None and value < low)
        or (high is not None and value > high)
    ):
        bounds = f"at least {low:g}" if high is None else f"from {low:g} to {high:g}"
        raise SettingError(
            f"{field.name}={value}", f"a value {bounds} was expected",
            "see 'python main.py settings'",
        )  # fmt: skip
