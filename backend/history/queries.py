"""Reads of the past as returns told it; an open episode there says nothing about today."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, func, select

from backend.history.models import ReturnChild, ReturnEpisode, ReturnReview, ReturnUasc

MARCH = 3  # a return's year ends with it


@dataclass(frozen=True, slots=True)
class PastStay:
    """One episode of a linked person; an open one is `open_as_at` its return's year end."""

    person_id: int
    started_on: date
    ended_on: date | None
    open_as_at: date | None
    place: str
    urn: str
    place_postcode: str


def newest_year_end(session: Session) -> date | None:
    """The year end of the newest return, or None where there is none."""
    return session.exec(select(func.max(col(ReturnEpisode.year_end)))).one()


def stays_of_linked(session: Session) -> list[PastStay]:
    """Every episode of children who are linked to living people, the oldest first."""
    rows = session.exec(
        select(ReturnEpisode, ReturnChild.person_id)
        .join(ReturnChild, col(ReturnChild.id) == col(ReturnEpisode.return_child_id))
        .where(col(ReturnChild.person_id).is_not(None))
        .order_by(col(ReturnEpisode.started_on), col(ReturnEpisode.id))
    ).all()
    return [
        PastStay(
            person_id=person_id or 0,
            started_on=episode.started_on,
            ended_on=episode.ended_on,
            open_as_at=episode.year_end if episode.ended_on is None else None,
            place=episode.place,
            urn=episode.urn,
            place_postcode=episode.place_postcode,
        )
        for episode, person_id in rows
    ]


@dataclass(frozen=True, slots=True)
class PastReview:
    """One review as a return told it, with the rules that it broke there."""

    child: str
    date_of_birth: date | None
    reviewed_on: date
    code: str
    occurrence: int
    flags: frozenset[str]
    person_id: int | None
    return_child_id: int = 0
    is_in_header: bool = True


def reviews_of_returns(session: Session) -> list[PastReview]:
    """Every review that any return told of."""
    rows = session.exec(
        select(ReturnReview, ReturnChild).join(
            ReturnChild, col(ReturnChild.id) == col(ReturnReview.return_child_id)
        )
    ).all()
    return [
        PastReview(
            child=child.child,
            date_of_birth=child.date_of_birth,
            reviewed_on=review.reviewed_on,
            code=review.code,
            occurrence=review.occurrence,
            flags=frozenset(flag for flag in review.flags.split(",") if flag),
            person_id=child.person_id,
            return_child_id=child.id or 0,
            is_in_header=child.is_in_header,
        )
        for review, child in rows
    ]


def births_in_headers(session: Session) -> dict[str, set[date]]:
    """The dates of birth that headers gave each CHILD."""
    births: dict[str, set[date]] = {}
    for child in session.exec(select(ReturnChild).where(col(ReturnChild.is_in_header))):
        if child.date_of_birth is not None:
            births.setdefault(child.child, set()).add(child.date_of_birth)
    return births


def times_in_care(session: Session) -> dict[int, list[tuple[date, date]]]:
    """From when to when each child of a return was in care, as its episodes say; an open one has no
    end, and a child without any stands not here."""
    rows = session.exec(
        select(
            col(ReturnEpisode.return_child_id),
            col(ReturnEpisode.started_on),
            col(ReturnEpisode.ended_on),
        )
    )
    times: dict[int, list[tuple[date, date]]] = {}
    for child_id, started_on, ended_on in rows:
        times.setdefault(child_id, []).append((started_on, ended_on or date.max))
    return times


def reviewed_on(session: Session, person_id: int) -> list[date]:
    """The days on which one person was reviewed, as the returns told it, the oldest first."""
    rows = session.exec(
        select(col(ReturnReview.reviewed_on))
        .join(ReturnChild, col(ReturnChild.id) == col(ReturnReview.return_child_id))
        .where(ReturnChild.person_id == person_id)
        .order_by(col(ReturnReview.reviewed_on))
    ).all()
    return sorted(set(rows))


def tells_of(session: Session, person_id: int, first: date, last: date) -> bool:
    """Whether the returns tell of every review that one person had between two days: this is a
    linked child, and the return of each year that these days touch was brought in."""
    if first > last:
        return False
    linked = select(ReturnChild.id).where(ReturnChild.person_id == person_id)
    if session.exec(linked.limit(1)).first() is None:
        return False
    return all(_has_return(session, year) for year in range(_year_of(first), _year_of(last) + 1))


def _year_of(day: date) -> int:
    """The year in which the return's year of a day ends, on 31 March."""
    return day.year + (day.month > MARCH)


def _has_return(session: Session, year: int) -> bool:
    """Whether the return for the year to 31 March of `year` was brought in: an episode is kept
    under the newest return that told of it, and a review stands in its own year's alone."""
    first, last = date(year - 1, MARCH + 1, 1), date(year, MARCH, 31)
    of_episodes = select(ReturnEpisode.id).where(ReturnEpisode.year_end == last)
    if session.exec(of_episodes.limit(1)).first() is not None:
        return True
    of_reviews = select(ReturnReview.id).where(
        col(ReturnReview.reviewed_on) >= first, col(ReturnReview.reviewed_on) <= last
    )
    return session.exec(of_reviews.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class PastEpisode:
    """One episode of a linked person with what began it; `year_end` is its return's."""

    started_on: date
    ended_on: date | None
    reason_started: str
    legal_status: str
    year_end: date


@dataclass(slots=True)
class LinkedPast:
    """What returns say of one living person; reviews are those that broke no rule."""

    person_id: int
    sex: str = ""
    ethnicity: str = ""
    is_unaccompanied: bool = False
    episodes: list[PastEpisode] = field(default_factory=list)
    reviews: list[tuple[date, str]] = field(default_factory=list)


def pasts_of_linked(session: Session) -> dict[int, LinkedPast]:
    """What returns say of the living, by person; episodes and reviews the oldest first."""
    pasts: dict[int, LinkedPast] = {}
    by_child: dict[int, LinkedPast] = {}
    linked = select(ReturnChild).where(col(ReturnChild.person_id).is_not(None))
    for child in session.exec(linked.order_by(col(ReturnChild.id))):
        past = pasts.setdefault(child.person_id or 0, LinkedPast(child.person_id or 0))
        past.sex, past.ethnicity = child.sex or past.sex, child.ethnicity or past.ethnicity
        by_child[child.id or 0] = past
    if not by_child:
        return pasts
    ids = select(ReturnChild.id).where(col(ReturnChild.person_id).is_not(None))
    for episode in session.exec(
        select(ReturnEpisode)
        .where(col(ReturnEpisode.return_child_id).in_(ids))
        .order_by(col(ReturnEpisode.started_on), col(ReturnEpisode.id))
    ):
        by_child[episode.return_child_id].episodes.append(
            PastEpisode(
                episode.started_on,
                episode.ended_on,
                episode.reason_started,
                episode.legal_status,
                episode.year_end,
            )
        )
    for review in session.exec(
        select(ReturnReview)
        .where(col(ReturnReview.return_child_id).in_(ids), ReturnReview.flags == "")
        .order_by(col(ReturnReview.reviewed_on), col(ReturnReview.id))
    ):
        by_child[review.return_child_id].reviews.append((review.reviewed_on, review.code))
    for child_id in session.exec(
        select(ReturnUasc.return_child_id).where(col(ReturnUasc.return_child_id).in_(ids))
    ):
        by_child[child_id].is_unaccompanied = True
    return pasts
