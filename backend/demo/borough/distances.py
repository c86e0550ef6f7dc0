"""How far each child of the borough lives from their own home, as the case system reckons it."""

from __future__ import annotations

from backend.demo.borough.draws import stream
from backend.demo.borough.records import Case

# The farthest that is still near (the department's line lies at 20), and the farthest of all.
NEAR, FARTHEST = 19.8, 160.0
UNKNOWN_SHARE = 0.04


def miles_from_home(case: Case, seed: int) -> str:
    """Miles in a straight line with one decimal; '' where nobody knows, and of care leavers.

    Brothers and sisters in one home are equally far. Who came alone has no home here to be far
    from, and a child with short breaks lives at home.
    """
    person = case.person
    if case.group != "looked_after" or person.is_unaccompanied:
        return ""
    if case.home.kind == "P1":
        return "0"
    chance = stream(seed, "distance", person.family_id, case.home.home_id)
    if chance.random() < UNKNOWN_SHARE:
        return ""
    if case.home.is_far:
        return f"{chance.triangular(21, FARTHEST, 34):.1f}"
    return f"{chance.triangular(0.4, NEAR, 5):.1f}"
