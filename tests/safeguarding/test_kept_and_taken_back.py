"""What is kept tells the IRO only that it was begun, and goes in time; taking back is open."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock
from backend.core.access.predicates import Reach
from backend.safeguarding import queries
from backend.surveys import service
from backend.surveys.models import Answer, Topic
from backend.worker import Worker
from tests.factories import sign_in
from tests.safeguarding.cases import enter, make_case, send, send_each, stored
from tests.surveys.rounds import Round, choose, open_round
from tests.surveys.rounds import alone as on_my_own
from tests.surveys.rounds import enter as come_in

pytestmark = pytest.mark.usefixtures("noon")


def keep(session: Session, round_: Round) -> int:
    """Something kept, and not sent."""
    response = service.begin_response(session, round_.contributor.id or 0, round_.cid)
    topic = service.begin_topic(session, response, "most_wanted", session_id=1)
    service.keep_answer(session, topic.id or 0, "r12.wanted.words", "zqdraft")
    return topic.id or 0


@pytest.mark.parametrize(("days", "is_told"), [(0, False), (2, False), (3, True), (13, True)])
def test_the_iro_learns_after_three_days_that_something_was_begun_and_no_more(
    client: TestClient, app_session: Session, noon: datetime, days: int, is_told: bool
) -> None:
    round_ = open_round(app_session)
    keep(app_session, round_)
    with clock.set_to(noon + timedelta(days=days)):
        sign_in(client, app_session, round_.iro)
        page = client.get(f"/staff/reviews/{round_.consultation.review_id}").text
        assert ("began to write" in page) is is_told
        assert "zqdraft" not in page
        assert "What matters most" not in page
        assert client.get("/staff/reading/1").status_code == 404


def test_nobody_else_learns_that_something_was_begun(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    keep(app_session, round_)
    with clock.set_to(noon + timedelta(days=5)):
        sign_in(client, app_session, round_.worker)
        page = client.get("/staff/caseload").text
        assert round_.person.known_as in page
        assert "Begun" not in page


@pytest.mark.parametrize(("days", "is_kept"), [(14, True), (15, False)])
def test_the_daily_round_deletes_what_was_kept_as_the_first_screen_said(
    client: TestClient,
    app_session: Session,
    sqlite_engine: Engine,
    noon: datetime,
    days: int,
    is_kept: bool,
) -> None:
    round_ = open_round(app_session)
    topic = keep(app_session, round_)
    come_in(client, app_session, round_.contributor)
    assert "What you do not send is gone after 14 days." in client.get("/me/home").text
    with clock.set_to(noon + timedelta(days=days)):
        Worker(sqlite_engine).step()
    kept = [row.id for row in stored(app_session, Topic)]
    assert (topic in kept) is is_kept
    assert bool(stored(app_session, Answer)) is is_kept


def test_taking_back_says_what_it_does_and_does_it(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, "zqmine")
    [answer] = stored(app_session, Answer)
    answer.may_be_said = True
    app_session.add(answer)
    enter(client, app_session, case)
    address = f"/me/forms/1/{topic}"
    says = "It won’t be used in your meeting. It is still kept, and someone still reads it."
    assert says in client.get(address).text
    client.post(f"{address}/take-back", data={"action": "take_back"})
    assert "You took this back" in client.get(address).text
    [answer] = stored(app_session, Answer)
    assert not answer.may_be_said
    assert [line.topic_row_id for line in queries.reading_list(app_session, case.iro)] == [topic]
    app_session.commit()
    client.post(f"{address}/meeting", data={"said": [str(answer.id)]})
    [answer] = stored(app_session, Answer)
    assert not answer.may_be_said
    client.cookies.clear()
    sign_in(client, app_session, case.iro)
    page = client.get(f"/staff/reviews/{case.review.id}").text
    assert "Taken back: not for the meeting" in page
    assert "heard-mark--said" not in page


def test_what_is_for_few_stays_off_the_iros_print(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    send_each(app_session, case, ("zqall", Reach.ASK_FIRST, ()), ("zqonlyiro", Reach.ONLY_IRO, ()))
    sign_in(client, app_session, case.iro)
    page = client.get(f"/staff/reviews/{case.review.id}").text
    before_all, before_few = (page[: page.index(word)].rsplit("<figure", 1)[1] for word in
                              ("zqall", "zqonlyiro"))  # fmt: skip
    assert "heard-few" not in before_all
    assert "heard-few" in before_few


def test_the_last_look_says_by_name_who_reads_what_was_hidden(
    client: TestClient, app_session: Session
) -> None:
    round_, case = open_round(app_session), make_case(app_session)
    keep(app_session, round_)
    come_in(client, app_session, round_.contributor)
    on_my_own(client, round_)
    choose(client, round_, "home")
    topic = service.begin_topic(
        app_session,
        service.begin_response(app_session, round_.contributor.id or 0, round_.cid),
        "most_wanted",
        session_id=1,
    )
    for hidden, reader in (
        ([round_.iro], round_.worker.name),
        ([round_.worker], round_.iro.name),
        ([round_.iro, round_.worker], case.duty.name),
    ):
        service.keep_answer(
            app_session,
            topic.id or 0,
            "r12.wanted.words",
            "Not everyone",
            hidden_from=[one.staff_id for one in hidden],
        )
        app_session.commit()
        page = client.get(f"{round_.address}/{topic.id}/end").text
        assert f"{reader} can read it." in page
