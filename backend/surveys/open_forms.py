"""Reads of which forms are open for whom today."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.placements import queries as placements
from backend.preferences import queries as preferences
from backend.surveys import catalogue, choices, folding, moments
from backend.surveys.models import HAS_ANSWERS, Consultation, Response, Topic

if TYPE_CHECKING:
    from backend.people.models import Contact, Contributor, Person

# The extract that ends a carer may come some days before or after the one that ends the stay.
ENDED_TOGETHER = timedelta(days=21)


@dataclass(frozen=True)
class OpenForm:
    """One form that is open for one contributor; `state` is new, begun or sent."""

    consultation_id: int
    instrument_id: str
    title: str
    person_id: int
    person_name: str
    moment: str
    closes_on: date
    state: str


def asked_about(session: Session, contributor: "Contributor") -> list["Person"]:
    """The people about whom a contributor may answer today: oneself, one's child, one's cases.

    Carers of a home that the child left are asked for six weeks how it ended, and nothing else.
    """
    if contributor.staff_id is None:
        person = people.subject_of(session, contributor)
        contact = people.contact_of(session, contributor)
        if person is None or person.left_on or (contact and contact.invite == "no"):
            return []
        today = clock.today()
        is_past = contact is not None and people.is_past(contact, today)
        may_end = contact is not None and people.may_say_how_it_ended(contact, today)
        return [] if is_past and not may_end else [person]
    worker = StaffIdentity(staff_id=contributor.staff_id, name="", roles=frozenset())
    return people.people_worked_by(session, worker)


def open_for(
    session: Session, contributor: "Contributor", *, with_always_open: bool = False
) -> list[OpenForm]:
    """The forms that are open for a contributor today: a review's first, then the soonest to close.

    Forms that are open at all times have a place of their own on the page; they are listed here
    only with `with_always_open`.
    """
    subjects = {person.id or 0: person for person in asked_about(session, contributor)}
    rounds = _rounds_of(session, subjects)
    if not with_always_open:
        rounds = [row for row in rounds if row.moment not in moments.ALWAYS_OPEN]
    if not rounds:
        return []
    responses = own_responses(session, contributor.id or 0, [row.id or 0 for row in rounds])
    speaks = preferences.preferences_of(session, contributor.id or 0).speaks
    states = states_of(session, responses.values())
    forms = []
    for row in _theirs(session, contributor, rounds, responses):
        person = subjects[row.person_id]
        response = responses.get(row.id or 0)
        kind = Kind(contributor.kind)
        form = open_form(session, row, person, kind=kind, speaks=speaks, response=response)
        if form is not None:
            state = states.get(response.id or 0, "new") if response else "new"
            forms.append(OpenForm(**form, state=state))
    return sorted(forms, key=lambda form: form.moment != moments.BEFORE_REVIEW)


def _rounds_of(session: Session, person_ids: Collection[int]) -> list[Consultation]:
    today = clock.today()
    statement = (
        select(Consultation)
        .where(
            col(Consultation.person_id).in_(person_ids),
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
        .order_by(col(Consultation.closes_on), col(Consultation.id))
    )
    return list(session.exec(statement).all())


def _theirs(
    session: Session,
    contributor: "Contributor",
    rounds: Sequence[Consultation],
    begun: Collection[int],
) -> list[Consultation]:
    """Those of the rounds in which this contributor is asked."""
    kind = Kind(contributor.kind)
    homes = placements.homes_of(session, {row.person_id for row in rounds})
    folded = folding.folded_rounds(session, rounds) if kind in moments.YOUNG else set()
    contact = people.contact_of(session, contributor)
    theirs = []
    for row in rounds:
        home = homes.get(row.person_id)
        is_elsewhere = row.moment in moments.HOME_NOW and (home is None or home.id != row.home_id)
        is_topic = row.moment in folding.BECOME_TOPICS and row.id in folded and row.id not in begun
        is_asked = moments.is_asked(kind, row.moment) and _is_around_for(contact, row)
        if is_asked and not is_elsewhere and not is_topic:
            theirs.append(row)
    return theirs


def _is_around_for(contact: "Contact | None", row: Consultation) -> bool:
    """Whether an adult is the one to ask: those of today of everything but the home before."""
    if contact is None or contact.kind not in people.CARERS:
        return True
    is_past = people.is_past(contact, clock.today())
    if row.moment != moments.HOME_ENDED or contact.ended_on is None:
        return not is_past and row.moment != moments.HOME_ENDED
    return is_past and abs(contact.ended_on - row.opens_on) <= ENDED_TOGETHER


def open_form(
    session: Session,
    row: Consultation,
    person: "Person",
    *,
    kind: Kind,
    speaks: str,
    response: Response | None,
) -> dict[str, Any] | None:
    """What an open form is called, by the form that was begun or else by the one that suits;
    None if none does."""
    if response is not None:
        instrument = catalogue.instruments().get(response.instrument_id)
    else:
        instrument = choices.form_for(session, person, kind=kind, moment=row.moment)
    if instrument is None:
        return None
    words = instrument.words(speaks, names={"child": person.known_as, "me": person.known_as})
    return {
        "consultation_id": row.id or 0,
        "instrument_id": instrument.id,
        "title": words.title,
        "person_id": row.person_id,
        "person_name": person.known_as,
        "moment": row.moment,
        "closes_on": row.closes_on,
    }


def own_responses(
    session: Session, contributor_id: int, consultation_ids: Collection[int]
) -> dict[int, Response]:
    """A contributor's responses by consultation."""
    rows = session.exec(
        select(Response).where(
            Response.contributor_id == contributor_id,
            col(Response.consultation_id).in_(consultation_ids),
        )
    )
    return {row.consultation_id: row for row in rows}


def states_of(session: Session, responses: Iterable[Response]) -> dict[int, str]:
    """How far each response is: begun while any topic waits, sent when none does."""
    ids = [row.id or 0 for row in responses]
    rows = session.exec(
        select(Topic.response_id, Topic.sent_at)
        .where(col(Topic.response_id).in_(ids))
        .where(HAS_ANSWERS)
    ).all()
    states: dict[int, str] = {}
    for response_id, sent_at in rows:
        is_begun = sent_at is None or states.get(response_id) == "begun"
        states[response_id] = "begun" if is_begun else "sent"
    return states
