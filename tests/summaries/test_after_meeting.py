"""After the meeting: prefilled, saved in parts, confirmed once, and shared without a loss."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.reviews import queries as reviews
from backend.reviews.models import Review
from backend.summaries.models import AfterMeeting
from tests.attack.towns import stand_in
from tests.factories import make_contact, make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
TODAY = {"held_on-day": "23", "held_on-month": "11", "held_on-year": "2026"}


def held_case(session: Session, **values: Any) -> Around:
    """A case whose review was due today."""
    case = make_case(session, **values)
    case.review.due_on = clock.today()
    session.flush()
    return case


def address(case: Around) -> str:
    return f"/staff/reviews/{case.review.id}/after"


def confirm(client: TestClient, case: Around, **values: Any) -> Any:
    """Confirm with what is usual, less what is told otherwise."""
    usual = TODAY | {"private_talk": "done", "participation_code": "PN1", "do": "confirm"}
    return client.post(address(case), data=usual | values)


def field(html: str, name: str) -> str:
    """What a hidden or text field holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found.group(1)


def chosen(html: str) -> str:
    """The participation code that stands."""
    found = re.search(r'<option value="(PN\d)" selected', html)
    return found.group(1) if found else ""


def test_everything_that_is_known_stands_there_already(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    make_contact(app_session, case.person, "parent", name="Ana Zq")
    send(app_session, case, "hi")
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    assert chosen(html) == "PN6"
    assert "A form of their own was sent" in html
    assert field(html, "held_on-day") == "23"
    assert "Ana Zq, parent" in html
    assert "Why it was" not in html


def test_confirming_holds_the_review_and_shows_when_the_next_is_due(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    answer = confirm(client, case, came=["young_person", "worker"])
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/reviews/{case.review.id}/asks"
    app_session.expire_all()
    review = app_session.get_one(Review, case.review.id)
    assert (review.held_on, review.participation_code) == (date(2026, 11, 23), "PN1")
    following = reviews.next_review(app_session, case.person_id)
    assert following is not None
    app_session.commit()
    html = client.get(address(case)).text
    assert "Confirmed" in html
    assert "The next is due by" in html


def test_it_can_be_done_in_parts(client: TestClient, app_session: Session) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    first = {"private_talk": "refused", "came": ["young_person"], "revision": "0", "do": "save"}
    assert client.post(address(case), data=first).headers["location"] == address(case)
    html = client.get(address(case)).text
    assert re.search(r'value="refused" checked', html)
    assert "They came. PN1 if they spoke" in html
    assert "Not confirmed yet" in html
    assert stored(app_session, Review)[0].held_on is None


def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    answer = confirm(
        client, case, private_talk="not_appropriate", participation_code="", came_also="zqguest"
    )
    assert answer.status_code == 422
    assert "Write why it was not appropriate" in answer.text
    assert "Choose how they took part" in answer.text
    assert "zqguest" in answer.text
    assert stored(app_session, AfterMeeting) == []


def test_a_late_review_wants_its_reason(client: TestClient, app_session: Session) -> None:
    case = held_case(app_session)
    case.review.due_on = case.review.latest_on = clock.today() - timedelta(days=5)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    day = {"held_on-day": "23", "held_on-month": "11", "held_on-year": "2026"}
    assert "Choose why it was late" in confirm(client, case, **day).text
    assert confirm(client, case, late_reason="child", late_note="zqill", **day).status_code == 303
    row = next(one for one in stored(app_session, Review) if one.id == case.review.id)
    assert (row.late_reason, row.late_note) == ("child", "zqill")
    assert "held_on" in html


def test_a_code_that_the_return_would_refuse_is_refused_here(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    answer = confirm(client, case, participation_code="PN0")
    assert answer.status_code == 422
    assert "PN0 is for children under four" in answer.text


def test_two_people_on_one_page_lose_nothing(client: TestClient, app_session: Session) -> None:
    case = held_case(app_session)
    deputy = make_staff(app_session, Role.IRO)
    stand_in(app_session, case.iro, deputy)
    sign_in(client, app_session, case.iro)
    mine = {"private_talk": "done", "came_also": "zqmine", "revision": "0", "do": "save"}
    assert client.post(address(case), data=mine).status_code == 303
    client.cookies.clear()
    sign_in(client, app_session, deputy)
    theirs = {"private_talk": "refused", "came_also": "zqtheirs", "revision": "0", "do": "save"}
    met = client.post(address(case), data=theirs)
    assert met.status_code == 409
    assert "zqtheirs" in met.text
    assert "zqmine" in met.text
    assert "Nothing is lost" in met.text
    again = theirs | {"revision": field(met.text, "revision")}
    assert client.post(address(case), data=again).status_code == 303
    kept = [row.values["came_also"] for row in stored(app_session, AfterMeeting)]
    assert kept == ["zqmine", "zqtheirs"]


def test_saving_the_same_twice_is_one_saving(client: TestClient, app_session: Session) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    same = TODAY | {"private_talk": "done", "revision": "0", "do": "save"}
    assert client.post(address(case), data=same).status_code == 303
    assert client.post(address(case), data=same).status_code == 303
    assert len(stored(app_session, AfterMeeting)) == 1


def test_a_pathway_plan_review_has_no_participation_code(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session, is_leaver=True)
    case.review.kind = "pathway"
    sign_in(client, app_session, case.adviser)
    html = client.get(address(case)).text
    assert "participation_code" not in html
    assert "PA" in html
    answer = confirm(client, case, participation_code="")
    assert answer.status_code == 303
    row = next(one for one in stored(app_session, Review) if one.id == case.review.id)
    assert (row.held_on, row.participation_code) == (date(2026, 11, 23), None)


def test_what_was_written_lies_encrypted(client: TestClient, app_session: Session) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    words = {"came_also": "zqsecretguest", "revision": "0", "do": "save"}
    client.post(address(case), data=words)
    app_session.expire_all()
    with app_session.connection() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM after_meeting").fetchall()
        assert rows
        assert "zqsecretguest" not in str(rows)


def test_why_a_talk_was_not_appropriate_goes_wherever_the_talk_goes(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    why = {"private_talk": "not_appropriate", "private_talk_why": "zqwhy"}
    assert confirm(client, case, **why).status_code == 303
    said = "Talk in private: not appropriate: zqwhy"
    assert said in client.get(f"/staff/reviews/{case.review.id}/record.txt?place=record").text
    assert "zqwhy" in client.get(f"/staff/reviews/{case.review.id}/dates").text
    assert "zqwhy" in client.get(address(case)).text
    later = why | {"private_talk_why": "zqother", "revision": "1", "do": "save"}
    assert client.post(address(case), data=TODAY | later).status_code == 303
    assert said in client.get(f"/staff/reviews/{case.review.id}/record.txt?place=record").text


def test_a_reason_that_was_saved_before_confirming_kept_it_is_not_lost(
    client: TestClient, app_session: Session
) -> None:
    case = held_case(app_session)
    sign_in(client, app_session, case.iro)
    saved = {"private_talk": "not_appropriate", "private_talk_why": "zqold", "do": "save"}
    client.post(address(case), data=TODAY | saved | {"revision": "0"})
    case.review.held_on, case.review.private_talk = clock.today(), "not_appropriate"
    app_session.commit()
    text = client.get(f"/staff/reviews/{case.review.id}/record.txt?place=record").text
    assert "not appropriate: zqold" in text
