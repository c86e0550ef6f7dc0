"""Who was called to which round, by a message or by the worker's hand: once, whatever crashed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.database import add_once
from backend.people import queries as people
from backend.placements import queries as placements
from backend.surveys import choices, moments
from backend.surveys.models import HAS_ANSWERS, Consultation, Invitation, Response, Topic
from backend.surveys.rounds import asked_in

HANDED_OVER = audit.declare("invitation.handed_over", "contributor_id", "consultation_id")
# Whoever wrote in a round was called to it well enough: one pair of round and contributor each.
Pair = tuple[int, int]


@dataclass(frozen=True)
class ToHandOver:
    """One parent whom the worker asks by their own hand, for a round that is open."""

    consultation_id: int
    contributor_id: int
    person_id: int
    name: str
    closes_on: date


def invitations(session: Session, consultation_ids: Collection[int]) -> dict[Pair, Invitation]:
    """Who was called, by round and contributor."""
    rows = session.exec(
        select(Invitation).where(col(Invitation.consultation_id).in_(consultation_ids))
    ).all()
    return {(row.consultation_id, row.contributor_id): row for row in rows}


def note_invited(
    session: Session, consultation_id: int, contributor_id: int, *, by_hand_of: int | None = None
) -> Invitation:
    """Write down that somebody is called to a round; the row that stands where they were."""
    found = invitations(session, [consultation_id]).get((consultation_id, contributor_id))
    if found is not None:
        return found
    made = Invitation(
        consultation_id=consultation_id,
        contributor_id=contributor_id,
        invited_at=clock.now(),
        handed_over_by=by_hand_of,
    )
    return add_once(
        session,
        made,
        lambda: invitations(session, [consultation_id]).get((consultation_id, contributor_id)),
    )


def note_reminded(row: Invitation) -> None:
    """Write down that somebody was reminded of a round: nobody is a second time."""
    row.reminded_at = clock.now()


def wrote_in(session: Session, consultation_ids: Collection[int]) -> tuple[set[Pair], set[Pair]]:
    """Who began anything in these rounds, kept or sent, and who sent something."""
    rows = session.exec(
        select(Response.consultation_id, Response.contributor_id, Topic.sent_at)
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .where(col(Response.consultation_id).in_(consultation_ids))
        .where(HAS_ANSWERS)
    ).all()
    begun = {(consultation_id, contributor_id) for consultation_id, contributor_id, _ in rows}
    return begun, {(one, other) for one, other, sent_at in rows if sent_at is not None}


def open_before_reviews(session: Session, person_ids: Collection[int]) -> list[Consultation]:
    """The rounds before reviews of these people that are open today, the first to close first."""
    today = clock.today()
    rows = session.exec(
        select(Consultation)
        .where(
            col(Consultation.person_id).in_(person_ids),
            Consultation.moment == moments.BEFORE_REVIEW,
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
        .order_by(col(Consultation.closes_on), col(Consultation.id))
    ).all()
    return list(rows)


def to_hand_over(session: Session, person_ids: Collection[int]) -> list[ToHandOver]:
    """The adults around these people whom nobody but the worker calls, and whom they have still
    to: parents as a rule."""
    by_hand: dict[int, list[people.ParentLine]] = {}
    for line in people.parents_of(session, person_ids):
        if line.invite == "through_worker":
            by_hand.setdefault(line.person_id, []).append(line)
    rounds = open_before_reviews(session, by_hand)
    ids = [row.id or 0 for row in rounds]
    done, (_, sent) = invitations(session, ids), wrote_in(session, ids)
    found = []
    for row in rounds:
        person = people.person(session, row.person_id)
        for line in by_hand[row.person_id]:
            pair = (row.id or 0, line.contributor_id)
            if pair in done or pair in sent or person is None:
                continue
            if choices.form_for(session, person, kind=line.kind, moment=row.moment):
                found.append(ToHandOver(*pair, row.person_id, line.name, row.closes_on))
    return found


def hand_over_card(
    session: Session, viewer: StaffIdentity, person_id: int, contributor_id: int
) -> bool:
    """Note that the worker gave a parent their way in; False where nothing waited for that. The
    caller has checked that the viewer may."""
    waiting = [
        one for one in to_hand_over(session, [person_id]) if one.contributor_id == contributor_id
    ]
    for one in waiting:
        note_invited(session, one.consultation_id, contributor_id, by_hand_of=viewer.staff_id)
        audit.record(
            session,
            HANDED_OVER,
            actor=viewer.actor,
            person_id=person_id,
            contributor_id=contributor_id,
            consultation_id=one.consultation_id,
        )
    return bool(waiting)


def silent_before_reviews(session: Session, person_ids: Collection[int]) -> dict[int, list[Kind]]:
    """By person, of which kinds nothing has come in the round before a review that is open today.
    A parent who is not to be asked is not silent."""
    rounds = open_before_reviews(session, person_ids)
    ids = [row.id or 0 for row in rounds]
    _, sent = wrote_in(session, ids)
    found: dict[int, list[Kind]] = {}
    persons = people.people(session, {row.person_id for row in rounds}, are_named=False)
    around = people.around_each(session, persons, are_named=False)
    for row in rounds:
        person = persons.get(row.person_id)
        for line in asked_in(session, row, clock.today(), around=around[row.person_id]):
            is_sent = (row.id or 0, line.contributor_id) in sent
            if is_sent or line.invite == "no" or person is None:
                continue
            if choices.form_for(session, person, kind=line.kind, moment=row.moment):
                found.setdefault(row.person_id, []).append(line.kind)
    return found


@dataclass(frozen=True)
class OpenTaps:
    """A worker's own form about one person's home of today, of which nothing was sent."""

    person_id: int
    home_id: int
    closes_on: date


def open_to_worker(session: Session, staff_id: int, person_ids: Collection[int]) -> list[OpenTaps]:
    """What a worker is asked about homes today and has sent nothing of, by the day it closes."""
    today = clock.today()
    homes = placements.homes_of(session, person_ids)
    rounds = session.exec(
        select(Consultation)
        .where(
            col(Consultation.person_id).in_(person_ids),
            col(Consultation.moment).in_(moments.HOME_NOW),
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
        .order_by(col(Consultation.closes_on), col(Consultation.id))
    ).all()
    own = people.contributor_of_staff(session, staff_id)
    _, sent = wrote_in(session, [row.id or 0 for row in rounds])
    found: dict[int, OpenTaps] = {}
    for row in rounds:
        home = homes.get(row.person_id)
        is_sent = own is not None and (row.id or 0, own.id or 0) in sent
        person = people.person(session, row.person_id)
        if home is None or home.id != row.home_id or is_sent or person is None:
            continue
        if choices.form_for(session, person, kind=Kind.SOCIAL_WORKER, moment=row.moment):
            taps = OpenTaps(row.person_id, row.home_id or 0, row.closes_on)
            found.setdefault(row.person_id, taps)
    return list(found.values())


def called_before_review(session: Session, review_id: int) -> list[Pair]:
    """Who was called to the round before one review and is still asked in it, as pairs of round
    and contributor; those who wrote uncalled too."""
    today = clock.today()
    row = session.exec(
        select(Consultation).where(
            Consultation.review_id == review_id, Consultation.moment == moments.BEFORE_REVIEW
        )
    ).first()
    if row is None:
        return []
    done = invitations(session, [row.id or 0])
    begun, _ = wrote_in(session, [row.id or 0])
    pairs = [
        (row.id or 0, line.contributor_id)
        for line in asked_in(session, row, today)
        if line.invite == "yes"
    ]
    return [pair for pair in pairs if pair in done or pair in begun]


def reviews_asked_about(session: Session, person_ids: Collection[int]) -> set[int]:
    """Ids of the reviews whose rounds are open today, those cancelled meanwhile included."""
    rounds = open_before_reviews(session, person_ids)
    return {row.review_id for row in rounds if row.review_id is not None}
