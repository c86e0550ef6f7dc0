"""What people decided about codes: kept beside the suggestion, with what they decided before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.coding import codebooks
from backend.coding.models import DecidedCode, EarlierCode, SuggestedCode
from backend.coding.suggestions import BATCH, suggestions_for
from backend.core import clock

CONFIRMED, CORRECTED, ALONE, AGREED, SETTLED = (
    "confirmed",
    "corrected",
    "alone",
    "agreed",
    "settled",
)
KEPT = (
    "answer_id", "answer_revision", "codebook_version", "themes", "sentiment", "urgency",
    "is_ask", "how", "suggested", "decided_by", "decided_at",
)  # fmt: skip


@dataclass(frozen=True)
class Code:
    """The themes and view that count for one answer: a person's decision before a suggestion."""

    themes: tuple[str, ...]
    sentiment: str


@dataclass(frozen=True)
class Marks:
    """All that a person says of one text."""

    themes: tuple[str, ...]
    sentiment: str
    urgency: str
    is_ask: bool


def marks_of(row: SuggestedCode) -> Marks:
    """What a suggestion says, as a person would have said it."""
    return Marks(tuple(row.themes), row.sentiment or "", row.urgency, row.is_ask)


def codes_of(session: Session, revisions: Mapping[int, int]) -> dict[int, Code]:
    """The code that counts for each of these answers, by id; none for a revision not yet coded."""
    codes = {
        answer_id: Code(tuple(row.themes), row.sentiment or "")
        for answer_id, row in suggestions_for(session, revisions).items()
    }
    return codes | {
        answer_id: Code(tuple(row.themes), row.sentiment or "")
        for answer_id, row in decisions_on(session, revisions).items()
    }


def decisions_on(session: Session, revisions: Mapping[int, int]) -> dict[int, DecidedCode]:
    """The newest decision about each of these wordings, by answer. What somebody decided about
    words that were changed since counts no more."""
    return {
        row.answer_id: row
        for row in _decided(session, revisions)
        if row.answer_revision == revisions[row.answer_id]
    }


def _decided(session: Session, answer_ids: Iterable[int]) -> list[DecidedCode]:
    rows: list[DecidedCode] = []
    wanted = sorted(set(answer_ids))
    for start in range(0, len(wanted), BATCH):
        chosen = col(DecidedCode.answer_id).in_(wanted[start : start + BATCH])
        rows += session.exec(select(DecidedCode).where(chosen))
    return sorted(rows, key=lambda row: (row.decided_at, row.id or 0))


def keep_decision(
    session: Session,
    answer_id: int,
    *,
    revision: int,
    marks: Marks,
    staff_id: int,
    how: str,
    suggestion: SuggestedCode | None,
) -> None:
    """Write down what somebody decided; what they had decided before stays as it was."""
    own = (
        select(DecidedCode)
        .where(DecidedCode.answer_id == answer_id, DecidedCode.decided_by == staff_id)
        .with_for_update()
    )
    row = session.exec(own).first()
    values: dict[str, Any] = {
        "answer_id": answer_id,
        "answer_revision": revision,
        "codebook_version": codebooks.version_in_use(session),
        "themes": list(marks.themes),
        "sentiment": marks.sentiment,
        "urgency": marks.urgency,
        "is_ask": marks.is_ask,
        "how": how,
        "suggested": snapshot(suggestion) if suggestion else None,
        "decided_by": staff_id,
        "decided_at": clock.now(),
    }
    if row is None:
        try:
            with session.begin_nested():
                session.add(DecidedCode(**values))
            return
        except IntegrityError:  # pressed twice at the same moment: the second changes the first
            row = session.exec(own).one()
    session.add(EarlierCode(**{name: getattr(row, name) for name in KEPT}))
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def snapshot(row: SuggestedCode) -> dict[str, Any]:
    """A suggestion as plain values, for the decision that was made beside it; no words."""
    return {
        "coder": row.coder,
        "codebook_version": row.codebook_version,
        "themes": list(row.themes),
        "sentiment": row.sentiment,
        "urgency": row.urgency,
        "is_ask": row.is_ask,
        "confidence": row.confidence,
    }


def history_of(session: Session, answer_id: int) -> list[DecidedCode | EarlierCode]:
    """Everything that was ever decided about one answer, the newest first."""
    now = session.exec(select(DecidedCode).where(DecidedCode.answer_id == answer_id)).all()
    before = session.exec(select(EarlierCode).where(EarlierCode.answer_id == answer_id)).all()
    return sorted([*now, *before], key=lambda row: row.decided_at, reverse=True)
