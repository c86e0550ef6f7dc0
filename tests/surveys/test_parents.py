"""Whether a parent is asked: decided with a reason, looked at again, and never undone by itself."""

from datetime import date, datetime, timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.entry import service as entry
from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contact, Person
from backend.people.service import ContactValues
from backend.surveys import queries as surveys
from tests.factories import make_contact, make_staff, sign_in
from tests.surveys.rounds import Round, open_round

LATER = {"look_again_on-day": "1", "look_again_on-month": "3", "look_again_on-year": "2027"}


def parent_page(round_: Round, contributor_id: int) -> str:
    return f"/staff/people/{round_.person.id}/parents/{contributor_id}"


def tell_extract(session: Session, person: Person, name: str, invite: str) -> None:
    values = ContactValues(kind="parent", name=name, channel="", address="", invite=invite)
    people_service.keep_contacts(session, person.id or 0, [values], as_at=clock.today())
    session.flush()


def test_a_parent_who_is_not_to_be_asked_is_not_and_the_link_they_have_opens_nothing(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    parent = make_contact(app_session, round_.person, "parent", name="Pat Stone")
    door = entry.ensure_pass(app_session, parent.id or 0)
    sign_in(client, app_session, round_.worker)

    answer = client.post(
        parent_page(round_, parent.id or 0),
        data={"invite": "no", "reason": "The court said so", "based_on": "0", **LATER},
    )

    assert answer.status_code == 303
    app_session.expire_all()
    assert [one.kind for one in surveys.invitable(app_session)] == [Kind.CHILD]
    assert messaging.invite(app_session) == 1
    app_session.commit()
    shown = client.get(door.link_url.removeprefix("http://testserver"))
    assert shown.status_code >= 400 or "Larch" not in shown.text
    page = client.get(parent_page(round_, parent.id or 0)).text
    assert "The court said so" in page
    assert round_.worker.name in page
    assert "1 Mar 2027" in page


def test_a_decision_without_reason_or_day_is_asked_for_again(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    parent = make_contact(app_session, round_.person, "parent")
    sign_in(client, app_session, round_.iro)
    wrong: tuple[dict[str, str], ...] = (
        {"invite": "no", "reason": "", **LATER},
        {"invite": "through_worker", "reason": "Because"},
        {"invite": "perhaps", "reason": "Because", **LATER},
        {"invite": "no", "reason": "Because", **LATER, "look_again_on-month": "13"},
        {"invite": "no", "reason": "Because", **LATER, "look_again_on-year": "2031"},
        {"invite": "no", "reason": "Because", **LATER, "look_again_on-year": "2026"},
    )

    for fields in wrong:
        answer = client.post(parent_page(round_, parent.id or 0), data={**fields, "based_on": "0"})
        assert answer.status_code == 422, fields

    app_session.expire_all()
    assert people.parents_of(app_session, [round_.person.id or 0])[0].decided == ""


def test_two_colleagues_on_one_page_do_not_overwrite_each_other_unseen(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    parent = make_contact(app_session, round_.person, "parent")
    sign_in(client, app_session, round_.worker)
    address = parent_page(round_, parent.id or 0)
    fields = {"invite": "no", "reason": "First", "based_on": "0", **LATER}
    assert client.post(address, data=fields).status_code == 303

    second = client.post(address, data={**fields, "invite": "through_worker", "reason": "Second"})

    assert second.status_code == 422
    assert f"{round_.worker.name} changed this" in second.text
    assert "Second" in second.text
    app_session.expire_all()
    assert people.parents_of(app_session, [round_.person.id or 0])[0].invite == "no"


def test_the_stricter_of_extract_and_decision_stands_and_a_day_that_passed_opens_nothing(
    session: Session, noon: datetime
) -> None:
    round_ = open_round(session)
    parent = make_contact(session, round_.person, "parent", name="Pat Stone")
    ids = [round_.person.id or 0]

    def decide(invite: str, on: date | None = None) -> None:
        line = people.parents_of(session, ids)[0]
        people_service.decide_invite(
            session, round_.iro, line, invite=invite, reason="Because", look_again_on=on
        )

    def stands() -> str:
        return people.parents_of(session, ids)[0].invite

    decide("no", clock.today() + timedelta(days=30))
    tell_extract(session, round_.person, "Pat Stone", "yes")
    assert stands() == "no"
    with clock.set_to(noon + timedelta(days=300)):
        tell_extract(session, round_.person, "Pat Stone", "yes")
        assert stands() == "no"
        assert people.parents_of(session, ids)[0].is_to_look_at
    decide("yes")
    assert stands() == "yes"
    tell_extract(session, round_.person, "Pat Stone", "no")
    assert stands() == "no"
    assert people.parents_of(session, ids)[0].is_held_by_extract
    decide("through_worker", clock.today() + timedelta(days=30))
    assert stands() == "no"
    assert session.get_one(Contact, parent.contact_id).invite == "no"


def test_a_parent_through_the_worker_is_sent_nothing_and_waits_for_a_card_until_it_is_given(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    parent = make_contact(app_session, round_.person, "parent", invite="through_worker")
    messaging.invite(app_session)
    assert parent.id not in {one.contributor_id for one in app_session.exec(select(Message))}
    assert [
        one.contributor_id for one in surveys.to_hand_over(app_session, [round_.person.id or 0])
    ]
    sign_in(client, app_session, round_.worker)
    address = parent_page(round_, parent.id or 0)
    assert "I have given it to them" in client.get(address).text

    assert client.post(f"{address}/handed-over").status_code == 303
    assert client.post(f"{address}/handed-over").status_code == 303

    app_session.expire_all()
    assert surveys.to_hand_over(app_session, [round_.person.id or 0]) == []
    app_session.commit()
    assert "I have given it to them" not in client.get(address).text


def test_only_those_around_the_child_see_or_decide_about_parents_and_each_parent_apart(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    first = make_contact(app_session, round_.person, "parent", name="Pat Stone")
    second = make_contact(app_session, round_.person, "parent", name="Kim Rivers")
    carer = make_contact(app_session, round_.person, "carer", name="Sol Field")
    stranger = make_staff(app_session, Role.SOCIAL_WORKER, team="North")
    sign_in(client, app_session, stranger)
    here = f"/staff/people/{round_.person.id}/parents"
    for address in (here, f"{here}/{first.id}"):
        assert client.get(address).status_code == 404
    assert client.post(f"{here}/{first.id}", data={"invite": "no"}).status_code == 404
    assert client.post(f"{here}/{first.id}/handed-over").status_code == 404

    sign_in(client, app_session, round_.worker)

    page = client.get(f"{here}/{first.id}").text
    assert "Pat Stone" in page
    assert "Kim Rivers" not in page
    assert client.get(f"{here}/{carer.id}").status_code == 404
    assert "Kim Rivers" in client.get(f"{here}/{second.id}").text


def test_a_carer_whom_the_case_system_lets_nobody_write_to_waits_for_a_card_too(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    carer = make_contact(app_session, round_.person, "carer", invite="through_worker")
    waiting = surveys.to_hand_over(app_session, [round_.person.id or 0])
    assert [one.contributor_id for one in waiting] == [carer.id]
    sign_in(client, app_session, round_.worker)

    page = client.get(parent_page(round_, carer.id or 0)).text

    assert "I have given it to them" in page
