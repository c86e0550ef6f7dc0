"""What was decided, as those who may code the texts see it: by whom, when, and what before that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.coding import samples
from backend.coding.decisions import Marks, decisions_on, history_of
from backend.coding.models import DecidedCode, EarlierCode
from backend.coding.texts import CodedText, codable_among, codable_revisions
from backend.core.access.permissions import Permission
from backend.core.access.requires import check

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity


@dataclass(frozen=True)
class Decision:
    """One decision, as the history of a text shows it."""

    at: datetime
    by: str
    marks: Marks
    how: str
    codebook_version: int
    is_of_this_wording: bool
    suggested: Mapping[str, object] | None


@dataclass(frozen=True)
class DecidedLine:
    """One decided text on the list of those who may read it, without its words."""

    answer_id: int
    question: str
    audience: str
    sent_at: datetime
    decision: Decision


def decided_lines(
    session: Session, viewer: "StaffIdentity", *, page: int, a_page: int
) -> tuple[int, list[DecidedLine]]:
    """What was decided of the texts that this viewer may code, the newest decision first: how many
    there are, and one page of them."""
    check(viewer, Permission.CODE_TEXTS)
    blind = samples.kept_blind_for(session, viewer)
    revisions = {
        answer_id: revision
        for answer_id, revision in codable_revisions(session, viewer).items()
        if answer_id not in blind
    }
    rows = list(decisions_on(session, revisions).values())
    rows.sort(key=lambda row: (row.decided_at, row.id or 0), reverse=True)
    shown = rows[(page - 1) * a_page : page * a_page]
    texts = codable_among(session, viewer, {row.answer_id for row in shown})
    names = accounts.names_of(session, {row.decided_by for row in shown})
    lines = [
        DecidedLine(
            answer_id=row.answer_id,
            question=texts[row.answer_id].answer.question_text,
            audience=texts[row.answer_id].topic.audience,
            sent_at=texts[row.answer_id].topic.sent_at,
            decision=_decision(row, texts[row.answer_id], names),
        )
        for row in shown
    ]
    return len(rows), lines


def decided_marks(row: DecidedCode | EarlierCode) -> Marks:
    """What somebody decided, as marks."""
    is_ask = bool(row.is_ask)
    return Marks(tuple(row.themes), row.sentiment or "", row.urgency or "", is_ask)


def history_lines(session: Session, text: CodedText) -> list[Decision]:
    """Everything that was ever decided about a text, the newest first. The caller has already
    decided that its viewer may code it."""
    rows = history_of(session, text.answer_id)
    names = accounts.names_of(session, {row.decided_by for row in rows})
    return [_decision(row, text, names) for row in rows]


def _decision(
    row: DecidedCode | EarlierCode, text: CodedText, names: Mapping[int, str]
) -> Decision:
    return Decision(
        at=row.decided_at,
        by=names.get(row.decided_by, ""),
        marks=decided_marks(row),
        how=row.how,
        codebook_version=row.codebook_version,
        is_of_this_wording=row.answer_revision == text.revision,
        suggested=row.suggested,
    )
