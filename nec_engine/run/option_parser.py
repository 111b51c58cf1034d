"""Options and their values, as every command reads them; what is wrong is one SettingError."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

from nec_engine.errors import SettingError
from nec_engine.run.streams import print_result

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises its refusals as the program's one kind of sentence."""

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog, description=description, epilog=epilog, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        what, colon, why = message.removeprefix("argument ").partition(": ")
        if not colon:
            what, why = "the command line cannot be read", message
        raise SettingError(what, why, f"see '{self.prog} -h'")

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        if file is None:
            print_result(self.format_help(), end="")
        else:
            super().print_help(file)

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What was given; raises :class:`SettingError`."""
        return self.parse_args(list(_one_set_each(arguments)))


def _one_set_each(arguments: Sequence[str]) -> Iterator[str]:
    """``--set a=1 b=2`` as ``--set a=1 --set b=2``, so that a file's name may follow."""
    is_after_value = False
    previous = ""
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if is_after_value and equals and name.isidentifier():
            yield "--set"
        else:
            is_after_value = previous == "--set"
        yield argument
        previous = argument


def whole(option: str, most: float = math.inf) -> Callable[[str], int]:
    """Reads a whole number of at least 1, and no more than ``most``."""
    range_words = "of at least 1" if most == math.inf else f"from 1 to {most}"

    def read(text: str) -> int:
        number = _number(text)
        if not 1 <= number <= most or number != int(number):
            raise SettingError(
                f"{option} {text}", f"a whole number {range_words} was expected",
                "give such a number",
            )  # fmt: skip
        return int(number)

    return read


def positive(option: str) -> Callable[[str], float]:
    """Reads a number above 0."""

    def read(text: str) -> float:
        number = _number(text)
        if not number > 0:
            raise SettingError(
                f"{option} {text}", "a number above 0 was expected", "give such a number"
            )
        return number

    return read


def probability(option: str) -> Callable[[str], float]:
    """Reads a number from 0 to 1."""

    def read(text: str) -> float:
        number = _number(text)
        if not 0 <= number <= 1:
            raise SettingError(
                f"{option} {text}", "a number from 0 to 1 was expected", "give such a number"
            )
        return number

    return read


def speed(text: str) -> float:
    """Times 60 frames a second; ``max`` is infinity."""
    number = math.inf if text == "max" else _number(text)
    if not number >= 0.1 or (text != "max" and number > 100):
        raise SettingError(
            f"--speed {text}", "a number from 0.1 to 100, or max, was expected", "give one of these"
        )
    return number


def _number(text: str) -> float:
    """A finite number, or NaN for anything else, so that every comparison with it fails."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
