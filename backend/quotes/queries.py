"""Reads of quotes: what a writer is asked, what staff asked for, and what may be printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Kind, Permission, Role
from backend.core.access.policy import may
from backend.core.access.predicates import Reach
from backend.insight import queries as insight
from backend.quotes.models import Quote
from backend.quotes.uses import AUDIENCES
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys
from backend.surveys import service as surveys_service

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

WRITTEN = ("short_text", "long_text")
QUOTABLE = (Reach.ASK_FIRST, Reach.ADULT_FORM)
YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
# Who lays reports together: they see what may be printed, whoever asked for it.
PRINTERS = frozenset({Role.MANAGER, Role.PARTICIPATION_OFFICER})
WRITERS = {
    Kind.CHILD: "A child in care",
    Kind.CARE_LEAVER: "A care leaver",
    Kind.CARER: "A foster carer",
    Kind.PROVIDER_STAFF: "Somebody who works in a home",
    Kind.PARENT: "A parent",
    Kind.OTHER: "An adult who knows the child",
}


@dataclass(frozen=True)
class OwnQuote:
    """One wish to quote, as the writer sees it; `state` waiting, yes, no or taken_back."""

    quote_id: int
    words: str
    place: str
    audience: str
    until: date
    asked_by: str
    state: str


@dataclass(frozen=True)
class QuoteLine:
    """One wish to quote, as staff see it; no words for who may not read them any more."""

    quote_id: int
    words: str | None
    place: str
    audience: str
    until: date
    proposed_at: datetime
    state: str
    is_mine: bool
    may_be_printed: bool


@dataclass(frozen=True)
class Printable:
    """Words that may be printed today for this use, and whose kind of words they are."""

    quote_id: int
    words: str
    by: str
    place: str
    audience: str
    until: date


def is_quotable(answer: "SentAnswer", topic: "SentTopic") -> bool:
    """Whether anybody may ever ask to quote an answer: own words that were hidden from nobody,
    for more than one reader, and not taken back."""
    is_hidden = answer.hidden_from or answer.hidden_from_carers or answer.hidden_from_words
    return (
        answer.type in WRITTEN
        and answer.reach in QUOTABLE
        and topic.kind in WRITERS
        and not is_hidden
        and not topic.taken_back
    )


def quotable_answer(
    session: Session, viewer: StaffIdentity, topic_row_id: int, *, answer_id: int
) -> "tuple[SentTopic, SentAnswer] | None":
    """An answer that this viewer may read and may ask to quote; None for every other. Words that
    somebody raised as worrying are no quotation."""
    topic = surveys.sent_topic(session, topic_row_id)
    if topic is None or not may(viewer, Permission.PROPOSE_QUOTE):
        return None
    raised = safeguarding.raised_topics(session, [topic_row_id]).get(topic_row_id, {})
    for answer in safeguarding.readable_answers(session, viewer, [topic]).get(topic_row_id, ()):
        if answer.answer_id == answer_id and answer_id not in raised:
            return (topic, answer) if is_quotable(answer, topic) else None
    return None


def state_of(quote: Quote) -> str:
    """Where a wish stands: waiting, yes, no, taken_back, dropped or ended."""
    if quote.dropped_at is not None:
        return "dropped"
    if quote.taken_back_at is not None:
        return "taken_back"
    if quote.decision == "no":
        return "no"
    if quote.until < clock.today():
        return "ended"
    return "yes" if quote.decision == "yes" else "waiting"


def own_quotes(session: Session, identity: ContributorIdentity) -> list[OwnQuote]:
    """What one is or was asked about one's own words, what waits first; nothing without the
    secret, nor about words that this secret does not open."""
    if not may(identity, Permission.DECIDE_QUOTE):
        return []
    rows = session.exec(
        select(Quote)
        .where(Quote.contributor_id == identity.contributor_id, col(Quote.dropped_at).is_(None))
        .order_by(col(Quote.id).desc())
    ).all()
    seen = [row for row in rows if sees_own(session, identity, row)]
    names = accounts.names_of(session, {row.proposed_by for row in seen})
    lines = [
        OwnQuote(
            quote_id=row.id or 0,
            words=row.words,
            place=row.place,
            audience=row.audience,
            until=row.until,
            asked_by=names.get(row.proposed_by, ""),
            state=state_of(row),
        )
        for row in seen
    ]
    shown = [line for line in lines if line.state != "ended"]
    return sorted(shown, key=lambda line: line.state != "waiting")


def sees_own(session: Session, identity: ContributorIdentity, quote: Quote) -> bool:
    """Whether this visit may see the words that the quote was made of."""
    is_own = quote.contributor_id == identity.contributor_id
    return is_own and surveys_service.sees_own_topic(session, identity, quote.topic_row_id)


def is_asked(session: Session, identity: ContributorIdentity) -> bool:
    """Whether the first page says that somebody wants to use one's words. Who said "not now" is
    not reminded; the question still stands on its own page."""
    if not may(identity, Permission.DECIDE_QUOTE):
        return False
    rows = session.exec(
        select(Quote).where(
            Quote.contributor_id == identity.contributor_id, col(Quote.decision).is_(None)
        )
    ).all()
    return any(state_of(row) == "waiting" and sees_own(session, identity, row) for row in rows)


def quote_lines(session: Session, viewer: StaffIdentity) -> list[QuoteLine]:
    """What this viewer asked for, and for those who lay reports together what may be printed."""
    if not may(viewer, Permission.PROPOSE_QUOTE):
        return []
    rows = session.exec(select(Quote).order_by(col(Quote.id).desc())).all()
    lines = []
    for row in rows:
        is_mine = row.proposed_by == viewer.staff_id
        is_entitled = is_mine or bool(viewer.roles & PRINTERS)
        may_print = is_entitled and printable(session, row) is not None
        if is_mine or may_print:
            lines.append(_line(session, viewer, row, is_mine=is_mine, may_print=may_print))
    return lines


def _line(
    session: Session, viewer: StaffIdentity, row: Quote, *, is_mine: bool, may_print: bool
) -> QuoteLine:
    topic = surveys.sent_topic(session, row.topic_row_id)
    readable = safeguarding.readable_answers(session, viewer, [topic] if topic else [])
    ids = {answer.answer_id for answers in readable.values() for answer in answers}
    return QuoteLine(
        quote_id=row.id or 0,
        words=row.words if may_print or row.answer_id in ids else None,
        place=row.place,
        audience=AUDIENCES[row.audience],
        until=row.until,
        proposed_at=row.proposed_at,
        state=state_of(row),
        is_mine=is_mine,
        may_be_printed=may_print,
    )


def printable(session: Session, quote: Quote) -> Printable | None:
    """The words as they may be printed today, or None: without the writer's yes, after it was
    taken back or its day, when the words are no longer quotable, or in a group under six."""
    if state_of(quote) != "yes":
        return None
    topic = surveys.sent_topic(session, quote.topic_row_id)
    answer = (
        next((one for one in topic.answers if one.answer_id == quote.answer_id), None)
        if (topic)
        else None
    )
    if topic is None or answer is None or not is_quotable(answer, topic):
        return None
    raised = safeguarding.raised_topics(session, [topic.topic_row_id])
    if quote.answer_id in raised.get(topic.topic_row_id, {}):
        return None
    if insight.is_small(group_size(session, topic)):
        return None
    return Printable(
        quote_id=quote.id or 0,
        words=quote.words,
        by=f"{WRITERS[topic.kind]}, {clock.in_london(topic.sent_at):%Y}",
        place=quote.place,
        audience=AUDIENCES[quote.audience],
        until=quote.until,
    )


def group_size(session: Session, topic: "SentTopic") -> int:
    """How many different people wrote as the same kind of writer in that same year: the group
    that the line under a quotation names."""
    year = clock.in_london(topic.sent_at).year
    first = datetime(year, 1, 1, tzinfo=clock.LONDON)
    return len(
        {
            one.contributor_id
            for one in surveys.sent_topics(session, since=first)
            if one.kind is topic.kind and clock.in_london(one.sent_at).year == year
        }
    )


def printable_quotes(
    session: Session, quotes: Iterable[Quote], *, group: int | None = None
) -> list[Printable]:
    """Of these, what a report may print; `group` is how many people its own table speaks of."""
    if group is not None and insight.is_small(group):
        return []
    found = (printable(session, quote) for quote in quotes)
    return [one for one in found if one is not None]
