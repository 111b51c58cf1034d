"""The program's version, written into every snapshot."""

from typing import Final

PROGRAM_VERSION: Final = "0.1.0"
