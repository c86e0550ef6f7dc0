"""What is sent waits for a named person, whatever a machine says of it or fails to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import audit, clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.core.database import unit_of_work
from backend.safeguarding import queries, service
from backend.safeguarding.jobs import HANDLERS, topic_sent
from backend.safeguarding.models import Concern, Reading
from backend.surveys import queries as surveys
from tests.factories import make_staff
from tests.safeguarding.cases import make_case, send, send_each

LATE = timedelta(days=2)


@dataclass(frozen=True)
class Suggested:
    urgency: str
    matched: tuple[str, ...] = ()


def code(session: Session, topic_row_id: int, urgency: str, *matched: str) -> None:
    topic_sent(
        session,
        {"topic_row_id": topic_row_id},
        code=lambda _session, _row: Suggested(urgency, matched),
    )
    session.flush()


def listed(session: Session, viewer: StaffIdentity) -> list[int]:
    return [line.topic_row_id for line in queries.reading_list(session, viewer)]


def reading_of(session: Session, topic_row_id: int) -> Reading:
    return session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).one()


def test_sending_writes_the_reading_with_the_end_of_the_next_working_day(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send(session, case, "Hello")
    due = clock.in_london(reading_of(session, topic).due_at)
    assert (due.day, due.hour) == (24, 17)
    with clock.set_to(datetime.fromisoformat("2026-12-24T22:00:00+00:00")):
        late = send(session, case, "On Christmas Eve")
    assert clock.in_london(reading_of(session, late).due_at).date().isoformat() == "2026-12-29"


def test_the_iro_and_the_worker_each_keep_it_on_their_list_until_they_open_it(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send(session, case, "Hello")
    service.open_words(session, case.worker, topic)
    assert service.mark_read(session, case.worker, topic)
    assert reading_of(session, topic).read_by == case.worker.staff_id
    assert listed(session, case.worker) == []
    assert listed(session, case.iro) == [topic]
    service.open_words(session, case.iro, topic)
    assert listed(session, case.iro) == []


def test_a_topic_is_read_only_when_every_answer_has_had_a_reader(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send_each(session, case, ("Both", Reach.ASK_FIRST, ()), ("IRO", Reach.ONLY_IRO, ()))
    assert not service.mark_read(session, case.worker, topic)
    assert reading_of(session, topic).read_at is None
    assert listed(session, case.worker) == []
    assert service.mark_read(session, case.iro, topic)
    assert reading_of(session, topic).read_by == case.iro.staff_id


def test_two_readers_cover_together_what_is_hidden_from_each(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send_each(
        session,
        case,
        ("Not my worker", Reach.ASK_FIRST, (case.worker,)),
        ("Not my IRO", Reach.ASK_FIRST, (case.iro,)),
    )
    assert not service.mark_read(session, case.iro, topic)
    assert service.mark_read(session, case.worker, topic)


def test_worrying_comes_first_and_then_the_oldest(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topics = []
    for hours, text in enumerate(("one", "two", "three", "four hits me")):
        with clock.set_to(noon + timedelta(hours=hours)):
            topics.append(send(session, case, text))
    code(session, topics[2], "soon", "three")
    code(session, topics[3], "now", "hits me")
    assert listed(session, case.iro) == [topics[3], topics[2], topics[0], topics[1]]


def test_a_suggestion_that_rests_on_hidden_words_says_nothing_to_the_worker(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send_each(
        session,
        case,
        ("All is well", Reach.ASK_FIRST, ()),
        ("He hits me", Reach.ONLY_IRO, ()),
    )
    code(session, topic, "now", "hits me")
    assert queries.reading_list(session, case.worker)[0].urgency is None
    assert queries.reading_list(session, case.worker)[0].matched == ()
    assert queries.reading_list(session, case.iro)[0].matched == ("hits me",)


def test_what_a_machine_calls_urgent_has_a_clock_and_opens_no_words(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send(session, case, "He hits me", reach=Reach.ONLY_IRO)
    code(session, topic, "now", "hits me")
    code(session, topic, "now", "hits me")
    (line,) = queries.duty_list(session, case.duty).concerns
    assert (line.source, line.may_read_words) == ("detected", False)
    assert clock.in_london(line.due_at).hour == 17
    with pytest.raises(Denied):
        service.open_words(session, case.duty, topic)
    service.raise_unread(session, case.duty, topic)
    assert service.open_words(session, case.duty, topic).answers[0].value == "He hits me"
    assert [one.source for one in queries.duty_list(session, case.duty).concerns] == ["unread"]


def test_reading_it_ends_what_a_machine_suggested_and_not_what_a_person_raised(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    suggested, raised = send(session, case, "He hits me"), send(session, case, "I am scared")
    code(session, suggested, "now", "hits me")
    service.raise_concern(session, case.iro, raised, why="Scared of whom?")
    service.mark_read(session, case.iro, suggested)
    service.mark_read(session, case.iro, raised)
    assert [line.source for line in queries.open_concerns(session, case.duty)] == ["reader"]


def test_what_was_sent_still_waits_when_the_detector_crashes(
    engine: Engine, noon: datetime
) -> None:
    with unit_of_work(engine) as session:
        case = make_case(session)
        topic = send(session, case, "He hits me")

    def crash(_session: Session, _details: dict[str, object]) -> None:
        raise RuntimeError("no model")

    assert jobs.run_all_due(engine, {"safeguarding.topic_sent": crash}) == 1
    with unit_of_work(engine) as session:
        assert listed(session, case.iro) == [topic]
        with clock.set_to(noon + LATE):
            (line,) = queries.duty_list(session, case.duty).unread
        assert (line.topic_row_id, line.readers) == (topic, case.iro.name)


def test_the_real_detector_puts_a_disclosure_before_older_news(
    engine: Engine, noon: datetime
) -> None:
    with unit_of_work(engine) as session:
        case = make_case(session)
        news = send(session, case, "School was fun and we had chips")
        with clock.set_to(noon + timedelta(minutes=1)):
            disclosure = send(session, case, "He hits me and I am scared to go home")
    with clock.set_to(noon + timedelta(minutes=2)):
        assert jobs.run_all_due(engine, HANDLERS) == 2
    with unit_of_work(engine) as session:
        assert listed(session, case.iro) == [disclosure, news]


def test_duty_learns_the_fact_of_what_nobody_read_in_time_and_may_take_it_over(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send(session, case, "Only my IRO", reach=Reach.ONLY_IRO)
    assert queries.duty_list(session, case.duty).unread == []
    with pytest.raises(Denied):
        service.raise_unread(session, case.duty, topic)
    with clock.set_to(noon + LATE):
        (line,) = queries.duty_list(session, case.duty).unread
        assert line.may_take_over
        with pytest.raises(Denied):
            service.open_words(session, case.duty, topic)
        with pytest.raises(Denied):
            service.raise_unread(session, case.iro, topic)
        service.raise_unread(session, case.duty, topic)
        assert queries.duty_list(session, case.duty).unread == []
        service.open_words(session, case.duty, topic)
        assert service.mark_read(session, case.duty, topic)
        assert queries.open_concerns(session, case.duty) == []
        assert listed(session, case.iro) == [topic]


def test_nobody_outside_the_duty_desk_has_a_duty_list(session: Session, noon: datetime) -> None:
    case = make_case(session)
    send(session, case, "Hello")
    with clock.set_to(noon + LATE):
        assert queries.duty_list(session, case.manager) == queries.DutyList([], [])


def test_the_job_writes_a_reading_that_is_missing(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic = send(session, case, "Hello")
    session.delete(reading_of(session, topic))
    session.flush()
    code(session, topic, "unread")
    assert listed(session, case.iro) == [topic]
    assert queries.reading_list(session, case.iro)[0].urgency == "unread"


def test_every_opening_is_audited(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic = send(session, case, "Hello")
    service.open_words(session, case.iro, topic)
    service.open_words(session, case.iro, topic)
    events = session.exec(
        select(audit.AuditEvent).where(audit.AuditEvent.event == "words.read")
    ).all()
    assert [event.details for event in events] == [{"topic_row_id": topic}] * 2
    assert {event.actor for event in events} == {case.iro.actor}


def test_what_is_taken_back_still_waits_to_be_read(session: Session, noon: datetime) -> None:
    from backend.surveys import service as surveys_service

    case = make_case(session)
    topic = send(session, case, "Hello")
    surveys_service.take_back_topic(session, topic)
    (line,) = queries.reading_list(session, case.iro)
    assert line.taken_back


def test_a_past_that_was_laid_down_waits_for_nobody(session: Session, noon: datetime) -> None:
    case = make_case(session)
    with clock.set_to(noon - timedelta(days=40)):
        old = send(session, case, "Long ago")
    new = send(session, case, "Today")
    assert service.record_past_reading(session, sent_before=noon - timedelta(days=14)) == 1
    assert listed(session, case.iro) == [new]
    assert queries.not_opened(session, case.iro, surveys.sent_topics(session)) == [new]
    assert reading_of(session, old).read_by == case.iro.staff_id
    assert queries.duty_list(session, case.duty).unread == []


def test_a_manager_reads_for_their_own_team_alone(session: Session, noon: datetime) -> None:
    case = make_case(session, is_leaver=True)
    other = make_staff(session, Role.MANAGER, team="South")
    topic = send(session, case, "My flat is cold")
    assert listed(session, other) == []
    assert session.exec(select(Concern)).all() == []
    assert listed(session, case.adviser) == [topic]
