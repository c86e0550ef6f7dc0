"""Which shared question is asked of whom at which moment, and where one side has no counterpart."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from backend.surveys.instruments import indicator_questions
from backend.surveys.instruments.files import ALONE_FILE, STRUCTURE_FILE
from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.structure import Audience, Indicator, Moment, Structure
from backend.surveys.instruments.structure_checks import (
    HOME_ANSWERS,
    YOUNG_PEOPLE,
    asks_in_full,
)

# Moments whose answers are laid beside each other: a child speaks of the home before a review.
FAMILIES: Mapping[str, frozenset[Moment]] = {
    "move": frozenset({Moment.HOME_MOVE}),
    "home": frozenset({Moment.BEFORE_REVIEW, Moment.HOME_FIRST, Moment.HOME}),
    "ended": frozenset({Moment.HOME_ENDED}),
}
LONGER_TERM = frozenset({Moment.BEFORE_REVIEW, Moment.HOME})
ADULT_SIDES = (Audience.CARER, Audience.PROVIDER_STAFF, Audience.SOCIAL_WORKER)
SIDES_OF_A_HOME = (Audience.CHILD, Audience.CARE_LEAVER, *ADULT_SIDES)
# What every side of a home is asked alike: the worker's eight taps.
HOME_INDICATORS = HOME_ANSWERS | {Indicator.SEES_FAMILY_ENOUGH, Indicator.HAS_TRUSTED_ADULT}
Coverage = Mapping[str, Mapping[Indicator, Mapping[Audience, tuple[str, ...]]]]


def coverage(structures: Collection[Structure]) -> Coverage:
    """By family of moments and indicator, the ids of the instruments that ask each audience."""
    return {family: _asked(structures, moments) for family, moments in FAMILIES.items()}


def _asked(
    structures: Collection[Structure], moments: frozenset[Moment]
) -> dict[Indicator, dict[Audience, tuple[str, ...]]]:
    found: dict[Indicator, dict[Audience, tuple[str, ...]]] = {}
    for structure in structures:
        if moments.isdisjoint(structure.moments):
            continue
        for indicator in indicator_questions(structure):
            sides = found.setdefault(indicator, {})
            for audience in structure.audience_kinds:
                sides[audience] = (*sides.get(audience, ()), structure.id)
    return found


def check_coverage(
    structures: Sequence[Structure], *, alone: Mapping[Indicator, str], directory: Path
) -> Iterator[Finding]:
    """Every side answers on the same indicators, or there is nothing to lay beside."""
    yield from _check_counterparts(structures, alone=alone, directory=directory)
    for side in SIDES_OF_A_HOME:
        forms = [form for form in structures if _is_about_the_longer_term(form, side)]
        if not forms:
            yield _finding(directory, "", f"nobody asks a {side} about the home")
        for form in forms:
            for indicator in sorted(HOME_INDICATORS - indicator_questions(form).keys()):
                file = directory / form.id / STRUCTURE_FILE
                yield _finding(file, "topics", f"{indicator} is not asked of a {side}")


def _check_counterparts(
    structures: Sequence[Structure], *, alone: Mapping[Indicator, str], directory: Path
) -> Iterator[Finding]:
    needless = set(alone)
    for family, indicators in coverage(structures).items():
        for indicator, sides in sorted(indicators.items()):
            if YOUNG_PEOPLE.isdisjoint(sides):
                continue
            silent = [side for side in ADULT_SIDES if side not in sides]
            if silent:
                needless.discard(indicator)
            if silent and indicator not in alone:
                message = f"asked of young people ({family}) and not of a {', '.join(silent)}"
                yield _finding(directory / ALONE_FILE, indicator, message)
    for indicator in sorted(needless):
        message = "has a reason to stand alone, and does not"
        yield _finding(directory / ALONE_FILE, indicator, message)


def _is_about_the_longer_term(form: Structure, side: Audience) -> bool:
    return (
        side in form.audience_kinds
        and not LONGER_TERM.isdisjoint(form.moments)
        and asks_in_full(form)
        and not HOME_INDICATORS.isdisjoint(indicator_questions(form))
    )


def _finding(file: Path, path: str, message: str) -> Finding:
    return Finding(Severity.ERROR, "indicator_coverage", file, path, message)
