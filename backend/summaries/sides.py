"""Lays what different people say of one home side by side: never averaged, difference marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.core.templates import date_short
from backend.summaries.indicators import INDICATORS
from backend.summaries.said import given_on, is_for_few

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

__all__ = ["INDICATORS", "SIDES", "SIDE_NAMES", "Cell", "Row", "SideBySide", "lay_side_by_side"]

# Two steps of five apart is a different view of the home, not a different mood.
APART = 2
YOUNG = "young_person"
# Foster carers and a provider's staff are two sides: they see a home from different chairs.
SIDES: tuple[tuple[str, frozenset[Kind]], ...] = (
    (YOUNG, frozenset({Kind.CHILD, Kind.CARE_LEAVER})),
    ("carer", frozenset({Kind.CARER})),
    ("staff", frozenset({Kind.PROVIDER_STAFF})),
    ("worker", frozenset({Kind.SOCIAL_WORKER})),
    ("parent", frozenset({Kind.PARENT})),
    ("other", frozenset({Kind.OTHER})),
)
SIDE_NAMES = {
    YOUNG: "Young person",
    "carer": "Foster carer",
    "staff": "Provider's staff",
    "worker": "Worker",
    "parent": "Parent",
    "other": "School, health or other",
}
# A home has foster carers or staff; who of both is asked is not both missed.
MISSED = ((YOUNG, {YOUNG}), ("carer", {"carer", "staff"}), ("worker", {"worker"}))


@dataclass(frozen=True)
class Cell:
    """What one person says of one indicator: their own word, on a scale of 1 to 5, and when.

    `is_few`: only for the lead, or hidden from somebody; it is on no print. `may_be_said`: the
    young person ticked it for the meeting.
    """

    display: str
    score: int
    given_on: date
    is_few: bool = False
    is_only_iro: bool = False
    may_be_said: bool = False


@dataclass(frozen=True)
class Row:
    """One indicator with a cell for each column that said something."""

    indicator: str
    label: str
    cells: dict[str, Cell]

    @property
    def differs(self) -> bool:
        """Whether the young person and somebody else are two steps or more apart."""
        return bool(self.apart)

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that are two steps or more from the young person's."""
        own = self.cells.get(YOUNG)
        if own is None:
            return ()
        others = [(key, cell.score) for key, cell in self.cells.items() if key != YOUNG]
        return tuple(key for key, score in others if abs(own.score - score) >= APART)

    @property
    def is_few(self) -> bool:
        """Whether the young person's own cell may lie open to nobody but this reader."""
        own = self.cells.get(YOUNG)
        return own is not None and own.is_few


@dataclass(frozen=True)
class SideBySide:
    """All indicators that anybody spoke of, each writer in a column of their own.

    A column's key is its side (`carer`), and where several of one side wrote, the side with the
    writer's contributor id (`parent-12`). `names` has each column's heading, `writers` whose it is.
    `heard` and `silent` are sides; who was asked and has not answered is in `Summary.silences`.
    """

    rows: tuple[Row, ...]
    heard: tuple[str, ...]
    silent: tuple[str, ...]
    seen_alone_on: date | None
    columns: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    writers: Mapping[str, int] = field(default_factory=dict)
    seen_alone: Mapping[str, date] = field(default_factory=dict)

    def given_on(self, key: str) -> date | None:
        """The day on which everything in a column was given; None where it was several."""
        days = {row.cells[key].given_on for row in self.rows if key in row.cells}
        return days.pop() if len(days) == 1 else None

    @property
    def differences(self) -> tuple[str, ...]:
        """Each difference as a sentence, in the sides' own words; the young person's comes first,
        then those who see it otherwise."""
        return tuple(self.sentence(row) for row in self.rows if row.differs)

    def sentence(self, row: Row) -> str:
        """One difference in words; the young person first."""
        parts = [self._part(key, row.cells[key]) for key in (YOUNG, *row.apart)]
        return f"{row.label}: {'; '.join(parts)}"

    def _part(self, key: str, cell: Cell) -> str:
        said = f"{self._called(key)} says {cell.display}"
        seen_on = self.seen_alone.get(key)
        return f"{said}, last saw them there alone on {date_short(seen_on)}" if seen_on else said

    def _called(self, key: str) -> str:
        side = SIDE_NAMES[key.partition("-")[0]]
        name = self.names.get(key, side)
        return name[:1].lower() + name[1:] if name == side else name


@dataclass(frozen=True)
class _Spoken:
    """The newest answer of one writer to one indicator."""

    given_on: date
    answer: "SentAnswer"
    is_taken_back: bool

    def cell(self) -> Cell:
        return Cell(
            self.answer.display,
            self.answer.score or 0,
            self.given_on,
            is_few=self.is_taken_back or is_for_few(self.answer),
            is_only_iro=self.answer.reach is Reach.ONLY_IRO,
            may_be_said=self.answer.may_be_said and not self.is_taken_back,
        )


def lay_side_by_side(
    topics: Iterable["SentTopic"],
    *,
    is_moment: bool = False,
    names: Mapping[int, str] | None = None,
) -> SideBySide:
    """The newest answer of each writer to each shared indicator; `names` are the writers' by
    contributor id, and the young person's own under 0.

    Of one moment of a stay only those who were there are asked, so a parent is not silent."""
    found = sorted(topics, key=lambda one: one.sent_at)
    keys = _keys(found)
    newest: dict[tuple[str, str], _Spoken] = {}
    seen_alone: dict[str, date] = {}
    for topic in found:
        key = keys[_side(topic), _writer(topic)]
        if topic.seen_alone_on:
            seen_alone[key] = max(topic.seen_alone_on, seen_alone.get(key, date.min))
        for answer in topic.answers:
            if answer.indicator and answer.score is not None:
                newest[answer.indicator, key] = _Spoken(given_on(topic), answer, topic.taken_back)
    rows = tuple(
        row for row in (_row(one, newest, keys.values()) for one in INDICATORS) if row.cells
    )
    spoke = {key for row in rows for key in row.cells}
    heard = {side for side, _ in keys}
    return SideBySide(
        rows=rows,
        heard=tuple(side for side, _ in SIDES if side in heard),
        silent=_silent(heard, is_moment=is_moment),
        seen_alone_on=max(seen_alone.values(), default=None),
        columns=tuple(key for key in keys.values() if key in spoke),
        names={key: _name(pair, key, names or {}) for pair, key in keys.items()},
        writers={key: writer for (_, writer), key in keys.items()},
        seen_alone=seen_alone,
    )


def _silent(heard: set[str], *, is_moment: bool) -> tuple[str, ...]:
    missed = [side for side, any_of in MISSED if not heard & any_of]
    if not is_moment and "parent" not in heard:
        missed.append("parent")
    return tuple(missed)


def _side(topic: "SentTopic") -> str:
    return next(name for name, kinds in SIDES if topic.kind in kinds)


def _writer(topic: "SentTopic") -> int:
    """Whose column it is: the young person has one, whichever record they wrote through."""
    return 0 if _side(topic) == YOUNG else topic.contributor_id


def _keys(topics: "list[SentTopic]") -> dict[tuple[str, int], str]:
    """The key of each writer's column, in the order of the sides."""
    order = [side for side, _ in SIDES]
    pairs = dict.fromkeys((_side(topic), _writer(topic)) for topic in topics)
    found = sorted(pairs, key=lambda pair: order.index(pair[0]))
    sides = [side for side, _ in found]
    return {
        (side, writer): side if sides.count(side) == 1 else f"{side}-{writer}"
        for side, writer in found
    }


def _name(pair: tuple[str, int], key: str, names: Mapping[int, str]) -> str:
    side, writer = pair
    is_named = key != side or side == YOUNG
    return names.get(writer, SIDE_NAMES[side]) if is_named else SIDE_NAMES[side]


def _row(indicator: str, newest: dict[tuple[str, str], _Spoken], keys: Iterable[str]) -> Row:
    cells = {key: newest[indicator, key].cell() for key in keys if (indicator, key) in newest}
    return Row(indicator, INDICATORS[indicator], cells)
