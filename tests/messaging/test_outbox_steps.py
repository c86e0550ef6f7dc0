"""What an officer is told to do about a message that did not arrive, and how far back they see."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.messaging import outbox, service
from backend.messaging.models import Message
from backend.people import queries as people
from tests.factories import make_contact, make_person, make_staff, sign_in

pytestmark = pytest.mark.usefixtures("noon")


def message(
    session: Session, contributor_id: int, state: str, fault: str = "", *, key: str = "one"
) -> Message:
    made = service.write(session, key=key, occasion="answer", contributor_id=contributor_id)
    assert made is not None
    made.state, made.fault = state, fault
    session.flush()
    return made


def officer_of(session: Session) -> StaffIdentity:
    return make_staff(session, Role.PARTICIPATION_OFFICER)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("bounced", "Ask {worker} for a new number. It goes again by itself when they put it in."),
        ("unknown", "Ask {worker} whether it arrived."),
        ("failed", "Send it again. If it fails again, tell whoever runs Heard."),
    ],
)
def test_a_message_that_did_not_arrive_names_who_can_mend_it(
    session: Session, state: str, step: str
) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    child = make_person(session, channel="text", address="07700 900123", worker_id=worker.staff_id)
    own = people.contributor_of_person(session, child.id or 0)
    assert own is not None
    message(session, own.id or 0, state)
    (line,) = outbox.for_a_person(session, officer_of(session))
    assert line.step == step.format(worker=worker.name)


def test_a_parents_new_number_comes_with_the_next_extract(session: Session) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    child = make_person(session, worker_id=worker.staff_id)
    parent = make_contact(session, child, "parent", channel="text", address="07700 900123")
    message(session, parent.id or 0, "bounced", "no_such_address")
    (line,) = outbox.for_a_person(session, officer_of(session))
    assert line.step.startswith(f"Ask {worker.name} for a new number.")


def test_older_messages_stand_on_pages_of_their_own(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    child = make_person(app_session, channel="text", address="07700 900123")
    own = people.contributor_of_person(app_session, child.id or 0)
    assert own is not None
    rows = [
        message(app_session, own.id or 0, "delivered", key=str(number))
        for number in range(outbox.MOST_SHOWN + 2)
    ]
    last = rows[2].id
    sign_in(client, app_session, officer_of(app_session))
    page = client.get("/staff/outbox?state=delivered").text
    assert f"The newest {outbox.MOST_SHOWN}" in page
    assert f'href="/staff/outbox?state=delivered&amp;before={last}"' in page
    older = client.get(f"/staff/outbox?state=delivered&before={last}").text
    assert "Older: 2" in older
    assert "Older messages" not in older
    assert client.get("/staff/outbox?before=" + "9" * 40).status_code == 200
