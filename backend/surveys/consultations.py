"""Rounds of asking: opened two weeks before a review, and each half-year about a home."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from backend.core import clock
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.surveys.models import Consultation

BEFORE_REVIEW, HOME, ANYTIME = "before_review", "home", "anytime"
ASKED_BEFORE = timedelta(days=14)
# A review that is overdue can still be held any day: what is to be said can still be said.
OVERDUE_FOR = timedelta(days=7)


def key_of(
    *, person_id: int, moment: str, review_id: int | None, home_id: int | None, window: str
) -> str:
    """What makes two rounds the same one."""
    if moment == BEFORE_REVIEW:
        return f"review:{review_id}"
    return f"home:{person_id}:{home_id}:{window}" if moment == HOME else f"anytime:{person_id}"


def open_consultation(
    session: Session,
    *,
    person_id: int,
    moment: str,
    opens_on: date,
    closes_on: date,
    review_id: int | None = None,
    home_id: int | None = None,
    window: str = "",
) -> Consultation:
    """One round of asking; the same one again with its days moved, when it was opened before."""
    key = key_of(
        person_id=person_id, moment=moment, review_id=review_id, home_id=home_id, window=window
    )
    found = session.exec(select(Consultation).where(Consultation.key == key)).first()
    if found is not None:
        found.opens_on, found.closes_on = min(found.opens_on, opens_on), closes_on
        return found
    consultation = Consultation(
        person_id=person_id,
        moment=moment,
        review_id=review_id,
        home_id=home_id,
        window=window,
        opens_on=opens_on,
        closes_on=closes_on,
        key=key,
    )
    session.add(consultation)
    session.flush()
    return consultation


def window_of(day: date) -> str:
    """The half-year in which a home is asked about: 2026H2."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def days_of_window(day: date) -> tuple[date, date]:
    """The first and last day of that half-year."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def open_home_round(session: Session, person_id: int, home_id: int) -> Consultation:
    """This half-year's round about one person's home."""
    first, last = days_of_window(clock.today())
    return open_consultation(
        session,
        person_id=person_id,
        moment=HOME,
        home_id=home_id,
        window=window_of(first),
        opens_on=first,
        closes_on=last,
    )


def open_rounds(session: Session) -> None:
    """Open what is due today: reviews within two weeks or overdue, and homes each half-year."""
    today = clock.today()
    living = [person.id or 0 for person in people.living(session)]
    known = {
        row.key: row
        for row in session.exec(select(Consultation).where(col(Consultation.closes_on) >= today))
    }
    for person_id, review in reviews.next_reviews(session, living).items():
        if review.due_on - ASKED_BEFORE <= today:
            open_consultation(
                session,
                person_id=person_id,
                moment=BEFORE_REVIEW,
                review_id=review.id,
                opens_on=review.due_on - ASKED_BEFORE,
                closes_on=max(review.due_on, today + OVERDUE_FOR),
            )
    for person_id, home in placements.homes_of(session, living).items():
        if f"home:{person_id}:{home.id}:{window_of(today)}" not in known:
            open_home_round(session, person_id, home.id or 0)
