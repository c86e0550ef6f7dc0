"""How a young person is reached: chosen beside their worker, by themselves, and "not me"."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.database import unit_of_work
from backend.entry import service as entry
from backend.entry.models import ContributorSession, EntryAttempt
from backend.messaging import queries, service, ways
from backend.messaging.models import AddressStopped, Message, WayChosen
from backend.people import queries as people
from backend.people.models import Person
from tests.factories import make_contact, make_person, make_staff, sign_in
from tests.messaging.letters import PHONE, state_of, work
from tests.messaging.notify_stand_in import StandIn
from tests.surveys.rounds import enter

TYPED = {
    "channel": "text", "address": "07700 900 456", "sender": "Sam",
    "words": "Your page is ready", "own_words": "", "action": "keep",
}  # fmt: skip


@pytest.fixture
def child(app_session: Session, noon: datetime) -> Person:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    return make_person(app_session, worker_id=worker.staff_id, channel="text", address=PHONE)


def own(session: Session, person: Person) -> int:
    row = people.contributor_of_person(session, person.id or 0)
    assert row is not None
    return row.id or 0


def worker_of(session: Session, person: Person):  # type: ignore[no-untyped-def]
    from backend.accounts import service as accounts
    from backend.accounts.models import Staff

    return accounts.identity_of(session, session.get_one(Staff, person.worker_id))


def test_a_worker_keeps_what_the_child_chose_and_sees_the_text_first(
    client: TestClient, app_session: Session, child: Person
) -> None:
    sign_in(client, app_session, worker_of(app_session, child))
    page = f"/staff/people/{child.id}/way"
    assert PHONE in client.get(page).text
    shown = client.post(page, data=TYPED | {"action": "show"})
    assert "Hi, it&#39;s Sam. Your page is ready: " in shown.text
    assert entry.ensure_pass(app_session, own(app_session, child)).link_url not in shown.text
    assert app_session.exec(select(WayChosen)).first() is None
    app_session.rollback()
    assert client.post(page, data=TYPED).status_code == 303
    app_session.rollback()
    way = ways.way_to(app_session, own(app_session, child))
    assert (way.channel, way.address, way.sender) == ("text", "07700 900 456", "Sam")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"address": "mum"}, "address"),
        ({"channel": "email", "address": "sam at post"}, "address"),
        ({"sender": "Sam from social care"}, "sender"),
        ({"sender": "S" * 31}, "sender"),
        ({"words": "own", "own_words": "Before your review"}, "words"),
        ({"words": "own", "own_words": "x" * 61}, "words"),
        ({"words": "A card <b>from</b> the council"}, "words"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    client: TestClient, app_session: Session, child: Person, change: dict[str, str], field: str
) -> None:
    sign_in(client, app_session, worker_of(app_session, child))
    answer = client.post(f"/staff/people/{child.id}/way", data=TYPED | change)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    app_session.rollback()
    assert app_session.exec(select(WayChosen)).first() is None


def test_a_colleague_who_does_not_work_with_the_child_finds_no_such_page(
    client: TestClient, app_session: Session, child: Person
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.SOCIAL_WORKER))
    assert client.get(f"/staff/people/{child.id}/way").status_code == 404
    assert client.post(f"/staff/people/{child.id}/way", data=TYPED).status_code == 404


def test_a_child_changes_it_on_their_own_page_and_stops_messages_in_one_tap(
    client: TestClient, app_session: Session, child: Person
) -> None:
    row = people.contributor_of_person(app_session, child.id or 0)
    assert row is not None
    enter(client, app_session, row)
    assert "Stop messages" in client.get("/me/reach-me").text
    kept = client.post("/me/reach-me", data=TYPED | {"words": "own", "own_words": "Oi oi"})
    assert kept.headers["location"] == "/me/reach-me?kept=1"
    assert "Hi, it&#39;s Sam. Oi oi: " in client.get("/me/reach-me?kept=1").text
    assert client.post("/me/reach-me", data={"action": "stop"}).status_code == 303
    app_session.rollback()
    assert ways.way_to(app_session, row.id or 0).channel == "none"
    assert service.write(app_session, key="k", occasion="answer", contributor_id=row.id) is None


def test_a_child_who_is_not_known_by_their_secret_cannot_change_it(
    client: TestClient, app_session: Session, child: Person
) -> None:
    row = people.contributor_of_person(app_session, child.id or 0)
    assert row is not None
    enter(client, app_session, row, is_known=False)
    assert client.get("/me/reach-me").status_code in (303, 404)
    assert client.post("/me/reach-me", data=TYPED).status_code in (303, 404)
    app_session.rollback()
    assert app_session.exec(select(WayChosen)).first() is None


def link_of(session: Session, contributor_id: int) -> str:
    return entry.ensure_pass(session, contributor_id).link_url.split("/me/o/")[1]


def test_somebody_else_with_the_number_says_so_and_learns_nothing(
    client: TestClient, app_session: Session, child: Person, notify: StandIn
) -> None:
    engine = app_session.get_bind()
    contributor_id = own(app_session, child)
    made = service.write(app_session, key="k", occasion="answer", contributor_id=contributor_id)
    app_session.commit()
    assert made is not None
    work(engine)  # type: ignore[arg-type]
    link = link_of(app_session, contributor_id)
    app_session.commit()
    door = client.get(f"/me/o/{link}")
    assert "This is not for me" in door.text
    assert child.known_as not in door.text
    said = client.post(f"/me/o/{link}/not-me")
    unknown = client.post("/me/o/there-is-no-such-link/not-me")
    assert said.status_code == unknown.status_code == 303
    assert said.headers["location"] == unknown.headers["location"] == "/me/not-me"
    assert child.known_as not in client.get("/me/not-me").text
    # The link still opens for the child: nothing was used up.
    assert client.get(f"/me/o/{link}").status_code == 200
    app_session.expire_all()
    assert len(app_session.exec(select(AddressStopped)).all()) == 1
    assert app_session.exec(select(ContributorSession)).all() == []
    assert app_session.exec(select(EntryAttempt)).all() == []
    way = ways.way_to(app_session, contributor_id)
    assert (way.channel, way.address, way.is_stopped) == ("in_person", None, True)
    worker = worker_of(app_session, child)
    [told] = queries.undelivered(app_session, worker, [child.id or 0])[child.id or 0]
    assert told.words == f"The text to {child.known_as} did not arrive: ask for a new number"
    assert told.fault == "not_me"


def test_a_robot_that_opens_every_address_stops_nothing(
    client: TestClient, app_session: Session, child: Person
) -> None:
    link = link_of(app_session, own(app_session, child))
    app_session.commit()
    for path in (f"/me/o/{link}", f"/me/o/{link}/not-me", "/me/not-me"):
        client.get(path)
    assert app_session.exec(select(AddressStopped)).all() == []


def test_with_a_new_number_what_had_not_arrived_goes_again_once(
    client: TestClient, app_session: Session, child: Person, notify: StandIn, noon: datetime
) -> None:
    engine = app_session.get_bind()
    contributor_id = own(app_session, child)
    made = service.write(app_session, key="k", occasion="answer", contributor_id=contributor_id)
    app_session.commit()
    assert made is not None
    work(engine)  # type: ignore[arg-type]
    notify.set_state("permanent-failure")
    with clock.set_to(noon + timedelta(minutes=10)):
        work(engine)  # type: ignore[arg-type]
        assert state_of(engine, made.id or 0)[0] == "bounced"  # type: ignore[arg-type]
        with unit_of_work(engine) as session:  # type: ignore[arg-type]
            way = ways.Way("text", "07700 900999", "Sam")
            service.choose_way(session, contributor_id, way, actor="staff:1")
        work(engine)  # type: ignore[arg-type]
    assert [one["to"] for one in notify.notifications] == [PHONE, "07700 900999"]
    with clock.set_to(noon + timedelta(hours=1)):
        work(engine)  # type: ignore[arg-type]
    assert len(notify.notifications) == 2


def test_what_waits_is_not_sent_to_a_number_that_is_somebody_elses(
    client: TestClient, app_session: Session, child: Person, notify: StandIn, noon: datetime
) -> None:
    engine = app_session.get_bind()
    contributor_id = own(app_session, child)
    made = service.write(
        app_session,
        key="k",
        occasion="answer",
        contributor_id=contributor_id,
        not_before=noon + timedelta(hours=1),
    )
    assert made is not None
    service.say_not_me(app_session, contributor_id)
    app_session.commit()
    with clock.set_to(noon + timedelta(hours=2)):
        work(engine)  # type: ignore[arg-type]
    assert notify.notifications == []
    assert state_of(engine, made.id or 0) == ("bounced", "not_me")  # type: ignore[arg-type]


def test_a_worker_hands_over_a_card_and_it_is_off_their_list(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person = make_person(app_session, worker_id=worker.staff_id, channel="card")
    made = service.write(
        app_session, key="k", occasion="answer", contributor_id=own(app_session, person)
    )
    assert made is not None
    sign_in(client, app_session, worker)
    page = f"/staff/people/{person.id}/way"
    assert f"Give a card to {person.known_as}" in client.get(page).text
    assert client.post(f"{page}/handed-over", data={"message": str(made.id)}).status_code == 303
    assert "Give a card" not in client.get(page).text
    app_session.rollback()
    assert app_session.exec(select(Message.state)).one() == "handed_over"


def test_another_workers_card_cannot_be_handed_over(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    mine = make_person(app_session, worker_id=worker.staff_id, channel="card")
    theirs = make_person(app_session, channel="card")
    made = service.write(
        app_session, key="k", occasion="answer", contributor_id=own(app_session, theirs)
    )
    assert made is not None
    sign_in(client, app_session, worker)
    address = f"/staff/people/{mine.id}/way/handed-over"
    assert client.post(address, data={"message": str(made.id)}).status_code == 404
    app_session.rollback()
    assert app_session.exec(select(Message.state)).one() == "waiting"


def test_a_parent_with_a_wrong_number_is_shown_to_the_worker_by_name(
    session: Session, noon: datetime
) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person = make_person(session, worker_id=worker.staff_id)
    parent = make_contact(session, person, "parent", channel="text", address=PHONE, name="Jo Ash")
    service.write(session, key="k", occasion="invitation", contributor_id=parent.id)
    service.say_not_me(session, parent.id or 0)
    found = queries.undelivered(session, worker, [person.id or 0])[person.id or 0]
    assert [one.words for one in found] == [
        "The text to Jo Ash did not arrive: ask for a new number"
    ]
    stranger = make_staff(session, Role.SOCIAL_WORKER)
    assert queries.undelivered(session, stranger, [person.id or 0]) == {}
