"""Rounds of asking: before a review, at each moment of a stay in a home, and at any time."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import clock
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.surveys import choices, moments
from backend.surveys.models import Consultation
from backend.surveys.moments import ANYTIME, BEFORE_REVIEW, HOME, HOME_ENDED, OBSERVER

if TYPE_CHECKING:
    from backend.placements.models import Placement

__all__ = [
    "ANYTIME", "ASKED_BEFORE", "BEFORE_REVIEW", "HOME", "days_of_window", "key_of",
    "open_always", "open_consultation", "open_home_round", "open_rounds", "window_of",
]  # fmt: skip

ASKED_BEFORE = timedelta(days=14)
# A review that is overdue can still be held any day: what is to be said can still be said.
OVERDUE_FOR = timedelta(days=7)
# What was begun on the last day of a half-year, or before a review that was then held, can still be
# sent, as the first screen said.
DRAFTS_KEPT = timedelta(days=14)


def key_of(
    *,
    person_id: int,
    moment: str,
    review_id: int | None,
    home_id: int | None,
    window: str,
    stay_id: int | None = None,
) -> str:
    """What makes two rounds the same one."""
    if moment == BEFORE_REVIEW:
        return f"review:{review_id}"
    if moment == OBSERVER:
        return f"observer:{review_id}"
    if stay_id is not None:
        return f"{moment}:{stay_id}"
    if moment in moments.HOME_MOMENTS:
        return f"{moment}:{person_id}:{home_id}:{window}"
    return f"{moment}:{person_id}:{window}" if window else f"{moment}:{person_id}"


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
    stay_id: int | None = None,
) -> Consultation:
    """One round of asking; the same one again with its days moved, when it was opened before."""
    key = key_of(
        person_id=person_id,
        moment=moment,
        review_id=review_id,
        home_id=home_id,
        window=window,
        stay_id=stay_id,
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


def open_stay_round(
    session: Session, stay: "Placement", moment: str, *, opens_on: date, closes_on: date
) -> Consultation:
    """The round of one moment of one stay."""
    return open_consultation(
        session,
        person_id=stay.person_id,
        moment=moment,
        home_id=stay.home_id,
        window=window_of(opens_on),
        opens_on=opens_on,
        closes_on=closes_on,
        stay_id=stay.id,
    )


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


def open_always(session: Session, person_id: int, moment: str) -> Consultation:
    """This half-year's round of a form that is open at all times: a new one then, so that the
    form follows a young person who grows."""
    first, last = days_of_window(clock.today())
    return open_consultation(
        session,
        person_id=person_id,
        moment=moment,
        window=window_of(first),
        opens_on=first,
        closes_on=last + DRAFTS_KEPT,
    )


def open_rounds(session: Session) -> None:
    """Open what is due today: reviews within two weeks or overdue, and each moment of a stay."""
    living = people.living_ids(session)
    open_reviews(session, living)
    close_rounds_of_past_reviews(session)
    known = set(
        session.exec(
            select(Consultation.key).where(col(Consultation.closes_on) >= clock.today())
        ).all()
    )
    open_stays(session, living, known)
    open_ended(session, living, known)


def open_reviews(session: Session, living: list[int]) -> None:
    """The round before each review, and the observer's beside it where one is asked.

    A round that was open when its review moved away stays open until the new day: what was
    written in it is kept, and nobody is called to it a second time.
    """
    today = clock.today()
    observed = choices.shown_by_others(session, living)
    found = reviews.next_reviews(session, living)
    begun = _begun_rounds(session, [review.id or 0 for review in found.values()])
    for person_id, review in found.items():
        day = reviews.expected_on(review)
        if day - ASKED_BEFORE > today:
            for row in begun.get(review.id or 0, ()):
                row.closes_on = day
            continue
        for moment in (BEFORE_REVIEW, OBSERVER) if person_id in observed else (BEFORE_REVIEW,):
            open_consultation(
                session,
                person_id=person_id,
                moment=moment,
                review_id=review.id,
                opens_on=day - ASKED_BEFORE,
                closes_on=max(day, today + OVERDUE_FOR),
            )


def close_rounds_of_past_reviews(session: Session) -> None:
    """The rounds of a review that is over end within two weeks, though it had been put off, or an
    extract had given it the day of the next one before somebody confirmed that it was held."""
    latest = clock.today() + DRAFTS_KEPT
    rows = session.exec(
        select(Consultation).where(
            col(Consultation.review_id).is_not(None), col(Consultation.closes_on) > latest
        )
    ).all()
    found = reviews.reviews(session, {row.review_id or 0 for row in rows})
    for row in rows:
        if reviews.is_over(found[row.review_id or 0]):
            row.closes_on = max(latest, row.opens_on)


def _begun_rounds(session: Session, review_ids: list[int]) -> dict[int, list[Consultation]]:
    """Rounds that were opened for these reviews, by the review's id."""
    found: dict[int, list[Consultation]] = {}
    for row in session.exec(
        select(Consultation).where(col(Consultation.review_id).in_(review_ids))
    ):
        found.setdefault(row.review_id or 0, []).append(row)
    return found


def open_stays(session: Session, living: list[int], known: set[str]) -> None:
    """How the move went, the first weeks, and the longer term once those have passed."""
    today = clock.today()
    for person_id, stay in placements.present_stays(session, living).items():
        for moment, stretch in moments.SINCE_START.items():
            if stay.started_on is None or f"{moment}:{stay.id}" in known:
                continue
            first, last = stretch.days(stay.started_on)
            if first <= today <= last:
                open_stay_round(session, stay, moment, opens_on=first, closes_on=last)
        is_known = f"{HOME}:{person_id}:{stay.home_id}:{window_of(today)}" in known
        if not is_known and moments.is_longer_term(stay.started_on, today):
            open_home_round(session, person_id, stay.home_id)


def open_ended(session: Session, living: list[int], known: set[str]) -> None:
    """How a stay ended, for six weeks from its last day."""
    since = clock.today() - moments.SINCE_END.closes_after
    for stays in placements.ended_stays(session, living, since=since).values():
        for stay in stays:
            if stay.ended_on is None or f"{HOME_ENDED}:{stay.id}" in known:
                continue
            first, last = moments.SINCE_END.days(stay.ended_on)
            open_stay_round(session, stay, HOME_ENDED, opens_on=first, closes_on=last)
