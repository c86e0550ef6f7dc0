"""What cannot wait goes at once, at night too where it is for a colleague; a child's never then."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.asks import service as asks
from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.digests.jobs import send_now
from backend.duties import HANDLERS, HOURLY
from backend.messaging.models import Message
from backend.reviews.models import Review
from backend.reviews.openings import note_change
from backend.safeguarding import service as safeguarding
from backend.surveys import service as rounds
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import StandIn
from tests.safeguarding.cases import Around, make_case

MONDAY = date(2026, 11, 23)
SATURDAY = MONDAY + timedelta(days=5)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.LONDON).astimezone(UTC)


def run_due(engine: Engine) -> None:
    """What a worker does between two hours: no duty, only what was left."""
    jobs.run_all_due(engine, HANDLERS, most=200)


@pytest.fixture
def case(sqlite_engine: Engine) -> Around:
    with clock.set_to(at(MONDAY, 9)), unit_of_work(sqlite_engine) as session:
        case = make_case(session)
        case.person.channel, case.person.address = "text", "07700 900123"
        rounds.open_rounds(session)
        session.flush()
        session.expunge_all()
    return case


def told(engine: Engine, staff_id: int) -> list[tuple[str, datetime | None]]:
    """What one colleague was sent at once, and when it left."""
    with Session(engine) as session:
        rows = session.exec(
            select(Message)
            .where(Message.staff_id == staff_id, Message.occasion == "urgent")
            .order_by(col(Message.id))
        ).all()
        return [(row.subject or "", row.sent_at) for row in rows]


@pytest.mark.parametrize("moment", [at(MONDAY, 10, 20), at(MONDAY, 23, 40), at(SATURDAY, 3, 5)])
def test_not_safe_leaves_for_the_duty_desk_within_the_same_minute_by_night_too(
    sqlite_engine: Engine, case: Around, mail: MailBox, moment: datetime
) -> None:
    with clock.set_to(moment):
        with unit_of_work(sqlite_engine) as session:
            safeguarding.say_not_safe(session, case.identity())
        run_due(sqlite_engine)
    for somebody in (case.duty, case.iro):
        assert told(sqlite_engine, somebody.staff_id) == [("Heard: look now", moment)]
    assert told(sqlite_engine, case.worker.staff_id) == []
    assert len(mail.came) == 2


def test_an_ask_that_is_due_within_a_working_day_leaves_at_once_and_a_later_one_does_not(
    sqlite_engine: Engine, case: Around, mail: MailBox
) -> None:
    night = at(MONDAY, 22, 10)
    with clock.set_to(night):
        with unit_of_work(sqlite_engine) as session:
            asks.make_ask(session, case.identity(), kind="complaint")  # ten working days
        run_due(sqlite_engine)
        assert mail.came == []
        with unit_of_work(sqlite_engine) as session:
            asks.make_ask(session, case.identity(), kind="see_worker")  # one working day
        run_due(sqlite_engine)
    assert told(sqlite_engine, case.worker.staff_id) == [("Heard: an ask is due", night)]
    assert told(sqlite_engine, case.complaints.staff_id) == []


def test_an_ask_of_friday_night_is_due_on_monday_and_is_told_on_friday(
    sqlite_engine: Engine, case: Around, mail: MailBox
) -> None:
    friday = at(MONDAY + timedelta(days=4), 21)
    with clock.set_to(friday):
        with unit_of_work(sqlite_engine) as session:
            asks.make_ask(session, case.identity(), kind="see_worker")
        run_due(sqlite_engine)
    assert told(sqlite_engine, case.worker.staff_id) == [("Heard: an ask is due", friday)]


def test_an_answer_is_before_the_lead_in_the_same_minute(
    sqlite_engine: Engine, case: Around, mail: MailBox
) -> None:
    noon = at(MONDAY, 12, 30)
    with clock.set_to(noon):
        with unit_of_work(sqlite_engine) as session:
            ask = asks.make_ask(session, case.identity(), kind="see_worker")
            asks.answer_ask(session, case.worker, ask.id or 0, words="On Tuesday.", outcome="yes")
        run_due(sqlite_engine)
    assert ("Heard: an answer waits for your look", noon) in told(sqlite_engine, case.iro.staff_id)


def move(engine: Engine, case: Around, *, before: date, after: date) -> None:
    with unit_of_work(engine) as session:
        review = session.get_one(Review, case.review.id)
        review.due_on = after
        note_change(session, review, "moved", before_on=before, after_on=after)


def call(engine: Engine) -> None:
    """A worker's hour: everybody is called."""
    with unit_of_work(engine) as session:
        for duty in HOURLY:
            duty(session)


def changed(engine: Engine) -> list[tuple[str, datetime | None]]:
    with Session(engine) as session:
        rows = select(Message).where(
            Message.occasion == "meeting_changed", col(Message.contributor_id).is_not(None)
        )
        return [(row.state, row.sent_at) for row in session.exec(rows).all()]


def test_a_meeting_moved_at_night_is_told_to_colleagues_at_once_and_to_the_child_by_day(
    sqlite_engine: Engine, case: Around, notify: StandIn
) -> None:
    with clock.set_to(at(MONDAY, 10)):
        call(sqlite_engine)
        run_due(sqlite_engine)
    before, saturday_night = MONDAY + timedelta(days=8), at(SATURDAY, 22)
    with clock.set_to(saturday_night):
        move(sqlite_engine, case, before=before, after=SATURDAY + timedelta(days=2))
        run_due(sqlite_engine)
        assert changed(sqlite_engine) == [("waiting", None)]
        assert told(sqlite_engine, case.worker.staff_id) == [
            ("Heard: a meeting has changed", saturday_night)
        ]
    sunday = at(SATURDAY + timedelta(days=1), 8)
    with clock.set_to(sunday - timedelta(minutes=1)):
        run_due(sqlite_engine)
        assert changed(sqlite_engine)[0][1] is None
    with clock.set_to(sunday):  # a Sunday too: it is about the day after
        run_due(sqlite_engine)
    assert changed(sqlite_engine) == [("sent", sunday)]


def test_a_meeting_that_moves_far_away_is_told_to_nobody_and_stands_on_the_page(
    sqlite_engine: Engine, case: Around, notify: StandIn
) -> None:
    with clock.set_to(at(MONDAY, 10)):
        call(sqlite_engine)
        move(
            sqlite_engine,
            case,
            before=MONDAY + timedelta(days=8),
            after=MONDAY + timedelta(days=9),
        )
        run_due(sqlite_engine)
    with clock.set_to(at(MONDAY + timedelta(days=6), 10)):  # and not when it comes near, either
        call(sqlite_engine)
    assert changed(sqlite_engine) == []


def test_a_worker_that_stood_still_for_three_days_still_tells_of_a_meeting_that_is_to_come(
    sqlite_engine: Engine, case: Around, notify: StandIn
) -> None:
    with clock.set_to(at(MONDAY, 10)):
        call(sqlite_engine)
        run_due(sqlite_engine)
        before = MONDAY + timedelta(days=8)
        move(sqlite_engine, case, before=before, after=MONDAY + timedelta(days=3))
    with clock.set_to(at(MONDAY + timedelta(days=3), 7)):
        call(sqlite_engine)
    assert [state for state, _ in changed(sqlite_engine)] == ["waiting"]


def test_whatever_came_up_together_is_looked_at_once(sqlite_engine: Engine, case: Around) -> None:
    with clock.set_to(at(MONDAY, 10)):
        with unit_of_work(sqlite_engine) as session:
            for _ in range(4):
                jobs.hurry(session)
        with unit_of_work(sqlite_engine) as session:
            send_now(session, {})
        with Session(sqlite_engine) as session:
            assert jobs.all_left(session, jobs.CANNOT_WAIT) == []
