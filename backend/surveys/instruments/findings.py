"""One thing that a check of the instruments found, and how much it matters."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """An error must be mended before anybody is asked; a warning is for a person to judge.

    A note says how far a translation has come: where it has no words, English is shown.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """What is wrong, in which file and where in it, and which check says so."""

    severity: Severity
    check: str
    file: Path
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.path}" if self.path else f"{self.file}"
        return f"{self.severity}: {place}: {self.message} [{self.check}]"
