"""What a digest can say: one line each, a heading, whom it is about, and the page that it is on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlmodel import Session

from backend.asks import midpoints
from backend.asks import reminders as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind, Permission, Role
from backend.core.access.policy import may
from backend.digests import officers
from backend.messaging import queries as messaging
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys

REVIEWS, ASKS, LOOK = "Reviews in the next three weeks", "Asks", "Answers for you to look at"
MIDPOINTS, PARENTS = "Midpoint checks", "Parents to decide about again"
VISITS, TAPS = "To ask in private", "Your own form about a home"
HAND_OVER, UNREACHED = "Cards to hand over", "Messages that did not arrive"
OFFICER = "Who is heard"
DUTY, TEAM = "Duty desk", "Asks that are late with somebody else"
ORDER = (
    DUTY,
    OFFICER,
    ASKS,
    LOOK,
    REVIEWS,
    TEAM,
    HAND_OVER,
    UNREACHED,
    VISITS,
    TAPS,
    PARENTS,
    MIDPOINTS,
)
AHEAD = timedelta(days=21)
WEEK = 5  # working days
SIDES = {
    Kind.CHILD: "young person",
    Kind.CARE_LEAVER: "young person",
    Kind.CARER: "carer",
    Kind.PROVIDER_STAFF: "provider’s staff",
    Kind.PARENT: "parent",
    Kind.OTHER: "school, health or other",
}


@dataclass(frozen=True)
class Line:
    """One thing for one colleague. `text` holds no name: `who` stands before it, the whole name on
    our own page and its first letter in an e-mail."""

    heading: str
    text: str
    href: str
    person_id: int | None = None
    who: str = ""

    @property
    def initial(self) -> str:
        """The most that an e-mail says of a child's name."""
        return f"{self.who[:1]}." if self.who else ""


def say_day(day: date) -> str:
    """A day as a short line says it: Fri 27 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def lines_for(session: Session, viewer: StaffIdentity) -> list[Line]:
    """Everything that waits for one colleague, by heading in the digest's order."""
    found = list(_all(session, viewer))
    named = people.people(session, {one.person_id for one in found if one.person_id})
    told = [
        Line(one.heading, one.text, one.href, one.person_id, named[one.person_id].known_as)
        if one.person_id in named
        else one
        for one in found
    ]
    return sorted(told, key=lambda one: ORDER.index(one.heading))


def by_heading(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The same in groups."""
    return [(key, list(group)) for key, group in groupby(lines, key=lambda one: one.heading)]


def _all(session: Session, viewer: StaffIdentity) -> Iterator[Line]:
    if may(viewer, Permission.SEE_DUTY_LIST):
        yield from duty_lines(session, viewer)
    if may(viewer, Permission.SEE_ASKS):
        yield from ask_lines(session, viewer)
    if may(viewer, Permission.SEE_OUTBOX):
        yield from (Line(OFFICER, text, href) for text, href in officers.reach_lines(session))
    led = people.people_led_by(session, viewer)
    worked = people.people_worked_by(session, viewer)
    own_leavers = [one for one in worked if one.group == people.CARE_LEAVER]
    if may(viewer, Permission.SEE_REVIEWS):
        yield from case_lines(session, {one.id or 0 for one in led}, is_lead=True)
    if may(viewer, Permission.SEE_CASELOAD):
        ids = {one.id or 0 for one in worked}
        leavers = {one.id or 0 for one in own_leavers}
        yield from case_lines(session, ids - leavers, is_lead=False)
        yield from case_lines(session, leavers, is_lead=True)
        yield from worker_lines(session, viewer, ids)
    if viewer.roles & {Role.IRO, Role.PERSONAL_ADVISER}:
        yield from midpoint_lines(session, viewer)


def midpoint_lines(session: Session, viewer: StaffIdentity) -> Iterator[Line]:
    """Midpoint checks: what did not happen by child, all the others in one line."""
    due = midpoints.midpoints_due(session, viewer)
    for one in due:
        if one.undone:
            said = "1 ask" if one.undone == 1 else f"{one.undone} asks"
            text = f"{said} did not happen, half-way on {say_day(one.on)}"
            yield Line(MIDPOINTS, text, f"/staff/midpoints/{one.review_id}", one.person_id)
    clear = sum(not one.undone for one in due)
    if clear:
        yield Line(MIDPOINTS, f"Half-way, and nothing is undone: {clear}", "/staff/midpoints")


def duty_lines(session: Session, viewer: StaffIdentity) -> Iterator[Line]:
    """How much waits on the duty desk: counts alone."""
    desk = safeguarding.duty_list(session, viewer)
    for count, one, many in (
        (len(desk.concerns), "1 open concern", "{} open concerns"),
        (len(desk.unread), "1 text that nobody read in time", "{} texts that nobody read in time"),
    ):
        if count:
            yield Line(DUTY, one if count == 1 else many.format(count), "/staff/duty")


def ask_lines(session: Session, viewer: StaffIdentity) -> Iterator[Line]:
    """Asks that are late or due this week, and answers that wait for the lead's look."""
    late = asks.overdue(session, viewer.staff_id)
    for one in late:
        heading = ASKS if one.is_mine else TEAM
        text = f"{one.label}: due {say_day(one.due_on)}, late"
        yield Line(heading, text, f"/staff/asks/{one.ask_id}", one.person_id)
    for one in asks.due_soon(session, viewer.staff_id, WEEK):
        text = f"{one.label}: due {say_day(one.due_on)}"
        yield Line(ASKS, text, f"/staff/asks/{one.ask_id}", one.person_id)
    for one in asks.waiting_for_lead(session, viewer.staff_id):
        yield Line(LOOK, one.label, f"/staff/asks/{one.ask_id}", one.person_id)
    told = {one.ask_id for one in late}
    for one in asks.chased_lately(session, viewer.staff_id):
        if one.ask_id not in told:
            text = f"{one.label}: chased, it has not happened yet"
            yield Line(ASKS, text, f"/staff/asks/{one.ask_id}", one.person_id)


def case_lines(session: Session, person_ids: set[int], *, is_lead: bool) -> Iterator[Line]:
    """The reviews of these people with who is silent, and parents to decide about again."""
    if not person_ids:
        return
    today = clock.today()
    begun = surveys.begun_on(session, person_ids) if is_lead else {}
    silent = surveys.silent_before_reviews(session, person_ids)
    found = reviews.next_reviews(session, person_ids)
    for person_id in sorted(found, key=lambda key: reviews.expected_on(found[key])):
        review = found[person_id]
        day = reviews.expected_on(review)
        if day > today + AHEAD:
            continue
        said = f"{say_day(day)}, overdue" if day < today else say_day(day)
        kinds = silent.get(person_id)
        if kinds:
            sides = sorted({SIDES[kind] for kind in kinds if kind in SIDES})
            said += f". Nothing yet from: {', '.join(sides)}"
        if person_id in begun:
            said += f". Begun and not sent, since {say_day(begun[person_id])}"
        href = f"/staff/reviews/{review.id}" if is_lead else "/staff/caseload"
        yield Line(REVIEWS, said, href, person_id)
    for one in people.parents_of(session, person_ids):
        if one.is_to_look_at and one.look_again_on is not None:
            href = f"/staff/people/{one.person_id}/parents/{one.contributor_id}"
            yield Line(PARENTS, f"since {say_day(one.look_again_on)}", href, one.person_id)


def worker_lines(session: Session, viewer: StaffIdentity, person_ids: set[int]) -> Iterator[Line]:
    """What a worker does by their own hand: cards, private questions, their own form."""
    if not person_ids:
        return
    for one in surveys.to_hand_over(session, person_ids):
        href = f"/staff/people/{one.person_id}/parents/{one.contributor_id}"
        yield Line(HAND_OVER, f"one adult, before {say_day(one.closes_on)}", href, one.person_id)
    waiting: dict[int, int] = {}
    for task in surveys.tasks_for(session, viewer, person_ids):
        if not task.outcome:
            waiting[task.person_id] = waiting.get(task.person_id, 0) + len(task.questions)
    for person_id, count in waiting.items():
        text = "1 question" if count == 1 else f"{count} questions"
        yield Line(VISITS, text, f"/staff/people/{person_id}/private-visit", person_id)
    for person_id, cards in messaging.to_hand_over(session, viewer, person_ids).items():
        text = "1 card or word to give" if len(cards) == 1 else f"{len(cards)} cards or words"
        yield Line(HAND_OVER, text, f"/staff/people/{person_id}/door", person_id)
    for person_id, lost in messaging.undelivered(session, viewer, person_ids).items():
        text = "1 message" if len(lost) == 1 else f"{len(lost)} messages"
        yield Line(UNREACHED, text, f"/staff/people/{person_id}/door", person_id)
    soon = clock.today() + AHEAD
    for form in surveys.open_to_worker(session, viewer.staff_id, person_ids):
        if form.closes_on > soon:
            continue
        href = f"/staff/homes/{form.home_id}/taps/{form.person_id}"
        yield Line(TAPS, f"open until {say_day(form.closes_on)}", href, form.person_id)
