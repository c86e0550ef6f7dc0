"""The year's figures of one IRO counted from plain notes of what happened, importing nothing of the
product: each figure is one sentence of the report, counted note by note."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

OWN_WORDS = ("other",)
TO_SEE_SOMEBODY = ("see_worker", "see_iro", "advocate", "ring_me", "nobody_called")


@dataclass(frozen=True)
class Reviewed:
    """A statutory review that was held."""

    child: int
    on: date
    code: str
    talk: str


@dataclass(frozen=True)
class Asked:
    """An ask that does not go past the IRO, with all that came of it."""

    child: int
    kind: str
    on: date
    due: date
    answered: date | None
    outcome: str | None
    said: str | None
    contact: date | None
    informal: date | None
    formal: date | None


@dataclass
class Notes:
    """Everything that happened around one IRO's children."""

    reviews: list[Reviewed] = field(default_factory=list)
    asks: list[Asked] = field(default_factory=list)
    seen: list[tuple[int, date]] = field(default_factory=list)


def codes(notes: Notes, days: Sequence[date]) -> dict[str, int]:
    """Reviews held on these days by participation code."""
    found: dict[str, int] = {}
    for one in notes.reviews:
        if one.on in days:
            found[one.code] = found.get(one.code, 0) + 1
    return found


def talks(notes: Notes, days: Sequence[date]) -> dict[str, int]:
    """Reviews held on these days by what came of the private talk."""
    found: dict[str, int] = {}
    for one in notes.reviews:
        if one.on in days:
            found[one.talk] = found.get(one.talk, 0) + 1
    return found


def alone(notes: Notes, days: Sequence[date]) -> list[int]:
    """Children reviewed; of these without a talk in private; and not seen alone by the worker."""
    reviewed = {one.child for one in notes.reviews if one.on in days}
    talked = {one.child for one in notes.reviews if one.on in days and one.talk == "done"}
    seen = {child for child, day in notes.seen if day in days}
    return [len(reviewed), len(reviewed - talked), len(reviewed - seen)]


def asks(notes: Notes, days: Sequence[date], today: date) -> list[int]:
    """The lines about asks, advocates and disputes, from the top."""

    def is_over(one: Asked, done: date | None) -> bool:
        return one.due in days and (done is not None or one.due < today)

    own = [one for one in notes.asks if one.kind in OWN_WORDS and is_over(one, one.answered)]
    see = [one for one in notes.asks if one.kind in TO_SEE_SOMEBODY and is_over(one, one.contact)]
    answered = [one for one in notes.asks if one.answered is not None and one.answered in days]
    advocates = [one for one in notes.asks if one.kind == "advocate" and one.on in days]
    return [
        sum(one.on in days for one in notes.asks),
        len(own),
        sum(one.answered is not None and one.answered <= one.due for one in own),
        len(see),
        sum(one.contact is not None and one.contact <= one.due for one in see),
        sum(one.said is not None for one in answered),
        sum(one.said == "yes" for one in answered),
        sum(one.outcome == "no" for one in answered),
        len(advocates),
        sum(one.contact is not None for one in advocates),
        sum(one.informal in days for one in notes.asks),
        sum(one.formal in days for one in notes.asks),
    ]


def days_between(first: date, last: date) -> list[date]:
    """Every day from one to the other, both included."""
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]
