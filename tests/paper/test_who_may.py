"""Who may not: other people's sheets, and answers that were kept for other eyes."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.paper import service
from backend.paper.models import PaperSheet
from backend.surveys import queries as surveys
from backend.surveys.service import PaperAnswer
from tests.factories import make_staff, sign_in
from tests.paper.papers import number_of, print_sheet, sheet_page
from tests.surveys.rounds import Round, alone, choose, enter, open_round

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def round_(app_session: Session) -> Round:
    return open_round(app_session, date_of_birth=date(2016, 3, 9))


STRANGERS = [
    (Role.SOCIAL_WORKER,),
    (Role.IRO,),
    (Role.PERSONAL_ADVISER,),
    (Role.DUTY_READER,),
    (Role.MANAGER,),
    (Role.ADMINISTRATOR,),
    (Role.COMPLAINTS_MANAGER,),
]


@pytest.mark.parametrize("roles", STRANGERS)
def test_who_has_nothing_to_do_with_the_child_learns_of_no_sheet(
    client: TestClient, app_session: Session, round_: Round, roles: tuple[Role, ...]
) -> None:
    sheet_id = print_sheet(app_session, round_)
    code = app_session.get_one(PaperSheet, sheet_id).code
    sign_in(client, app_session, make_staff(app_session, *roles, team="North"))
    assert client.get(f"/staff/paper/{sheet_id}").status_code == 404
    assert client.get(f"/staff/paper/{sheet_id}/sheet.pdf").status_code == 404
    assert client.get(f"/staff/people/{round_.person.id}/paper").status_code == 404
    posted = {"q1": "Made up", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 404
    right = client.get("/staff/paper", params={"code": code})
    wrong = client.get("/staff/paper", params={"code": "CCCC-CCCC"})
    assert right.status_code == wrong.status_code
    assert right.text.replace(code, "") == wrong.text.replace("CCCC-CCCC", "")
    assert surveys.sent_topics(app_session, person_ids=[round_.person.id or 0]) == []


def test_the_code_of_a_sheet_opens_nothing_for_a_contributor(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    code = app_session.get_one(PaperSheet, print_sheet(app_session, round_)).code
    app_session.commit()
    first = client.post("/me/", data={"code": code})
    assert first.headers["location"] == "/me/birthday"
    birthday = {"birthday_day": "9", "birthday_month": "3"}
    assert client.post("/me/birthday", data=birthday).status_code == 422


@pytest.mark.parametrize("who", ["worker", "officer"])
def test_only_the_lead_types_what_is_for_the_lead_alone(
    client: TestClient, app_session: Session, round_: Round, who: str
) -> None:
    sheet_id = print_sheet(app_session, round_)
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    viewer = round_.worker if who == "worker" else officer
    private = number_of(sheet_page(app_session, round_.iro, sheet_id), ".else.private")
    sign_in(client, app_session, viewer)
    page = client.get(f"/staff/paper/{sheet_id}").text
    assert f'name="q{private}"' not in page
    assert "do not open it" in page
    marked = {"q1": "Only for Maria", "q1-how": "o", "action": "send"}
    refused = client.post(f"/staff/paper/{sheet_id}", data=marked)
    assert refused.status_code == 422
    assert "is not for you to read" in refused.text
    smuggled = {"q1": "Fine", f"q{private}": "Peeked", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=smuggled).status_code == 303
    app_session.expire_all()
    topics = surveys.sent_topics(app_session, person_ids=[round_.person.id or 0])
    assert [one.value for topic in topics for one in topic.answers] == ["Fine"]


@pytest.mark.parametrize("name", ["worker", "my worker", "WORKER", "social worker"])
def test_a_worker_does_not_type_what_is_not_to_be_shown_to_them(
    client: TestClient, app_session: Session, round_: Round, name: str
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "Not for Sam", "q1-how": f"h {name}", "action": "send"}
    answer = client.post(f"/staff/paper/{sheet_id}", data=posted)
    assert answer.status_code == 422
    assert "is not for you to read" in answer.text


def hidden_from(*staff: StaffIdentity) -> PaperAnswer:
    return PaperAnswer("r8.wanted.words", "Words", hidden_from=tuple(one.staff_id for one in staff))


def test_who_stands_in_types_no_more_than_the_one_they_stand_in_for(
    app_session: Session, round_: Round
) -> None:
    deputy = make_staff(app_session, Role.SOCIAL_WORKER)
    today = clock.today()
    accounts.set_deputy(
        app_session,
        "staff:1",
        staff_id=round_.worker.staff_id,
        deputy_id=deputy.staff_id,
        first_day=today,
        last_day=today,
    )
    app_session.flush()
    deputy = StaffIdentity(
        staff_id=deputy.staff_id,
        name=deputy.name,
        roles=deputy.roles,
        stands_in_for=frozenset({round_.worker.staff_id}),
    )
    page = sheet_page(app_session, deputy, print_sheet(app_session, round_))
    service.refuse_others(deputy, page, hidden_from())
    with pytest.raises(service.NotYours):
        service.refuse_others(deputy, page, hidden_from(round_.worker))
    with pytest.raises(service.NotYours):
        service.refuse_others(
            deputy, page, PaperAnswer("r8.wanted.words", "Words", reach=Reach.ONLY_IRO)
        )


def test_the_lead_types_what_is_hidden_from_the_worker(app_session: Session, round_: Round) -> None:
    page = sheet_page(app_session, round_.iro, print_sheet(app_session, round_))
    service.refuse_others(round_.iro, page, hidden_from(round_.worker))
    with pytest.raises(service.NotYours):
        service.refuse_others(round_.iro, page, hidden_from(round_.iro))


def test_whom_words_were_hidden_from_is_not_told_by_a_sheet_that_they_exist(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    words = {
        "asked": "r8.wanted.words",
        "most_wanted_0": "Secret",
        "most_wanted_0-reach": "only_iro",
    }
    client.post(first, data=words)
    ended = client.post(f"{first.rsplit('/', 1)[0]}/end", data={"action": "send"})
    assert ended.status_code == 303
    client.cookies.clear()
    sign_in(client, app_session, round_.worker)
    assert "Already sent" not in client.get(f"/staff/paper/{sheet_id}").text
    posted = {"q1": "From paper", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303


def test_access_to_a_sheet_ends_with_the_case(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    round_.person.worker_id = make_staff(app_session, Role.SOCIAL_WORKER).staff_id
    sign_in(client, app_session, round_.worker)
    assert client.get(f"/staff/paper/{sheet_id}").status_code == 404
    with pytest.raises(Denied):
        sheet_page(app_session, round_.worker, sheet_id)
