"""``info``: what a snapshot holds, from its header alone."""

from __future__ import annotations

import json
from typing import Any, Final

from nec_engine.run.requests import InfoRequest
from nec_engine.run.streams import print_result
from nec_engine.storage.reader import SnapshotReader

KEYS: Final = (
    "format",
    "program_version",
    "ale_py_version",
    "game",
    "rom_md5",
    "agent",
    "seed",
    "frames",
    "steps",
    "episodes",
    "settings",
    "memory",
    "replay_size",
    "journal",
    "parts",
    "bytes",
)


def run(request: InfoRequest) -> int:
    """Print the facts, for a person or as JSON. Raises ``SnapshotError``.

    Of a play-only snapshot ``play_only`` comes first, with what was left out of it; of a lesson
    file, all that its header tells.
    """
    with SnapshotReader(request.snapshot) as reader:
        header = reader.header
        num_games = 1 + len(reader.names_in("more_games")) if reader.names_in("game") else 0
    facts = {key: header.get(key) for key in KEYS}
    if "kind" in header:
        facts = dict(header)
    if "play_only" in header:
        facts = {"play_only": header["play_only"], **facts}
    if request.as_json:
        print_result(json.dumps(facts, indent=2))
        return 0
    if num_games:
        facts["training games"] = num_games  # each in mid-episode, and goes on from there
    print_result("\n".join(_lines(facts)))
    return 0


def _lines(facts: dict[str, Any], indent: str = "") -> list[str]:
    """``name: value`` lines; what is nested stands indented below its name."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, list):
            lines.append(f"{indent}{name}: {', '.join(map(_text, value))}")
        else:
            lines.append(f"{indent}{name}: {_text(value)}")
    return lines


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
