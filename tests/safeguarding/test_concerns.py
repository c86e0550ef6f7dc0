""" "This is not safe": at once, to duty and the IRO, with a clock, a record and an outcome."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.requires import Denied
from backend.safeguarding import queries, service
from backend.safeguarding.models import Concern
from tests.safeguarding.cases import make_case, send

pytestmark = pytest.mark.usefixtures("noon")


def test_not_safe_is_with_duty_and_the_iro_at_once_and_with_nobody_else(
    session: Session,
) -> None:
    case = make_case(session)
    service.say_not_safe(session, case.identity(is_known=False))
    for viewer in (case.duty, case.iro):
        (line,) = queries.open_concerns(session, viewer)
        assert line.source == "not_safe"
    for viewer in (case.worker, case.manager, case.complaints):
        assert queries.open_concerns(session, viewer) == []


def test_not_safe_of_a_care_leaver_is_with_duty_and_the_adviser(session: Session) -> None:
    case = make_case(session, is_leaver=True)
    service.say_not_safe(session, case.identity())
    assert len(queries.open_concerns(session, case.adviser)) == 1
    assert len(queries.open_concerns(session, case.duty)) == 1
    assert queries.open_concerns(session, case.iro) == []


def test_pressing_twice_on_one_page_says_it_once_and_on_another_says_it_again(
    session: Session,
) -> None:
    case = make_case(session)
    first = service.say_not_safe(session, case.identity())
    assert service.say_not_safe(session, case.identity()).id == first.id
    assert service.say_not_safe(session, case.identity(session_id=2)).id != first.id
    service.mark_seen(session, case.duty, first.id or 0)
    assert service.say_not_safe(session, case.identity()).id != first.id


@pytest.mark.parametrize(
    ("said_at", "due_at"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "2026-11-23 13:00"),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "2026-11-23 10:00"),
        (datetime(2026, 11, 23, 16, 45, tzinfo=UTC), "2026-11-23 17:00"),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "2026-11-24 10:00"),
        (datetime(2026, 11, 27, 21, 0, tzinfo=UTC), "2026-11-30 10:00"),
        (datetime(2026, 12, 24, 21, 0, tzinfo=UTC), "2026-12-29 10:00"),
        (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), "2026-07-01 12:00"),
    ],
)
def test_the_clock_of_not_safe_is_an_hour_of_working_time(
    session: Session, said_at: datetime, due_at: str
) -> None:
    case = make_case(session)
    with clock.set_to(said_at):
        concern = service.say_not_safe(session, case.identity())
    assert f"{clock.in_london(concern.due_at):%Y-%m-%d %H:%M}" == due_at


def test_only_the_page_that_said_it_says_how_to_be_reached(session: Session) -> None:
    case, other = make_case(session), make_case(session)
    concern = service.say_not_safe(session, case.identity())
    for stranger in (case.identity(session_id=2), other.identity()):
        with pytest.raises(Denied):
            service.set_how_to_reach(session, stranger, concern.id or 0, "x", way="text")
    service.set_how_to_reach(session, case.identity(), concern.id or 0, "after school", way="text")
    (line,) = queries.open_concerns(session, case.duty)
    assert (line.reach_by, line.how_to_reach) == ("text", "after school")


def test_a_carer_has_no_such_button(session: Session) -> None:
    case = make_case(session)
    carer = replace(case.identity(), kind=Kind.CARER)
    with pytest.raises(Denied):
        service.say_not_safe(session, carer)
    assert session.exec(select(Concern)).all() == []


def test_a_concern_closes_with_a_record_and_an_outcome_and_duty_alone_writes(
    session: Session,
) -> None:
    case = make_case(session)
    row_id = service.say_not_safe(session, case.identity()).id or 0
    with pytest.raises(service.ConcernRefused):
        service.close_concern(session, case.duty, row_id, outcome="helped")
    with pytest.raises(Denied):
        service.note_action(session, case.iro, row_id, words="I rang")
    service.note_action(session, case.duty, row_id, words="Saw her at school with her teacher")
    with pytest.raises(service.ConcernRefused):
        service.close_concern(session, case.duty, row_id, outcome="whatever")
    service.close_concern(session, case.duty, row_id, outcome="helped")
    assert queries.open_concerns(session, case.duty) == []
    line = queries.concern_line(session, case.iro, row_id)
    assert line is not None
    assert (line.outcome, line.closed_by, line.seen_by) == (
        "helped",
        case.duty.name,
        case.duty.name,
    )
    assert [note.words for note in queries.notes_of(session, row_id)] == [
        "Saw her at school with her teacher"
    ]
    with pytest.raises(service.ConcernRefused):
        service.note_action(session, case.duty, row_id, words="more")


def test_a_concern_that_nobody_took_in_time_is_late(session: Session, noon: datetime) -> None:
    case = make_case(session)
    service.say_not_safe(session, case.identity())
    assert not queries.open_concerns(session, case.duty)[0].is_late
    with clock.set_to(datetime(2026, 11, 23, 13, 1, tzinfo=UTC)):
        assert queries.open_concerns(session, case.duty)[0].is_late


def test_raising_needs_a_reason_and_needs_to_be_read(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Help")
    with pytest.raises(service.ConcernRefused):
        service.raise_concern(session, case.iro, topic, why=" ")
    for outsider in (case.duty, case.manager):
        with pytest.raises(Denied):
            service.raise_concern(session, outsider, topic, why="Because")
