"""Invents the council's staff: who they are, their e-mail, role and team."""

from __future__ import annotations

from backend.demo.borough.catalogues import names_of
from backend.demo.borough.draws import stream
from backend.demo.borough.records import Staff

LOOKED_AFTER_TEAMS = ("Children looked after 1", "Children looked after 2")
OLDER_TEAM = "Young people 16 plus"
LEAVING_CARE_TEAMS = ("Leaving care 1", "Leaving care 2")

# Role, team, how many: 40 people in all. A manager's team reads as that of their workers, because
# what a manager sees goes by it.
ESTABLISHMENT = (
    ("iro", "Independent reviewing", 4),
    ("social_worker", LOOKED_AFTER_TEAMS[0], 5),
    ("social_worker", LOOKED_AFTER_TEAMS[1], 5),
    ("social_worker", OLDER_TEAM, 4),
    ("personal_adviser", LEAVING_CARE_TEAMS[0], 5),
    ("personal_adviser", LEAVING_CARE_TEAMS[1], 4),
    ("participation_officer", "Participation", 2),
    ("duty_reader", "Safeguarding duty", 2),
    *(("manager", team, 1) for team in (*LOOKED_AFTER_TEAMS, OLDER_TEAM, *LEAVING_CARE_TEAMS)),
    ("manager", "Placements and commissioning", 1),
    ("manager", "Quality assurance", 1),
    ("complaints_manager", "Complaints", 1),
    ("administrator", "Systems", 1),
)


def make_staff(seed: int) -> tuple[Staff, ...]:
    """All staff, each with a name and an address at demo.example that nobody else has."""
    chance = stream(seed, "staff")
    first, last = names_of("staff_first"), names_of("staff_last")
    chance.shuffle(first)
    chance.shuffle(last)
    names = iter(zip(first, last, strict=True))
    return tuple(
        _hire(*next(names), role, team) for role, team, count in ESTABLISHMENT for _ in range(count)
    )


def emails_of(staff: tuple[Staff, ...], role: str, *teams: str) -> list[str]:
    """The addresses of those with that role, in those teams where any are named."""
    return [one.email for one in staff if one.role == role and (not teams or one.team in teams)]


def _hire(first: str, last: str, role: str, team: str) -> Staff:
    return Staff(f"{first} {last}", f"{first}.{last}@demo.example".lower(), role, team)
