"""Reads of the past as returns told it; an open episode there says nothing about today."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from backend.history.models import ReturnChild, ReturnEpisode


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
