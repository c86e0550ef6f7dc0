"""Reads of asks for the young people who made them: their own, and only with their secret."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from backend.accounts import queries as accounts
from backend.asks.kinds import TERMS, AskKind
from backend.asks.models import Ask
from backend.asks.owners import Owners
from backend.asks.queries import is_overdue, source_of
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.predicates import Reach
from backend.core.translations import either
from backend.people import queries as people


@dataclass(frozen=True)
class OwnAsk:
    """One ask as the young person who asked sees it; `words` is None for a button and for what
    was for the IRO alone, which is never shown again."""

    ask_id: int
    kind: AskKind
    words: str | None
    asked_at: datetime
    due_on: date
    is_overdue: bool
    owner: str
    answer_words: str | None
    answered_by: str
    answered_at: datetime | None
    lead: str
    lead_added: str | None
    has_happened: str | None


def answered_for(session: Session, identity: ContributorIdentity) -> list[OwnAsk]:
    """What came of one's own asks, the newest answer first; nothing without the secret."""
    rows = [ask for ask in _own(session, identity) if ask.released_at is not None]
    lines = [_own_line(session, ask) for ask in rows]
    return sorted(lines, key=lambda line: line.answered_at or line.asked_at, reverse=True)


def waiting_for(session: Session, identity: ContributorIdentity) -> list[OwnAsk]:
    """One's own asks that have no answer yet, the next due first; nothing without the secret."""
    rows = [ask for ask in _own(session, identity) if ask.released_at is None]
    return sorted((_own_line(session, ask) for ask in rows), key=lambda line: line.due_on)


def newest_for(session: Session, identity: ContributorIdentity) -> OwnAsk | None:
    """What came of last time, in one: the newest answer, else what is answered next."""
    answered = answered_for(session, identity)
    return next(iter(answered or waiting_for(session, identity)), None)


def asked_in(session: Session, identity: ContributorIdentity, ask_id: int) -> OwnAsk | None:
    """An ask that this very page made: shown once more without the secret, and nowhere else."""
    ask = session.get(Ask, ask_id)
    if ask is None or ask.contributor_id != identity.contributor_id:
        return None
    return _own_line(session, ask) if ask.asked_in == identity.session_id else None


def _own(session: Session, identity: ContributorIdentity) -> list[Ask]:
    if not (identity.is_young_person and may(identity, Permission.READ_OWN_PAST)):
        return []
    rows = session.exec(select(Ask).where(Ask.contributor_id == identity.contributor_id)).all()
    return [ask for ask in rows if is_own(session, identity, ask)]


def is_own(session: Session, identity: ContributorIdentity, ask: Ask) -> bool:
    """Whether it is theirs and lies within what their secret opens. What was hidden from whoever
    let them in, or may be about them, stays shut."""
    reads_from = identity.reads_from
    if ask.contributor_id != identity.contributor_id:
        return False
    if reads_from is not None and ask.asked_at < datetime.fromisoformat(reads_from):
        return False
    if identity.let_in_by is None or ask.asked_in == identity.session_id:
        return True
    source = source_of(session, ask)
    is_hidden = source is not None and identity.let_in_by in source.hidden_from
    return not is_hidden and not TERMS[AskKind(ask.kind)].goes_past_lead


def _own_line(session: Session, ask: Ask) -> OwnAsk:
    case = people.cases(session, [ask.person_id])[ask.person_id]
    owners, source = Owners(session).of(ask.owner_role, case), source_of(session, ask)
    ids = {*owners, *(key for key in (ask.answered_by, ask.iro_seen_by) if key)}
    names = accounts.names_of(session, ids)
    was_for_lead_alone = source is not None and source.reach is Reach.ONLY_IRO
    return OwnAsk(
        ask_id=ask.id or 0,
        kind=AskKind(ask.kind),
        words=None if was_for_lead_alone else ask.words,
        asked_at=ask.asked_at,
        due_on=ask.due_on,
        is_overdue=is_overdue(ask),
        owner=either([names[key] for key in owners if key in names]),
        answer_words=ask.answer_words if ask.released_at else None,
        answered_by=names.get(ask.answered_by or 0, ""),
        answered_at=ask.answered_at,
        lead=names.get(ask.iro_seen_by or 0, ""),
        lead_added=ask.iro_added if ask.released_at else None,
        has_happened=ask.has_happened,
    )
