"""The page "After the meeting": what it holds, saved in parts, and by two people without a loss."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.reviews import queries as reviews
from backend.summaries.models import AfterMeeting

if TYPE_CHECKING:
    from backend.core.forms import Fields
    from backend.reviews.models import Review

SAVED = audit.declare("after_meeting.saved", "review_id", "revision")
YOUNG_PERSON = "young_person"  # how the list of who came names the child themselves
PRIVATE_TALKS = {
    "done": "We talked in private",
    "offered": "Offered, not taken up",
    "refused": "They did not want to",
    reviews.NOT_APPROPRIATE: "Not appropriate at their age and understanding",
}
NAMES = {
    "private_talk": "Talking in private",
    "private_talk_why": "Why it was not appropriate",
    "came": "Who came",
    "came_also": "Who else came",
    "participation_code": "How they took part",
    "held_on": "Held on",
    "late_reason": "Why it was late",
    "late_note": "More about why",
}


@dataclass(frozen=True)
class Notes:
    """What is written down after a meeting. `held_on` is a day in ISO form, or empty; `came` holds
    YOUNG_PERSON, "worker", or contributors' ids as text."""

    private_talk: str = ""
    private_talk_why: str = ""
    came: tuple[str, ...] = ()
    came_also: str = ""
    participation_code: str = ""
    held_on: str = ""
    late_reason: str = ""
    late_note: str = ""

    @property
    def day(self) -> date | None:
        """The day on which it was held, where one was written."""
        return date.fromisoformat(self.held_on) if self.held_on else None

    def differing(self, other: "Notes") -> tuple[str, ...]:
        """The fields in which two differ."""
        return tuple(
            one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name)
        )


@dataclass(frozen=True)
class SavedNotes:
    """The newest saving of one page."""

    revision: int = 0
    notes: Notes = field(default_factory=Notes)
    by: str = ""
    at: datetime | None = None


class SavedMeanwhile(Exception):
    """Somebody saved the page after it was opened; nothing of either was lost."""

    def __init__(self, saved: SavedNotes) -> None:
        super().__init__(saved.by)
        self.saved = saved


def read_notes(form: "Fields") -> Notes:
    """What was posted. A day that is none is left out: the caller asks for it again."""
    try:
        held_on = form.day("held_on").isoformat()
    except ValueError:
        held_on = ""
    return Notes(
        private_talk=form.word("private_talk"),
        private_talk_why=form.text("private_talk_why").strip(),
        came=tuple(sorted(set(form.all("came")))),
        came_also=form.text("came_also").strip(),
        participation_code=form.word("participation_code"),
        held_on=held_on,
        late_reason=form.word("late_reason"),
        late_note=form.text("late_note").strip(),
    )


def newest(session: Session, review_id: int) -> SavedNotes:
    """The newest saving; revision 0 and nothing written where there is none."""
    row = session.exec(
        select(AfterMeeting)
        .where(AfterMeeting.review_id == review_id)
        .order_by(col(AfterMeeting.revision).desc())
    ).first()
    if row is None:
        return SavedNotes()
    name = accounts.names_of(session, {row.saved_by}).get(row.saved_by, "")
    return SavedNotes(row.revision, _from_values(row.values), name, row.saved_at)


def private_talk_why(session: Session, review: "Review") -> str:
    """Why talking in private was not appropriate: as it was confirmed, else as it was saved here
    before a confirmation kept it; empty where the talk went otherwise."""
    if review.private_talk != reviews.NOT_APPROPRIATE:
        return ""
    confirmed = reviews.private_talk_why(session, review)
    return confirmed or newest(session, review.id or 0).notes.private_talk_why


def _from_values(values: dict[str, Any]) -> Notes:
    known = {one.name for one in fields(Notes)}
    kept = {key: value for key, value in values.items() if key in known}
    return Notes(**(kept | {"came": tuple(kept.get("came", ()))}))


def save(
    session: Session, viewer: StaffIdentity, review: "Review", notes: Notes, *, revision: int
) -> SavedNotes:
    """Keep what was written; `revision` is the one that its writer saw. Raises SavedMeanwhile
    where somebody else has saved something else since: then nothing is written."""
    found = newest(session, review.id or 0)
    if found.revision != revision and found.notes != notes:
        raise SavedMeanwhile(found)
    if found.revision and found.notes == notes:
        return found
    row = AfterMeeting(
        review_id=review.id or 0,
        revision=found.revision + 1,
        values=asdict(notes),
        saved_by=viewer.staff_id,
        saved_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # in this very moment
        raise SavedMeanwhile(newest(session, review.id or 0)) from None
    audit.record(
        session,
        SAVED,
        actor=viewer.actor,
        person_id=review.person_id,
        review_id=review.id,
        revision=row.revision,
    )
    return newest(session, review.id or 0)
