"""Asks a writer whether exactly these words may be quoted for exactly this use, and keeps to it."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.quotes import queries
from backend.quotes.models import Quote
from backend.quotes.queries import Printable, printable, quotable_answer, state_of
from backend.quotes.uses import AUDIENCES, LONGEST_PLACE, is_only_cut, problem_with_day
from backend.surveys import service as surveys

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

__all__ = [
    "AUDIENCES", "QuoteRefused", "decide", "drop_quote", "open_answer", "print_quote",
    "propose_quote", "take_back",
]  # fmt: skip

OPENED = audit.declare("quote.words_opened", "answer_id")
PROPOSED = audit.declare("quote.proposed", "quote_id", "answer_id", "audience")
DECIDED = audit.declare("quote.decided", "quote_id", "decision")
TAKEN_BACK = audit.declare("quote.taken_back", "quote_id")
DROPPED = audit.declare("quote.dropped", "quote_id")
PRINTED = audit.declare("quote.printed", "quote_id")
DECISIONS = ("yes", "no", "not_now")


class QuoteRefused(Exception):
    """A wish to quote cannot be asked so; `errors` says why, by field, for the screen."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def open_answer(
    session: Session, viewer: StaffIdentity, topic_row_id: int, *, answer_id: int
) -> "tuple[SentTopic, SentAnswer]":
    """The answer that somebody thinks of quoting; audited, because its words are shown.

    Raises Denied for words that the viewer may not read or that nobody may ask to quote.
    """
    found = quotable_answer(session, viewer, topic_row_id, answer_id=answer_id)
    if found is None:
        raise Denied(viewer, Permission.PROPOSE_QUOTE)
    person_id = found[0].person_id
    audit.record(session, OPENED, actor=viewer.actor, person_id=person_id, answer_id=answer_id)
    return found


def propose_quote(
    session: Session,
    viewer: StaffIdentity,
    topic_row_id: int,
    *,
    answer_id: int,
    words: str,
    place: str,
    audience: str,
    until: date | None,
) -> Quote:
    """Ask the writer at their next visit. Raises Denied as `open_answer`, and QuoteRefused."""
    topic, answer = open_answer(session, viewer, topic_row_id, answer_id=answer_id)
    errors = problems(words, place, audience, until=until, original=answer.display)
    standing = _standing(session, topic.contributor_id, answer_id)
    if standing:
        errors = {"words": standing} | errors
    if errors or until is None:
        raise QuoteRefused(errors)
    quote = Quote(
        answer_id=answer_id,
        topic_row_id=topic_row_id,
        person_id=topic.person_id,
        contributor_id=topic.contributor_id,
        words=words.strip(),
        place=place.strip(),
        audience=audience,
        until=until,
        proposed_by=viewer.staff_id,
        proposed_at=clock.now(),
    )
    session.add(quote)
    session.flush()
    audit.record(
        session,
        PROPOSED,
        actor=viewer.actor,
        person_id=topic.person_id,
        quote_id=quote.id,
        answer_id=answer_id,
        audience=audience,
    )
    return quote


def problems(
    words: str, place: str, audience: str, *, until: date | None, original: str
) -> dict[str, str]:
    """What is wrong with a wish to quote, by field."""
    found = {}
    if not is_only_cut(words, original):
        found["words"] = (
            "Only cut: keep their words in their order. Put what you must change, such as a "
            "name, in square brackets."
        )
    if not place.strip() or len(place) > LONGEST_PLACE:
        found["place"] = f"Say where it will stand, in {LONGEST_PLACE} characters at most."
    if audience not in AUDIENCES:
        found["audience"] = "Choose who will see it."
    if problem := problem_with_day(until):
        found["until"] = problem
    return found


def _standing(session: Session, contributor_id: int, answer_id: int) -> str:
    """Why the writer is not asked now: one question at a time, and a no stands."""
    rows = session.exec(select(Quote).where(Quote.contributor_id == contributor_id)).all()
    said_no = (row for row in rows if row.answer_id == answer_id)
    if any(row.decision == "no" or row.taken_back_at is not None for row in said_no):
        return "They said no to quoting this. That stands."
    if any(state_of(row) == "waiting" for row in rows):
        return "They are being asked about a quotation already. Wait for what they say."
    return ""


def decide(
    session: Session, identity: ContributorIdentity, quote_id: int, *, decision: str
) -> None:
    """Say yes, no or not now, to exactly what was shown; what was decided before stands.

    Raises Denied for a wish that is not one's own, or that this secret does not open.
    """
    quote = _own(session, identity, quote_id)
    if decision not in DECISIONS or state_of(quote) != "waiting":
        return
    quote.decision, quote.decided_at = decision, clock.now()
    session.add(quote)
    audit.record(
        session,
        DECIDED,
        actor=identity.actor,
        person_id=quote.person_id,
        quote_id=quote_id,
        decision=decision,
    )
    session.flush()


def take_back(session: Session, identity: ContributorIdentity, quote_id: int) -> None:
    """Take a yes back: from now on nobody can print it any more."""
    quote = _own(session, identity, quote_id)
    if state_of(quote) != "yes":
        return
    quote.taken_back_at = clock.now()
    session.add(quote)
    audit.record(
        session, TAKEN_BACK, actor=identity.actor, person_id=quote.person_id, quote_id=quote_id
    )
    session.flush()


def _own(session: Session, identity: ContributorIdentity, quote_id: int) -> Quote:
    check(identity, Permission.DECIDE_QUOTE)
    # Held until the transaction ends, so that a yes and its taking back follow each other.
    quote = session.exec(select(Quote).where(Quote.id == quote_id).with_for_update()).first()
    if quote is None or quote.dropped_at or not queries.sees_own(session, identity, quote):
        raise Denied(identity, Permission.DECIDE_QUOTE)
    return quote


def drop_quote(session: Session, viewer: StaffIdentity, quote_id: int) -> None:
    """Ask no longer, or use it no longer; only who asked may."""
    check(viewer, Permission.PROPOSE_QUOTE)
    quote = session.get(Quote, quote_id)
    if quote is None or quote.proposed_by != viewer.staff_id:
        raise Denied(viewer, Permission.PROPOSE_QUOTE)
    if quote.dropped_at is None:
        quote.dropped_at = clock.now()
        session.add(quote)
        audit.record(
            session, DROPPED, actor=viewer.actor, person_id=quote.person_id, quote_id=quote_id
        )


def print_quote(session: Session, viewer: StaffIdentity, quote_id: int) -> Printable:
    """The exact words for the exact use, audited; raises Denied where they may not be printed."""
    check(viewer, Permission.PROPOSE_QUOTE)
    quote = session.exec(
        select(Quote).where(Quote.id == quote_id, col(Quote.dropped_at).is_(None))
    ).first()
    found = printable(session, quote) if quote else None
    is_entitled = quote is not None and (
        quote.proposed_by == viewer.staff_id or bool(viewer.roles & queries.PRINTERS)
    )
    if quote is None or found is None or not is_entitled:
        raise Denied(viewer, Permission.PROPOSE_QUOTE)
    audit.record(session, PRINTED, actor=viewer.actor, person_id=quote.person_id, quote_id=quote_id)
    return found


def announce(session: Session, identity: ContributorIdentity) -> str:
    """What the first page says about quotes: "quotes" where somebody asks, else nothing."""
    return "quotes" if queries.is_asked(session, identity) else ""


surveys.ON_HOME.append(announce)
