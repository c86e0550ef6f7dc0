"""Who reads a form, by name and by when: what a page says before each answer."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.core.translations import Phrase, date_words, phrase
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.surveys import hiding
from backend.surveys.consultations import BEFORE_REVIEW
from backend.surveys.models import Answer, Consultation

if TYPE_CHECKING:
    from backend.people.models import Person

MOST_NAMES = 2


@dataclass(frozen=True)
class Around:
    """The people around one form. Names are empty where the extract names nobody."""

    person: "Person"
    is_own: bool
    is_leaver: bool
    lead: str
    worker: str
    meeting_on: date | None
    read_by: date
    names: dict[str, str]
    hearers: dict[str, int]
    named_hearers: list[dict[str, str]]

    @property
    def lead_name(self) -> str:
        """The first reader by name, or by their part, as a sentence begins with it."""
        if self.lead:
            return self.lead
        if self.is_leaver:
            return phrase("Your PA") if self.is_own else phrase("The personal adviser")
        if self.is_own:
            return phrase("The person who runs your meeting")
        return phrase("The person who runs the meeting")

    @property
    def lead_within(self) -> str:
        """The same inside a sentence."""
        if self.lead:
            return self.lead
        if self.is_leaver:
            return phrase("your PA") if self.is_own else phrase("the personal adviser")
        if self.is_own:
            return phrase("the person who runs your meeting")
        return phrase("the person who runs the meeting")

    @property
    def when(self) -> Phrase:
        """By when it is read: before the meeting, while there is one to come."""
        if self.meeting_on is None:
            return phrase("by %(day)s", day=date_words(self.read_by))
        day = date_words(self.meeting_on)
        if not self.is_own:
            return phrase("before the meeting on %(day)s", day=day)
        if self.is_leaver:
            return phrase("before your review on %(day)s", day=day)
        return phrase("before your meeting on %(day)s", day=day)


def around(
    session: Session,
    person: "Person",
    *,
    kind: Kind,
    consultation: Consultation | None,
    read_within_days: int,
) -> Around:
    """Who is around a person's form. A parent's page never learns home, carer, school or area."""
    is_leaver = person.group == people.CARE_LEAVER
    lead_id = person.personal_adviser_id if is_leaver else person.iro_id
    wanted = {lead_id, person.worker_id} - {None}
    known = accounts.names_of(session, {one for one in wanted if one is not None})
    lead, worker = known.get(lead_id or 0, ""), known.get(person.worker_id or 0, "")
    names = {"iro": lead, "worker": lead if is_leaver else worker}
    names |= {"child": person.known_as, "me": person.known_as}
    if kind in (Kind.PROVIDER_STAFF, Kind.SOCIAL_WORKER):
        home = placements.home_of(session, person.id or 0)
        names["home"] = home.name if home else ""
    if kind is Kind.SOCIAL_WORKER:
        names.pop("worker")
    return Around(
        person=person,
        is_own=kind in (Kind.CHILD, Kind.CARE_LEAVER),
        is_leaver=is_leaver,
        lead=lead,
        worker="" if is_leaver else worker,
        meeting_on=meeting_day(session, consultation),
        read_by=clock.add_working_days(clock.today(), read_within_days),
        names={token: name for token, name in names.items() if name},
        hearers=hearers_of(person),
        named_hearers=[
            {
                "value": key,
                "text": known[staff_id],
                "sign": "worker" if key == "worker" else "meeting",
            }
            for key, staff_id in hearers_of(person).items()
            if staff_id in known
        ],
    )


def meeting_day(session: Session, consultation: Consultation | None) -> date | None:
    """The day of the meeting that a form is for, while it is still to come."""
    if consultation is None or consultation.moment != BEFORE_REVIEW:
        return None
    row = reviews.review(session, consultation.review_id or 0)
    if row is None or row.held_on is not None:
        return None
    day = reviews.expected_on(row)
    return day if day > clock.today() else None


def hearers_of(person: "Person") -> dict[str, int]:
    """The staff from whom a young person can hide an answer by a tap; others by writing a name."""
    if person.group == people.CARE_LEAVER:
        return {}
    around_child = {"worker": person.worker_id, "iro": person.iro_id}
    return {key: staff_id for key, staff_id in around_child.items() if staff_id is not None}


CARERS = ("carer", "carers", "my carer", "my carers", "foster carer", "foster carers")
IN_WORDS = {"worker": {"social worker", "my worker", "my social worker"}, "iro": {"my iro"}}


def hearers_named(around: Around, words: str) -> tuple[set[str], bool, str]:
    """Who stands in a list of names with commas between: those who have a key of their own, whether
    the carers are among them, and the names that are left."""
    known = {key: {key, *IN_WORDS.get(key, ())} for key in around.hearers}
    for one in around.named_hearers:
        full = one["text"].casefold()
        known[one["value"]] |= {full, full.split()[0]}
    keys, others, is_from_carers = set(), [], False
    for name in (part.strip() for part in words.split(",")):
        plain = name.casefold()
        found = {key for key, called in known.items() if plain in called}
        keys |= found
        is_from_carers = is_from_carers or plain in CARERS
        if name and not found and plain not in CARERS:
            others.append(name)
    return keys, is_from_carers, ", ".join(others)


def readers_of_hidden(session: Session, around: Around, answer: Answer) -> list[str]:
    """Who reads an answer that was hidden from somebody, by name: those around the young person
    who are left, else whoever does the duty. Empty where nobody of them is named."""
    hidden_from = hiding.hidden_of(answer, people.case_of(around.person))
    around_child = (
        (around.hearers.get("iro"), around.lead),
        (around.hearers.get("worker"), around.worker),
    )
    left = [name for key, name in around_child if name and key not in hidden_from]
    if left or around.is_leaver:
        return left or [name for name in (around.lead,) if name]
    team = around.person.team
    duty = set(accounts.holders_of(session, Role.DUTY_READER)) - set(hidden_from)
    # The same order as on the duty desk: who is hidden from does no duty for it.
    duty = duty or set(accounts.holders_of(session, Role.MANAGER, team)) - set(hidden_from)
    return list(accounts.names_of(session, duty).values())[:MOST_NAMES]
