"""Turns drafts into people: ids, worker, IRO and adviser, how to reach them, relatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.demo.borough.catalogues import names_of
from backend.demo.borough.drafts import Draft, draw_children, draw_leavers
from backend.demo.borough.draws import Chance, age_on, least_loaded, stream
from backend.demo.borough.homes import Estate, house, invent_postcode
from backend.demo.borough.records import Adult, Home, Person, Staff, Stay
from backend.demo.borough.staffs import LOOKED_AFTER_TEAMS, OLDER_TEAM, emails_of
from backend.demo.borough.stays import lay_out_stays

LEGAL_STATUS = {
    "adopters": "E1",
    "parents": "C2",
    "short_breaks": "V4",
    "secure": "C2",
    "custody": "J1",
}
# A personal adviser is named for those who are 16 or older (Children Act 1989, schedule 2).
ADVISER_FROM = 16


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who holds a case, by e-mail address; '' where nobody does."""

    iro: str
    worker: str
    adviser: str


def make_people(
    *, seed: int, founded_on: date, staff: tuple[Staff, ...]
) -> tuple[tuple[Person, ...], dict[str, Home]]:
    """Everybody known to the council on the founding day, and all homes by id."""
    children = draw_children(seed, founded_on)
    drafts = children + draw_leavers(seed, founded_on, first_number=len(children))
    ids = _number(seed, "child ids", len(drafts), "H{}")
    returned = _number(seed, "return ids", len(drafts), "{}")
    estate = house(drafts, ids, seed=seed)
    stays = lay_out_stays(drafts, ids, estate, seed=seed, founded_on=founded_on)
    staffing = _staff_cases(drafts, staff, founded_on)
    relatives = _find_relatives(drafts, estate, seed)
    people = tuple(
        _make_person(
            draft,
            (ids[draft.number], returned[draft.number]),
            estate,
            (staffing[draft.number], stays[draft.number], relatives[draft.number]),
            seed=seed,
            founded_on=founded_on,
        )
        for draft in drafts
    )
    return people, estate.homes


def _number(seed: int, purpose: str, count: int, form: str) -> dict[int, str]:
    drawn = stream(seed, purpose).sample(range(100000, 999999), count)
    return {index: form.format(number) for index, number in enumerate(drawn)}


def _staff_cases(
    drafts: list[Draft], staff: tuple[Staff, ...], founded_on: date
) -> dict[int, Staffing]:
    """Even caseloads; brothers and sisters share an IRO and a worker (IRO handbook)."""
    iros = dict.fromkeys(emails_of(staff, "iro"), 0)
    older = dict.fromkeys(emails_of(staff, "social_worker", OLDER_TEAM), 0)
    younger = dict.fromkeys(emails_of(staff, "social_worker", *LOOKED_AFTER_TEAMS), 0)
    advisers = dict.fromkeys(emails_of(staff, "personal_adviser"), 0)
    families: dict[str, list[Draft]] = {}
    for draft in drafts:
        families.setdefault(draft.family, []).append(draft)
    cases = {}
    for family in families.values():
        is_child = not family[0].is_leaver
        iro = least_loaded(iros, len(family)) if is_child else ""
        is_older = len(family) == 1 and _is_older(family[0], founded_on)
        team = older if is_older and min(older.values()) <= min(younger.values()) + 2 else younger
        worker = least_loaded(team, len(family)) if is_child else ""
        for draft in family:
            has_adviser = age_on(draft.date_of_birth, founded_on) >= ADVISER_FROM
            adviser = least_loaded(advisers) if has_adviser else ""
            cases[draft.number] = Staffing(iro, worker, adviser)
    # Those who will turn 16 later already have the adviser whom they are going to meet.
    for draft in drafts:
        held = cases[draft.number]
        if not held.adviser:
            cases[draft.number] = Staffing(held.iro, held.worker, least_loaded(advisers))
    return cases


def _is_older(draft: Draft, founded_on: date) -> bool:
    return age_on(draft.date_of_birth, founded_on) >= 16


def _find_relatives(drafts: list[Draft], estate: Estate, seed: int) -> dict[int, tuple[Adult, ...]]:
    """Parents by family, and now and then somebody else who matters, by child."""
    parents: dict[str, tuple[Adult, ...]] = {}
    found = {}
    for draft in drafts:
        chance = stream(seed, "relatives", draft.number)
        if draft.family not in parents:
            parents[draft.family] = _draw_parents(chance, draft, estate)
        others = _draw_others(chance) if chance.random() < 0.2 else ()
        found[draft.number] = parents[draft.family] + others
    return found


def _draw_parents(chance: Chance, draft: Draft, estate: Estate) -> tuple[Adult, ...]:
    if draft.is_unaccompanied or draft.is_leaver:
        return ()
    drawn = []
    for word, share in (("mum", 0.65), ("dad", 0.25)):
        if chance.random() > share:
            continue
        name = f"{chance.choice(names_of(f'{word}s'))} ({word})"
        channel = chance.choice(("text", "text", "letter"))
        address = next(estate.phones) if channel == "text" else ""
        invite = chance.choices(("yes", "through_worker", "no"), weights=(45, 35, 20))[0]
        drawn.append(Adult("parent", name, channel, address, invite))
    return tuple(drawn)


def _draw_others(chance: Chance) -> tuple[Adult, ...]:
    who = chance.choice(("grandmother", "aunt", "independent visitor", "advocate", "mentor"))
    name = chance.choice(names_of("adults"))
    address = f"{name}.{chance.randint(100, 999)}@demo.example".lower()
    invite = chance.choice(("yes", "through_worker"))
    return (Adult("other", f"{name} ({who})", "email", address, invite),)


def _make_person(
    draft: Draft,
    ids: tuple[str, str],
    estate: Estate,
    held: tuple[Staffing, tuple[Stay, ...], tuple[Adult, ...]],
    *,
    seed: int,
    founded_on: date,
) -> Person:
    chance = stream(seed, "person", draft.number)
    staffing, stays, relatives = held
    channel, address = _draw_channel(chance, draft, age_on(draft.date_of_birth, founded_on), estate)
    return Person(
        child_id=ids[0],
        id_903=ids[1],
        known_as=draft.name,
        date_of_birth=draft.date_of_birth,
        sex=draft.sex,
        ethnicity=draft.ethnicity,
        language=draft.language,
        communication=draft.communication,
        family_id=draft.family,
        is_unaccompanied=draft.is_unaccompanied,
        has_short_breaks=draft.setting == "short_breaks",
        legal_status=_draw_legal_status(chance, draft),
        in_care_since=draft.in_care_since,
        is_leaver_from_start=draft.is_leaver,
        iro_email=staffing.iro,
        worker_email=staffing.worker,
        adviser_email=staffing.adviser,
        channel=channel,
        address=address,
        home_postcode=invent_postcode(stream(seed, "from", draft.family), is_far=False),
        relatives=relatives,
        stays=stays,
    )


def _draw_legal_status(chance: Chance, draft: Draft) -> str:
    if draft.is_unaccompanied:
        return "V2"
    drawn = chance.choices(("C2", "V2", "C1"), weights=(55, 27, 18))[0]
    return LEGAL_STATUS.get(draft.setting, drawn)


def _draw_channel(chance: Chance, draft: Draft, age: int, estate: Estate) -> tuple[str, str]:
    """How the person asked to be told: young children by somebody, older ones on a phone."""
    if draft.setting == "custody" or draft.communication == "observer" or age < 8:
        return chance.choice(("in_person", "card")) if age >= 4 else "in_person", ""
    if age < 13:
        return chance.choice(("card", "card", "letter", "in_person")), ""
    channel = chance.choices(("text", "email", "letter", "card"), weights=(70, 12, 8, 10))[0]
    if channel == "text":
        return channel, next(estate.phones)
    if channel == "email":
        return channel, f"{draft.name}.{chance.randint(1000, 9999)}@demo.example".lower()
    return channel, ""
