"""Home moments that a young person is not asked by themselves, since a review's form is near."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.reviews import queries as reviews
from backend.surveys import budget, moments
from backend.surveys.consultations import ASKED_BEFORE
from backend.surveys.models import Consultation

# The form before a review asks about the home of today. How the last one ended stands in no other
# form: it is not sent to anybody beside a review, but stays open on the young person's own page.
BECOME_TOPICS = (moments.HOME_MOVE, moments.HOME_FIRST)


def review_days(
    session: Session, person_ids: Collection[int]
) -> dict[int, list[tuple[date, date]]]:
    """The rounds before reviews of these people, those to come included, as first and last day."""
    rows = session.exec(
        select(Consultation).where(
            col(Consultation.person_id).in_(set(person_ids)),
            Consultation.moment == moments.BEFORE_REVIEW,
        )
    ).all()
    found: dict[int, list[tuple[date, date]]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append((row.opens_on, row.closes_on))
    for person_id, review in reviews.next_reviews(session, person_ids).items():
        day = reviews.expected_on(review)
        found.setdefault(person_id, []).append((day - ASKED_BEFORE, day))
    return found


def folded_rounds(
    session: Session, rounds: Sequence[Consultation], *, today: date | None = None
) -> set[int]:
    """Ids of those home moments that become a topic of a review's form for the young person.

    With `today`, as an invitation would be judged that went today; without, as the round was when
    it opened, so that a form which was there yesterday is not gone today.
    """
    homes = [row for row in rounds if row.moment in moments.HOME_MOMENTS]
    if not homes:
        return set()
    days = review_days(session, {row.person_id for row in homes})
    return {
        row.id or 0
        for row in homes
        if budget.is_topic_of_review(
            max(row.opens_on, today) if today else row.opens_on, days.get(row.person_id, ())
        )
    }


def asks_about_home(session: Session, consultation: Consultation) -> bool:
    """Whether a form before a review takes the place of a home moment that is due: its topics of
    the home are then picked already, and the young person can put them aside."""
    if consultation.moment != moments.BEFORE_REVIEW:
        return False
    today = clock.today()
    rows = session.exec(
        select(Consultation).where(
            Consultation.person_id == consultation.person_id,
            col(Consultation.moment).in_(BECOME_TOPICS),
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
    ).all()
    return bool(folded_rounds(session, rows))
