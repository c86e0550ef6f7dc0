"""Counts wrong codes, birthdays and secrets, and says when to pause."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.encryption import keyring
from backend.entry.models import EntryAttempt

MOST_TRIES = 5
# A whole children's home, or a school, may stand behind one client address: its people's mistakes
# must not shut each other out. A code that opened in the end is not counted.
MOST_CODES = 30
MOST_BIRTHDAYS = 20
PAUSE = timedelta(minutes=15)

FAILED = audit.declare("entry.failed", "subject")


class TooManyTries(Exception):
    """Five wrong tries: nothing is looked at until the moment `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def address_subject(address: str, step: str) -> str:
    """Under what tries from one client address are counted; the address itself is not kept."""
    return f"{step}:{keyring().index(f'address:{address}')}"


def count_try(session: Session, subject: str) -> None:
    """Remember one try."""
    session.add(EntryAttempt(subject=subject, at=clock.now()))


def count_failure(session: Session, subject: str) -> None:
    """Remember one wrong try, in the audit too."""
    count_try(session, subject)
    audit.record(session, FAILED, actor="nobody", subject=subject)


def refuse_after_many(session: Session, subject: str, *, most: int = MOST_TRIES) -> None:
    """Raise TooManyTries for 15 minutes after the last of `most` tries within 15 minutes."""
    moments = session.exec(
        select(EntryAttempt.at)
        .where(EntryAttempt.subject == subject)
        .order_by(col(EntryAttempt.at).desc(), col(EntryAttempt.id).desc())
        .limit(most)
    ).all()
    if len(moments) < most or moments[0] - moments[-1] > PAUSE:
        return
    if clock.now() < moments[0] + PAUSE:
        raise TooManyTries(moments[0] + PAUSE)


def tries_of(session: Session, subject: str) -> int:
    """How many tries are remembered."""
    return len(session.exec(select(EntryAttempt).where(EntryAttempt.subject == subject)).all())


def forget_newest(session: Session, subject: str) -> None:
    """Take back the newest try: what it tried turned out to be right."""
    newest = session.exec(
        select(EntryAttempt)
        .where(EntryAttempt.subject == subject)
        .order_by(col(EntryAttempt.at).desc(), col(EntryAttempt.id).desc())
    ).first()
    if newest:
        session.delete(newest)


def forget_tries(session: Session, subject: str) -> None:
    """Start counting anew."""
    for attempt in session.exec(select(EntryAttempt).where(EntryAttempt.subject == subject)):
        session.delete(attempt)
