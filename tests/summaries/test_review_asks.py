"""The asks of a review: made in one tap of the child's own words, with their owner suggested."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks.models import Ask
from backend.core.access.predicates import Reach
from backend.summaries.models import NotAnAsk, Transcript
from backend.surveys import service as surveys
from backend.surveys.models import Answer
from tests.factories import sign_in
from tests.safeguarding.cases import Around, make_case, send, send_each, stored
from tests.summaries.told import tell_own

pytestmark = pytest.mark.usefixtures("noon")


def address(case: Around) -> str:
    return f"/staff/reviews/{case.review.id}/asks"


def ids_on(html: str) -> list[str]:
    """The answers that can be ticked."""
    return re.findall(r'name="ask" type="checkbox" value="(\d+)"', html)


def owner_on(html: str, answer_id: str) -> str:
    """Who stands first as the owner of one answer's ask."""
    found = re.search(rf'name="owner-{answer_id}"><option value="(\w+)"', html)
    assert found
    return found.group(1)


def test_one_tick_makes_an_ask_of_their_very_words(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, " zqdoor  that shuts ", "zqfootball")
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    first, second = ids_on(html)
    owners = {f"owner-{one}": owner_on(html, one) for one in (first, second)}
    answer = client.post(address(case), data=owners | {"ask": [first], "do": "ask"})
    assert answer.status_code == 303
    [ask] = stored(app_session, Ask)
    assert (ask.words, ask.owner_role, ask.review_id) == (
        "zqdoor  that shuts", "worker", case.review.id,
    )  # fmt: skip
    html = client.get(address(case)).text
    assert ids_on(html) == [second]
    assert "Asks of this review" in html


def test_the_others_are_no_asks_and_are_not_laid_out_again(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, "zqone", "zqtwo")
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    first, second = ids_on(html)
    owners = {f"owner-{one}": owner_on(html, one) for one in (first, second)}
    client.post(address(case), data=owners | {"ask": [first], "do": "none"})
    assert [row.answer_id for row in stored(app_session, NotAnAsk)] == [int(second)]
    assert len(stored(app_session, Ask)) == 1
    assert "Nothing is left to look at" in client.get(address(case)).text
    assert "zqtwo" in client.get(f"/staff/reviews/{case.review.id}").text


def test_words_for_the_iro_alone_go_to_nobody_else(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, "zqsecret", reach=Reach.ONLY_IRO)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    [one] = ids_on(html)
    assert owner_on(html, one) == "lead"
    answer = client.post(address(case), data={"ask": [one], f"owner-{one}": "worker", "do": "ask"})
    assert answer.status_code == 422
    assert stored(app_session, Ask) == []


def test_words_hidden_from_the_worker_are_not_suggested_to_them(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send_each(app_session, case, ("zqhidden", Reach.ASK_FIRST, (case.worker,)))
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    [one] = ids_on(html)
    assert owner_on(html, one) == "lead"
    assert case.worker.name not in html[html.index("<main") :]


def test_what_is_about_the_worker_goes_to_the_manager_where_they_may_know(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    tell_own(app_session, case, {"r12.worker.words": "zqlate"})
    [answer] = stored(app_session, Answer)
    sign_in(client, app_session, case.iro)
    assert owner_on(client.get(address(case)).text, str(answer.id)) == "worker"
    answer.may_be_said = True
    app_session.add(answer)
    app_session.commit()
    assert owner_on(client.get(address(case)).text, str(answer.id)) == "manager"


def test_what_must_not_be_said_is_never_laid_out_as_an_ask(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    tell_own(app_session, case, {"r12.meeting.unsaid": "zqdad", "r12.else.words": "zqcat"})
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    assert "zqcat" in html
    assert "zqdad" not in html


def test_nothing_ticked_says_what_to_do(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    send(app_session, case, "zqone")
    sign_in(client, app_session, case.iro)
    answer = client.post(address(case), data={"do": "ask"})
    assert answer.status_code == 422
    assert "Tick what they ask for" in answer.text


def drawn_case(session: Session) -> tuple[Around, int]:
    """A child of six who has drawn, and the drawing's answer."""
    case = make_case(session)
    row = surveys.open_consultation(
        session,
        person_id=case.person_id,
        moment="before_review",
        review_id=case.review.id,
        opens_on=case.review.due_on,
        closes_on=case.review.due_on,
    )
    response = surveys.begin_response(session, case.contributor.id or 0, row.id or 0)
    response.instrument_id = "before-my-review-5-7"
    form = surveys.form_of(response)
    topic, question = next(
        (topic, one) for topic in form.topics for one in topic.questions if one.type == "drawing"
    )
    kept = surveys.begin_topic(session, response, topic.id, session_id=1)
    surveys.keep_answer(session, kept.id or 0, question.id, {"strokes": [[[10, 10], [500, 500]]]})
    surveys.send_topic(session, kept.id or 0)
    answers = stored(session, Answer)
    return case, answers[0].id or 0


def test_what_a_drawing_shows_stands_under_its_writer_s_name_and_encrypted(
    client: TestClient, app_session: Session
) -> None:
    case, answer_id = drawn_case(app_session)
    sign_in(client, app_session, case.iro)
    page, where = f"/staff/reviews/{case.review.id}", "transcripts"
    assert "Write what it shows" in client.get(page).text
    answer = client.post(
        f"{page}/{where}", data={"answer_id": answer_id, "words": "zqhouse and a dog"}
    )
    assert answer.status_code == 303
    html = client.get(page).text
    assert f"What it shows, in {case.iro.name}’s words" in html
    assert "<blockquote" not in html[html.index("zqhouse") - 80 : html.index("zqhouse")]
    [row] = stored(app_session, Transcript)
    assert row.words == "zqhouse and a dog"
    with app_session.connection() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM transcript").fetchall()
        assert "zqhouse" not in str(kept)


def test_only_a_drawing_of_this_page_gets_words(client: TestClient, app_session: Session) -> None:
    case, answer_id = drawn_case(app_session)
    other = make_case(app_session)
    send(app_session, other, "zqother")
    theirs = max(answer.id or 0 for answer in stored(app_session, Answer))
    sign_in(client, app_session, case.iro)
    where = f"/staff/reviews/{case.review.id}/transcripts"
    assert client.post(where, data={"answer_id": theirs, "words": "no"}).status_code == 404
    assert client.post(where, data={"answer_id": answer_id, "words": " "}).status_code == 422
    assert client.post(where, data={"answer_id": answer_id, "words": "x" * 2001}).status_code == 422
    assert stored(app_session, Transcript) == []
