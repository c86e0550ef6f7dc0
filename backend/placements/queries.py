"""Reads of homes, who lives where today, and what the codes about homes mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.placements import code_lists
from backend.placements.models import Home, Placement, Provider

KINSHIP = frozenset({"U1", "U2", "U3"})
FOSTERING = frozenset({"U4", "U5", "U6"})
KINDS = {
    **dict.fromkeys(KINSHIP, "kinship"),
    **dict.fromkeys(("K1", "K2", "R1", "S1"), "residential"),
    **dict.fromkeys(("K3", "H5"), "supported"),
    "P1": "with_parents",
    "P2": "own_place",
}
# How case systems name the council's own fostering service; any other provider is an agency.
OWN_BEGINNINGS = ("council", "the council", "in-house", "in house", "internal", "own provision")


def type_label(code: str, on: date) -> str:
    """What a placement type means on a day; the code itself where no list knows it."""
    return code_lists.label_of("placement_type", code, on)


def participation_label(code: str, on: date) -> str:
    """What a participation code means on a day."""
    return code_lists.label_of("participation", code, on)


def participation_codes(on: date) -> list[tuple[str, str]]:
    """Codes and labels that may be chosen on a day, in the order of the list."""
    return [
        (code, one.label)
        for code, meanings in code_lists.read_codes("participation").items()
        for one in meanings
        if one.is_valid_between(on, on)
    ]


def is_known_code(code_list: str, code: str, first: date, last: date | None = None) -> bool:
    """Whether a list (placement_type, place_provider, participation, reason_place_change) has
    the code on some day from `first` to `last`; without `last`, on that first day."""
    return code_lists.is_known(code_list, code, first, last or first)


def home_kind(code: str, *, is_agency: bool = False) -> str:
    """The kind of home that reports compare: in_house_fostering, agency_fostering, kinship,
    residential, supported, with_parents, own_place or other."""
    if code in FOSTERING:
        return "agency_fostering" if is_agency else "in_house_fostering"
    return KINDS.get(code, "other")


def home_kind_of(session: Session, home: Home) -> str:
    """The kind of this home, with whose foster carers they are read from its provider's name."""
    provider = provider_of(session, home)
    return home_kind(home.type_code, is_agency=provider is not None and not _is_own(provider))


def _is_own(provider: Provider) -> bool:
    return provider.name.strip().casefold().startswith(OWN_BEGINNINGS)


def home(session: Session, home_id: int) -> Home | None:
    """One home, or None."""
    return session.get(Home, home_id)


def provider_of(session: Session, home: Home) -> Provider | None:
    """Who provides a home; None for one's own place or a parent's."""
    return session.get(Provider, home.provider_id) if home.provider_id is not None else None


def homes_of(session: Session, person_ids: Iterable[int]) -> dict[int, Home]:
    """Today's home of each of these people who has one, by the person's id."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = session.exec(
        select(Placement, Home)
        .join(Home, col(Home.id) == col(Placement.home_id))
        .where(col(Placement.person_id).in_(wanted))
        .order_by(col(Placement.id))
    ).all()
    today = clock.today()
    present = [(placement, home) for placement, home in rows if is_present(placement, today)]
    present.sort(key=lambda pair: pair[0].started_on or date.min)
    return {placement.person_id: home for placement, home in present}


def is_present(placement: Placement, day: date) -> bool:
    """Whether a person lives in a placement's home on a day; the day of leaving is not one."""
    has_begun = placement.started_on is None or placement.started_on <= day
    return has_begun and (placement.ended_on is None or placement.ended_on > day)


def home_of(session: Session, person_id: int) -> Home | None:
    """Where a person lives today, or None where no home is known."""
    return homes_of(session, [person_id]).get(person_id)


def residents(session: Session, home_id: int) -> list[int]:
    """Ids of the people who live in a home today."""
    rows = session.exec(select(Placement).where(Placement.home_id == home_id)).all()
    candidates = {row.person_id for row in rows if is_present(row, clock.today())}
    homes = homes_of(session, candidates)
    return sorted(key for key in candidates if key in homes and homes[key].id == home_id)


def present_stays(session: Session, person_ids: Iterable[int]) -> dict[int, Placement]:
    """The stay in today's home of each of these people who has one, by the person's id."""
    rows = session.exec(
        select(Placement)
        .where(col(Placement.person_id).in_(set(person_ids)))
        .order_by(col(Placement.id))
    ).all()
    today = clock.today()
    present = [row for row in rows if is_present(row, today)]
    present.sort(key=lambda row: row.started_on or date.min)
    return {row.person_id: row for row in present}


def ended_stays(
    session: Session, person_ids: Iterable[int], *, since: date
) -> dict[int, list[Placement]]:
    """Stays that ended after `since` and up to today, by the person's id, the oldest first."""
    rows = session.exec(
        select(Placement)
        .where(
            col(Placement.person_id).in_(set(person_ids)),
            col(Placement.ended_on) > since,
            col(Placement.ended_on) <= clock.today(),
        )
        .order_by(col(Placement.ended_on), col(Placement.id))
    ).all()
    found: dict[int, list[Placement]] = {}
    for row in rows:
        # One that a correction left without a day in it was never lived in.
        if row.started_on is None or row.started_on != row.ended_on:
            found.setdefault(row.person_id, []).append(row)
    return found


def placements_of(session: Session, person_id: int) -> list[Placement]:
    """Every placement of a person that extracts told of, the oldest first."""
    return placements_of_each(session, [person_id]).get(person_id, [])


def placements_of_each(session: Session, person_ids: Iterable[int]) -> dict[int, list[Placement]]:
    """The same of several people at one look, by the person's id."""
    rows = session.exec(
        select(Placement).where(col(Placement.person_id).in_(set(person_ids)))
    ).all()
    found: dict[int, list[Placement]] = {}
    for row in sorted(rows, key=lambda row: (row.started_on or date.min, row.id or 0)):
        found.setdefault(row.person_id, []).append(row)
    return found


@dataclass(frozen=True)
class StayLine:
    """One stay, the kind of home that it is in, and how many miles from the child's own (None:
    nobody told)."""

    home_id: int
    kind: str
    started_on: date | None
    ended_on: date | None
    miles: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the person lived there on a day; the day of leaving is not one."""
        has_begun = self.started_on is None or self.started_on <= day
        return has_begun and (self.ended_on is None or self.ended_on > day)


def stays_of(session: Session, person_ids: Iterable[int]) -> dict[int, list[StayLine]]:
    """Every stay of these people with its kind of home, the oldest first; no name is read."""
    wanted = set(person_ids)
    rows = session.exec(
        select(Placement, Home.type_code, Provider.name)
        .join(Home, col(Home.id) == col(Placement.home_id))
        .join(Provider, col(Provider.id) == col(Home.provider_id), isouter=True)
        .order_by(col(Placement.started_on), col(Placement.id))
    ).all()
    found: dict[int, list[StayLine]] = {}
    for stay, type_code, provider in rows:
        if stay.person_id in wanted:
            is_agency = bool(provider) and not provider.strip().casefold().startswith(
                OWN_BEGINNINGS
            )
            kind = home_kind(type_code, is_agency=is_agency)
            line = StayLine(
                stay.home_id, kind, stay.started_on, stay.ended_on, miles=stay.distance_miles
            )
            found.setdefault(stay.person_id, []).append(line)
    return found
