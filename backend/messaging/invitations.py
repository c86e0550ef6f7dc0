"""Who is called to which round, once each, and reminded once: adults first, and a child gently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.messaging import queries
from backend.messaging.writing import by_key, write
from backend.surveys import queries as surveys
from backend.surveys import service as rounds

if TYPE_CHECKING:
    from backend.messaging.models import Message
    from backend.surveys.queries import Invitable, Invitation

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
REVIEW = "before_review"
INVITATION, REMINDER = "invite:", "remind:"
# A child hears once more, three days before the meeting, and never so soon after the first time.
CHILD_REMINDED_BEFORE = timedelta(days=3)
CHILD_LEFT_ALONE = timedelta(days=5)
# An adult hears once a week at most, unless the meeting would be over before the next week.
ADULT_LEFT_ALONE = timedelta(days=3)
CANNOT_WAIT = timedelta(days=7)
ADULT_REMINDED_BEFORE = timedelta(days=10)


@dataclass(frozen=True)
class Rounds:
    """Everybody who is asked in a round that is open today, and how far each call has come."""

    asked: list["Invitable"]
    called: dict[tuple[int, int], "Invitation"]
    begun: set[tuple[int, int]]
    sent: set[tuple[int, int]]

    def call_of(self, one: "Invitable") -> "Invitation | None":
        """The call of one of them, or None."""
        return self.called.get((one.consultation_id, one.contributor_id))

    def is_silent(self, one: "Invitable") -> bool:
        """Whether an adult has sent nothing, or a young person not even begun."""
        written = self.begun if one.kind in YOUNG else self.sent
        return (one.consultation_id, one.contributor_id) not in written


def read_rounds(session: Session) -> Rounds:
    """The rounds that are open today."""
    asked = surveys.invitable(session)
    ids = {one.consultation_id for one in asked}
    return Rounds(asked, surveys.invitations(session, ids), *surveys.wrote_in(session, ids))


def invite(session: Session) -> int:
    """Call everybody whose round is open and who was not called: young people one round at a time
    within their budget, each adult to all that is open for them in one message a week.

    Returns how many messages were written. A second run, or one beside it, writes none.
    """
    found = read_rounds(session)
    waiting = [one for one in found.asked if _is_to_call(session, found, one)]
    written = 0
    for theirs in _by_contributor(waiting):
        if theirs[0].kind in YOUNG:
            written += sum(_call(session, [one]) for one in theirs if _has_budget(session, one))
        elif _may_hear(session, theirs):
            written += _call(session, theirs)
    return written


def _is_to_call(session: Session, found: Rounds, one: "Invitable") -> bool:
    if found.call_of(one) is not None or not found.is_silent(one):
        return False
    standing = by_key(session, f"{INVITATION}{one.consultation_id}:{one.contributor_id}")
    return standing is None or standing.state in queries.NEVER_WENT


def _call(session: Session, theirs: "list[Invitable]") -> int:
    """One message for all these rounds of one contributor; how many were written, none or one."""
    first = theirs[0]
    made = _write(session, INVITATION, first, occasion="invitation")
    if made is None:
        return 0
    for one in theirs:
        rounds.note_invited(session, one.consultation_id, one.contributor_id)
    return 1


def remind(session: Session) -> int:
    """Remind once whoever was called and is silent; how many messages were written.

    Adults before a child: on the week's working Monday, in the last ten days of a round. A child
    gently once, in the three days before the meeting, where nothing was begun; who has sent is
    never reminded, and once the meeting's day has come nobody young is.
    """
    found = read_rounds(session)
    waiting = [one for one in found.asked if found.is_silent(one)]
    written = 0
    for theirs in _by_contributor(waiting):
        due = [one for one in theirs if _is_due(session, one, found.call_of(one))]
        if not due or _write(session, REMINDER, due[0], occasion="reminder") is None:
            continue
        for one in due:
            call = found.call_of(one)
            if call is not None:
                rounds.note_reminded(call)
        written += 1
    session.flush()
    return written


def _is_due(session: Session, one: "Invitable", call: "Invitation | None") -> bool:
    """Whether the one reminder of a round is due today."""
    if call is None or call.reminded_at is not None:
        return False
    today, called_on = clock.today(), clock.in_london(call.invited_at).date()
    if one.kind in YOUNG:
        return (
            one.moment == REVIEW
            and one.meeting_on is not None
            and one.meeting_on - CHILD_REMINDED_BEFORE <= today < one.meeting_on
            and called_on <= today - CHILD_LEFT_ALONE
            and _has_budget(session, one, is_reminder=True)
        )
    return (
        is_digest_day(today)
        and one.closes_on - today <= ADULT_REMINDED_BEFORE
        and _has_week(session, one.contributor_id)
    )


def is_digest_day(day: date) -> bool:
    """Whether this is the week's first working day: Monday, or the next after a bank holiday."""
    monday = day - timedelta(days=day.weekday())
    return day == clock.add_working_days(monday - timedelta(days=1), 1)


def _may_hear(session: Session, theirs: "list[Invitable]") -> bool:
    today = clock.today()
    is_pressing = any(
        one.meeting_on is not None and one.meeting_on - today <= CANNOT_WAIT for one in theirs
    )
    return is_pressing or _has_week(session, theirs[0].contributor_id)


def _has_week(session: Session, contributor_id: int) -> bool:
    """Whether an adult heard nothing from us this calendar week, nor in the last days."""
    today = clock.today()
    days = [
        clock.in_london(row.made_at).date() for row in queries.history_of(session, contributor_id)
    ]
    return all(
        day.isocalendar()[:2] != today.isocalendar()[:2] and day <= today - ADULT_LEFT_ALONE
        for day in days
    )


def _by_contributor(found: "Iterable[Invitable]") -> "Iterator[list[Invitable]]":
    ordered = sorted(found, key=lambda one: (one.contributor_id, one.moment != REVIEW))
    for _, theirs in groupby(ordered, key=lambda one: one.contributor_id):
        yield list(theirs)


def _write(session: Session, what: str, one: "Invitable", *, occasion: str) -> "Message | None":
    return write(
        session,
        key=f"{what}{one.consultation_id}:{one.contributor_id}",
        occasion=occasion,
        contributor_id=one.contributor_id,
        consultation_id=one.consultation_id,
    )


def _has_budget(session: Session, one: "Invitable", *, is_reminder: bool = False) -> bool:
    rows = queries.history_of(session, one.contributor_id)
    known = surveys.moments_of(session, {row.consultation_id for row in rows})
    history = [
        surveys.Heard(
            clock.in_london(row.made_at).date(),
            _occasion(row.occasion, known.get(row.consultation_id or 0)),
        )
        for row in rows
    ]
    wanted = _occasion("reminder" if is_reminder else "invitation", one.moment)
    return surveys.may_invite(wanted, history, clock.today())


def _occasion(occasion: str, moment: str | None) -> surveys.Occasion:
    """Whether a message asked something of them, by its occasion and the round it was about."""
    if occasion == "reminder":
        return surveys.Occasion.REMINDER
    if occasion != "invitation":
        return surveys.Occasion.OWN_ASK
    return surveys.Occasion.REVIEW if moment == REVIEW else surveys.Occasion.MOMENT
