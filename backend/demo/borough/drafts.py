"""Draws the children and care leavers: age, sex, name, setting, family, entry to care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.demo.borough.catalogues import Background, draw_background
from backend.demo.borough.draws import Chance, age_on, stream, years_after

# Harrow's mix of September 2019 (8, 9, 9, 38, 38; it adds to 102): from age, below age, how many.
CHILD_AGES = ((0, 1, 15), (1, 5, 16), (5, 10, 16), (10, 16, 69), (16, 18, 69))
LEAVER_AGES = (
    (18, 19, 42),
    (19, 20, 40),
    (20, 21, 34),
    (21, 22, 23),
    (22, 23, 16),
    (23, 24, 13),
    (24, 25, 17),
)
UNACCOMPANIED_CHILDREN = 28
UNACCOMPANIED_LEAVERS = 40
SHORT_BREAK_CHILDREN = 6
NEWCOMERS = 8

# Setting, how many, from age, to age; the hardest to fill first. The rest are fostered.
SETTINGS = (
    ("custody", 1, 15, 17),
    ("secure", 1, 13, 16),
    ("hospital", 1, 12, 17),
    ("school", 6, 8, 17),
    ("supported", 16, 16, 17),
    ("children_home", 15, 10, 17),
    ("adopters", 5, 2, 4),
    ("early_permanence", 2, 0, 0),
    ("parents", 4, 4, 15),
)
UNACCOMPANIED_SUPPORTED = 14
KINSHIP = 23
AGENCY = 30
FAMILIES_TOGETHER = (3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2)
FAMILIES_APART = (3, 2, 2, 2, 2, 2)


@dataclass(slots=True)
class Draft:
    """A person being drawn; `setting` is where they live now, `care_setting` where before 18."""

    number: int
    date_of_birth: date
    sex: str
    name: str
    ethnicity: str
    language: str
    is_unaccompanied: bool
    setting: str
    care_setting: str
    family: str
    in_care_since: date
    communication: str = "words"
    is_leaver: bool = False
    home_id: str = ""
    # Who shares a number lives together; brothers and sisters who are apart do not.
    household: int = -1


def draw_children(seed: int, founded_on: date) -> list[Draft]:
    """Everybody looked after on the founding day, and the children who have short breaks."""
    chance = stream(seed, "children")
    days = [_birthday(chance, founded_on, *band[:2]) for band in CHILD_AGES for _ in range(band[2])]
    oldest = sorted(range(len(days)), key=lambda index: days[index])
    alone = set(chance.sample(oldest[:76], UNACCOMPANIED_CHILDREN))
    children = [
        _draw_person(chance, number, day, number in alone) for number, day in enumerate(days)
    ]
    _settle(chance, children, founded_on)
    _bring_in(chance, children, founded_on)
    _join_families(chance, children)
    short = [
        _draw_person(chance, len(days) + index, _birthday(chance, founded_on, 6, 16), False)
        for index in range(SHORT_BREAK_CHILDREN)
    ]
    for child in short:
        child.setting = child.care_setting = "short_breaks"
        child.in_care_since = founded_on - timedelta(days=chance.randint(200, 1400))
    _set_communication(chance, children, short)
    return children + short


def draw_leavers(seed: int, founded_on: date, *, first_number: int) -> list[Draft]:
    """Care leavers of 18 to 24 on the founding day."""
    chance = stream(seed, "leavers")
    days = [
        _birthday(chance, founded_on, *band[:2]) for band in LEAVER_AGES for _ in range(band[2])
    ]
    alone = set(chance.sample(range(len(days)), UNACCOMPANIED_LEAVERS))
    leavers = []
    for index, day in enumerate(days):
        leaver = _draw_person(chance, first_number + index, day, index in alone)
        leaver.is_leaver = True
        came_at = (
            chance.randint(15 * 365, 17 * 365) if index in alone else chance.randint(900, 6000)
        )
        leaver.in_care_since = day + timedelta(days=came_at)
        leaver.care_setting = chance.choice(("in_house", "in_house", "agency", "children_home"))
        if index in alone:
            leaver.care_setting = chance.choice(("supported", "in_house"))
        leaver.setting = _leaver_setting(chance, leaver, age_on(day, founded_on))
        leavers.append(leaver)
    return leavers


def _birthday(chance: Chance, founded_on: date, from_age: int, below_age: int) -> date:
    first = years_after(founded_on, -below_age) + timedelta(days=1)
    last = years_after(founded_on, -from_age) - timedelta(days=20 if from_age == 0 else 0)
    return first + timedelta(days=chance.randint(0, (last - first).days))


def _draw_person(chance: Chance, number: int, day: date, is_alone: bool) -> Draft:
    background = draw_background(chance, "unaccompanied" if is_alone else "backgrounds")
    # Nearly all who come alone are boys; of Harrow's children looked after 63% are.
    sex = "M" if chance.random() < (0.9 if is_alone else 0.58) else "F"
    return Draft(
        number=number,
        date_of_birth=day,
        sex=sex,
        name=_first_name(chance, background, sex),
        ethnicity=chance.choice(background.ethnicities),
        language=background.language,
        is_unaccompanied=is_alone,
        setting="",
        care_setting="",
        family=f"F{number:04d}",
        in_care_since=day,
        household=number,
    )


def _first_name(chance: Chance, background: Background, sex: str) -> str:
    return chance.choice(background.girls if sex == "F" else background.boys)


def _settle(chance: Chance, children: list[Draft], founded_on: date) -> None:
    """Gives every child a setting that suits the age."""
    left = list(children)
    chance.shuffle(left)

    def take(setting: str, count: int, ages: tuple[int, int], is_alone: bool) -> None:
        fits = [
            child
            for child in left
            if ages[0] <= age_on(child.date_of_birth, founded_on) <= ages[1]
            and child.is_unaccompanied == is_alone
        ]
        for child in fits[:count]:
            child.setting = setting
            left.remove(child)

    take("supported", UNACCOMPANIED_SUPPORTED, (16, 17), True)
    for setting, count, youngest, eldest in SETTINGS:
        take(setting, count, (youngest, eldest), False)
    _place_mother_and_baby(left, founded_on)
    for child in left:
        child.setting = child.setting or "in_house"
    for child in children:
        child.care_setting = child.setting


def _place_mother_and_baby(left: list[Draft], founded_on: date) -> None:
    ages = {child.number: age_on(child.date_of_birth, founded_on) for child in left}
    mother = next(
        child
        for child in left
        if ages[child.number] >= 15 and child.sex == "F" and not child.is_unaccompanied
    )
    baby = next(child for child in left if ages[child.number] == 0)
    baby.family = mother.family
    mother.setting = baby.setting = "family_centre"


def _bring_in(chance: Chance, children: list[Draft], founded_on: date) -> None:
    """Sets when each came into care; a few came within the last four weeks."""
    for child in children:
        days = (founded_on - child.date_of_birth).days
        if child.is_unaccompanied:
            ago = chance.randint(30, min(700, days - 14 * 365))
        elif days < 400:
            ago = max(5, days - chance.randint(1, 60))
        else:
            ago = 30 + int((min(days - 60, 3000) - 30) * chance.random() ** 1.7)
        child.in_care_since = founded_on - timedelta(days=ago)
    older = [child for child in children if child.setting == "in_house" and not _is_baby(child)]
    for child in chance.sample(older, NEWCOMERS):
        child.in_care_since = founded_on - timedelta(days=chance.randint(3, 26))


def _is_baby(child: Draft) -> bool:
    return (child.in_care_since - child.date_of_birth).days < 400


def _join_families(chance: Chance, children: list[Draft]) -> None:
    """Makes brothers and sisters of fostered children; kinship and agencies get their share."""
    pool = [
        child for child in children if child.setting == "in_house" and not child.is_unaccompanied
    ]
    chance.shuffle(pool)
    units = [_pick_family(chance, pool, size) for size in FAMILIES_TOGETHER]
    for family in units:
        for child in family:
            child.household = family[0].number
    for size in FAMILIES_APART:
        units += [[child] for child in _pick_family(chance, pool, size)]
    units += [[child] for child in pool]
    alone = [
        [child] for child in children if child.setting == "in_house" and child.is_unaccompanied
    ]
    chance.shuffle(units)
    rest = _deal(units, "kinship", KINSHIP) + alone
    chance.shuffle(rest)
    _deal(rest, "agency", AGENCY)


def _pick_family(chance: Chance, pool: list[Draft], size: int) -> list[Draft]:
    eldest = pool.pop(0)
    family = [eldest]
    for child in list(pool):
        gaps = [abs((child.date_of_birth - one.date_of_birth).days) for one in family]
        if len(family) < size and min(gaps) > 300 and max(gaps) < 2600:
            family.append(child)
            pool.remove(child)
    # They came together, on the latest of their days, so that nobody came before being born.
    together = max(child.in_care_since for child in family)
    names = {eldest.name}
    for child in family[1:]:
        child.ethnicity, child.language = eldest.ethnicity, eldest.language
        child.name = _another_name(chance, eldest.ethnicity, child.sex, names)
        names.add(child.name)
    for child in family:
        child.family, child.in_care_since = eldest.family, together
    return family


def _another_name(chance: Chance, ethnicity: str, sex: str, taken: set[str]) -> str:
    while True:
        background = draw_background(chance, "backgrounds")
        name = _first_name(chance, background, sex)
        if ethnicity in background.ethnicities and name not in taken:
            return name


def _deal(units: list[list[Draft]], setting: str, count: int) -> list[list[Draft]]:
    """Moves whole families to `setting` until `count` children are there; returns the rest."""
    moved = 0
    rest = []
    for unit in units:
        if moved + len(unit) > count:
            rest.append(unit)
            continue
        moved += len(unit)
        for child in unit:
            child.setting = child.care_setting = setting
    return rest


def _set_communication(chance: Chance, children: list[Draft], short: list[Draft]) -> None:
    schooled = [child for child in children if child.setting == "school"]
    kinds = ("observer", "observer", "symbols", "symbols", "easy_read", "easy_read")
    for child, kind in zip(schooled, kinds, strict=True):
        child.communication = kind
    kinds = ("observer", "observer", "observer", "symbols", "symbols", "words")
    for child, kind in zip(short, kinds, strict=True):
        child.communication = kind
    fostered = [child for child in children if child.setting in ("in_house", "agency")]
    for child in chance.sample(fostered, 8):
        child.communication = "easy_read"


def _leaver_setting(chance: Chance, leaver: Draft, age: int) -> str:
    if leaver.care_setting == "in_house" and age <= 20 and chance.random() < 0.4:
        return "in_house"
    return "supported" if age <= 20 and chance.random() < 0.3 else "own"
