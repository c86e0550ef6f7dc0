"""What a helper in the home kept from being asked becomes a task, until it is answered alone."""

from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.desk import queries as desk
from backend.summaries import queries as summaries
from backend.surveys import private_visits, queries, service
from backend.surveys.instruments import Question
from backend.surveys.models import Response
from tests.factories import make_staff, sign_in
from tests.surveys.rounds import Round, open_round

pytestmark = pytest.mark.usefixtures("noon")
HOME = service.Beside(service.WITH_HELP, "zqhelper", is_in_home=True)


def asked(response: Response) -> list[Question]:
    """What the topic asks, by taps."""
    topic = service.form_of(response).topic("feelings")
    return [one for one in topic.questions if one.options]


def answer_beside(session: Session, round_: Round, *, hidden_from: tuple[int, ...] = ()) -> None:
    """Speak of feelings beside somebody from the home: what concerns the home is left out."""
    response = service.begin_response(session, round_.contributor.id or 0, round_.cid)
    sitting = service.sit_down(session, response, session_id=7, beside=HOME)
    topic = service.begin_topic(session, response, "feelings", session_id=7, beside=sitting)
    [first, *_] = [one for one in asked(response) if not one.held_back_when_helper_in_home]
    service.keep_answer(
        session,
        topic.id or 0,
        first.id,
        first.options[0].id,
        beside=sitting,
        hidden_from=hidden_from,
    )
    service.send_topic(session, topic.id or 0, beside=sitting)


def answer_alone(session: Session, round_: Round) -> None:
    """Answer what was held back, with nobody there."""
    response = service.begin_response(session, round_.contributor.id or 0, round_.cid)
    topic = service.begin_topic(session, response, "feelings", session_id=8)
    [held] = [one for one in asked(response) if one.held_back_when_helper_in_home]
    service.keep_answer(session, topic.id or 0, held.id, held.options[0].id)
    service.send_topic(session, topic.id or 0)


def tasks(session: Session, viewer: StaffIdentity, round_: Round) -> list[tuple[str, str]]:
    found = private_visits.visit_tasks(session, viewer, round_.person.id or 0)
    return [(one.topic_title, one.outcome) for one in found]


def record(session: Session, viewer: StaffIdentity, round_: Round, outcome: str) -> None:
    private_visits.record_visit(
        session, viewer, round_.person.id or 0, asked_on=clock.today(), outcome=outcome
    )


def test_worker_and_iro_see_the_topic_and_others_nothing(session: Session) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    for viewer in (round_.worker, round_.iro):
        assert tasks(session, viewer, round_) == [("Health and feelings", "")]
    for role in (Role.SOCIAL_WORKER, Role.IRO, Role.MANAGER, Role.DUTY_READER):
        with pytest.raises(Denied):
            tasks(session, make_staff(session, role), round_)


def test_the_task_ends_when_the_child_answers_alone(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    with clock.set_to(noon + timedelta(days=2)):
        record(session, round_.worker, round_, "asked")
        assert tasks(session, round_.iro, round_) == [("Health and feelings", "asked")]
        answer_alone(session, round_)
        assert tasks(session, round_.iro, round_) == []


def test_what_was_answered_before_does_not_count(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    answer_alone(session, round_)
    with clock.set_to(noon + timedelta(days=1)):
        answer_beside(session, round_)
        assert tasks(session, round_.worker, round_) == [("Health and feelings", "")]


def test_a_child_who_does_not_want_to_is_not_asked_again_and_the_iro_sees_it(
    session: Session, noon: datetime
) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    record(session, round_.worker, round_, "declined")
    [task] = private_visits.visit_tasks(session, round_.iro, round_.person.id or 0)
    assert (task.is_open, task.asked_on) == (False, noon.date())
    [line] = desk.caseload_lines(session, round_.worker)
    assert line.held_back == 0
    with clock.set_to(noon + timedelta(days=181)):
        assert queries.held_back_for(session, [round_.person.id or 0]) == []


def test_a_worker_from_whom_it_is_hidden_learns_of_no_task_and_the_iro_does(
    session: Session,
) -> None:
    round_ = open_round(session)
    answer_beside(session, round_, hidden_from=(round_.worker.staff_id,))
    assert tasks(session, round_.worker, round_) == []
    assert tasks(session, round_.iro, round_) == [("Health and feelings", "")]
    [line] = desk.caseload_lines(session, round_.worker)
    assert line.held_back == 0


def test_the_same_question_held_back_twice_is_one_task(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    with clock.set_to(noon + timedelta(days=1)):
        answer_beside(session, round_)
    assert tasks(session, round_.worker, round_) == [("Health and feelings", "")]


def test_a_task_outlives_the_clock_of_drafts(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    response = service.begin_response(session, round_.contributor.id or 0, round_.cid)
    sitting = service.sit_down(session, response, session_id=7, beside=HOME)
    service.begin_topic(session, response, "carers", session_id=7, beside=sitting)
    with clock.set_to(noon + timedelta(days=30)):
        service.delete_old_drafts(session)
        assert tasks(session, round_.worker, round_) == [("The people who look after me", "")]


@pytest.mark.parametrize(
    ("asked_on", "outcome", "field"),
    [
        (None, "asked", "asked_on"),
        (date(2026, 11, 24), "asked", "asked_on"),
        (date(2026, 11, 1), "asked", "asked_on"),
        (date(2026, 11, 23), "", "outcome"),
        (date(2026, 11, 23), "forced", "outcome"),
    ],
)
def test_a_visit_needs_a_day_that_can_be_and_an_outcome(
    session: Session, asked_on: date | None, outcome: str, field: str
) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    with pytest.raises(private_visits.VisitRefused) as refused:
        private_visits.record_visit(
            session, round_.worker, round_.person.id or 0, asked_on=asked_on, outcome=outcome
        )
    assert list(refused.value.errors) == [field]


def test_the_worker_finds_it_on_the_caseload_and_never_who_helped(
    client: TestClient, app_session: Session
) -> None:
    round_ = open_round(app_session)
    answer_beside(app_session, round_)
    sign_in(client, app_session, round_.worker)
    address = f"/staff/people/{round_.person.id}/private-visit"
    assert f'href="{address}"' in client.get("/staff/caseload").text
    page = client.get(address).text
    assert "Health and feelings" in page
    assert "Make an opening link" in page
    assert "zqhelper" not in page
    wrong = client.post(address, data={"outcome": "asked"})
    assert wrong.status_code == 422
    day = {"asked_on-day": "23", "asked_on-month": "11", "asked_on-year": "2026"}
    done = client.post(address, data={**day, "outcome": "asked"})
    assert (done.status_code, done.headers["location"]) == (303, address)
    assert "Asked" in client.get(address).text
    assert "Ask in private" not in client.get("/staff/caseload").text


def test_the_iro_sees_on_the_one_page_what_came_of_it(session: Session) -> None:
    round_ = open_round(session)
    answer_beside(session, round_)
    record(session, round_.worker, round_, "asked")
    review_id = round_.consultation.review_id or 0
    found = summaries.summary(session, round_.iro, review_id)
    assert found is not None
    assert [(one.topic_title, one.outcome) for one in found.held_back] == [
        ("Health and feelings", "asked")
    ]
