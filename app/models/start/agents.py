"""The agents a person can choose for a new game, each in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from nec_engine.config import Settings

CHEAP: Final = "mfec"


@dataclass(frozen=True, slots=True)
class AgentWords:
    """What an agent is called and what it is good for."""

    name: str  # as the setting ``agent`` has it
    title: str
    about: str


_WORDS: Final = (
    AgentWords(
        "nec", "NEC",
        "Neural Episodic Control: a memory of returns, and a network that learns what to look at. "
        "Takes hours on a CPU.",
    ),
    AgentWords(
        CHEAP, "MFEC, the cheap mode",
        "The same kind of memory without a network to train: many more steps a second, "
        "for machines without a GPU.",
    ),
    AgentWords(
        "ec", "EC, cheap and curious",
        "As cheap: coarse shapes as keys, and what is unfamiliar counts as promising.",
    ),
    AgentWords(
        "dqn", "DQN, the baseline",
        "The agent everyone knows: a network alone. It has no memories to show.",
    ),
)  # fmt: skip


def agents() -> tuple[AgentWords, ...]:
    """Those that this engine has, the default first."""
    known = next(field for field in fields(Settings) if field.name == "agent").metadata["choices"]
    return tuple(words for words in _WORDS if words.name in known)


def has_cheap_mode() -> bool:
    """Whether there is an agent for machines without a GPU."""
    return any(words.name == CHEAP for words in agents())
