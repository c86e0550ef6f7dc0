"""Gathers the reviews that were held in a half-year: of whom, and whether they were heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core.access.permissions import Kind
from backend.core.clock import in_london
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review

# Under four a child is not asked: an adult tells how they show what they feel.
ASKED_FROM = 4
# The shared questions of which the bounds are told.
HEADLINES = ("feels_safe", "settled", "sees_family_enough", "worker_trust", "has_a_say")
NOT_KNOWN = "Not known"
BANDS = ((8, "4 to 7"), (12, "8 to 11"), (16, "12 to 15"), (18, "16 and 17"), (999, "18 and over"))
GROUPS = {
    "looked_after": "Looked after",
    "short_breaks": "Short breaks",
    "care_leaver": "Care leavers",
}
ETHNICITIES = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "O": "Other ethnic group"}
NOT_SAID = ("REFU", "NOBT")
CHINESE = "CHNE"
HOMES = {
    "in_house_fostering": "Fostering, the council's own",
    "agency_fostering": "Fostering, agency",
    "kinship": "Kinship fostering",
    "residential": "Residential homes and schools",
    "supported": "Supported accommodation",
    "with_parents": "With parents",
    "own_place": "Own place",
    "other": "Other, or home not known",
}
# The department's own line: it publishes who is placed "more than 20 miles from home".
FAR = 20  # miles
WITHIN, OVER = f"Within {FAR} miles", f"Over {FAR} miles"


@dataclass(frozen=True)
class Held:
    """One review that was held, of somebody who could be asked, and what was heard for it."""

    review_id: int
    person_id: int
    traits: Mapping[str, str]
    way: str = ""  # how it was given; empty where nothing was sent before the review
    code: str = ""
    entitled: frozenset[str] = frozenset()  # the headline questions that their form asks
    scores: Mapping[str, int] = field(default_factory=dict)
    is_pathway: bool = False  # of a care leaver's pathway plan

    @property
    def is_heard(self) -> bool:
        """Whether the young person sent anything before their review."""
        return bool(self.way)


def gather(session: Session, first: date, last: date) -> list[Held]:
    """Every review held from one day to another of somebody who was four or over that day.

    None where nobody at all was heard: Heard was not in use then, and that is no silence.
    """
    held = reviews.held_between(session, first, last)
    ids = {row.id or 0 for row in held}
    heard = surveys.heard_for(session, ids)
    if not heard:
        return []
    persons = people.people(session, {row.person_id for row in held})
    stays = placements.stays_of(session, persons)
    scores = surveys.scores_for(session, ids, HEADLINES)
    found = []
    for row in held:
        person = persons[row.person_id]
        day = row.held_on or row.due_on
        age = people.age_on(person.date_of_birth, day)
        if age < ASKED_FROM:
            continue
        said = heard.get(row.id or 0)
        is_heard = said is not None and in_london(said.first()).date() <= day
        found.append(
            Held(
                review_id=row.id or 0,
                person_id=row.person_id,
                traits=traits_of(person, row, age=age, stays=stays.get(row.person_id, [])),
                way=said.way if said is not None and is_heard else "",
                code=row.participation_code or "",
                entitled=surveys.indicators_asked(_kind(row), age) & set(HEADLINES),
                scores=scores.get(row.id or 0, {}) if is_heard else {},
                is_pathway=row.kind == "pathway",
            )
        )
    return found


def _kind(row: "Review") -> Kind:
    return Kind.CARE_LEAVER if row.kind == "pathway" else Kind.CHILD


def traits_of(
    person: "Person", row: "Review", *, age: int, stays: list[placements.StayLine]
) -> dict[str, str]:
    """Under which line of each table somebody's review stands. Age, group, home and its distance
    are those of the day of the review; the rest is as the newest extract has it."""
    day = row.held_on or row.due_on
    group = "care_leaver" if row.kind == "pathway" else person.group
    if group == "care_leaver" and row.kind != "pathway":
        group = "looked_after"
    stay = next((stay for stay in reversed(stays) if stay.covers(day)), None)
    # Of a leaver it is not told: where they grew up is no home that they were placed away from.
    distance = {} if row.kind == "pathway" else {"distance": distance_of(stay)}
    return {
        "age": next(title for below, title in BANDS if age < below),
        "group": GROUPS.get(group, group),
        "home": HOMES[stay.kind if stay else "other"],
        **distance,
        "team": person.team or "No team",
        "channel": (person.channel or "none").replace("_", " ").capitalize(),
        "language": "English" if person.language in ("", "English") else "Another language",
        "gender": person.gender.capitalize() or NOT_KNOWN,
        "ethnicity": ethnic_group(person.ethnicity),
        "unaccompanied": _yes_or_no(person.is_unaccompanied),
        "disabled": _yes_or_no(person.is_disabled),
    }


def distance_of(stay: placements.StayLine | None) -> str:
    """Within 20 miles of the child's own home (20 itself too), over 20, or not known."""
    if stay is None or stay.miles is None:
        return NOT_KNOWN
    return OVER if stay.miles > FAR else WITHIN


def ethnic_group(code: str) -> str:
    """The group of a code of the return's ETHNIC list (WBRI: White)."""
    if not code or code in NOT_SAID:
        return NOT_KNOWN
    return ETHNICITIES["A" if code == CHINESE else code[0]] if code[0] in "WMABOC" else NOT_KNOWN


def _yes_or_no(value: bool | None) -> str:
    return NOT_KNOWN if value is None else "Yes" if value else "No"
