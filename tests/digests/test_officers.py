"""The participation officer's week names what only they can do: letters to print among it."""

from datetime import datetime

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.messaging import service
from backend.people import queries as people
from tests.factories import make_person, make_staff, sign_in


def test_letters_that_wait_stand_in_the_week_until_they_are_on_the_pile(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    for number in range(2):
        person = make_person(app_session, channel="letter")
        own = people.contributor_of_person(app_session, person.id or 0)
        assert own is not None
        key = f"letter:{number}"
        service.write(app_session, key=key, occasion="answer", contributor_id=own.id)
    app_session.flush()
    sign_in(client, app_session, officer)
    page = client.get("/staff/digest").text
    assert '<a class="govuk-link" href="/staff/posting">2 letters are to print and post</a>' in page
    assert client.post("/staff/posting/print").status_code == 303
    assert "to print and post" not in client.get("/staff/digest").text
