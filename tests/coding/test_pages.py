"""The coding pages over HTTP: escaped, private, kind to mistakes; and the lead's, without words."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.coding import service
from backend.coding.models import CodingSample, DecidedCode
from backend.core import clock
from backend.core.access.permissions import Role
from tests.coding.texts import Case, answer_in, make_case, say, say_many
from tests.factories import make_staff, sign_in

MARKUP = "My <b>room</b> is cold & \"small\" <script>alert('x')</script>"
DECISION = {"action": "decide", "revision": "1", "sentiment": "negative", "urgency": "none"}


@pytest.fixture
def case(app_session: Session, noon: object) -> Case:
    return make_case(app_session)


def test_words_are_escaped_and_what_led_to_the_codes_is_marked(
    client: TestClient, app_session: Session, case: Case
) -> None:
    [answer_id] = say_many(app_session, case, [MARKUP])
    sign_in(client, app_session, case.iro)
    page = client.get(f"/staff/coding/texts/{answer_id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<mark>room</mark>" in page or "<mark>cold</mark>" in page
    assert "Suggested" in page


def test_one_press_confirms_and_leads_to_the_next(
    client: TestClient, app_session: Session, case: Case
) -> None:
    ids = say_many(app_session, case, ["My room is cold", "School is going well"])
    sign_in(client, app_session, case.worker)
    first = client.get("/staff/coding/next").headers["location"]
    page = client.get(first).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(first, data={"action": "confirm", "revision": "1", "seen": seen})
    assert answer.status_code == 303
    after = client.get(answer.headers["location"]).headers["location"]
    assert {first, after} == {f"/staff/coding/texts/{one}" for one in ids}
    again = client.post(first, data={"action": "confirm", "revision": "1", "seen": seen})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"sentiment": ""}, "Choose how they see it"),
        ({"sentiment": "lovely"}, "Choose how they see it"),
        ({"urgency": ""}, "Choose how urgent it is"),
        ({"themes": ["home", "money", "fun", "health", "education"]}, "Choose 4 themes at most"),
        ({"revision": "7"}, "Nothing was kept"),
        ({"revision": "x"}, "Nothing was kept"),
        ({"action": "confirm", "seen": "0-0"}, "Nothing was kept"),
    ],
)
def test_a_form_with_a_fault_keeps_nothing_and_says_why(
    client: TestClient, app_session: Session, case: Case, fields: dict[str, object], says: str
) -> None:
    [answer_id] = say_many(app_session, case, ["My room is cold"])
    sign_in(client, app_session, case.iro)
    answer = client.post(f"/staff/coding/texts/{answer_id}", data=DECISION | fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert app_session.exec(select(DecidedCode)).all() == []


def test_a_theme_that_the_codebook_does_not_have_counts_for_nothing(
    client: TestClient, app_session: Session, case: Case
) -> None:
    [answer_id] = say_many(app_session, case, ["My room is cold"])
    sign_in(client, app_session, case.iro)
    said = DECISION | {"themes": ["money", "'; drop table answer", "home"]}
    assert client.post(f"/staff/coding/texts/{answer_id}", data=said).status_code == 303
    assert app_session.exec(select(DecidedCode)).one().themes == ["home", "money"]


def test_a_text_that_is_not_for_this_role_is_not_found_and_not_counted(
    client: TestClient, app_session: Session, case: Case
) -> None:
    topic = say(app_session, "zqonlyiro my room is cold", person=case.person)
    answer = answer_in(app_session, topic)
    answer.reach = "only_iro"
    app_session.flush()
    service.code_topic(app_session, topic)
    stranger = make_staff(app_session, Role.IRO)
    many = make_staff(app_session, *(set(Role) - {Role.ADMINISTRATOR}), team="North")
    for viewer in (case.iro, case.worker, stranger, many):
        client.cookies.clear()
        sign_in(client, app_session, viewer)
        overview = client.get("/staff/coding").text
        assert "Nothing waits for you" in overview
        assert client.get("/staff/coding/next").headers["location"] == "/staff/coding"
        address = f"/staff/coding/texts/{answer.id}"
        assert client.get(address).status_code == 404
        assert client.post(address, data=DECISION).status_code == 404
        assert client.get(f"/staff/coding/next?after={answer.id}").status_code == 303
    assert app_session.exec(select(DecidedCode)).all() == []


def test_whoever_leads_the_coding_sees_figures_and_no_words(
    client: TestClient, app_session: Session, case: Case
) -> None:
    say_many(app_session, case, ["zqfirst room", "zqsecond room"])
    leader = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    sign_in(client, app_session, leader)
    today = clock.today()
    wish = {
        "first_coder": str(case.iro.staff_id),
        "second_coder": str(case.worker.staff_id),
        "first_day": (today - timedelta(days=60)).isoformat(),
        "last_day": today.isoformat(),
        "size": "30",
    }
    for fault in ({"size": "-1"}, {"first_day": "gestern"}, {"second_coder": "9999999999"}):
        assert client.post("/staff/coding-quality", data=wish | fault).status_code == 422
    answer = client.post("/staff/coding-quality", data=wish)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "Too few to tell" in page
    assert "zq" not in page + client.get("/staff/coding-quality").text
    assert client.get("/staff/coding/blind/1").status_code == 404
    assert client.get("/staff/coding").status_code == 404
    assert client.post(f"{answer.headers['location']}/end").status_code == 303
    app_session.expire_all()
    assert app_session.exec(select(CodingSample)).one().ended_at is not None


def test_a_blind_text_shows_neither_machine_nor_colleague(
    client: TestClient, app_session: Session, case: Case
) -> None:
    from tests.coding.test_samples import draw

    say_many(app_session, case, ["My room is cold"])
    draw(app_session, case)
    sign_in(client, app_session, case.iro)
    address = client.get("/staff/coding/samples/1/next").headers["location"]
    page = client.get(address).text
    assert "My room is cold" in page
    assert "<mark>" not in page
    assert "checked" not in page
    assert "uggested" not in page
    said = {"themes": "home", "sentiment": "negative", "urgency": "none"}
    assert client.post(address, data=said | {"urgency": ""}).status_code == 422
    for _ in range(2):  # twice the same press is one coding
        answer = client.post(address, data=said)
        assert answer.headers["location"] == "/staff/coding/samples/1/next"
    assert client.get("/staff/coding/samples/1/next").headers["location"] == "/staff/coding"
    assert client.get("/staff/coding/samples/2/next").status_code == 404
