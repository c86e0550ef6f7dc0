"""Makes the demo borough and writes it in the two formats that councils have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backend.demo.borough.annexes import write_annex
from backend.demo.borough.draws import age_on, years_after
from backend.demo.borough.extracts import write_extract
from backend.demo.borough.past_comments import past_year
from backend.demo.borough.past_posts import past_forum
from backend.demo.borough.people import make_people
from backend.demo.borough.records import Borough, Case, Contact, Home, Person, Review, Staff
from backend.demo.borough.returns import write_past_years, write_return
from backend.demo.borough.reviews import (
    lay_out_care_reviews,
    lay_out_pathway_reviews,
    next_due,
)
from backend.demo.borough.staffs import make_staff
from backend.demo.borough.stays import home_on

__all__ = [
    "make_borough",
    "on_day",
    "past_forum",
    "past_year",
    "write_annex",
    "write_extract",
    "write_past_years",
    "write_return",
]

Reviews = dict[str, tuple[Review, ...]]


def make_borough(*, seed: int, founded_on: date, today: date) -> Borough:
    """The borough of `seed`, founded on one day, as it stands on `today`.

    Who people are depends on the seed and the founding day alone, so that a later extract matches
    the same people; reviews, moves and eighteenth birthdays follow the calendar up to `today`.
    Raises ValueError where `today` is before the founding day.
    """
    if today < founded_on:
        raise ValueError(f"today ({today}) is before the borough was founded ({founded_on})")
    staff = make_staff(seed)
    people, homes = make_people(seed=seed, founded_on=founded_on, staff=staff)
    children = {one.child_id: one.in_care_since for one in people if not one.is_leaver_from_start}
    adult_from = {one.child_id: years_after(one.date_of_birth, 18) for one in people}
    care = lay_out_care_reviews(children, adult_from, seed=seed, founded_on=founded_on, today=today)
    pathway = lay_out_pathway_reviews(adult_from, seed=seed, founded_on=founded_on, today=today)
    cases = tuple(_open_case(person, homes, staff, (care, pathway), today) for person in people)
    return Borough(
        seed=seed,
        founded_on=founded_on,
        today=today,
        staff=staff,
        homes=tuple(homes.values()),
        people=people,
        cases=cases,
        contacts=tuple(contact for case in cases for contact in _contacts_of(case)),
        care_reviews=care,
        pathway_reviews=pathway,
    )


def on_day(borough: Borough, day: date) -> Borough:
    """The same borough as it stands on another day up to the one that it was made for: who is
    where and with whom; of its reviews what lies ahead stays known."""
    reviews = (borough.care_reviews, borough.pathway_reviews)
    homes = {one.home_id: one for one in borough.homes}
    cases = tuple(
        _open_case(person, homes, borough.staff, reviews, day) for person in borough.people
    )
    contacts = tuple(contact for case in cases for contact in _contacts_of(case))
    return replace(borough, today=day, cases=cases, contacts=contacts)


def _open_case(
    person: Person,
    homes: dict[str, Home],
    staff: tuple[Staff, ...],
    reviews: tuple[Reviews, Reviews],
    today: date,
) -> Case:
    is_leaver = age_on(person.date_of_birth, today) >= 18
    group = "care_leaver" if is_leaver else "looked_after"
    if person.has_short_breaks and not is_leaver:
        group = "short_breaks"
    holder = person.adviser_email if is_leaver else person.worker_email
    stay = home_on(person.stays, today)
    return Case(
        person=person,
        group=group,
        home=homes[stay.home_id],
        placement_start=stay.start,
        next_review=next_due(reviews[is_leaver][person.child_id], today),
        team=next(one.team for one in staff if one.email == holder),
    )


def _contacts_of(case: Case) -> list[Contact]:
    """The home's carers or one key worker, then relatives; a leaver is asked through nobody."""
    if case.group == "care_leaver":
        return []
    adults = case.home.adults
    if adults and adults[0].kind == "provider_staff":
        adults = (adults[int(case.person.id_903) % len(adults)],)
    return [
        Contact(case.person.child_id, one.kind, one.name, one.channel, one.address, one.invite)
        for one in adults + case.person.relatives
    ]
