"""A way in that a member of staff opened: what was hidden from them stays shut, and is told."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import service as asks
from backend.core.access.identity import StaffIdentity
from backend.entry import service as entry
from backend.entry.sessions import open_session
from tests.safeguarding.cases import Around, enter, make_case, send

PICTURES = {"kind": "pictures", "secret_1": "moon", "secret_2": "key", "secret_3": "boat"}


def open_by(client: TestClient, session: Session, case: Around, staff: StaffIdentity) -> None:
    """Come in as the young person by an opening link of this member of staff."""
    link = entry.make_opening_link(session, staff, case.person_id)
    session.commit()
    client.cookies.clear()
    answer = client.post(link.url.split("8000", 1)[-1])
    assert answer.headers["location"] == "/me/secret/new"


@pytest.fixture
def case(app_session: Session, noon: datetime) -> Around:
    """A child who wrote one thing that the worker must not see and one that anybody may."""
    case = make_case(app_session)
    open_session(app_session, case.contributor.id or 0, how="code")  # the visit that wrote
    send(app_session, case, "zqhidden he shouts", hidden_from=(case.worker,))
    asks.make_ask(app_session, case.identity(), kind="complaint")
    asks.make_ask(app_session, case.identity(), kind="see_worker")
    app_session.commit()
    return case


def pages_of(client: TestClient, session: Session) -> str:
    """Every page on which past words or asks stand, as one text."""
    texts = [client.get(f"/me/{page}").text for page in ("home", "words", "last-time")]
    texts += [client.get(f"/me/forms/1/{topic}").text for topic in (1, 2)]
    session.rollback()
    return "\n".join(texts)


@pytest.mark.parametrize("later", [False, True], ids=["at once", "by the secret chosen then"])
def test_a_worker_reads_from_it_nothing_that_was_hidden_from_them(
    client: TestClient, app_session: Session, case: Around, later: bool
) -> None:
    open_by(client, app_session, case, case.worker)
    if later:
        assert client.post("/me/secret/new", data=PICTURES).status_code == 303
        client.cookies.clear()
        enter(client, app_session, case, is_known=False)
        assert client.post("/me/secret", data=PICTURES).headers["location"] == "/me/home"
    seen = pages_of(client, app_session)
    assert "zqhidden" not in seen
    assert "I want to see my social worker</p>" in seen
    assert "I want to complain</p>" not in seen
    assert f"{case.worker.name} opened your page on" in seen


def test_what_was_hidden_opens_again_by_somebody_else(
    client: TestClient, app_session: Session, case: Around
) -> None:
    open_by(client, app_session, case, case.worker)
    client.post("/me/secret/new", data=PICTURES)
    open_by(client, app_session, case, case.iro)
    assert "zqhidden" in pages_of(client, app_session)


def test_without_an_opening_link_nobody_is_named(
    client: TestClient, app_session: Session, case: Around
) -> None:
    enter(client, app_session, case)
    seen = pages_of(client, app_session)
    assert "zqhidden" in seen
    assert "I want to complain</p>" in seen
    assert "opened your page" not in seen
    assert "let you in" not in seen
