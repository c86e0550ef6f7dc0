"""Who answered in the past year, when, and about which home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.demo.borough.draws import age_on, stream
from backend.demo.borough.records import Borough, Home, Person, Review
from backend.demo.borough.stays import home_on
from backend.demo.borough.stories import Story, own_place_story, tell_stories

YEAR = timedelta(days=365)
FORTNIGHT = timedelta(days=14)
# Share that answers at all in a year; share of reviews that those then answer.
ANSWERS = {
    "child": (0.60, 0.75),
    "care_leaver": (0.50, 0.68),
    "carer": (0.85, 0.50),
    "provider_staff": (0.75, 0.45),
    "parent": (0.40, 0.40),
    "social_worker": (0.85, 0.40),
}
SPEAKING_AGE = 5
# Days before a review on which the earliest answers come.
LONGEST_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Occasion:
    """One person answering, or being answered about, on one day."""

    given_on: date
    person: Person
    audience: str
    home: Home
    story: Story

    @property
    def age(self) -> int:
        """The person's age that day."""
        return age_on(self.person.date_of_birth, self.given_on)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What decides who answers: the homes, how each is seen, and how readily each person speaks."""

    borough: Borough
    homes: dict[str, Home]
    stories: dict[str, Story]
    # By author kind and child_id, from 0 (always) to 1 (never).
    reluctance: dict[tuple[str, str], float]


def find_occasions(borough: Borough) -> list[Occasion]:
    """Every occasion of the 365 days before the borough's today, oldest first."""
    homes = {home.home_id: home for home in borough.homes}
    stories = tell_stories(borough.homes, borough.seed)
    setting = _Setting(borough, homes, stories, _spread_reluctance(borough))
    found = []
    for person in borough.people:
        own = own_place_story(stream(borough.seed, "own place", person.child_id))
        for review in _reviews_of(borough, person):
            for audience, day in _who_answers(setting, person, review):
                if day >= borough.today:
                    continue
                home = homes[home_on(person.stays, day).home_id]
                story = stories.get(home.home_id, own)
                found.append(Occasion(day, person, audience, home, story))
    return sorted(found, key=lambda one: (one.given_on, one.person.child_id, one.audience))


def _spread_reluctance(borough: Borough) -> dict[tuple[str, str], float]:
    """Evenly spread, so that the share that answers is the same for every seed."""
    spread: dict[tuple[str, str], float] = {}
    groups: dict[tuple[bool, bool], list[str]] = {}
    for person in borough.people:
        can_speak = age_on(person.date_of_birth, borough.founded_on) >= SPEAKING_AGE
        group = (person.is_leaver_from_start, can_speak)
        groups.setdefault(group, []).append(person.child_id)
    for kind in ANSWERS:
        for group, members in groups.items():
            order = sorted(members)
            stream(borough.seed, "reluctance", kind, *group).shuffle(order)
            spread |= {(kind, one): (i + 0.5) / len(order) for i, one in enumerate(order)}
    return spread


def _reviews_of(borough: Borough, person: Person) -> list[Review]:
    """Reviews of the past year and the coming fortnight, for which some have answered already;
    pathway-plan reviews once the person is 18."""
    since = max(person.in_care_since, borough.today - YEAR) + timedelta(days=14)
    care = borough.care_reviews.get(person.child_id, ())
    pathway = borough.pathway_reviews[person.child_id]
    return [
        review
        for reviews, is_pathway in ((care, False), (pathway, True))
        for review in reviews
        if since < review.held < borough.today + FORTNIGHT
        and _is_adult(person, review.held) == is_pathway
    ]


def _is_adult(person: Person, day: date) -> bool:
    return age_on(person.date_of_birth, day) >= 18


def _who_answers(setting: _Setting, person: Person, review: Review) -> list[tuple[str, date]]:
    """The audiences that answered before this review, each with its day."""
    chosen = []
    for author in _who_is_asked(setting, person, review.held):
        chance = stream(setting.borough.seed, "occasion", person.child_id, author, review.due)
        day = review.held - timedelta(days=chance.randint(2, LONGEST_BEFORE))
        is_young = author == "child" and age_on(person.date_of_birth, day) < 11
        audience = {"child": "child_5_10" if is_young else "child_11_17"}.get(author, author)
        share, often = ANSWERS[author]
        story = setting.stories.get(home_on(person.stays, day).home_id)
        # Where child and worker see a home differently, both have said so.
        is_apart = bool(story and story.is_apart and author in ("child", "social_worker"))
        is_ready = setting.reluctance[author, person.child_id] < share
        if is_apart or (is_ready and chance.random() < often):
            chosen.append((audience, day))
    return chosen


def _who_is_asked(setting: _Setting, person: Person, held: date) -> list[str]:
    first_day = held - timedelta(days=LONGEST_BEFORE)
    if _is_adult(person, held):
        # Some might have answered in the days before the 18th birthday: then nobody is asked.
        return ["care_leaver"] if _is_adult(person, first_day) else []
    age = age_on(person.date_of_birth, first_day)
    asked = []
    if age >= SPEAKING_AGE and person.communication in ("words", "easy_read"):
        asked.append("child")
    adults = setting.homes[home_on(person.stays, held).home_id].adults
    # Staff of a family centre are asked about the mother, not about her baby.
    asked += sorted({one.kind for one in adults if one.kind == "carer" or age >= 8})
    if any(one.kind == "parent" and one.invite != "no" for one in person.relatives):
        asked.append("parent")
    if not person.has_short_breaks:
        asked.append("social_worker")
    return asked
