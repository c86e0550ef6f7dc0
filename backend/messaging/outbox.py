"""What stands on the outbox page: how many messages are where, and what waits for a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.messaging import queries, settling, ways
from backend.messaging.models import Message
from backend.people import queries as people

MOST_SHOWN = 200
STATES = {
    "waiting": "Waiting",
    "sending": "Being sent",
    "sent": "Sent",
    "delivered": "Delivered",
    "bounced": "Did not arrive",
    "failed": "Failed",
    "unknown": "Not known",
    "stopped": "Not sent",
    "shown": "On screen only",
    "printed": "To post",
    "handed_over": "Handed over",
    "in_outbox": "On screen only",  # how the first version wrote it
}
FAULTS = {
    "no_such_address": "there is no such number or address",
    "phone_off_or_full": "the phone was off, or its inbox full, for three days",
    "provider_fault": "a fault of GOV.UK Notify",
    "refused": "the provider refused it",
    "not_me": "somebody else has this number or address",
    "lost_answer": "the provider’s answer was lost",
    "no_answer": "the provider does not answer",
    "key_refused": "the provider refuses our key or password",
    "too_many": "the provider asks us to wait",
    "round_closed": "the form has closed",
    "review_over": "the review was held or cancelled",
    "answered": "they have answered",
    "case_ended": "the case has ended",
    "not_to_be_asked": "they are not to be asked",
    "asked_for_nothing": "they asked for no messages",
    "too_old": "it waited for more than two weeks",
    "no_longer_useful": "its reason is gone",
}

HANDS = {
    ways.LETTER: "to be printed",
    ways.CARD: "a card for the worker to give",
    ways.IN_PERSON: "for the worker to tell",
}


@dataclass(frozen=True)
class Line:
    """One message: to whom by kind and person, never its words, its address or a way in."""

    message_id: int
    kind: str
    name: str
    channel: str
    occasion: str
    state: str
    is_on_screen: bool
    fault: str
    made_at: datetime
    next_at: datetime | None

    @property
    def state_words(self) -> str:
        return STATES.get(self.state, self.state)

    @property
    def why(self) -> str:
        by_hand = HANDS.get(self.channel, "") if self.state == "waiting" else ""
        return by_hand or FAULTS.get(self.fault, "")


@dataclass(frozen=True)
class Trouble:
    """Why messages wait that could go: since when, and how many."""

    why: str
    since: datetime
    count: int


def counts(session: Session, viewer: StaffIdentity) -> dict[str, int]:
    """How many messages are in each state, in the order of STATES."""
    check(viewer, Permission.SEE_OUTBOX)
    rows = session.exec(select(Message.state, func.count()).group_by(Message.state)).all()
    found = {state: count for state, count in rows}
    return {state: found[state] for state in STATES if state in found}


def lines(session: Session, viewer: StaffIdentity, *, state: str = "") -> list[Line]:
    """The newest messages first; with a state, those in it alone."""
    check(viewer, Permission.SEE_OUTBOX)
    statement = select(Message).order_by(col(Message.made_at).desc(), col(Message.id).desc())
    if state:
        statement = statement.where(Message.state == state)
    return _lines(session, session.exec(statement.limit(MOST_SHOWN)).all())


def for_a_person(session: Session, viewer: StaffIdentity) -> list[Line]:
    """What nobody knows the end of, or did not arrive, and nobody has settled: oldest first."""
    check(viewer, Permission.SEE_OUTBOX)
    rows = session.exec(
        select(Message)
        .where(col(Message.state).in_(queries.FOR_A_PERSON), col(Message.settled_at).is_(None))
        .order_by(col(Message.made_at), col(Message.id))
    ).all()
    return _lines(session, rows)


def troubles(session: Session, viewer: StaffIdentity) -> list[Trouble]:
    """What holds messages up now, said loudly: a provider that does not answer or refuses us."""
    check(viewer, Permission.SEE_OUTBOX)
    rows = session.exec(
        select(Message.fault, func.min(Message.attempted_at), func.count())
        .where(
            col(Message.state).in_(("waiting", "sending")),
            col(Message.fault).in_(("no_answer", "key_refused", "too_many")),
        )
        .group_by(Message.fault)
    ).all()
    return [Trouble(FAULTS[fault], since or clock.now(), count) for fault, since, count in rows]


def hand_counts(session: Session) -> dict[str, int]:
    """Letters to print and to post, and how many cards and tellings wait for workers."""
    to_workers = session.exec(
        select(func.count())
        .select_from(Message)
        .where(Message.state == "waiting", col(Message.channel).in_((ways.CARD, ways.IN_PERSON)))
    ).one()
    return {
        "to_print": len(settling.letters(session, "waiting")),
        "to_post": len(settling.letters(session, "printed")),
        "with_workers": to_workers,
    }


def _lines(session: Session, rows: Collection[Message]) -> list[Line]:
    staff = accounts.names_of(session, {row.staff_id for row in rows if row.staff_id})
    found = []
    for row in rows:
        contributor = people.contributor(session, row.contributor_id or 0)
        person = people.subject_of(session, contributor) if contributor else None
        found.append(
            Line(
                message_id=row.id or 0,
                kind=contributor.kind if contributor else "colleague",
                name=person.known_as if person else staff.get(row.staff_id or 0, ""),
                channel=row.channel,
                occasion=row.occasion,
                state=row.state,
                is_on_screen=row.state in ("shown", "in_outbox"),
                fault=row.fault,
                made_at=row.made_at,
                next_at=row.next_at,
            )
        )
    return found
