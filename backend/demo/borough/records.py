"""The invented borough as plain values: staff, homes, people, their stays, cases and past words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff; `role` is a role of Heard's policy table, `team` a team's name or ''."""

    name: str
    email: str
    role: str
    team: str


@dataclass(frozen=True, slots=True)
class Adult:
    """A grown-up who may be asked: a carer, key worker, parent or other person."""

    kind: str
    name: str
    channel: str
    address: str
    invite: str


@dataclass(frozen=True, slots=True)
class Home:
    """A place to live; `kind` is the DfE PLACE code and `sector` the PLACE_PROVIDER code."""

    home_id: str
    name: str
    kind: str
    provider_urn: str
    provider_name: str
    sector: str
    postcode: str
    is_far: bool
    adults: tuple[Adult, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one home from `start` up to, not including, `end` (None: still there)."""

    home_id: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A child or care leaver: all here depends on the seed and the founding day, never on today."""

    child_id: str
    id_903: str
    known_as: str
    date_of_birth: date
    sex: str
    ethnicity: str
    language: str
    communication: str
    family_id: str
    is_unaccompanied: bool
    has_short_breaks: bool
    legal_status: str
    in_care_since: date
    is_leaver_from_start: bool
    iro_email: str
    worker_email: str
    adviser_email: str
    channel: str
    address: str
    home_postcode: str
    relatives: tuple[Adult, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A review's due day and the day on which it is held; `held` after `due` means held late."""

    due: date
    held: date


@dataclass(frozen=True, slots=True)
class Case:
    """What the case system says of a person on the borough's today."""

    person: Person
    group: str
    home: Home
    placement_start: date
    next_review: date
    team: str


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of contacts.csv."""

    child_id: str
    kind: str
    name: str
    channel: str
    address: str
    invite: str


@dataclass(frozen=True, slots=True)
class Borough:
    """A whole invented borough as it stands on `today`."""

    seed: int
    founded_on: date
    today: date
    staff: tuple[Staff, ...]
    homes: tuple[Home, ...]
    people: tuple[Person, ...]
    cases: tuple[Case, ...]
    contacts: tuple[Contact, ...]
    # By child_id. Reviews of a looked-after child, and pathway-plan reviews from 18.
    care_reviews: dict[str, tuple[Review, ...]]
    pathway_reviews: dict[str, tuple[Review, ...]]


@dataclass(frozen=True, slots=True)
class PastComment:
    """A comment of the past year; `faces` maps an indicator to 1 (very bad) to 5 (very good)."""

    person_ref: str
    audience: str
    author_kind: str
    topic: str
    question_id: str
    text: str
    given_on: date
    faces: dict[str, int]
    visibility: str
    ask: str | None
    answer: str | None
    happened: bool | None


@dataclass(frozen=True, slots=True)
class PastPost:
    """A forum post of the past year, with its answer and the role that gave it, if any."""

    space: str
    author: str
    kind: str
    text: str
    posted_on: date
    votes: int
    answer: str | None
    answered_by: str | None
