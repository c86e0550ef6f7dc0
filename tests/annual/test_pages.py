"""The pages of figures leave out what would say nothing: noughts of nobody, columns never told."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.annual.figures import Line, Table
from backend.core.access.permissions import Role
from tests.factories import make_person, make_staff, sign_in


@pytest.mark.parametrize("address", ["annual-figures", "reviews-on-time"])
def test_a_team_that_the_extract_does_not_know_is_said_to_be_so(
    client: TestClient, app_session: Session, noon: datetime, address: str
) -> None:
    make_person(app_session, team="Elm 1")
    sign_in(client, app_session, make_staff(app_session, Role.MANAGER, team="Elm"))
    page = client.get(f"/staff/{address}").text
    assert "The extract names nobody of the team “Elm”" in page
    assert "<table" not in page
    client.post("/staff/sign-out")
    sign_in(client, app_session, make_staff(app_session, Role.MANAGER, team="Elm 1"))
    assert "names nobody" not in client.get(f"/staff/{address}").text


def test_a_table_of_which_no_quarter_is_told_has_its_year_alone(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    assert not Table("Asks", "", (Line("Made", (None, None, 9)),)).has_quarters
    assert Table("Asks", "", (Line("Made", (None, None, 9)), Line("No", (0, 6, 6)))).has_quarters
    sign_in(client, app_session, make_staff(app_session, Role.IRO))
    page = client.get("/staff/annual-figures?of=council").text
    asks = page.split("Asks, advocates and disputes</caption>")[1].split("</table>")[0]
    assert "Year</th>" in asks
    assert "April to June</th>" not in asks
