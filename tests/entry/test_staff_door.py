"""The staff's page of codes: seen, printed, switched off by who stands around the person alone."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.entry import queries, service, sessions
from tests.entry.doors import come_in, make_young_person, path_of
from tests.factories import make_contact, make_person, make_staff, sign_in


def test_a_worker_sees_and_prints_the_code_of_their_own_child_and_both_are_audited(
    client: TestClient, app_session: Session
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, line = make_young_person(app_session, worker_id=worker.staff_id)
    sign_in(client, app_session, worker)
    assert line.code in client.get(f"/staff/people/{person.id}/door").text
    card = client.get(f"/staff/people/{person.id}/door/{own.id}/card").text
    assert line.code in card
    assert "data:image/svg+xml" in card
    events = app_session.exec(select(AuditEvent).where(AuditEvent.event == "entry.door_seen")).all()
    assert [event.details for event in events] == [{"contributor_ids": [own.id]}] * 2


def test_the_card_itself_names_nobody(client: TestClient, app_session: Session) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, _ = make_young_person(app_session, worker_id=worker.staff_id, known_as="Zephyrine")
    sign_in(client, app_session, worker)
    page = client.get(f"/staff/people/{person.id}/door/{own.id}/card").text
    printed = page.split("<h1", 1)[1]
    assert "Zephyrine" not in printed


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.IRO, Role.PERSONAL_ADVISER])
def test_a_colleague_who_is_not_around_the_child_sees_no_such_page(
    client: TestClient, app_session: Session, role: Role
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, line = make_young_person(app_session, worker_id=worker.staff_id)
    sign_in(client, app_session, make_staff(app_session, role))
    here = f"/staff/people/{person.id}/door"
    for path in (here, f"{here}/{own.id}/card", f"{here}/{own.id}/revoke"):
        assert client.get(path).status_code == 404
    for path in (f"{here}/opening-links", f"{here}/{own.id}/code", f"{here}/{own.id}/revoke"):
        assert client.post(path).status_code == 404
    assert queries.pass_of(app_session, own.id or 0) == line
    app_session.rollback()


def test_one_childs_page_does_not_reach_another_childs_code(
    client: TestClient, app_session: Session
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, _, _ = make_young_person(app_session, worker_id=worker.staff_id)
    _, other, line = make_young_person(app_session)
    sign_in(client, app_session, worker)
    here = f"/staff/people/{person.id}/door/{other.id}"
    assert client.get(f"{here}/card").status_code == 404
    assert client.post(f"{here}/revoke").status_code == 404
    assert queries.pass_of(app_session, other.id or 0) == line
    app_session.rollback()


def test_switching_a_code_off_ends_its_open_pages_and_makes_a_new_one(
    client: TestClient, app_session: Session
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, line = make_young_person(app_session, worker_id=worker.staff_id)
    app_session.commit()
    come_in(client, line)
    lost = client.cookies["heard_me"]
    sign_in(client, app_session, worker)
    here = f"/staff/people/{person.id}/door"
    assert "Switch off the code" in client.get(f"{here}/{own.id}/revoke").text
    assert client.post(f"{here}/{own.id}/revoke").headers["location"] == here
    assert service.identify(app_session, lost) is None
    fresh = queries.pass_of(app_session, own.id or 0)
    app_session.rollback()
    assert fresh is not None
    assert fresh.code != line.code
    client.cookies.delete("heard_me", path="/me")
    assert client.get(path_of(line.link_url)).status_code == 410
    assert client.get(path_of(fresh.link_url)).status_code == 200


def test_an_opening_link_made_on_the_page_opens_the_childs_app(
    client: TestClient, app_session: Session
) -> None:
    iro = make_staff(app_session, Role.IRO)
    person, *_ = make_young_person(app_session, iro_id=iro.staff_id)
    sign_in(client, app_session, iro)
    page = client.post(f"/staff/people/{person.id}/door/opening-links").text
    url = page.split("/me/once/", 1)[1].split("<", 1)[0]
    assert client.post(f"/me/once/{url}").headers["location"] == "/me/secret/new"


def test_a_carer_without_a_code_gets_one(client: TestClient, app_session: Session) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person = make_person(app_session, worker_id=worker.staff_id)
    carer = make_contact(app_session, person, "carer")
    sign_in(client, app_session, worker)
    here = f"/staff/people/{person.id}/door"
    assert "None yet" in client.get(here).text
    client.post(f"{here}/{carer.id}/code")
    line = queries.pass_of(app_session, carer.id or 0)
    app_session.rollback()
    assert line is not None
    assert line.code in client.get(here).text


def test_a_contributor_keeps_one_pass_until_its_last_month(
    session: Session, noon: datetime
) -> None:
    _, own, line = make_young_person(session)
    assert service.ensure_pass(session, own.id or 0) == line
    with clock.set_to(noon + timedelta(days=335)):
        assert service.ensure_pass(session, own.id or 0) == line
    with clock.set_to(noon + timedelta(days=336)):
        newer = service.ensure_pass(session, own.id or 0)
        assert newer.code != line.code
        assert queries.pass_of(session, own.id or 0) == newer
    with clock.set_to(noon + timedelta(days=366)):
        assert queries.pass_of(session, own.id or 0) == newer


def test_codes_and_links_lie_encrypted(session: Session) -> None:
    _, _, line = make_young_person(session)
    row = session.connection().execute(text("SELECT * FROM entry_pass")).one()
    raw = " ".join(str(value) for value in row)
    assert line.code not in raw
    assert line.link_url.rsplit("/", 1)[1] not in raw


def test_a_worker_cannot_revoke_the_code_of_a_child_they_do_not_work_with(
    session: Session,
) -> None:
    _, own, line = make_young_person(session)
    token = sessions.open_session(session, own.id or 0, how="code")
    session.flush()
    with pytest.raises(Denied):
        service.revoke_pass(session, make_staff(session, Role.SOCIAL_WORKER), own.id or 0)
    assert queries.pass_of(session, own.id or 0) == line
    assert service.identify(session, token) is not None
