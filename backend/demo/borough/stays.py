"""Lays out where each person has lived and will live: moves, past and coming, and turning 18."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from backend.demo.borough.drafts import Draft
from backend.demo.borough.draws import Chance, stream, years_after
from backend.demo.borough.homes import Estate
from backend.demo.borough.records import Stay

MOVABLE = ("in_house", "agency", "children_home", "supported")
PAST_MOVE_SHARE = 0.34
COMING_MOVE_SHARE = 0.14
STAYING_PUT_SHARE = 0.6


def lay_out_stays(
    people: list[Draft], ids: dict[int, str], estate: Estate, *, seed: int, founded_on: date
) -> dict[int, tuple[Stay, ...]]:
    """Stays by person's number, oldest first, without gaps; the last one is open."""
    crowd = Counter(person.home_id for person in people if not person.is_leaver)
    stays = {}
    for person in people:
        chance = stream(seed, "stays", person.number)
        if person.is_leaver:
            stays[person.number] = _leaver_stays(chance, person, estate, founded_on)
        else:
            moves = _child_moves(chance, person, estate, crowd, founded_on)
            grown = _turn_eighteen(chance, person, ids, estate, founded_on)
            stays[person.number] = _chain(person.in_care_since, moves + grown)
    return stays


def home_on(stays: tuple[Stay, ...], day: date) -> Stay:
    """The stay on that day; the first one where the day is earlier than all."""
    return next((stay for stay in reversed(stays) if stay.start <= day), stays[0])


def _chain(start: date, moves: list[tuple[date, str]]) -> tuple[Stay, ...]:
    """Turns moves (day, home) into stays; the first move's day is the start of all."""
    days = [start] + [day for day, _ in moves[1:]]
    ends: list[date | None] = [*days[1:], None]
    homes = [home for _, home in moves]
    return tuple(Stay(*stay) for stay in zip(homes, days, ends, strict=True))


def _child_moves(
    chance: Chance, child: Draft, estate: Estate, crowd: Counter[str], founded_on: date
) -> list[tuple[date, str]]:
    moves = [(child.in_care_since, child.home_id)]
    known = (founded_on - child.in_care_since).days
    if child.setting == "adopters":
        # Nobody comes straight to adopters: foster carers first, the match later.
        before = chance.choice(estate.of_setting("in_house"))
        placed = founded_on - timedelta(days=chance.randint(10, max(11, known // 3)))
        return [(child.in_care_since, before), (placed, child.home_id)]
    if child.setting not in MOVABLE or crowd[child.home_id] > 2:
        return moves
    others = [
        home_id
        for home_id in estate.of_setting(child.setting)
        if home_id != child.home_id and crowd[home_id] < 2
    ] or [home for home in estate.of_setting(child.setting) if home != child.home_id]
    if known > 60 and chance.random() < PAST_MOVE_SHARE:
        ago = chance.randint(4, min(known - 25, 600))
        moves[0] = (child.in_care_since, chance.choice(others))
        moves.append((founded_on - timedelta(days=ago), child.home_id))
    if chance.random() < COMING_MOVE_SHARE:
        coming = founded_on + timedelta(days=chance.randint(3, 365))
        if coming < years_after(child.date_of_birth, 18):
            moves.append((coming, chance.choice(others)))
    return moves


def _turn_eighteen(
    chance: Chance, child: Draft, ids: dict[int, str], estate: Estate, founded_on: date
) -> list[tuple[date, str]]:
    """The move at 18, for those near it; many foster children stay put with their carers."""
    birthday = years_after(child.date_of_birth, 18)
    if birthday > founded_on + timedelta(days=731) or child.setting in ("parents", "short_breaks"):
        return []
    if child.setting in ("in_house", "agency", "kinship") and chance.random() < STAYING_PUT_SHARE:
        return []
    return [(birthday, estate.add_own_place("own", ids[child.number], estate.flat_name()))]


def _leaver_stays(
    chance: Chance, leaver: Draft, estate: Estate, founded_on: date
) -> tuple[Stay, ...]:
    """One home in care until 18 and one since, the same where the leaver stayed put."""
    birthday = years_after(leaver.date_of_birth, 18)
    if leaver.setting == "in_house":
        return (Stay(leaver.home_id, leaver.in_care_since, None),)
    before = chance.choice(estate.of_setting(leaver.care_setting))
    if before == leaver.home_id:
        return (Stay(before, leaver.in_care_since, None),)
    # Some have moved again since they turned 18; only the present address is known.
    since = birthday + timedelta(days=int((founded_on - birthday).days * chance.random() * 0.6))
    if since > years_after(birthday, 1):
        return (Stay(before, leaver.in_care_since, birthday), Stay(leaver.home_id, since, None))
    return (
        Stay(before, leaver.in_care_since, birthday),
        Stay(leaver.home_id, birthday, None),
    )
