"""The page of imports: how fresh, what came, what could not be used, what a person decides."""

from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.commands.doctor import extract_findings
from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.history.models import ReturnChild
from backend.imports import queries, service
from backend.imports.models import Proposal
from backend.people.models import Person
from backend.placements.models import Home
from tests.factories import make_staff, sign_in
from tests.imports.files import episode, write_extract, write_return

pytestmark = pytest.mark.usefixtures("noon")
OTHER_BIRTH = {"date_of_birth": "09/03/2013", "AS_AT": "22/11/2026"}


@pytest.fixture
def office(client: TestClient, app_session: Session) -> TestClient:
    """A browser in which an administrator is signed in."""
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    return client


def only_proposal(session: Session) -> int:
    """The id of the one proposal; ends the reading, so that a page can write."""
    proposal = session.exec(select(Proposal)).one()
    session.commit()
    return proposal.id or 0


def test_an_empty_house_says_what_to_do(office: TestClient) -> None:
    page = office.get("/staff/imports")
    assert page.status_code == 200
    assert "heard import people" in page.text


def test_the_page_shows_the_as_at_date_counts_and_rows_that_were_not_used(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    path = write_extract(tmp_path, {"next_review": "soon"}, {"child_id": "M2", "known_as": ""})
    service.import_people(app_session, path)
    app_session.commit()
    page = office.get("/staff/imports").text
    assert "20 Nov 2026" in page
    assert "People: 1 added" in page
    assert (
        'next review: is not a date like 31/03/2026 <span class="heard-quiet">extract.csv line 2<'
        in page
    )
    assert 'known as: is empty <span class="heard-quiet">extract.csv line 3<' in page
    assert "more than 8 days old" not in page
    assert "Zoë" not in page


def test_a_stale_extract_shows_a_red_bar(
    office: TestClient, app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {"AS_AT": "14/11/2026"}))
    app_session.commit()
    assert "more than 8 days old" in office.get("/staff/imports").text


def test_accepting_another_birth_lets_the_next_extract_match(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {}))
    path = write_extract(tmp_path, OTHER_BIRTH)
    service.import_people(
        app_session, write_extract(tmp_path, OTHER_BIRTH, {"child_id": "M2", "id_903": ""})
    )
    app_session.commit()
    assert "the extract says 9 Mar 2013" in office.get("/staff/imports").text
    proposal = only_proposal(app_session)
    address = f"/staff/imports/proposals/{proposal}"
    assert office.post(address, data={"decision": "perhaps"}).status_code == 422
    assert office.post(address, data={"decision": "accepted"}).status_code == 303
    assert office.post(address, data={"decision": "declined"}).status_code == 422
    app_session.expire_all()
    person = app_session.exec(select(Person).where(Person.child_id == "M1001")).one()
    assert person.date_of_birth == date(2013, 3, 9)
    report = service.import_people(app_session, path)
    assert [one.column for one in report.unusable] == []


def test_declining_another_birth_keeps_ours_and_does_not_ask_again(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {}))
    path = write_extract(tmp_path, OTHER_BIRTH, {"child_id": "M2", "id_903": ""})
    service.import_people(app_session, path)
    app_session.commit()
    proposal = only_proposal(app_session)
    office.post(f"/staff/imports/proposals/{proposal}", data={"decision": "declined"})
    app_session.expire_all()
    report = service.import_people(app_session, path)
    assert report.proposals == []
    person = app_session.exec(select(Person).where(Person.child_id == "M1001")).one()
    assert person.date_of_birth == date(2014, 3, 9)


def test_a_returns_child_is_linked_when_a_person_confirms_it(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {}))
    write_return(tmp_path, header=["90301,2,10/03/2014,,,,"])
    service.import_return(app_session, tmp_path)
    app_session.commit()
    proposal = only_proposal(app_session)
    office.post(f"/staff/imports/proposals/{proposal}", data={"decision": "accepted"})
    app_session.expire_all()
    person = app_session.exec(select(Person)).one()
    assert app_session.exec(select(ReturnChild)).one().person_id == person.id
    assert person.date_of_birth == date(2014, 3, 9)


def test_agency_and_postcode_only_propose_a_home(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {}))
    episodes = [
        episode("90301", "01/01/2025", "01/02/2026", PL_POST="HB9 9ZZ"),
        episode("90301", "01/02/2026", PL_POST="hb1 1aa"),
    ]
    write_return(tmp_path, header=["90301,2,09/03/2014,,,,"], episodes=episodes)
    service.import_return(app_session, tmp_path)
    app_session.commit()
    assert queries.home_of_return(app_session, urn="SC400001", postcode="HB1 1AA") is None
    app_session.commit()
    page = office.get("/staff/imports").text
    assert "agency SC400001 at HB1 1AA" in page
    proposal = only_proposal(app_session)
    office.post(f"/staff/imports/proposals/{proposal}", data={"decision": "accepted"})
    app_session.expire_all()
    home = app_session.exec(select(Home)).one()
    assert queries.home_of_return(app_session, urn="SC400001", postcode="HB1 1AA") == home.id


def test_only_an_administrator_sees_imports(client: TestClient, app_session: Session) -> None:
    iro = make_staff(app_session, Role.IRO)
    sign_in(client, app_session, iro)
    assert client.get("/staff/imports").status_code == 404
    assert client.post("/staff/imports/proposals/1", data={"decision": "x"}).status_code == 404
    with pytest.raises(Denied):
        queries.last_runs(app_session, iro)
    with pytest.raises(Denied):
        queries.open_proposals(app_session, iro)


def test_the_bar_is_about_the_living_and_not_about_returns(
    app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    write_return(tmp_path, header=["90301,2,10/03/2014,,,,"])
    service.import_return(app_session, tmp_path)
    with clock.set_to(noon.replace(year=2027)):
        assert queries.as_at(app_session) is None
        assert not queries.is_stale(app_session)


def test_the_doctor_says_loudly_that_the_extract_is_old(
    app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    assert all(is_well for is_well, _ in extract_findings(app_session, None))
    service.import_people(app_session, write_extract(tmp_path, {}))
    assert [is_well for is_well, _ in extract_findings(app_session, tmp_path)] == [True, True]
    missing = [is_well for is_well, _ in extract_findings(app_session, tmp_path / "no")]
    assert missing == [True, False]
    with clock.set_to(noon.replace(month=12)):
        (is_well, text), *_ = extract_findings(app_session, None)
    assert not is_well
    assert "33 days old" in text
