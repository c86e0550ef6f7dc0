"""The preview: what a file would do, before; then exactly that file, once, or not at all."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock, jobs
from backend.core.access.permissions import Role
from backend.duties import HANDLERS
from backend.imports import service
from backend.imports.models import ImportRun, Preview
from backend.people.models import Person
from backend.settings import Settings
from tests.factories import make_staff, sign_in
from tests.imports.files import PERSON, dump, episode, write_extract, write_return
from tests.imports.workbooks import write_annex

pytestmark = pytest.mark.usefixtures("noon")
PAGE = "/staff/imports"
LATER = {"AS_AT": "22/11/2026"}


@pytest.fixture
def office(client: TestClient, app_session: Session) -> TestClient:
    """A browser in which an administrator is signed in."""
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    return client


def upload(office: TestClient, kind: str, *paths: Path) -> str:
    """The preview's address, after choosing these files."""
    files = [("files", (path.name, path.read_bytes())) for path in paths]
    answer = office.post(f"{PAGE}/preview", data={"kind": kind}, files=files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def children(session: Session) -> list[str]:
    found = list(session.exec(select(Person.child_id).order_by(Person.child_id)).all())
    session.commit()
    return found


def test_a_file_is_shown_first_and_brought_in_after_a_yes(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    path = write_extract(tmp_path, {}, {"child_id": "M2", "known_as": ""})
    address = upload(office, "people", path)
    page = office.get(address).text
    assert "People: 1 added" in page
    assert 'known as: is empty <span class="heard-quiet">extract.csv line 3<' in page
    assert "Zoë" not in page
    assert children(app_session) == []
    assert office.post(address, data={"decision": "bring_in"}).status_code == 303
    assert children(app_session) == ["M1001"]
    assert app_session.exec(select(Preview)).all() == []
    assert app_session.exec(select(ImportRun)).one().ran_by.startswith("staff")
    app_session.commit()
    assert "It is brought in" in office.get(f"{PAGE}?done=import").text


def test_row_by_row_says_whose_iro_and_day_would_change(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path / "a", {}))
    app_session.commit()
    other = LATER | {"iro": "Olu Marsh", "iro_email": "olu@council.example"}
    page = office.get(upload(office, "people", write_extract(tmp_path / "b", other))).text
    assert "IRO from Ines Oduya to Olu Marsh" in page


def test_leaving_a_file_drops_it(office: TestClient, app_session: Session, tmp_path: Path) -> None:
    address = upload(office, "people", write_extract(tmp_path, {}))
    assert office.post(address, data={"decision": "leave"}).status_code == 303
    assert app_session.exec(select(Preview)).all() == []
    app_session.commit()
    assert office.post(address, data={"decision": "bring_in"}).status_code == 422
    assert children(app_session) == []


def test_a_state_that_changed_since_means_looking_again(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    address = upload(office, "people", write_extract(tmp_path / "a", {}))
    service.import_people(app_session, write_extract(tmp_path / "b", {"child_id": "M7"}))
    app_session.commit()
    answer = office.post(address, data={"decision": "bring_in"})
    assert answer.status_code == 422
    assert "Something changed here since you looked" in answer.text
    assert children(app_session) == ["M7"]


def test_an_uploaded_file_lies_encrypted_and_is_gone_after_an_hour(
    office: TestClient, app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    address = upload(office, "people", write_extract(tmp_path, {}))
    lines = repr(dump(app_session)["import_preview"])
    app_session.commit()
    assert "M1001" not in lines
    assert "TTEwMDE" not in lines
    with clock.set_to(noon + timedelta(minutes=61)):
        jobs.run_all_due(app_session.get_bind(), HANDLERS)  # type: ignore[arg-type]
        assert app_session.exec(select(Preview)).all() == []
        app_session.commit()
    with clock.set_to(noon + timedelta(minutes=59)):
        assert office.post(address, data={"decision": "bring_in"}).status_code == 422


def test_somebody_elses_preview_is_nobodys(
    office: TestClient, app_session: Session, tmp_path: Path, client: TestClient
) -> None:
    address = upload(office, "people", write_extract(tmp_path, {}))
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    assert client.get(address).status_code == 422
    sign_in(client, app_session, make_staff(app_session, Role.IRO))
    assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}/preview", data={"kind": "people"}).status_code == 404
    assert client.post(f"{PAGE}/undo").status_code == 404


def test_a_return_of_several_files_and_a_workbook_are_looked_at_the_same_way(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path / "a", {}))
    app_session.commit()
    folder = write_return(
        tmp_path / "r",
        header=["90301,2,09/03/2014,WBRI,,,"],
        episodes=[episode("90301", "01/02/2026")],
    )
    address = upload(office, "ssda903", folder / "header.csv", folder / "episodes.csv")
    assert "Episodes: 1 added" in office.get(address).text
    assert office.post(address, data={"decision": "bring_in"}).status_code == 303
    address = upload(office, "annex-a", write_annex(tmp_path, [{}]))
    assert "disability" in office.get(address).text
    assert office.post(address, data={"decision": "bring_in"}).status_code == 303
    person = app_session.exec(select(Person)).one()
    assert (person.gender, person.is_disabled) == ("female", True)


@pytest.mark.parametrize(
    ("kind", "names", "reason"),
    [
        ("people", [], "Choose a file first"),
        ("other", ["a.csv"], "Choose what you bring in"),
        ("people", ["a.exe"], "Choose CSV files"),
        ("people", ["a.csv", "b.csv"], "only its contacts.csv"),
        ("annex-a", ["a.xlsx", "b.xlsx"], "one workbook"),
        ("annex-a", ["a.xlsx"], "not an Excel workbook"),
        ("people", ["../../a.csv"], "has no column"),
    ],
)
def test_what_cannot_be_looked_at_is_said_beside_the_field(
    office: TestClient, kind: str, names: list[str], reason: str
) -> None:
    files = [("files", (name, b"x,y\n1,2\n")) for name in names]
    answer = office.post(f"{PAGE}/preview", data={"kind": kind}, files=files or None)
    assert answer.status_code == 422
    assert reason in answer.text


def test_files_wait_in_a_folder_and_another_file_there_is_not_brought_in(
    office: TestClient, app_session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    settings.heard_imports_folder = folder
    assert "Waiting in the folder" not in office.get(PAGE).text
    write_extract(folder, {})
    page = office.get(PAGE).text
    assert "extract.csv (Weekly extract)" in page
    answer = office.post(f"{PAGE}/waiting", data={"name": "../heard.db"})
    assert answer.status_code == 422
    answer = office.post(f"{PAGE}/waiting", data={"name": "extract.csv"})
    address = answer.headers["location"]
    write_extract(folder, {"known_as": "Zed"})
    answer = office.post(address, data={"decision": "bring_in"})
    assert "another file than the one you looked at" in answer.text
    write_extract(folder, {})
    assert office.post(address, data={"decision": "bring_in"}).status_code == 303
    assert children(app_session) == ["M1001"]


def many(count: int, **cells: str) -> list[dict[str, str]]:
    return [
        {"child_id": f"M{number}", "id_903": str(number), "known_as": f"Child {number}", **cells}
        for number in range(count)
    ]


def test_half_an_extract_is_only_brought_in_when_somebody_says_that_it_is_right(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path / "a", *many(20)))
    app_session.commit()
    path = write_extract(tmp_path / "b", *many(12, **LATER))
    with pytest.raises(service.ImportDoubtful, match="8 of 20 people would leave"):
        service.import_people(app_session, path)
    app_session.commit()
    address = upload(office, "people", path)
    assert "8 of 20 people would leave" in office.get(address).text
    refused = office.post(address, data={"decision": "bring_in"})
    assert refused.status_code == 422
    assert "Tick that you have checked" in refused.text
    sure = office.post(address, data={"decision": "bring_in", "sure": "yes"})
    assert sure.status_code == 303
    left = app_session.exec(select(Person).where(Person.left_on.is_not(None))).all()  # type: ignore[union-attr]
    assert len(left) == 8


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [
        ({"iro_email": PERSON["worker_email"], "worker_email": PERSON["iro_email"]}, "wrong way"),
        ({"date_of_birth": "03/09/2014"}, "day and month"),
    ],
)
def test_swapped_columns_and_swapped_days_are_doubted(
    session: Session, tmp_path: Path, cells: dict[str, str], doubt: str
) -> None:
    service.import_people(session, write_extract(tmp_path / "a", *many(20)))
    before = dump(session)
    path = write_extract(tmp_path / "b", *many(20, **LATER, **cells), many(21)[20] | LATER)
    with pytest.raises(service.ImportDoubtful, match=doubt):
        service.import_people(session, path)
    assert dump(session) == before


def test_the_file_of_another_council_is_doubted(session: Session, tmp_path: Path) -> None:
    service.import_people(session, write_extract(tmp_path / "a", *many(20)))
    theirs = [{"child_id": f"X{number}", "id_903": f"8{number}", **LATER} for number in range(30)]
    with pytest.raises(service.ImportDoubtful, match="20 of 20 people would leave"):
        service.import_people(session, write_extract(tmp_path / "b", *theirs))


def test_the_last_import_is_undone_by_a_button(
    office: TestClient, app_session: Session, tmp_path: Path
) -> None:
    service.import_people(app_session, write_extract(tmp_path, {}))
    app_session.commit()
    run = re.search(r'name="run" value="(\d+)"', office.get(PAGE).text)
    assert run is not None
    assert office.post(f"{PAGE}/undo", data={"run": run[1]}).status_code == 303
    page = office.get(f"{PAGE}?done=undo").text
    assert "The import is undone" in page
    assert "rows put back" in page
    assert children(app_session) == []
    assert office.post(f"{PAGE}/undo", data={"run": run[1]}).status_code == 422
