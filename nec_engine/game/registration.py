"""Makes ``gymnasium.make("nec_engine/Atari-v0", rom="breakout")`` work.

Importing Gymnasium takes a tenth of a second, which the start of the window has no use for; so
the environment is registered when somebody imports Gymnasium, at once if that has happened.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

ENVIRONMENT_ID: Final = "nec_engine/Atari-v0"


def register_environment() -> None:
    """Registers the environment now, or as soon as Gymnasium has been imported."""
    if "gymnasium" in sys.modules:
        _register(sys.modules["gymnasium"])
    else:
        sys.meta_path.insert(0, _WhenGymnasiumIsImported())


def _register(gymnasium: ModuleType) -> None:
    gymnasium.register(
        ENVIRONMENT_ID,
        entry_point="nec_engine.game.environment:AtariEnvironment",
        # Both would wrap what ``make`` gives; check_env warns of wrapped environments.
        order_enforce=False,
        disable_env_checker=True,
    )


class _WhenGymnasiumIsImported:
    """Finder of modules that finds Gymnasium where it is anyway and registers after its import.

    It stays until then: who only asks whether Gymnasium is installed comes by here as well.
    """

    def __init__(self) -> None:
        self._is_looking = False  # where it is anyway, by a search that comes by here again

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "gymnasium" or self._is_looking:
            return None
        self._is_looking = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._is_looking = False
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_register(module: ModuleType) -> None:
            execute(module)
            sys.meta_path.remove(self)
            _register(module)

        spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]  # that is the point
        return spec
