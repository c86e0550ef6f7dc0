"""Reads of messages: what went to whom, what did not arrive, what waits for a worker."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.columns import closed
from backend.messaging import useful, ways
from backend.messaging.models import Message
from backend.people import queries as people
from backend.surveys import queries as surveys

NEVER_WENT = ("stopped", "failed")


def history_of(session: Session, contributor_id: int) -> list[Message]:
    """What went to a contributor in the last year, or still will: the budget of attention counts
    it. What was stopped or never left spent nobody's attention."""
    return list(
        session.exec(
            select(Message)
            .options(*closed(Message))
            .where(
                Message.contributor_id == contributor_id,
                col(Message.made_at) > clock.now() - surveys.YEAR,
                col(Message.state).not_in(NEVER_WENT),
            )
            .order_by(col(Message.made_at))
        ).all()
    )


WHY_NOT = {
    "not_an_address": "did not go, since the case system holds none that works",
    "phone_off_or_full": "did not arrive in three days, the phone was off or full",
}


@dataclass(frozen=True)
class Undelivered:
    """A message around one person that did not arrive: what their worker is asked to do."""

    contributor_id: int
    name: str
    channel: str
    fault: str
    at: datetime

    @property
    def words(self) -> str:
        """One line for a worker."""
        what = {"text": "text", "email": "e-mail"}.get(self.channel, "message")
        ask = "a new number" if self.channel == "text" else "a new address"
        why = WHY_NOT.get(self.fault, "did not arrive")
        return f"The {what} to {self.name} {why}: ask for {ask}"


@dataclass(frozen=True)
class ToHandOver:
    """A message that waits for the worker: give the card, or tell them."""

    message_id: int
    person_id: int
    name: str
    channel: str
    made_at: datetime

    @property
    def words(self) -> str:
        """One line for a worker."""
        do = "Give a card to" if self.channel == "card" else "Tell"
        return f"{do} {self.name}: their page is ready"


FOR_A_PERSON = ("unknown", "bounced", "failed")


def count_for_a_person(session: Session) -> int:
    """How many messages nobody knows the end of, or did not arrive, and nobody has settled."""
    return session.exec(
        select(func.count())
        .select_from(Message)
        .where(col(Message.state).in_(FOR_A_PERSON), col(Message.settled_at).is_(None))
    ).one()


def undelivered(
    session: Session, viewer: StaffIdentity, person_ids: Collection[int]
) -> dict[int, list[Undelivered]]:
    """By person, what did not arrive and nobody has mended; only of people around whom the viewer
    stands, and the newest for each contributor."""
    found: dict[int, list[Undelivered]] = {}
    for person_id, line, row in _around(session, viewer, person_ids, ("bounced",)):
        theirs = found.setdefault(person_id, [])
        if all(one.contributor_id != line.contributor_id for one in theirs):
            theirs.append(
                Undelivered(line.contributor_id, line.name, row.channel, row.fault, row.made_at)
            )
    return found


def to_hand_over(
    session: Session, viewer: StaffIdentity, person_ids: Collection[int]
) -> dict[int, list[ToHandOver]]:
    """By person, the cards to give and the things to tell, the newest for each contributor; only
    of people around whom the viewer stands."""
    found: dict[int, list[ToHandOver]] = {}
    for person_id, line, row in _around(session, viewer, person_ids, ("waiting",)):
        if row.channel in (ways.CARD, ways.IN_PERSON):
            found.setdefault(person_id, []).append(
                ToHandOver(row.id or 0, person_id, line.name, row.channel, row.made_at)
            )
    return found


def _around(
    session: Session,
    viewer: StaffIdentity,
    person_ids: Collection[int],
    states: tuple[str, ...],
) -> Iterator[tuple[int, people.ContributorLine, Message]]:
    cases = people.cases(session, person_ids)
    seen = [key for key, case in cases.items() if may(viewer, Permission.CHOOSE_WAY, case)]
    lines = {
        line.contributor_id: line
        for around in people.around_each(session, seen).values()
        for line in around
    }
    rows = session.exec(
        select(Message)
        .where(
            col(Message.contributor_id).in_(lines),
            col(Message.state).in_(states),
            col(Message.settled_at).is_(None),
        )
        .order_by(col(Message.made_at).desc(), col(Message.id).desc())
    ).all()
    for row in rows:
        line = lines[row.contributor_id or 0]
        yield line.person_id, line, row


@dataclass(frozen=True)
class Tried:
    """One message as who reaches out needs to know of it."""

    channel: str
    state: str
    made_at: datetime


def tried_with(session: Session, contributor_ids: Collection[int]) -> dict[int, list[Tried]]:
    """By contributor, every invitation and reminder that was written, the oldest first: by which
    channel it went and what became of it, never its words or where it went to."""
    rows = session.exec(
        select(Message.contributor_id, Message.channel, Message.state, Message.made_at)
        .where(
            col(Message.contributor_id).in_(contributor_ids),
            col(Message.occasion).in_(("invitation", "reminder")),
        )
        .order_by(col(Message.made_at), col(Message.id))
    ).all()
    found: dict[int, list[Tried]] = {}
    for contributor_id, channel, state, made_at in rows:
        found.setdefault(contributor_id or 0, []).append(Tried(channel, state, made_at))
    return found


# What a person must look at, because nothing of ours can tell that it arrived.
UNARRIVED = ("bounced", "failed", "unknown")


def count_unarrived(session: Session) -> int:
    """How many messages to anybody did not get through and nobody has looked at."""
    return session.exec(
        select(func.count()).where(
            col(Message.state).in_(UNARRIVED), col(Message.settled_at).is_(None)
        )
    ).one()


def count_letters_to_print(session: Session) -> int:
    """How many letters wait for somebody to print and post them, and are still worth sending."""
    rows = session.exec(
        select(Message).where(Message.channel == ways.LETTER, Message.state == "waiting")
    ).all()
    return sum(ways.is_by_hand(row) and not useful.why_not(session, row) for row in rows)
