"""Writes an invented SSDA903 return for the last year to 31 March before the founding day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from backend.demo.borough.draws import Chance, age_on, stream, years_after
from backend.demo.borough.extracts import british, write_rows
from backend.demo.borough.records import Borough, Home, Person, Stay

COLUMNS = {
    "header.csv": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "episodes.csv": (
        "CHILD",
        "DECOM",
        "RNE",
        "LS",
        "CIN",
        "PLACE",
        "PLACE_PROVIDER",
        "DEC",
        "REC",
        "REASON_PLACE_CHANGE",
        "HOME_POST",
        "PL_POST",
        "URN",
    ),
    "reviews.csv": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "uasc.csv": ("CHILD", "SEX", "DOB", "DUC"),
    "missing.csv": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
}
PARTICIPATION = ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")
PARTICIPATION_WEIGHTS = (52, 6, 2, 8, 6, 14, 12)
MOVE_REASONS = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "STAND", "OTHER")
MOVE_WEIGHTS = (40, 16, 10, 12, 8, 4, 10)
# K3 was added in 2024/25; earlier returns call the same places H5.
SUPPORTED_SINCE = date(2025, 3, 31)
# Episodes with these PLACE codes carry no URN.
UNINSPECTED = ("P1", "P2", "R2", "R5")
MISSING_SHARE = 0.12
BLANK_POSTCODE_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class ReturnYear:
    """The year that a return covers, both days included."""

    start: date
    end: date


def year_of_return(founded_on: date) -> ReturnYear:
    """The last year ending 31 March before the founding day."""
    year = founded_on.year - (founded_on <= date(founded_on.year, 3, 31))
    return ReturnYear(date(year - 1, 4, 1), date(year, 3, 31))


def write_past_years(borough: Borough, directory: Path, *, years: int) -> list[Path]:
    """A folder for each of the last `years` returns, named as 2022-23; returns the folders."""
    last = year_of_return(borough.founded_on)
    folders = []
    for back in reversed(range(years)):
        year = ReturnYear(years_after(last.start, -back), years_after(last.end, -back))
        folder = directory / f"{year.start.year}-{year.end:%y}"
        write_return(borough, folder, year=year)
        folders.append(folder)
    return folders


def write_return(
    borough: Borough, directory: Path, *, year: ReturnYear | None = None
) -> list[Path]:
    """Writes header, episodes, reviews, uasc and missing; returns the five paths."""
    year = year or year_of_return(borough.founded_on)
    people = [person for person in borough.people if _was_looked_after(person, year)]
    directory.mkdir(parents=True, exist_ok=True)
    homes = {home.home_id: home for home in borough.homes}
    files = {
        "header.csv": [_header_row(person, borough) for person in people],
        "episodes.csv": [
            row for one in people for row in _episode_rows(one, homes, year, borough.seed)
        ],
        "reviews.csv": [row for person in people for row in _review_rows(person, borough, year)],
        "uasc.csv": _uasc_rows(people),
        "missing.csv": [
            row for person in people for row in _missing_rows(person, year, borough.seed)
        ],
    }
    for name, rows in files.items():
        write_rows(directory / name, COLUMNS[name], rows)
    return [directory / name for name in files]


def _care_ends(person: Person) -> date:
    return years_after(person.date_of_birth, 18)


def _was_looked_after(person: Person, year: ReturnYear) -> bool:
    return person.in_care_since <= year.end and _care_ends(person) > year.start


def _sex_code(person: Person) -> str:
    return "1" if person.sex == "M" else "2"


def _header_row(person: Person, borough: Borough) -> list[str]:
    baby = _baby_of(person, borough)
    birth = british(baby.date_of_birth) if baby else ""
    mother = "1" if baby else ""
    return [
        person.id_903,
        _sex_code(person),
        british(person.date_of_birth),
        person.ethnicity,
        "",
        mother,
        birth,
    ]


def _baby_of(person: Person, borough: Borough) -> Person | None:
    """The child of a looked-after mother: of her family and young enough."""
    gap = timedelta(days=14 * 365)
    return next(
        (
            one
            for one in borough.people
            if one.family_id == person.family_id
            and person.sex == "F"
            and one.date_of_birth - person.date_of_birth > gap
        ),
        None,
    )


def _episode_rows(
    person: Person, homes: dict[str, Home], year: ReturnYear, seed: int
) -> list[list[str]]:
    stays = [stay for stay in person.stays if _is_in_year(person, stay, year)]
    chance = stream(seed, "return", person.child_id)
    return [_episode_row(chance, person, homes[stay.home_id], stay, year) for stay in stays]


def _is_in_year(person: Person, stay: Stay, year: ReturnYear) -> bool:
    is_over = stay.end is not None and stay.end < year.start
    return stay.start <= year.end and stay.start < _care_ends(person) and not is_over


def _episode_row(
    chance: Chance, person: Person, home: Home, stay: Stay, year: ReturnYear
) -> list[str]:
    grown = _care_ends(person)
    stop = min(stay.end or grown, grown)
    is_open = stop > year.end
    is_move = not is_open and stop < grown
    ceased = "E17" if stay.end is None else "E5"
    reason = chance.choices(MOVE_REASONS, weights=MOVE_WEIGHTS)[0]
    has_postcodes = chance.random() > BLANK_POSTCODE_SHARE
    return [
        person.id_903,
        british(stay.start),
        "S" if stay.start == person.in_care_since else "P",
        person.legal_status,
        _need(chance, person),
        "H5" if home.kind == "K3" and year.end < SUPPORTED_SINCE else home.kind,
        home.sector,
        "" if is_open else british(stop),
        "" if is_open else ("X1" if is_move else ceased),
        reason if is_move else "",
        person.home_postcode if has_postcodes and not person.is_unaccompanied else "",
        home.postcode if has_postcodes else "",
        "" if home.kind in UNINSPECTED else home.provider_urn,
    ]


def _need(chance: Chance, person: Person) -> str:
    if person.is_unaccompanied:
        return "N8"
    if person.has_short_breaks:
        return "N2"
    return chance.choices(("N1", "N3", "N4", "N5"), weights=(65, 5, 10, 20))[0]


def _review_rows(person: Person, borough: Borough, year: ReturnYear) -> list[list[str]]:
    """Reviews held in the year; none for short breaks, whose status V4 has none in a return."""
    if person.has_short_breaks:
        return []
    reviews = borough.care_reviews.get(person.child_id)
    reviews = reviews or borough.pathway_reviews[person.child_id]
    last = min(year.end, _care_ends(person) - timedelta(days=1))
    first = max(year.start, person.in_care_since + timedelta(days=10))
    held = [review.held for review in reviews if first <= review.held <= last]
    birth = british(person.date_of_birth)
    return [
        [person.id_903, birth, british(day), took_part(borough.seed, person, day)] for day in held
    ]


def took_part(seed: int, person: Person, day: date) -> str:
    """The participation code of one review: the same in a return and in Heard's own past."""
    chance = stream(seed, "participation", person.child_id, day)
    if age_on(person.date_of_birth, day) < 4:
        return "PN0"
    if person.communication == "observer":
        return chance.choice(("PN3", "PN4", "PN5"))
    return chance.choices(PARTICIPATION, weights=PARTICIPATION_WEIGHTS)[0]


def _uasc_rows(people: list[Person]) -> list[list[str]]:
    return [
        [one.id_903, _sex_code(one), british(one.date_of_birth), british(_care_ends(one))]
        for one in people
        if one.is_unaccompanied
    ]


def _missing_rows(person: Person, year: ReturnYear, seed: int) -> list[list[str]]:
    chance = stream(seed, "missing", person.child_id)
    first = max(year.start, person.in_care_since)
    last = min(year.end, _care_ends(person)) - timedelta(days=8)
    if chance.random() > MISSING_SHARE or last <= first or age_on(person.date_of_birth, first) < 13:
        return []
    start = first + timedelta(days=chance.randint(0, (last - first).days))
    end = start + timedelta(days=chance.randint(1, 6))
    kind = chance.choice(("M", "M", "A"))
    birth = british(person.date_of_birth)
    return [[person.id_903, birth, kind, british(start), british(end)]]
