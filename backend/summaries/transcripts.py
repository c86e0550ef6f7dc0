"""What a person writes down of a drawing, kept apart from the child's own words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.summaries.models import Transcript
from backend.summaries.said import Said

WRITTEN = audit.declare("transcript.written", "answer_id")
LONGEST = 2000


class TranscriptRefused(Exception):
    """What was written cannot be kept; the message says why, for the screen."""


@dataclass(frozen=True)
class TranscriptLine:
    """What one person says that a drawing shows."""

    words: str
    by: str
    at: datetime


def transcripts_of(
    session: Session, answer_ids: Collection[int]
) -> dict[int, tuple[TranscriptLine, ...]]:
    """By answer, the newest of each person who wrote one, the newest first."""
    rows = session.exec(
        select(Transcript)
        .where(col(Transcript.answer_id).in_(answer_ids))
        .order_by(col(Transcript.id).desc())
    ).all()
    names = accounts.names_of(session, {row.written_by for row in rows})
    found: dict[int, dict[int, TranscriptLine]] = {}
    for row in rows:
        line = TranscriptLine(row.words, names.get(row.written_by, ""), row.written_at)
        found.setdefault(row.answer_id, {}).setdefault(row.written_by, line)
    return {key: tuple(by_writer.values()) for key, by_writer in found.items()}


def write_transcript(
    session: Session, viewer: StaffIdentity, drawn: Said, *, words: str, person_id: int
) -> Transcript:
    """Keep what a drawing shows, as this reader sees it. The caller has checked that they may
    read the answer. Raises TranscriptRefused."""
    if not drawn.is_drawn:
        raise TranscriptRefused("Only a drawing needs somebody to say what it shows.")
    if not words.strip():
        raise TranscriptRefused("Write what the drawing shows.")
    if len(words) > LONGEST:
        raise TranscriptRefused(f"Keep it to {LONGEST:,} characters.")
    row = Transcript(
        answer_id=drawn.answer_id,
        words=words.strip(),
        written_by=viewer.staff_id,
        written_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session, WRITTEN, actor=viewer.actor, person_id=person_id, answer_id=drawn.answer_id
    )
    return row
