"""Invents homes, providers and carers, and gives every drafted person one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from backend.demo.borough.catalogues import names_of
from backend.demo.borough.drafts import Draft
from backend.demo.borough.draws import Chance, phone_numbers, stream
from backend.demo.borough.records import Adult, Home

COUNCIL = "The council"
COUNCIL_FOSTERING = "Council fostering service"
FOSTERED = ("in_house", "agency", "kinship", "adopters", "early_permanence")
# PLACE codes by setting, and the provider's code (facts of the DfE's lists of 2025/26).
KINDS = {
    "in_house": (("U4", "U6", "U6"), "PR1"),
    "agency": (("U4", "U6", "U6"), "PR4"),
    "kinship": (("U1", "U3"), "PR1"),
    "adopters": (("A5",), "PR1"),
    "early_permanence": (("U5",), "PR1"),
    "parents": (("P1",), "PR0"),
    "children_home": (("K2",), "PR4"),
    "short_breaks": (("K2",), "PR1"),
    "secure": (("K1",), "PR2"),
    "school": (("S1",), "PR4"),
    "supported": (("K3",), "PR4"),
    "hospital": (("R2",), "PR3"),
    "family_centre": (("R3",), "PR4"),
    "custody": (("R5",), "PR3"),
    "own": (("P2",), ""),
}
# Setting, the list of names, the list of providers.
NAMED = (
    ("children_home", "childrens_homes", "childrens_home_providers"),
    ("school", "schools", ""),
    ("supported", "supported", "supported_providers"),
)
SINGLE = (
    ("short_breaks", "The Paddock", COUNCIL),
    ("secure", "Northmoor Unit", "Fellgate Council"),
    ("hospital", "Adolescent unit, St Bride's", "St Bride's Hospital"),
    ("family_centre", "Cradle House", "Emberfield Homes"),
    ("custody", "Coldbrook", "Prison service"),
)
# Where nobody is inspected by Ofsted under a URN of its own.
WITHOUT_URN = ("parents", "hospital", "custody", "own")
# The order in which homes are far away until `FAR_SHARE` of the children live in one.
FAR_ORDER = ("school", "secure", "custody", "children_home", "agency", "kinship")
FAR_SHARE = 0.18


class Estate:
    """All homes while they are being made; numbers, phones and URNs are handed out once each."""

    def __init__(self, seed: int) -> None:
        self.chance: Chance = stream(seed, "homes")
        self.phones: Iterator[str] = phone_numbers(seed)
        self.homes: dict[str, Home] = {}
        self.settings: dict[str, str] = {}
        self._urns = iter(self.chance.sample(range(400000, 499999), 200))
        self._carer_ids = iter(self.chance.sample(range(10000, 99999), 900))
        households = names_of("households")
        self.chance.shuffle(households)
        self._households = iter(households)
        self._agency_urns = {name: self.new_urn() for name in names_of("agencies")}
        self._agency_urns[COUNCIL_FOSTERING] = self.new_urn()

    def new_urn(self) -> str:
        """A URN in Ofsted's form SC999999 that no other provider has."""
        return f"SC{next(self._urns)}"

    def add_foster_home(self, setting: str) -> str:
        """A new household of carers; returns its home id, the carer id of the case system."""
        surname = next(self._households)
        provider = COUNCIL_FOSTERING
        if setting == "agency":
            provider = self.chance.choice(names_of("agencies"))
        firsts = self.chance.sample(names_of("adults"), self.chance.choice((1, 2, 2)))
        carers = tuple(self._reachable("carer", f"{first} {surname}") for first in firsts)
        home_id = f"FC{next(self._carer_ids)}"
        urn = self._agency_urns[provider]
        self._keep(home_id, f"{surname} household", setting, (urn, provider), carers)
        return home_id

    def add_named_home(self, setting: str, name: str, provider: str) -> str:
        """A residential home, school or supported house with two key workers."""
        urn = "" if setting in WITHOUT_URN else self.new_urn()
        home_id = f"PL{next(self._carer_ids)}"
        mailbox = "".join(letter for letter in name.lower() if letter.isalpha())
        staff = tuple(
            Adult(
                "provider_staff", first, "email", f"{first}.{mailbox}@demo.example".lower(), "yes"
            )
            for first in self.chance.sample(names_of("adults"), 2)
        )
        has_staff = setting not in ("hospital", "custody")
        self._keep(home_id, name, setting, (urn, provider), staff if has_staff else ())
        return home_id

    def add_own_place(self, setting: str, child_id: str, name: str) -> str:
        """A leaver's own place, or a parent's home: no provider and nobody to ask."""
        home_id = f"{'OWN' if setting == 'own' else 'PAR'}-{child_id}"
        self._keep(home_id, name, setting, ("", ""), ())
        return home_id

    def of_setting(self, setting: str) -> list[str]:
        """Home ids of that setting, in the order in which they were made."""
        return [home_id for home_id, kind in self.settings.items() if kind == setting]

    def flat_name(self) -> str:
        """An invented flat."""
        court = self.chance.choice(names_of("courts"))
        return f"Flat {self.chance.randint(1, 48)}, {court}"

    def _reachable(self, kind: str, name: str) -> Adult:
        if self.chance.random() < 0.5:
            return Adult(kind, name, "text", next(self.phones), "yes")
        address = name.lower().replace(" ", ".") + "@demo.example"
        return Adult(kind, name, "email", address, "yes")

    def _keep(
        self,
        home_id: str,
        name: str,
        setting: str,
        provider: tuple[str, str],
        adults: tuple[Adult, ...],
    ) -> None:
        kinds, sector = KINDS[setting]
        self.settings[home_id] = setting
        self.homes[home_id] = Home(
            home_id=home_id,
            name=name,
            kind=self.chance.choice(kinds),
            provider_urn=provider[0],
            provider_name=provider[1],
            sector=sector,
            postcode=invent_postcode(self.chance, is_far=False),
            is_far=False,
            adults=adults,
        )


def invent_postcode(chance: Chance, *, is_far: bool) -> str:
    """A postcode in an area that Great Britain does not have (HB near; NC, TB, EB far)."""
    area = chance.choice(("NC", "TB", "EB")) if is_far else "HB"
    letters = "".join(chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    return f"{area}{chance.randint(1, 9)} {chance.randint(1, 9)}{letters}"


def house(people: list[Draft], ids: dict[int, str], *, seed: int) -> Estate:
    """Makes all homes and sets `home_id` of everybody; siblings who are together share one."""
    estate = Estate(seed)
    _add_buildings(estate)
    children = [person for person in people if not person.is_leaver]
    for setting in FOSTERED:
        _fill_foster_homes(estate, [child for child in children if child.setting == setting])
    for person in people:
        person.home_id = person.home_id or _home_for(estate, person, ids[person.number])
    _send_some_far(estate, [child for child in children if child.setting != "short_breaks"])
    return estate


def _add_buildings(estate: Estate) -> None:
    for setting, names, providers in NAMED:
        for name in names_of(names):
            provider = estate.chance.choice(names_of(providers)) if providers else name
            estate.add_named_home(setting, name, provider)
    for setting, name, provider in SINGLE:
        estate.add_named_home(setting, name, provider)


def _fill_foster_homes(estate: Estate, children: list[Draft]) -> None:
    """One home a family; of those on their own, about a third share with one other."""
    families: dict[int, list[Draft]] = {}
    for child in children:
        families.setdefault(child.household, []).append(child)
    waiting = ""
    for family in families.values():
        if len(family) == 1 and waiting:
            family[0].home_id, waiting = waiting, ""
            continue
        home_id = estate.add_foster_home(family[0].setting)
        for child in family:
            child.home_id = home_id
        if len(family) == 1 and estate.chance.random() < 0.45:
            waiting = home_id


def _home_for(estate: Estate, person: Draft, child_id: str) -> str:
    if person.setting == "own":
        return estate.add_own_place("own", child_id, estate.flat_name())
    if person.setting == "parents":
        return estate.add_own_place("parents", child_id, "With parents")
    choices = estate.of_setting(person.setting)
    return choices[person.number % len(choices)]


def _send_some_far(estate: Estate, children: list[Draft]) -> None:
    counts = Counter(child.home_id for child in children)
    far = 0
    for setting in FAR_ORDER:
        homes = [home_id for home_id in estate.of_setting(setting) if counts[home_id]]
        estate.chance.shuffle(homes)
        # Most of what is far is found by setting; a third of each stays near.
        for home_id in homes[: len(homes) * 2 // 3 + 1]:
            if far >= FAR_SHARE * len(children):
                return
            far += counts[home_id]
            postcode = invent_postcode(estate.chance, is_far=True)
            home = estate.homes[home_id]
            estate.homes[home_id] = replace(home, is_far=True, postcode=postcode)
