"""Who is called to a round, when, and reminded: once each, adults first, whatever ran twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.database import unit_of_work
from backend.imports.models import ImportRun
from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contributor, Person
from backend.reviews.models import Review
from backend.surveys import service as rounds
from backend.surveys.models import Consultation, Invitation
from backend.worker import Worker
from tests.factories import make_contact, make_person, make_staff
from tests.surveys.rounds import make_home

TODAY = date(2026, 11, 23)  # a Monday


@contextmanager
def on(day: date, hour: int = 12) -> Iterator[None]:
    with clock.set_to(datetime.combine(day, time(hour), clock.LONDON).astimezone(UTC)):
        yield


def run_day(session: Session, day: date) -> None:
    """What the worker does on one day, twice, as after a restart."""
    with on(day):
        for _ in range(2):
            rounds.open_rounds(session)
            messaging.invite(session)
            messaging.remind(session)
            session.flush()


def run_days(session: Session, first: date, days: int) -> None:
    for number in range(days):
        run_day(session, first + timedelta(days=number))


def told(session: Session, contributor: Contributor | None) -> list[tuple[str, date]]:
    """What one contributor was written, and on which day."""
    assert contributor is not None
    rows = session.exec(
        select(Message)
        .where(Message.contributor_id == contributor.id)
        .order_by(col(Message.made_at))
    ).all()
    return [(row.occasion, clock.in_london(row.made_at).date()) for row in rows]


def own(session: Session, person: Person) -> Contributor | None:
    return people.contributor_of_person(session, person.id or 0)


def with_review(session: Session, due_on: date, **values: object) -> tuple[Person, Review]:
    person = make_person(session, channel="text", address="07700 900123", **values)
    review = Review(person_id=person.id or 0, due_on=due_on)
    session.add(review)
    session.flush()
    return person, review


def test_a_silent_child_is_called_two_weeks_before_and_reminded_once_three_days_before(
    session: Session,
) -> None:
    due_on = TODAY + timedelta(days=20)
    person, _ = with_review(session, due_on)

    run_days(session, TODAY, 45)

    assert told(session, own(session, person)) == [
        ("invitation", due_on - timedelta(days=14)),
        ("reminder", due_on - timedelta(days=3)),
    ]


def test_the_worker_itself_reminds_a_silent_child_and_a_silent_carer(
    sqlite_engine: Engine,
) -> None:
    due_on = TODAY + timedelta(days=14)
    with unit_of_work(sqlite_engine) as session:
        person, _ = with_review(session, due_on)
        make_contact(session, person, "carer", channel="email", address="a@b.example")
    for day in (TODAY, TODAY + timedelta(days=7), due_on - timedelta(days=3), due_on):
        for hour in (9, 10):
            with on(day, hour):
                Worker(sqlite_engine).step()
    with Session(sqlite_engine) as session:
        rows = session.exec(select(Message.key).where(Message.occasion == "reminder")).all()
    assert sorted(rows) == ["remind:1:1", "remind:1:2"]


def test_an_extract_that_is_too_old_reminds_nobody_either(sqlite_engine: Engine) -> None:
    due_on = TODAY + timedelta(days=14)
    with unit_of_work(sqlite_engine) as session:
        with_review(session, due_on)
        session.add(
            ImportRun(kind="people", as_at=TODAY, ran_at=clock.now(), ran_by="x", counts={})
        )
    for day in (TODAY, due_on - timedelta(days=3)):
        with on(day):
            Worker(sqlite_engine).step()
    with Session(sqlite_engine) as session:
        assert session.exec(select(Message.occasion)).all() == ["invitation"]


def test_adults_are_reminded_before_the_child_is_whatever_day_the_meeting_is(
    session: Session,
) -> None:
    cases = []
    for number in range(7):
        due_on = TODAY + timedelta(days=20 + number)
        person, _ = with_review(session, due_on)
        carer = make_contact(session, person, "carer", channel="email", address="a@b.example")
        cases.append((person, carer, due_on))

    run_days(session, TODAY, 35)

    for person, carer, due_on in cases:
        adult, child = told(session, carer), told(session, own(session, person))
        assert [occasion for occasion, _ in adult] == ["invitation", "reminder"], due_on
        assert [occasion for occasion, _ in child] == ["invitation", "reminder"], due_on
        assert adult[1][1] < child[1][1], due_on
        assert adult[1][1].weekday() == 0
        weeks = [day.isocalendar()[:2] for _, day in adult]
        assert len(set(weeks)) == len(weeks)


def test_a_child_who_began_or_sent_is_never_reminded(session: Session) -> None:
    due_on = TODAY + timedelta(days=14)
    begun, review = with_review(session, due_on)
    run_day(session, TODAY)
    row = session.exec(
        select(Consultation).where(
            Consultation.review_id == review.id, Consultation.moment == "before_review"
        )
    ).one()
    contributor = own(session, begun)
    assert contributor is not None
    with on(TODAY):
        response = rounds.begin_response(session, contributor.id or 0, row.id or 0)
        topic = rounds.begin_topic(session, response, "most_wanted", session_id=1)
        question = rounds.form_of(response).topic("most_wanted").questions[0]
        rounds.keep_answer(session, topic.id or 0, question.id, "A dog")

    run_days(session, TODAY, 20)

    assert [occasion for occasion, _ in told(session, contributor)] == ["invitation"]


def test_a_review_found_five_days_before_is_called_to_at_once_and_not_nagged_about(
    session: Session,
) -> None:
    person, _ = with_review(session, TODAY + timedelta(days=5))

    run_days(session, TODAY, 12)

    assert told(session, own(session, person)) == [("invitation", TODAY)]


def test_an_overdue_review_stays_open_and_reminds_nobody_young(session: Session) -> None:
    person, review = with_review(session, TODAY - timedelta(days=10))

    run_days(session, TODAY, 20)

    assert told(session, own(session, person)) == [("invitation", TODAY)]
    row = session.exec(select(Consultation).where(Consultation.review_id == review.id)).one()
    assert row.closes_on == TODAY + timedelta(days=19 + 7)


def test_a_review_that_moves_out_of_the_window_and_back_calls_nobody_twice(
    session: Session,
) -> None:
    person, review = with_review(session, TODAY + timedelta(days=14))
    run_days(session, TODAY, 2)
    later = TODAY + timedelta(days=60)
    review.due_on = later
    run_days(session, TODAY + timedelta(days=2), 70)

    assert told(session, own(session, person)) == [
        ("invitation", TODAY),
        ("reminder", later - timedelta(days=3)),
    ]
    keys = session.exec(select(Invitation)).all()
    assert len(keys) == 1


def test_a_meeting_set_before_the_due_day_is_what_the_fortnight_counts_from(
    session: Session,
) -> None:
    person, review = with_review(session, TODAY + timedelta(days=40))
    review.meeting_at = datetime(2026, 12, 11, 15, 0, tzinfo=UTC)

    run_days(session, TODAY, 10)

    assert told(session, own(session, person)) == [("invitation", date(2026, 11, 27))]


def test_one_message_a_week_covers_a_carers_several_forms(session: Session) -> None:
    person, _ = with_review(session, TODAY + timedelta(days=14))
    make_home(session, person)
    carer = make_contact(session, person, "carer", channel="email", address="a@b.example")

    run_day(session, TODAY)

    assert [occasion for occasion, _ in told(session, carer)] == ["invitation"]
    called = session.exec(select(Invitation).where(Invitation.contributor_id == carer.id)).all()
    assert len(called) == 2


def test_whoever_the_iro_adds_is_called_too_and_a_parent_by_the_worker_is_not(
    session: Session,
) -> None:
    person, _ = with_review(session, TODAY + timedelta(days=14))
    parent = make_contact(session, person, "parent", invite="through_worker")
    with on(TODAY):
        lead = make_staff(session, Role.IRO)
        teacher = people_service.add_other(
            session, lead, person.id or 0, name="Jo Wren", part="class teacher"
        )

    run_days(session, TODAY, 20)

    assert [occasion for occasion, _ in told(session, teacher)][:1] == ["invitation"]
    assert told(session, parent) == []


def test_a_child_with_six_this_year_gets_the_review_and_no_reminder(session: Session) -> None:
    due_on = TODAY + timedelta(days=14)
    person, _ = with_review(session, due_on)
    contributor = own(session, person)
    assert contributor is not None
    for number in range(6):
        session.add(
            Message(
                contributor_id=contributor.id,
                key=f"earlier:{number}",
                occasion="invitation",
                channel="text",
                words="Hi",
                made_at=datetime(2026, 2 + number, 1, 12, tzinfo=UTC),
                state="sent",
            )
        )
    session.flush()

    run_days(session, TODAY, 15)

    new = [one for one in told(session, contributor) if one[1] >= TODAY]
    assert new == [("invitation", TODAY)]
