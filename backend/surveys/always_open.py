"""What is open at all times: tell us anything, keep in touch, my words for my next home."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.surveys import choices, moments
from backend.surveys.consultations import open_always
from backend.surveys.instruments import Instrument
from backend.surveys.models import Consultation, Response, Topic


@dataclass(frozen=True)
class Entries:
    """What the first page offers besides the forms: each empty where nothing suits the person.

    `taps` are the one-tap answers of keeping in touch: value, text and symbol of each.
    """

    anything: str
    next_home: str
    taps: list[dict[str, Any]]


def is_always_open(consultation: Consultation) -> bool:
    """Whether it is said as often as one likes."""
    return consultation.moment in moments.ALWAYS_OPEN


def form_of_moment(
    session: Session, identity: ContributorIdentity, moment: str
) -> Instrument | None:
    """The form that a young person finds open at all times, or None where none suits them."""
    person = people.person(session, identity.person_id or 0)
    if person is None or person.left_on or not moments.is_asked(identity.kind, moment):
        return None
    return choices.form_for(session, person, kind=identity.kind, moment=moment)


def entries_of(session: Session, identity: ContributorIdentity) -> Entries:
    """The small entries of a young person's first page, by their titles."""
    anything = form_of_moment(session, identity, moments.ANYTIME)
    next_home = form_of_moment(session, identity, moments.NEXT_HOME)
    speaks = preferences.preferences_of(session, identity.contributor_id).speaks
    return Entries(
        anything=anything.words(speaks).title if anything else "",
        next_home=next_home.words(speaks).title if next_home else "",
        taps=taps_of(form_of_moment(session, identity, moments.KEEP_IN_TOUCH), speaks),
    )


def taps_of(form: Instrument | None, speaks: str) -> list[dict[str, Any]]:
    """The one-tap answers: the options of the form's first question."""
    if form is None:
        return []
    question = form.topics[0].questions[0]
    words = form.words(speaks)
    return [
        {
            "value": option.id,
            "text": words.option(question.id, option.id),
            "symbol": option.symbol or "",
        }
        for option in question.options
    ]


def anything_round(session: Session, identity: ContributorIdentity) -> Consultation:
    """The round to tell us anything in: this half-year's, or the one before while something that
    was begun in it waits."""
    person_id = identity.person_id or 0
    current = open_always(session, person_id, moments.ANYTIME)
    before = session.exec(
        select(Consultation)
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .where(
            Consultation.person_id == person_id,
            Consultation.moment == moments.ANYTIME,
            col(Consultation.closes_on) >= clock.today(),
            col(Consultation.id) != current.id,
            Response.contributor_id == identity.contributor_id,
            col(Topic.sent_at).is_(None),
        )
    ).first()
    return before or current
