"""Raising opens only what worries, and a named human always does the duty for it."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.safeguarding import queries, service
from backend.surveys import queries as surveys
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send, send_each

pytestmark = pytest.mark.usefixtures("noon")


def texts(session: Session, viewer: object, topic: int) -> list[str]:
    """What this viewer reads of a topic, in the form's order."""
    page = queries.reading_page(session, viewer, topic)  # type: ignore[arg-type]
    return [answer.display for answer in page.answers] if page else []


def mixed(session: Session, case: Around) -> tuple[int, list[int]]:
    """A topic with something for all around the child and something for the IRO alone."""
    topic = send_each(
        session, case, ("The dog is mine", Reach.ASK_FIRST, ()), ("Only you", Reach.ONLY_IRO, ())
    )
    sent = surveys.sent_topic(session, topic)
    return topic, [answer.answer_id for answer in sent.answers] if sent else []


def test_raising_one_answer_leaves_the_others_where_they_were(session: Session) -> None:
    case = make_case(session)
    topic, ids = mixed(session, case)
    service.raise_concern(session, case.iro, topic, why="The dog", answer_ids=ids[:1])
    assert texts(session, case.duty, topic) == ["The dog is mine"]
    assert texts(session, case.iro, topic) == ["The dog is mine", "Only you"]


def test_a_worker_who_raises_a_mixed_topic_opens_nothing_that_is_for_the_iro_alone(
    session: Session,
) -> None:
    case = make_case(session)
    topic, ids = mixed(session, case)
    with pytest.raises(Denied):
        service.raise_concern(session, case.worker, topic, why="All", answer_ids=ids)
    service.raise_concern(session, case.worker, topic, why="All that I read")
    assert texts(session, case.duty, topic) == ["The dog is mine"]


def test_whom_duty_recorded_for_one_concern_reads_no_answer_of_another(session: Session) -> None:
    case, other = make_case(session), make_staff(session, Role.MANAGER, team="South")
    topic, ids = mixed(session, case)
    first = service.raise_concern(session, case.iro, topic, why="One", answer_ids=ids[:1])
    service.raise_concern(session, case.iro, topic, why="Two", answer_ids=ids[1:])
    service.add_reader(session, case.duty, first.id or 0, staff_id=other.staff_id)
    assert texts(session, other, topic) == ["The dog is mine"]
    assert texts(session, case.duty, topic) == ["The dog is mine", "Only you"]


def test_duty_takes_over_only_what_nobody_read(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic, _ = mixed(session, case)
    service.mark_read(session, case.worker, topic)
    with clock.set_to(noon + timedelta(days=3)):
        service.raise_unread(session, case.duty, topic)
        assert texts(session, case.duty, topic) == ["Only you"]


def test_the_page_asks_which_answers_and_opens_those_alone(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic, ids = mixed(app_session, case)
    sign_in(client, app_session, case.iro)
    address = f"/staff/reading/{topic}"
    assert "What worries you?" in client.get(address).text
    none = client.post(f"{address}/concern", data={"why": "He is afraid"})
    assert none.status_code == 422
    assert "Tick the answers that worry you." in none.text
    assert "He is afraid" in none.text
    posted = {"why": "He is afraid", "worrying": [str(ids[1])]}
    assert client.post(f"{address}/concern", data=posted).status_code == 303
    client.cookies.clear()
    sign_in(client, app_session, case.duty)
    page = client.get(address).text
    assert "Only you" in page
    assert "The dog is mine" not in page


def test_what_is_hidden_from_iro_and_worker_is_at_duty_at_once(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "About both", hidden_from=(case.iro, case.worker))
    [line] = queries.duty_list(session, case.duty).unread
    assert (line.topic_row_id, line.is_late, line.may_take_over) == (topic, False, True)
    service.raise_unread(session, case.duty, topic)
    assert texts(session, case.duty, topic) == ["About both"]
    assert texts(session, case.iro, topic) == texts(session, case.worker, topic) == []
    assert queries.open_concerns(session, case.iro) == []


def test_only_my_iro_where_no_iro_is_named_is_at_duty_at_once(session: Session) -> None:
    case = make_case(session)
    case.person.iro_id = None
    topic = send(session, case, "Only my IRO", reach=Reach.ONLY_IRO)
    assert [line.topic_row_id for line in queries.duty_list(session, case.duty).unread] == [topic]
    assert texts(session, case.worker, topic) == []


def test_what_somebody_may_read_waits_for_them_and_not_for_duty(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "About the IRO", hidden_from=(case.iro,))
    assert queries.duty_list(session, case.duty).unread == []
    with pytest.raises(Denied):
        service.raise_unread(session, case.duty, topic)
    assert [line.topic_row_id for line in queries.reading_list(session, case.worker)] == [topic]


def test_hidden_from_the_only_duty_reader_the_team_manager_does_the_duty(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = send(session, case, "About duty", hidden_from=(case.duty,))
    elsewhere = make_staff(session, Role.MANAGER, team="South")
    with clock.set_to(noon + timedelta(days=3)):
        assert queries.unread_lines(session, case.duty) == []
        assert queries.unread_lines(session, elsewhere) == []
        assert [line.topic_row_id for line in queries.unread_lines(session, case.manager)] == [
            topic
        ]
        with pytest.raises(Denied):
            service.raise_unread(session, elsewhere, topic)
        concern = service.raise_unread(session, case.manager, topic)
        assert texts(session, case.manager, topic) == ["About duty"]
        service.note_action(session, case.manager, concern.id or 0, words="Rang the school")
        service.close_concern(session, case.manager, concern.id or 0, outcome="helped")
    assert texts(session, case.duty, topic) == []
    assert texts(session, elsewhere, topic) == []
    assert queries.concern_line(session, case.duty, concern.id or 0) is None


def test_a_manager_does_no_duty_while_a_duty_reader_may(session: Session, noon: datetime) -> None:
    case, second = make_case(session), make_staff(session, Role.DUTY_READER)
    topic = send(session, case, "About one of them", hidden_from=(case.duty,))
    with clock.set_to(noon + timedelta(days=3)):
        with pytest.raises(Denied):
            service.raise_unread(session, case.manager, topic)
        concern = service.raise_unread(session, second, topic)
    assert texts(session, case.manager, topic) == []
    with pytest.raises(Denied):
        service.note_action(session, case.manager, concern.id or 0, words="Not mine")


def test_the_manager_finds_that_duty_on_their_own_list(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, "zqabout", hidden_from=(case.duty, case.iro, case.worker))
    sign_in(client, app_session, case.manager)
    page = client.get("/staff/reading").text
    assert "Duty that falls to you" in page
    assert "zqabout" not in page
    taken = client.post(f"/staff/duty/{topic}/take-over")
    assert taken.headers["location"] == f"/staff/reading/{topic}"
    assert "zqabout" in client.get(f"/staff/reading/{topic}").text
