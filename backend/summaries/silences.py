"""Names who was asked before a review and has not answered: since when, and when reminded."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.summaries.places import FOR_A_REVIEW, HOME_NOW
from backend.summaries.said import YOUNG
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.surveys.queries import Invitation, SentTopic

KINDS = {
    Kind.CHILD: "Young person",
    Kind.CARE_LEAVER: "Young person",
    Kind.CARER: "Foster carer",
    Kind.PROVIDER_STAFF: "Provider's staff",
    Kind.SOCIAL_WORKER: "Worker",
    Kind.PARENT: "Parent",
    Kind.OTHER: "School, health or other",
}


@dataclass(frozen=True)
class Silence:
    """Somebody around a young person who has not answered.

    `how`: asked | not_yet (to be asked) | through_worker (the worker has still to ask them) |
    not_invited (decided so) | taps (a worker, who fills in the eight taps unasked).
    `asked_on` and `reminded_on` are None where that was not done.
    """

    contributor_id: int
    kind: Kind
    name: str
    how: str
    asked_on: date | None = None
    reminded_on: date | None = None

    @property
    def side(self) -> str:
        """Their part, as staff say it."""
        return KINDS[self.kind]

    @property
    def is_missing(self) -> bool:
        """Whether an answer could have come: nobody is silent who was not asked."""
        return self.how in ("asked", "taps")


def silences(
    session: Session,
    person: "Person",
    *,
    review_id: int | None,
    consultation_ids: Collection[int],
    home_id: int | None,
    topics: Iterable["SentTopic"],
    has_own_form: bool = True,
) -> tuple[Silence, ...]:
    """Who around one person has said nothing for a review, nor about today's home.

    `consultation_ids` are the rounds of that review; `topics` are all that was sent, so that
    nobody counts as silent whose words this reader may not read. One without a form of their own,
    because they are too young for one, is not silent either.
    """
    spoke = [
        topic
        for topic in topics
        if (topic.moment in FOR_A_REVIEW and topic.review_id == review_id)
        or (topic.moment in HOME_NOW and topic.home_id == home_id)
    ]
    ids = {topic.contributor_id for topic in spoke}
    invited: dict[int, Invitation] = {}
    for (_, contributor_id), row in surveys.invitations(session, consultation_ids).items():
        invited.setdefault(contributor_id, row)
    found = [
        _silence(line, invited.get(line.contributor_id))
        for line in people.contributors_around(session, person.id or 0)
        if line.contributor_id not in ids and (has_own_form or line.kind not in YOUNG)
    ]
    has_taps = any(topic.kind is Kind.SOCIAL_WORKER for topic in spoke)
    found += [] if has_taps else _worker(session, person)
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.contributor_id)))


def _silence(line: people.ContributorLine, row: "Invitation | None") -> Silence:
    how = {"yes": "not_yet", "no": "not_invited"}.get(line.invite, line.invite)
    return Silence(
        contributor_id=line.contributor_id,
        kind=line.kind,
        name=line.name,
        how="asked" if row else how,
        asked_on=_day(row.invited_at) if row else None,
        reminded_on=_day(row.reminded_at) if row else None,
    )


def _day(moment: datetime | None) -> date | None:
    return clock.in_london(moment).date() if moment else None


def _worker(session: Session, person: "Person") -> list[Silence]:
    """The worker around them today, who has not filled in the eight taps about this home; a PA has
    none about a care leaver's own place."""
    staff_id = None if person.group == people.CARE_LEAVER else person.worker_id
    name = accounts.names_of(session, {staff_id} if staff_id else set()).get(staff_id or 0)
    return [Silence(0, Kind.SOCIAL_WORKER, name, "taps")] if name else []
