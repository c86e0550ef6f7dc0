"""Lays what different people say of one home side by side: never averaged, difference marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from backend.core import clock
from backend.core.access.permissions import Kind

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

# Two steps of five apart is a different view of the home, not a different mood.
APART = 2

SIDES: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("young_person", frozenset({Kind.CHILD, Kind.CARE_LEAVER})),
    ("carer", frozenset({Kind.CARER, Kind.PROVIDER_STAFF})),
    ("worker", frozenset({Kind.SOCIAL_WORKER})),
    ("parent", frozenset({Kind.PARENT})),
    ("other", frozenset({Kind.OTHER})),
)
# Who is asked only when the IRO adds them is not silent when nobody was added.
NOT_MISSED = frozenset({"other"})
SIDE_NAMES = {
    "young_person": "Young person",
    "carer": "Carer or staff",
    "worker": "Worker",
    "parent": "Parent",
    "other": "School, health or other",
}
INDICATORS = {
    "settled": "Settled here",
    "feels_safe": "Feels safe here",
    "carers_kind": "Carers are kind",
    "carers_listen": "Carers listen",
    "likes_room": "Likes their room",
    "sees_family_enough": "Sees family enough",
    "has_trusted_adult": "Has a trusted adult",
    "gets_help": "Gets help when needed",
    "worker_trust": "Trusts their worker",
    "has_a_say": "Has a say",
    "knew_enough": "Told enough before the move",
    "made_welcome": "Was made welcome",
    "ended_well": "The ending went well",
    "was_safe": "Felt safe, looking back",
}


@dataclass(frozen=True)
class Cell:
    """What one side says of one indicator: its own word, on a scale of 1 to 5, and when."""

    display: str
    score: int
    given_on: date


@dataclass(frozen=True)
class Row:
    """One indicator with a cell for each side that said something."""

    indicator: str
    label: str
    cells: dict[str, Cell]

    @property
    def differs(self) -> bool:
        """Whether the young person and somebody else are two steps or more apart."""
        own = self.cells.get("young_person")
        others = [cell.score for side, cell in self.cells.items() if side != "young_person"]
        return own is not None and any(abs(own.score - other) >= APART for other in others)


@dataclass(frozen=True)
class SideBySide:
    """All indicators that anybody spoke of, which sides spoke, and which are silent."""

    rows: tuple[Row, ...]
    heard: tuple[str, ...]
    silent: tuple[str, ...]
    seen_alone_on: date | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The sides that answered any indicator; the others are named as silent, not as columns."""
        spoke = {side for row in self.rows for side in row.cells}
        return tuple(side for side, _ in SIDES if side in spoke)

    @property
    def differences(self) -> tuple[str, ...]:
        """Each difference as a sentence, in the sides' own words."""
        return tuple(self._sentence(row) for row in self.rows if row.differs)

    def _sentence(self, row: Row) -> str:
        parts = [f"{SIDE_NAMES[side].lower()}: {cell.display}" for side, cell in row.cells.items()]
        return f"{row.label} - {'; '.join(parts)}"


def lay_side_by_side(topics: Iterable["SentTopic"], *, is_moment: bool = False) -> SideBySide:
    """The newest answer of each side to each shared indicator.

    Of one moment of a stay only those who were there are asked, so a parent is not silent."""
    newest: dict[tuple[str, str], tuple[datetime, SentAnswer]] = {}
    heard, seen_alone_on = set(), None
    for topic in sorted(topics, key=lambda one: one.sent_at):
        side = next(name for name, kinds in SIDES if topic.kind in kinds)
        heard.add(side)
        if topic.seen_alone_on and (seen_alone_on is None or topic.seen_alone_on > seen_alone_on):
            seen_alone_on = topic.seen_alone_on
        for answer in topic.answers:
            if answer.indicator and answer.score is not None:
                newest[answer.indicator, side] = (topic.sent_at, answer)
    rows = [_row(indicator, newest) for indicator in INDICATORS]
    names = [name for name, _ in SIDES]
    return SideBySide(
        rows=tuple(row for row in rows if row.cells),
        heard=tuple(name for name in names if name in heard),
        silent=tuple(
            name
            for name in names
            if name not in heard | NOT_MISSED and not (is_moment and name == "parent")
        ),
        seen_alone_on=seen_alone_on,
    )


def _row(indicator: str, newest: "dict[tuple[str, str], tuple[datetime, SentAnswer]]") -> Row:
    cells = {}
    for side, _ in SIDES:
        found = newest.get((indicator, side))
        if found:
            sent_at, answer = found
            day = clock.in_london(sent_at).date()
            cells[side] = Cell(answer.display, answer.score or 0, day)
    return Row(indicator, INDICATORS[indicator], cells)
