"""Reads of asks for the young people who made them: their own, and only with their secret."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks.kinds import TERMS, AskKind
from backend.asks.lines import source_of
from backend.asks.models import Ask, Dispute
from backend.asks.owners import Owners
from backend.asks.states import asks_from, is_overdue, language_awaited
from backend.asks.translations import Translation, of_added
from backend.core import clock
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
    outcome: str | None = None
    why_not: str | None = None
    promised_on: date | None = None
    doer: str | None = None
    translation: str | None = None
    translated_into: str | None = None
    translated_by: str | None = None
    added_translation: Translation | None = None
    review_id: int | None = None
    is_for_few: bool = False  # words that no letter shows, because it lies about at home
    is_time_to_say: bool = False  # the promised day, or two weeks, have passed
    is_asked_again: bool = False
    is_complained_of: bool = False
    raised_by: str = ""  # who has taken it further
    is_being_translated: bool = False  # answered; a person puts it into their language first

    @property
    def can_be_raised(self) -> bool:
        """Whether it was refused, is late, or did not happen as far as its maker says."""
        did_not = self.has_happened in ("no", "not_yet")
        return did_not or self.outcome == "no" or (self.answered_at is None and self.is_overdue)


def answered_for(session: Session, identity: ContributorIdentity) -> list[OwnAsk]:
    """What came of one's own asks, the newest answer first; nothing without the secret."""
    rows = [ask for ask in _own(session, identity) if ask.released_at is not None]
    lines = _own_lines(session, identity, rows)
    return sorted(lines, key=lambda line: line.answered_at or line.asked_at, reverse=True)


def waiting_for(session: Session, identity: ContributorIdentity) -> list[OwnAsk]:
    """One's own asks that have no answer yet, the next due first; nothing without the secret."""
    rows = [ask for ask in _own(session, identity) if ask.released_at is None]
    return sorted(_own_lines(session, identity, rows), key=lambda line: line.due_on)


def own_lines(session: Session, identity: ContributorIdentity) -> list[OwnAsk]:
    """Every ask of one's own, answered or not; nothing without the secret."""
    return _own_lines(session, identity, _own(session, identity))


def newest_for(session: Session, identity: ContributorIdentity) -> OwnAsk | None:
    """What came of last time, in one: what they can now say happened or not, else the newest
    answer, else what is answered next."""
    answered = answered_for(session, identity)
    to_say = [ask for ask in answered if ask.is_time_to_say and ask.has_happened is None]
    if to_say:
        return to_say[-1]
    return next(iter(answered or waiting_for(session, identity)), None)


def asked_in(session: Session, identity: ContributorIdentity, ask_id: int) -> OwnAsk | None:
    """An ask that this very page made: shown once more without the secret, and nowhere else."""
    ask = session.get(Ask, ask_id)
    if ask is None or ask.contributor_id != identity.contributor_id:
        return None
    return _own_lines(session, identity, [ask])[0] if ask.asked_in == identity.session_id else None


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


def _own_lines(
    session: Session, identity: ContributorIdentity, asks: Sequence[Ask]
) -> list[OwnAsk]:
    ids = [ask.id for ask in asks]
    followed = select(Ask.follows_id, Ask.kind).where(col(Ask.follows_id).in_(ids))
    after = {(key, kind) for key, kind in session.exec(followed).all()}
    disputed = select(Dispute.ask_id, Dispute.opened_by).where(col(Dispute.ask_id).in_(ids))
    raised = dict(session.exec(disputed).all())
    names = accounts.names_of(session, set(raised.values()))
    return [
        replace(
            _own_line(session, ask),
            is_asked_again=(ask.id, ask.kind) in after,
            # Who opened the page for them may be whom it is about.
            is_complained_of=identity.let_in_by is None
            and (ask.id, AskKind.COMPLAINT.value) in after,
            raised_by=names.get(raised.get(ask.id or 0, 0), ""),
        )
        for ask in asks
    ]


def _own_line(session: Session, ask: Ask) -> OwnAsk:
    case = people.cases(session, [ask.person_id])[ask.person_id]
    owners, source = Owners(session).of(ask.owner_role, case), source_of(session, ask)
    ids = {*owners, *(key for key in (ask.answered_by, ask.iro_seen_by) if key)}
    names = accounts.names_of(session, ids)
    is_out, asked_from = ask.released_at is not None, asks_from(ask)
    was_for_lead_alone = source is not None and source.reach is Reach.ONLY_IRO
    return OwnAsk(
        ask_id=ask.id or 0,
        kind=AskKind(ask.kind),
        words=None if was_for_lead_alone else ask.words,
        asked_at=ask.asked_at,
        due_on=ask.due_on,
        is_overdue=is_overdue(ask),
        owner=either([names[key] for key in owners if key in names]),
        answer_words=ask.answer_words if is_out else None,
        answered_by=names.get(ask.answered_by or 0, ""),
        answered_at=ask.answered_at,
        lead=names.get(ask.iro_seen_by or 0, ""),
        lead_added=ask.iro_added if is_out else None,
        has_happened=ask.has_happened,
        outcome=ask.outcome if is_out else None,
        why_not=ask.why_not if is_out else None,
        promised_on=ask.promised_on if is_out else None,
        doer=ask.doer if is_out else None,
        translation=ask.translation if is_out else None,
        translated_into=ask.translated_into,
        translated_by=ask.translated_by,
        added_translation=of_added(ask) if is_out else None,
        review_id=ask.review_id,
        is_for_few=source is not None and bool(was_for_lead_alone or source.hidden_from),
        is_being_translated=not is_out
        and ask.answered_at is not None
        and bool(language_awaited(session, ask)),
        is_time_to_say=asked_from is not None and asked_from <= clock.today(),
    )
