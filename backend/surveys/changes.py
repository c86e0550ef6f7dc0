"""What changed around a young person while they were writing: told in a line until they saw it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.predicates import Place
from backend.core.database import add_once
from backend.core.translations import Phrase, date_words, phrase, safe_phrase
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.surveys import hiding
from backend.surveys.consultations import ASKED_BEFORE
from backend.surveys.models import AroundSeen

if TYPE_CHECKING:
    from backend.people.models import Person

FIELDS = ("review_id", "meeting_on", "lead_id", "worker_id", "home_id")


@dataclass(frozen=True)
class Standing:
    """What stands around a young person today. The meeting's day is empty until the fortnight
    before it, when their pages name it first."""

    review_id: int | None
    meeting_on: date | None
    lead_id: int | None
    worker_id: int | None
    home_id: int | None


@dataclass(frozen=True)
class Line:
    """One thing that is new, with the sign that stands beside it."""

    sign: str
    text: Phrase
    place: str = ""  # whose holder of today can be let read what was hidden from the one before
    name: str = ""


def standing_of(session: Session, person: "Person") -> Standing:
    """What stands around a person today."""
    review = reviews.next_review(session, person.id or 0)
    day = reviews.expected_on(review) if review else None
    is_told = day is not None and day - ASKED_BEFORE <= clock.today()
    home = placements.home_of(session, person.id or 0)
    is_leaver = person.group == people.CARE_LEAVER
    return Standing(
        review_id=review.id if review and is_told else None,
        meeting_on=day if is_told else None,
        lead_id=person.personal_adviser_id if is_leaver else person.iro_id,
        worker_id=None if is_leaver else person.worker_id,
        home_id=home.id if home else None,
    )


def changes_for(session: Session, identity: ContributorIdentity) -> list[Line]:
    """What is new since this young person last said that they saw it; nothing at a first visit."""
    if not identity.is_young_person or identity.person_id is None:
        return []
    person = people.person(session, identity.person_id)
    if person is None or person.left_on is not None:
        return []
    now = standing_of(session, person)
    seen = session.get(AroundSeen, identity.contributor_id)
    if seen is None:
        _begin(session, identity.contributor_id, now)
        return []
    is_leaver = person.group == people.CARE_LEAVER
    found = [
        _meeting(session, seen, now, person, is_leaver=is_leaver),
        *_people(session, seen, now, identity, is_leaver=is_leaver),
        _home(seen, now),
    ]
    _take_quietly(session, seen, now)
    return [line for line in found if line is not None]


def note_seen(session: Session, identity: ContributorIdentity) -> None:
    """The young person has seen what is new: it is not told again."""
    person = people.person(session, identity.person_id or 0)
    seen = session.get(AroundSeen, identity.contributor_id)
    if person is None or seen is None or not identity.is_young_person:
        return
    now = standing_of(session, person)
    for name in FIELDS:
        setattr(seen, name, getattr(now, name))
    seen.seen_at = clock.now()


def _begin(session: Session, contributor_id: int, now: Standing) -> None:
    made = AroundSeen(
        contributor_id=contributor_id,
        seen_at=clock.now(),
        **{name: getattr(now, name) for name in FIELDS},
    )
    add_once(session, made, lambda: session.get(AroundSeen, contributor_id))


def _take_quietly(session: Session, seen: AroundSeen, now: Standing) -> None:
    """What nobody need be told: whatever is known for the first time, and a meeting that was."""
    for name in ("lead_id", "worker_id", "home_id"):
        if getattr(seen, name) is None:
            setattr(seen, name, getattr(now, name))
    before = reviews.review(session, seen.review_id or 0)
    if before is None or before.held_on is not None:
        seen.review_id, seen.meeting_on = now.review_id, now.meeting_on


def _meeting(
    session: Session, seen: AroundSeen, now: Standing, person: "Person", *, is_leaver: bool
) -> Line | None:
    """The meeting that they were told of is on another day, or on none so far."""
    before = reviews.review(session, seen.review_id or 0)
    if before is None or seen.meeting_on is None or before.held_on is not None:
        return None
    review = reviews.next_review(session, person.id or 0)
    if review is None:
        day = date_words(seen.meeting_on)
        if is_leaver:
            return Line("calendar", phrase("Your review is not on %(day)s now.", day=day))
        return Line("calendar", phrase("Your meeting is not on %(day)s now.", day=day))
    day_now = reviews.expected_on(review)
    if day_now == seen.meeting_on or day_now < clock.today():
        return None
    day = date_words(day_now)
    if is_leaver:
        return Line("calendar", phrase("Your review is on a new day: %(day)s.", day=day))
    return Line("calendar", phrase("Your meeting is on a new day: %(day)s.", day=day))


def _people(
    session: Session,
    seen: AroundSeen,
    now: Standing,
    identity: ContributorIdentity,
    *,
    is_leaver: bool,
) -> list[Line]:
    """A new IRO, PA or worker, by name, and what they can read."""
    around = (now.lead_id, now.worker_id, seen.lead_id, seen.worker_id)
    ids = {one for one in around if one is not None}
    names = accounts.names_of(session, ids)
    lines = []
    lead = names.get(now.lead_id or 0)
    hidden = hiding.places_hidden(session, identity)
    if lead and seen.lead_id is not None and now.lead_id != seen.lead_id:
        lines.append(Line("person", _new_lead(lead, is_leaver=is_leaver)))
        if Place.IRO in hidden or (is_leaver and hidden):
            lines.append(_still_hidden(names.get(seen.lead_id, ""), lead, Place.IRO))
    worker = names.get(now.worker_id or 0)
    if worker and seen.worker_id is not None and now.worker_id != seen.worker_id:
        lines.append(Line("person", _new_worker(worker)))
        if Place.WORKER in hidden:
            lines.append(_still_hidden(names.get(seen.worker_id, ""), worker, Place.WORKER))
    return lines


def _still_hidden(before: str, name: str, place: Place) -> Line:
    """What a hide does at a change: it stays, for the one before and for the one who came."""
    if before:
        text = safe_phrase(
            "What you hid from %(before)s is hidden from %(name)s too.", before=before, name=name
        )
    else:
        text = safe_phrase("What you hid before is hidden from %(name)s too.", name=name)
    return Line("shield", text, place=place.value, name=name)


def _new_lead(name: str, *, is_leaver: bool) -> Phrase:
    if is_leaver:
        return safe_phrase(
            "You have a new PA: %(name)s. They can read what you send, and what you sent before.",
            name=name,
        )
    return safe_phrase(
        "You have a new IRO: %(name)s. They can read what you send, and what you sent before.",
        name=name,
    )


def _new_worker(name: str) -> Phrase:
    return safe_phrase(
        "You have a new social worker: %(name)s. They can read what your last one could read.",
        name=name,
    )


def _home(seen: AroundSeen, now: Standing) -> Line | None:
    if seen.home_id is None or now.home_id is None or seen.home_id == now.home_id:
        return None
    text = safe_phrase(
        "You have moved. What you wrote about your last home is kept. "
        "The people you live with do not see it."
    )
    return Line("house", text)
