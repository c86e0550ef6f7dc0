"""What can come back with a sheet: half of it typed, a drawing, an old form, somebody from home."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.paper.drafts import delete_old_drafts
from backend.paper.models import PaperSheet, SheetDraft
from backend.surveys import queries as surveys
from backend.surveys import service as forms
from tests.factories import make_staff, sign_in
from tests.paper.papers import number_of, print_sheet, sheet_page
from tests.surveys.rounds import Round, open_round

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def round_(app_session: Session) -> Round:
    return open_round(app_session, date_of_birth=date(2016, 3, 9))


def test_half_a_sheet_typed_and_left_is_there_for_whoever_typed_it_alone(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    address = f"/staff/paper/{sheet_id}"
    code = app_session.get_one(PaperSheet, sheet_id).code
    sign_in(client, app_session, round_.worker)
    kept = client.post(address, data={"q1": "Half a wor", "action": "keep"})
    assert kept.headers["location"] == "/staff/paper?kept=1"
    listed = client.get(kept.headers["location"]).text
    assert code in listed
    assert "Half a wor" in client.get(address).text
    client.cookies.clear()
    sign_in(client, app_session, round_.iro)
    other = client.get(address).text
    assert "Half a wor" not in other
    assert f"{round_.worker.name} began to type this sheet in" in other
    assert surveys.sent_topics(app_session, person_ids=[round_.person.id or 0]) == []


def test_a_draft_goes_when_the_sheet_is_sent_and_after_fourteen_days(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    address = f"/staff/paper/{sheet_id}"
    sign_in(client, app_session, round_.worker)
    client.post(address, data={"q1": "One"})
    assert app_session.exec(select(SheetDraft)).one()
    app_session.commit()
    client.post(address, data={"q1": "One", "action": "send"})
    app_session.expire_all()
    assert app_session.exec(select(SheetDraft)).all() == []
    app_session.commit()
    client.post(address, data={"q1": "Two", "action": "send", "q1-how": "zz"})
    delete_old_drafts(app_session)
    assert app_session.exec(select(SheetDraft)).one()
    with clock.set_to(clock.now() + timedelta(days=15)):
        delete_old_drafts(app_session)
    assert app_session.exec(select(SheetDraft)).all() == []


def test_empty_boxes_leave_no_draft(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    client.post(f"/staff/paper/{sheet_id}", data={"q1": "x", "action": "keep"})
    kept = client.post(f"/staff/paper/{sheet_id}", data={"q1": " ", "action": "keep"})
    assert kept.headers["location"] == "/staff/paper"
    app_session.expire_all()
    assert app_session.exec(select(SheetDraft)).all() == []


def test_a_drawing_on_the_paper_is_never_silently_lost(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    number = number_of(sheet_page(app_session, round_.iro, sheet_id), ".else.draw")
    name, address = f"q{number}", f"/staff/paper/{sheet_id}"
    sign_in(client, app_session, round_.iro)
    refused = client.post(address, data={f"{name}-drawn": "x", "action": "send"})
    assert refused.status_code == 422
    assert "who keeps the paper and where" in refused.text
    kept = {f"{name}-drawn": "x", f"{name}-keeper": "Sam", f"{name}-where": "the red folder"}
    said = "There is a drawing on the paper, kept with Sam, in the red folder."
    assert said in client.post(address, data=kept).text
    assert client.post(address, data=kept | {"action": "send"}).status_code == 303
    app_session.expire_all()
    (topic,) = surveys.sent_topics(app_session, person_ids=[round_.person.id or 0])
    (answer,) = topic.answers
    assert answer.kept_on_paper == said
    assert answer.own_words == ""
    app_session.commit()
    assert said in client.get(f"/staff/reading/{topic.topic_row_id}").text


@pytest.mark.parametrize("how", [{"beside": "d"}, {"came-open": "x"}])
def test_what_was_answered_with_somebody_from_home_near_is_asked_again_alone(
    client: TestClient, app_session: Session, round_: Round, how: dict[str, str]
) -> None:
    sheet_id = print_sheet(app_session, round_, topics=["home"])
    safe = number_of(sheet_page(app_session, round_.iro, sheet_id), ".home.safe")
    sign_in(client, app_session, round_.worker)
    posted = {f"q{safe}": "5", "action": "send"} | how
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303
    app_session.expire_all()
    person_ids = [round_.person.id or 0]
    (topic,) = surveys.sent_topics(app_session, person_ids=person_ids)
    assert [one.value for one in topic.answers] == ["very_happy"]
    waits = surveys.held_back_for(app_session, person_ids)
    assert any("safe" in text.lower() for one in waits for text in one.questions)


def test_a_mark_for_came_open_that_is_none_is_asked_again(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "Words", "came-open": "maybe", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 422


def test_letters_and_numbers_of_an_older_form_stay_those_of_the_paper(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    row = app_session.get_one(PaperSheet, sheet_id)
    often = next(one for one in row.questions if one.endswith("worker.often"))
    number = row.questions.index(often) + 1
    first, second, *rest = row.options[often]
    # As when the form was printed with other letters, and one question that nobody asks now.
    row.options = row.options | {often: [second, first, *rest]}
    row.questions = [*row.questions, "r8.gone.words"]
    row.instrument_version -= 1
    app_session.commit()
    sign_in(client, app_session, round_.worker)
    page = client.get(f"/staff/paper/{sheet_id}").text
    assert "The form has changed since this sheet was printed" in page
    assert f"No longer asked: {len(row.questions)}." in page
    posted = {f"q{number}": "a", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303
    app_session.expire_all()
    (topic,) = surveys.sent_topics(app_session, person_ids=[round_.person.id or 0])
    assert topic.answers[0].value == second


def test_a_sheet_whose_round_was_begun_on_another_form_loses_no_word(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    contributor_id = round_.contributor.id or 0
    forms.begin_response(
        app_session, contributor_id, round_.cid, printed=("before-my-review-12-17", 1)
    )
    app_session.commit()
    sign_in(client, app_session, round_.worker)
    answer = client.post(f"/staff/paper/{sheet_id}", data={"q1": "Mine", "action": "send"})
    assert answer.status_code == 422
    assert "begun on another form" in answer.text
    assert "Mine" in client.get(f"/staff/paper/{sheet_id}").text
    app_session.expire_all()
    assert app_session.get_one(PaperSheet, sheet_id).times_typed == 0


def test_a_round_that_closed_since_is_said_so(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    with clock.set_to(clock.now() + timedelta(days=30)):
        sign_in(client, app_session, round_.worker)
        assert "This round closed on" in client.get(f"/staff/paper/{sheet_id}").text


def test_the_code_of_a_child_s_own_page_finds_no_sheet_and_says_nothing_of_the_child(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    from backend.entry import service as entry

    own = entry.ensure_pass(app_session, round_.contributor.id or 0, by="staff:1")
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    sign_in(client, app_session, officer)
    answer = client.get("/staff/paper", params={"code": own.code, "named": "nobody"})
    assert answer.status_code == 422
    assert "We found no sheet of yours with that code" in answer.text
    assert round_.person.known_as not in answer.text
