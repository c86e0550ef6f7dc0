"""One digest a week to each colleague with something to do, and at once only what cannot wait."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.asks import service as asks
from backend.core import clock
from backend.core.access.permissions import Role
from backend.digests import service
from backend.digests.lines import MIDPOINTS, lines_for
from backend.digests.models import Digest
from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people import service as people_service
from backend.reviews import service as reviews_service
from backend.reviews.models import Review, ReviewChange
from backend.safeguarding import service as safeguarding
from backend.surveys import service as rounds
from backend.worker import Worker
from tests.factories import make_contact, make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send
from tests.surveys.rounds import make_home, open_round

MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.LONDON).astimezone(UTC)


def of(session: Session, staff_id: int, occasion: str) -> list[Message]:
    rows = select(Message).where(Message.staff_id == staff_id, Message.occasion == occasion)
    return list(session.exec(rows.order_by(col(Message.id))).all())


@pytest.fixture
def case(session: Session) -> Around:
    with clock.set_to(at(MONDAY, 7)):
        case = make_case(session)
        case.person.known_as = "Marigold"
        make_contact(session, case.person, "carer")
        rounds.open_rounds(session)
        session.flush()
    return case


def test_the_digest_comes_at_eight_on_monday_once_and_never_to_who_has_nothing(
    session: Session, case: Around
) -> None:
    idle = make_staff(session, Role.IRO)
    for moment in (at(MONDAY, 7, 59), at(MONDAY, 8), at(MONDAY, 9), at(MONDAY + timedelta(1), 9)):
        with clock.set_to(moment):
            service.send_digests(session)

    sent = of(session, case.iro.staff_id, "digest")
    assert [clock.in_london(one.made_at).hour for one in sent] == [8]
    assert sent[0].words is not None
    assert "Nothing yet from: carer, young person" in sent[0].words
    assert of(session, idle.staff_id, "digest") == []
    rows = session.exec(select(Digest).where(Digest.staff_id == idle.staff_id)).all()
    assert [row.words for row in rows] == [""]


def test_after_a_bank_holiday_it_comes_on_the_next_working_day(session: Session) -> None:
    easter_monday = date(2027, 3, 29)
    with clock.set_to(at(easter_monday - timedelta(days=7), 7)):
        case = make_case(session)
        case.review.due_on = easter_monday + timedelta(days=9)
        session.flush()
    for day in (easter_monday, easter_monday + timedelta(days=1)):
        for hour in (7, 8, 12):
            with clock.set_to(at(day, hour)):
                rounds.open_rounds(session)
                service.send_digests(session)

    sent = of(session, case.iro.staff_id, "digest")
    assert [clock.in_london(one.made_at) for one in sent] == [
        clock.in_london(at(easter_monday + timedelta(days=1), 8))
    ]


def test_a_worker_that_stood_still_on_monday_sends_the_digest_on_the_next_day(
    session: Session, case: Around
) -> None:
    with clock.set_to(at(MONDAY + timedelta(days=1), 3)):
        service.send_digests(session)
    assert len(of(session, case.iro.staff_id, "digest")) == 1


def test_no_name_and_no_word_of_a_childs_stands_in_any_message_to_staff(
    session: Session, case: Around
) -> None:
    with clock.set_to(at(MONDAY, 8)):
        make_home(session, case.person)
        send(session, case, "zqsecret words")
        asks.make_ask(session, case.identity(), kind="see_worker")
        asks.make_ask(session, case.identity(), kind="complaint", words="zqcomplaint")
        safeguarding.say_not_safe(session, case.identity())
        service.send_digests(session)
        service.send_urgent(session)

    rows = session.exec(select(Message).where(col(Message.staff_id).is_not(None))).all()
    assert len(rows) > 4
    for row in rows:
        text = f"{row.subject} {row.words}"
        assert "Marigold" not in text
        assert "zq" not in text
        assert "http" in text


def test_what_cannot_wait_goes_at_once_and_once(session: Session, case: Around) -> None:
    with clock.set_to(at(MONDAY, 10)):
        asks.make_ask(session, case.identity(), kind="see_worker")
        safeguarding.say_not_safe(session, case.identity())
        for _ in range(3):
            service.send_urgent(session)

    def subjects(staff_id: int) -> list[str | None]:
        return [one.subject for one in of(session, staff_id, "urgent")]

    assert subjects(case.worker.staff_id) == ["Heard: an ask is due"]
    assert subjects(case.duty.staff_id) == ["Heard: look now"]
    assert subjects(case.iro.staff_id) == ["Heard: look now"]
    assert subjects(case.adviser.staff_id) == []


def test_a_meeting_moved_near_its_day_is_told_to_whoever_was_called_and_a_later_one_is_not(
    session: Session, case: Around
) -> None:
    parent = make_contact(session, case.person, "parent", invite="no")
    with clock.set_to(at(MONDAY, 9)):
        messaging.invite(session)
        review = session.get_one(Review, case.review.id)
        before = review.due_on
        move(session, review, before, before + timedelta(days=1))
        service.send_urgent(session)
        assert told(session) == set()
        move(session, review, review.due_on, MONDAY + timedelta(days=1))
        for _ in range(2):
            service.send_urgent(session)

    own = people.contributor_of_person(session, case.person_id)
    assert own is not None
    assert own.id in told(session)
    assert parent.id not in told(session)
    assert len(told(session)) == 2
    assert [one.subject for one in of(session, case.worker.staff_id, "urgent")] == [
        "Heard: a meeting has changed"
    ]


def move(session: Session, review: Review, before: date, after: date) -> None:
    review.due_on = after
    session.add(
        ReviewChange(
            review_id=review.id or 0,
            at=clock.now(),
            what="moved",
            before_on=before,
            after_on=after,
        )
    )
    session.flush()


def told(session: Session) -> set[int | None]:
    rows = select(Message.contributor_id).where(Message.occasion == "meeting_changed")
    return set(session.exec(rows).all())


def test_a_parents_decision_that_is_due_comes_back_to_worker_and_iro_and_stands_meanwhile(
    session: Session, case: Around
) -> None:
    parent = make_contact(session, case.person, "parent")
    with clock.set_to(at(MONDAY - timedelta(days=40), 9)):
        line = people.parents_of(session, [case.person_id])[0]
        people_service.decide_invite(
            session,
            case.iro,
            line,
            invite="through_worker",
            reason="As agreed",
            look_again_on=MONDAY - timedelta(days=10),
        )
    with clock.set_to(at(MONDAY, 9)):
        service.send_digests(session)
        line = people.parents_of(session, [case.person_id])[0]

    assert line.invite == "through_worker"
    iro, worker = (of(session, one.staff_id, "digest")[0].words for one in (case.iro, case.worker))
    assert "Parents to decide about again" in iro
    assert "Parents to decide about again" in worker
    assert "Cards to hand over" in worker
    assert "Cards to hand over" not in iro
    assert parent.id == line.contributor_id


def test_an_extract_that_is_too_old_is_said_first(session: Session, case: Around) -> None:
    with clock.set_to(at(MONDAY, 9)):
        service.send_digests(session, stale_since=date(2026, 11, 10))
    words = of(session, case.iro.staff_id, "digest")[0].words
    assert words.startswith("The case system’s extract is of Tue 10 Nov. It is too old")


def test_everybody_sees_their_own_week_and_nobody_elses(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session, known_as="Marigold")
    service.send_digests(app_session)
    sign_in(client, app_session, round_.iro)
    page = client.get("/staff/digest").text
    assert "Marigold" in page
    assert "Nothing yet from: young person" in page
    assert "Week of 23 Nov" in page
    stranger = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    sign_in(client, app_session, stranger)
    page = client.get("/staff/digest").text
    assert "Marigold" not in page
    assert "1 young person is asked before a review now; answered: 0" in page


def test_two_workers_and_a_restart_write_everything_once(
    sqlite_engine: Engine, noon: datetime
) -> None:
    with Session(sqlite_engine, expire_on_commit=False) as session:
        round_ = open_round(session)
        iro_id = round_.iro.staff_id
        make_contact(session, round_.person, "carer")
        session.commit()
    for hours in (0, 1, 24, 25):
        with clock.set_to(noon + timedelta(hours=hours)):
            for worker in (Worker(sqlite_engine), Worker(sqlite_engine)):
                worker.step()
    with Session(sqlite_engine) as session:
        rows = session.exec(select(Message)).all()
        assert len({row.key for row in rows}) == len(rows)
        invited = [row for row in rows if row.occasion == "invitation"]
        assert len(invited) == 2
        mine = [row for row in rows if row.staff_id == iro_id and row.occasion == "digest"]
        assert len(mine) == 1


def test_after_the_clocks_change_it_still_comes_at_eight(session: Session, case: Around) -> None:
    monday = date(2026, 10, 26)  # the night before this Sunday had an hour twice
    with clock.set_to(datetime(2026, 10, 26, 7, 30, tzinfo=UTC)):
        assert service.send_digests(session) == 0
    with clock.set_to(datetime(2026, 10, 26, 8, 0, tzinfo=UTC)):
        service.send_digests(session)
    rows = session.exec(select(Digest.week_of)).all()
    assert set(rows) == {monday}


def test_midpoints_name_who_is_still_owed_something_and_count_the_others(
    session: Session, case: Around
) -> None:
    with clock.set_to(at(MONDAY - timedelta(days=100), 9)):
        other = make_case(session)
        ask = asks.make_ask(session, case.identity(), kind="see_worker")
        case.person.iro_id = other.person.iro_id = case.iro.staff_id
    with clock.set_to(at(MONDAY, 9)):
        for one in (case, other):
            one.review.held_on = MONDAY - timedelta(days=120)
            session.flush()
            reviews_service.ensure_next_review(session, one.person_id)
        assert ask.answered_at is None
        found = [one for one in lines_for(session, case.iro) if one.heading == MIDPOINTS]
    named, counted = found
    assert (named.who, named.href) == ("Marigold", f"/staff/midpoints/{case.review.id}")
    assert "1 ask did not happen" in named.text
    assert (counted.who, counted.href) == ("", "/staff/midpoints")
    assert "nothing is undone: 1" in counted.text
