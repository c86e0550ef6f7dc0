"""The year's figures of reviews as tables of counts; each says what it counts and what it leaves
out, and small counts are held back where others than those around the children read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend.annual.years import Span
from backend.insight import queries as insight

if TYPE_CHECKING:
    from backend.reviews.models import Review

PRIVATE_TALKS = {
    "done": "Talked in private",
    "offered": "Offered, not taken up",
    "refused": "Refused by the child",
    "not_appropriate": "Not appropriate",
    "": "Not recorded",
}
HELD_BACK = "held back"
HELD = "held:"


@dataclass(frozen=True)
class Line:
    """One count, by quarter and for the year; None is held back."""

    label: str
    numbers: tuple[int | None, ...]
    part_of: int | None = None  # the place of the line in the same table that holds these too


@dataclass(frozen=True)
class Table:
    """Counts that belong together."""

    title: str
    rests_on: str
    lines: tuple[Line, ...]

    @property
    def has_quarters(self) -> bool:
        """Whether any quarter is told; else the year's column stands alone."""
        return any(number is not None for line in self.lines for number in line.numbers[:-1])


@dataclass(frozen=True)
class Judged:
    """One held review and how it was judged: on_time | late | not_judged."""

    review: "Review"
    state: str


STATES = {
    "on_time": "On time",
    "late": "Late",
    "not_judged": "Not judged: nothing known to count from",
}


def review_tables(
    judged: Sequence[Judged], spans: Sequence[Span], codes: Iterable[tuple[str, str]]
) -> list[Table]:
    """Participation, timeliness and private talks of the reviews held in the year.

    Every table shares the same reviews out, so each adds up to the reviews held.
    """
    names = {code: f"{code} {label}" for code, label in codes} | {"": "No code recorded"}
    held = "Statutory reviews held in the quarter; short breaks and pathway plans are left out."
    return [
        _shared_out(
            "How children took part",
            f"{held} By the participation code that was confirmed.",
            names,
            [(one.review, one.review.participation_code or "") for one in judged],
            spans,
        ),
        _shared_out(
            "On time",
            f"{held} On time by regulation 33, from the review before; where that is not known, by "
            "the day that the case system gave.",
            STATES,
            [(one.review, one.state) for one in judged],
            spans,
        ),
        _shared_out(
            "Talking in private",
            f"{held} As the IRO recorded it afterwards (regulation 36).",
            PRIVATE_TALKS,
            [(one.review, one.review.private_talk or "") for one in judged],
            spans,
        ),
    ]


def _shared_out(
    title: str,
    rests_on: str,
    names: dict[str, str],
    reviews: "Sequence[tuple[Review, str]]",
    spans: Sequence[Span],
) -> Table:
    def count(key: str) -> tuple[int, ...]:
        by_quarter = [
            sum(
                one == key
                and review.held_on is not None
                and span.first <= review.held_on <= span.last
                for review, one in reviews
            )
            for span in spans
        ]
        return (*by_quarter, sum(by_quarter))

    lines = [Line(name, count(key)) for key, name in names.items()]
    total = tuple(sum(column) for column in zip(*(line.numbers for line in lines), strict=True))
    return Table(title, rests_on, (*lines, Line("Reviews held", total)))


def hold_back(tables: Sequence[Table]) -> list[Table]:
    """The tables of reviews without counts by which few children could be known: one body, so that
    none can be worked out from the others."""
    counts: dict[str, int] = {}
    sums: list[insight.Sum] = []
    for number, table in enumerate(tables):
        for row, line in enumerate(table.lines):
            for column, count in enumerate(line.numbers):
                counts[_key(number, row, column, table)] = count or 0
        sums += _sums(number, table)
    # How many reviews were held is what every other figure is read against: it goes last.
    ranks = {key: 1 for key in counts if key.startswith(HELD)}
    body = insight.Body(counts, frozenset(counts), frozenset(counts), sums, ranks=ranks)
    shown = insight.protect(body)
    return [
        replace(
            table,
            lines=tuple(
                Line(
                    line.label,
                    tuple(
                        shown.get(_key(number, row, column, table))
                        for column in range(len(line.numbers))
                    ),
                )
                for row, line in enumerate(table.lines)
            ),
        )
        for number, table in enumerate(tables)
    ]


def _key(number: int, row: int, column: int, table: Table) -> str:
    # Every table ends with the same reviews held: one figure, however often it is printed.
    is_total = row == len(table.lines) - 1
    return f"{HELD}{column}" if is_total else f"{number}:{row}:{column}"


def _sums(number: int, table: Table) -> list[insight.Sum]:
    rows, columns = len(table.lines), len(table.lines[0].numbers)

    def key(row: int, column: int) -> str:
        return _key(number, row, column, table)

    across = [
        insight.Sum(key(row, columns - 1), tuple(key(row, one) for one in range(columns - 1)))
        for row in range(rows if number == 0 else rows - 1)
    ]
    down = [
        insight.Sum(key(rows - 1, column), tuple(key(row, column) for row in range(rows - 1)))
        for column in range(columns)
    ]
    return across + down


def hold_back_small(table: Table) -> Table:
    """A table of counts that share nothing out, for the year alone: without the small ones, and
    without those that leave a small rest of the line that they are a part of."""
    numbers = [line.numbers[-1] or 0 for line in table.lines]
    lines = []
    for line, number in zip(table.lines, numbers, strict=True):
        rest = numbers[line.part_of] - number if line.part_of is not None else number
        is_told = not insight.is_small(number) and not insight.is_small(rest)
        quarters: tuple[int | None, ...] = (None,) * (len(line.numbers) - 1)
        lines.append(replace(line, numbers=(*quarters, number if is_told else None)))
    return replace(table, lines=tuple(lines))


def share_words(part: int, whole: int, *, is_exact: bool) -> str:
    """A share of children or reviews in words; where it would tell of few, what can be said."""
    if not whole:
        return "nothing to count yet"
    if is_exact:
        return f"{100 * part / whole:.1f}% ({part} of {whole})"
    if whole < insight.SMALLEST_PERCENTAGE_BASE:
        return "too few to say"
    few = insight.SMALLEST_SHOWN - 1
    if whole - part <= few:
        return f"{100 * (whole - few) // whole}% or more of {whole}"
    if part <= few:
        return f"{-(-100 * few // whole)}% or less of {whole}"
    return f"{100 * part / whole:.1f}% ({part} of {whole})"
