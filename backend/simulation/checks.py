"""Holds a year that ran against what Heard promises, and lists each time that it did not hold.

The rules are worked out here from the rows alone, and not by the code that made them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from backend.asks import queries as asks
from backend.asks.models import Ask
from backend.asks.owners import Owners
from backend.core import audit, clock
from backend.core.jobs import Job
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people.models import Contributor
from backend.reviews.models import Review
from backend.simulation.ledgers import Ledger
from backend.simulation.providers import Provider
from backend.simulation.readers import accounts_of, unreadable
from backend.surveys.models import Consultation, Invitation

BETWEEN, YEAR, MOST_A_YEAR = timedelta(days=30), timedelta(days=365), 6
REVIEW = "before_review"
NEVER_WENT = ("stopped", "failed")
ADULT_WEEKLY = ("digest",)


@dataclass(frozen=True)
class Finding:
    """One promise: how much was looked at, and every time that it was broken."""

    promise: str
    looked_at: int
    broken: list[str] = field(default_factory=list)


def check_year(session: Session, ledger: Ledger, provider: Provider) -> list[Finding]:
    """Every promise, in the order in which a reader asks for it."""
    return [
        Finding(
            "Every morning each review within two weeks had its open round",
            len(ledger.rounds_looked_at),
            list(ledger.seen_wrong),
        ),
        Finding(
            "Every morning each child and young person under 25 had an open review",
            len(ledger.people_looked_at),
            list(ledger.without_review),
        ),
        held_without_round(session),
        invited_twice(session),
        reminded_twice(session),
        over_budget(session),
        digests_too_often(session),
        invited_while_stale(session, ledger.stale_days),
        sent_twice(session, provider),
        overdue_unlisted(session),
        Finding(
            "Every answer that was sent can be read, letter for letter",
            len(ledger.answers),
            unreadable(session, ledger.answers),
        ),
        unfinished_jobs(session),
        broken_audit(session),
    ]


def held_without_round(session: Session) -> Finding:
    """Reviews that were confirmed here as held, and had a round before."""
    rows = session.exec(
        select(Review, Consultation.id)
        .join(
            Consultation,
            (col(Consultation.review_id) == col(Review.id))
            & (col(Consultation.moment) == REVIEW)
            & (col(Consultation.opens_on) <= col(Review.held_on)),
            isouter=True,
        )
        .where(col(Review.confirmed_at).is_not(None))
    ).all()
    broken = [f"review {row.id}, held {row.held_on}" for row, found in rows if found is None]
    return Finding("No review was held without its round", len(rows), broken)


def invited_twice(session: Session) -> Finding:
    """Invitations by message and by hand: one for each round and contributor."""
    rows = session.exec(
        select(Message.consultation_id, Message.contributor_id).where(
            Message.occasion == "invitation", col(Message.state).not_in(NEVER_WENT)
        )
    ).all()
    called = session.exec(select(Invitation.consultation_id, Invitation.contributor_id)).all()
    broken = [f"round {one[0]}, contributor {one[1]}" for one in _twice(rows) + _twice(called)]
    return Finding("Nobody was invited twice to a round", len(called), broken)


def reminded_twice(session: Session) -> Finding:
    """Reminders: gently once for each round and contributor, then not."""
    rows = session.exec(
        select(Message.consultation_id, Message.contributor_id).where(
            Message.occasion == "reminder", col(Message.state).not_in(NEVER_WENT)
        )
    ).all()
    broken = [f"round {one[0]}, contributor {one[1]}" for one in _twice(rows)]
    return Finding("Nobody was reminded twice of a round", len(rows), broken)


def _twice(rows: Iterable[tuple[int | None, int | None]]) -> list[tuple[int | None, int | None]]:
    return [
        pair for pair, count in Counter((one, other) for one, other in rows).items() if count > 1
    ]


def over_budget(session: Session) -> Finding:
    """What young people were invited to: a review's always goes, the rest within the budget."""
    rows = session.exec(
        select(Message.contributor_id, Message.made_at, Consultation.moment)
        .join(Contributor, col(Contributor.id) == col(Message.contributor_id))
        .join(Consultation, col(Consultation.id) == col(Message.consultation_id))
        .where(
            Message.occasion == "invitation",
            col(Message.state).not_in(NEVER_WENT),
            col(Contributor.person_id).is_not(None),
        )
        .order_by(col(Message.made_at), col(Message.id))
    ).all()
    gone: dict[int, list[date]] = defaultdict(list)
    broken = []
    for contributor_id, made_at, moment in rows:
        day = clock.in_london(made_at).date()
        before = gone[contributor_id or 0]
        is_soon = any(day - one < BETWEEN for one in before)
        in_year = sum(day - one < YEAR for one in before)
        if moment != REVIEW and (is_soon or in_year >= MOST_A_YEAR):
            broken.append(f"contributor {contributor_id} on {day} for {moment}")
        before.append(day)
    promise = f"The budget of attention was kept for {len(gone)} young people"
    return Finding(promise, len(rows), broken)


def digests_too_often(session: Session) -> Finding:
    """Digests to each colleague, by calendar week."""
    rows = session.exec(
        select(Message.staff_id, Message.made_at).where(col(Message.occasion).in_(ADULT_WEEKLY))
    ).all()
    weeks = Counter(
        (staff_id, clock.in_london(made_at).date().isocalendar()[:2]) for staff_id, made_at in rows
    )
    broken = [f"staff {key[0]} in week {key[1]}" for key, count in weeks.items() if count > 1]
    return Finding("No colleague had two digests in a week", len(rows), broken)


def invited_while_stale(session: Session, stale_days: list[date]) -> Finding:
    """Invitations on days on which the extract was more than eight days old."""
    days = set(stale_days)
    rows = session.exec(select(Message).where(Message.occasion == "invitation")).all()
    made = [(row.id, clock.in_london(row.made_at).date()) for row in rows]
    broken = [f"message {key} on {day}" for key, day in made if day in days]
    return Finding("Nobody was invited from a stale extract", len(days), broken)


def sent_twice(session: Session, provider: Provider) -> Finding:
    """What the provider took: once for each message, and every message came to an end."""
    broken = [f"reference {key}" for key, count in provider.taken.items() if count > 1]
    settled = clock.now() - timedelta(days=7)
    hanging = session.exec(
        select(Message.id).where(
            col(Message.state).in_(("waiting", "sending")),
            col(Message.channel).in_(("text", "email")),
            col(Message.made_at) < settled,
        )
    ).all()
    broken += [f"message {key} still waits after a week" for key in hanging]
    return Finding("Each message went once, and none was forgotten", len(provider.taken), broken)


def overdue_unlisted(session: Session) -> Finding:
    """Asks: answered, or on their owner's list as overdue once their day has passed."""
    rows = session.exec(select(Ask)).all()
    today = clock.today()
    late = [row for row in rows if row.answered_at is None and row.due_on < today]
    cases = people.cases(session, {row.person_id for row in late})
    finder, listed = Owners(session), dict[int, set[int]]()
    accounts = accounts_of(session)
    broken = []
    for row in late:
        owners = finder.of(row.owner_role, cases[row.person_id])
        for owner in owners:
            if owner not in listed:
                lines = asks.asks_for(session, accounts[owner])
                listed[owner] = {line.ask_id for line in lines if line.is_overdue}
        if not any(row.id in listed[owner] for owner in owners):
            broken.append(f"ask {row.id}, due {row.due_on}")
    return Finding("Every ask was answered or stands as overdue with its owner", len(rows), broken)


def unfinished_jobs(session: Session) -> Finding:
    """Later work: done, or still to come."""
    rows = session.exec(select(Job)).all()
    yesterday = clock.now() - timedelta(days=1)
    broken = [
        f"{row.kind} {row.id}: {row.failure or 'not done'}"
        for row in rows
        if row.done_at is None and (row.failure is not None or row.due_at < yesterday)
    ]
    return Finding("All later work was done", len(rows), broken)


def broken_audit(session: Session) -> Finding:
    """The audit's chain of hashes from its first event to the last."""
    audit.seal(session)
    found = audit.find_break(session)
    count = session.exec(select(func.count()).select_from(audit.AuditEvent)).one()
    broken = [] if found is None else [f"event {found}"]
    return Finding("The audit's chain holds", count, broken)
