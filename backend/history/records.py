"""The rows of one SSDA903 return as plain values, ready to be kept."""

from dataclasses import dataclass, field
from datetime import date

ChildKey = tuple[str, date | None]  # CHILD and date of birth; None where no file gives a birth


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child whom some file of the return names."""

    key: ChildKey
    sex: str = ""
    ethnicity: str = ""
    is_in_header: bool = False


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode; `occurrence` counts those of the same child and start, in the file's order."""

    child: ChildKey
    started_on: date
    occurrence: int
    reason_started: str
    legal_status: str
    place: str
    place_provider: str
    ended_on: date | None
    reason_ended: str
    reason_place_change: str
    home_postcode: str
    place_postcode: str
    urn: str
    year_end: date
    flags: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review; `occurrence` counts those of the same child, date and code."""

    child: ChildKey
    reviewed_on: date
    code: str
    occurrence: int
    flags: str


@dataclass(frozen=True, slots=True)
class UascRow:
    """A time as an unaccompanied asylum-seeking child, until a date (None: still)."""

    child: ChildKey
    ceased_on: date | None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A time missing or away without leave."""

    child: ChildKey
    kind: str
    started_on: date
    ended_on: date | None


@dataclass(slots=True)
class ReturnRows:
    """Everything that one return says, of the files that could be read."""

    children: dict[ChildKey, ChildRow] = field(default_factory=dict)
    episodes: list[EpisodeRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    uasc: list[UascRow] = field(default_factory=list)
    missing: list[MissingRow] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)  # URN to PLACE, residential alone


@dataclass(slots=True)
class Change:
    """How many rows of one table were added, changed, left as they were, or taken out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    def count(self, what: str, number: int = 1) -> None:
        """Count `number` more of added, changed, unchanged or ended."""
        setattr(self, what, getattr(self, what) + number)

    @property
    def is_any(self) -> bool:
        """Whether the database differs from before."""
        return bool(self.added or self.changed or self.ended)
