"""What stands on the outbox page: how many messages are where, and what waits for a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.access.requires import check
from backend.messaging import queries, settling, ways
from backend.messaging.models import Message
from backend.people import queries as people

MOST_SHOWN = 50
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
}
# A letter that a provider prints goes through other states than a text, by the same names.
LETTER_STATES = {"sent": "With the printer", "handed_over": "Posted"}
FAULTS = {
    "no_such_address": "there is no such number or address",
    "phone_off_or_full": "the phone was off, or its inbox full, for three days",
    "provider_fault": "a fault of GOV.UK Notify",
    "refused": "the provider refused it",
    "not_me": "somebody else has this number or address",
    "lost_answer": "the provider’s answer was lost",
    "no_answer": "the provider does not answer",
    "not_an_address": "what the case system holds is no mobile number or e-mail address",
    "not_printable": "it cannot be printed by GOV.UK Notify: look at the address",
    "cancelled": "somebody cancelled it at GOV.UK Notify",
    "came_back": "the letter came back",
    "key_refused": "the provider refuses our key or password",
    "sender_refused": "the mail server refuses the address that e-mails come from",
    "not_safe_to_send": "the mail server offers no connection that we trust (STARTTLS)",
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

TROUBLES = ("no_answer", "key_refused", "too_many", "sender_refused", "not_safe_to_send")
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
    fault: str
    made_at: datetime
    next_at: datetime | None
    ask_whom: str = ""  # who works with the person, and can ask for a number that holds
    is_by_hand: bool = False

    @property
    def is_letter(self) -> bool:
        return self.channel == ways.LETTER

    @property
    def state_words(self) -> str:
        found = STATES.get(self.state, self.state)
        return LETTER_STATES.get(self.state, found) if self.is_letter else found

    @property
    def why(self) -> str:
        waits_by_hand = self.is_by_hand and self.state == "waiting"
        return HANDS.get(self.channel, "") if waits_by_hand else FAULTS.get(self.fault, "")

    @property
    def step(self) -> str:
        """What somebody does next about a message that waits for a person."""
        whom = self.ask_whom or "their worker"
        what = {ways.TEXT: "number", ways.EMAIL: "address"}.get(self.channel, "way to reach them")
        if self.kind == "colleague":
            return "Ask them. An administrator can put their e-mail address right."
        if self.state == "unknown":
            return f"Ask {whom} whether it arrived."
        if self.is_letter:
            return "Print it here, or put the address in the case system right and send it again."
        if self.state == "failed":
            return "Send it again. If it fails again, tell whoever runs Heard."
        if self.kind in YOUNG_PEOPLE:
            return f"Ask {whom} for a new {what}. It goes again by itself when they put it in."
        return f"Ask {whom} for a new {what}. It goes again by itself once an extract brings it."


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


def lines(
    session: Session, viewer: StaffIdentity, *, state: str = "", before: int | None = None
) -> list[Line]:
    """A page of messages, the newest first; with a state those in it alone, and those written
    `before` the message with that id."""
    check(viewer, Permission.SEE_OUTBOX)
    statement = select(Message).order_by(col(Message.id).desc())
    if state:
        statement = statement.where(Message.state == state)
    if before:
        statement = statement.where(col(Message.id) < before)
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
            col(Message.fault).in_(TROUBLES),
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
    found = []
    for row in rows:
        contributor = people.contributor(session, row.contributor_id or 0)
        person = people.subject_of(session, contributor) if contributor else None
        around = (person.worker_id, person.personal_adviser_id) if person else (row.staff_id,)
        names = accounts.names_of(session, {key for key in around if key})
        found.append(
            Line(
                message_id=row.id or 0,
                kind=contributor.kind if contributor else "colleague",
                name=person.known_as if person else names.get(row.staff_id or 0, ""),
                channel=row.channel,
                occasion=row.occasion,
                state=row.state,
                fault=row.fault,
                made_at=row.made_at,
                next_at=row.next_at,
                is_by_hand=ways.is_by_hand(row),
                ask_whom=" or ".join(names[key] for key in around if key and person),
            )
        )
    return found
