"""The outbox page: what waits for a person, letters to print and post, and never a way in."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.entry import service as entry
from backend.messaging import service
from backend.messaging.models import Message
from backend.people import queries as people
from tests.factories import make_person, make_staff, sign_in
from tests.messaging.letters import PHONE, work, written
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import StandIn


@pytest.fixture
def officer(client: TestClient, app_session: Session, noon: datetime) -> TestClient:
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    return client


def states(session: Session) -> list[str]:
    session.rollback()
    found = list(session.exec(select(Message.state).order_by(Message.id)).all())  # type: ignore[arg-type]
    session.rollback()
    return found


def unknown(session: Session) -> int:
    """A message whose outcome nobody knows."""
    one = written(session.get_bind(), channel="email", address="sunny@post.example")  # type: ignore[arg-type]
    row = session.get_one(Message, one)
    row.state, row.fault, row.provider, row.attempts = "unknown", "lost_answer", "smtp", 1
    session.add(row)
    session.commit()
    return one


def test_an_outcome_that_nobody_knows_waits_for_a_person_who_says_that_it_arrived(
    officer: TestClient, app_session: Session
) -> None:
    one = unknown(app_session)
    page = officer.get("/staff/outbox").text
    assert "Waits for a person" in page
    assert "the provider’s answer was lost" in page
    assert officer.post(f"/staff/outbox/{one}", data={"how": "arrived"}).status_code == 303
    assert states(app_session) == ["delivered"]
    assert "Waits for a person" not in officer.get("/staff/outbox").text
    assert officer.post(f"/staff/outbox/{one}", data={"how": "again"}).status_code == 303
    assert states(app_session) == ["delivered"]


def test_a_person_sends_it_again_and_it_goes_once(
    officer: TestClient, app_session: Session, mail: MailBox
) -> None:
    one = unknown(app_session)
    for _ in range(2):
        officer.post(f"/staff/outbox/{one}", data={"how": "again"})
    work(app_session.get_bind())  # type: ignore[arg-type]
    assert states(app_session) == ["sent"]
    assert len(mail.came) == 1


@pytest.mark.parametrize(("path", "data"), [("0", {"how": "again"}), ("1", {"how": "burn"})])
def test_what_there_is_not_is_not_found(
    officer: TestClient, app_session: Session, path: str, data: dict[str, str]
) -> None:
    assert officer.post(f"/staff/outbox/{path}", data=data).status_code == 404


def test_no_words_address_or_way_in_stand_on_the_page(
    officer: TestClient, app_session: Session
) -> None:
    one = written(app_session.get_bind())  # type: ignore[arg-type]
    row = app_session.get_one(Message, one)
    door = entry.ensure_pass(app_session, row.contributor_id or 0)
    app_session.rollback()
    page = officer.get("/staff/outbox").text
    for hidden in (door.link_url, door.code, PHONE, "There is news for you"):
        assert hidden not in page


def test_messages_are_counted_and_filtered_by_state(
    officer: TestClient, app_session: Session
) -> None:
    written(app_session.get_bind(), "one")  # type: ignore[arg-type]
    unknown_id = written(app_session.get_bind(), "two")  # type: ignore[arg-type]
    app_session.get_one(Message, unknown_id).state = "stopped"
    app_session.commit()
    page = officer.get("/staff/outbox").text
    assert "Waiting (1)" in page
    assert "Not sent (1)" in page
    assert "The newest 1" in officer.get("/staff/outbox?state=stopped").text
    assert "The newest 2" in officer.get("/staff/outbox?state=burnt").text


def test_an_outage_is_said_loudly(
    officer: TestClient, app_session: Session, notify: StandIn
) -> None:
    notify.is_down = True
    written(app_session.get_bind())  # type: ignore[arg-type]
    work(app_session.get_bind())  # type: ignore[arg-type]
    page = officer.get("/staff/outbox").text
    assert "1 message waits: the provider does not answer, since" in page


def test_letters_are_printed_as_one_pile_and_marked_as_posted(
    officer: TestClient, app_session: Session
) -> None:
    for key in ("one", "two"):
        written(app_session.get_bind(), key, channel="letter", address="")  # type: ignore[arg-type]
    work(app_session.get_bind())  # type: ignore[arg-type]
    assert states(app_session) == ["waiting", "waiting"]
    assert "2 to print" in officer.get("/staff/posting").text
    assert officer.get("/staff/posting/pile.pdf").status_code == 404
    assert officer.post("/staff/posting/print").status_code == 303
    pile = officer.get("/staff/posting/pile.pdf")
    assert pile.status_code == 200
    assert pile.headers["content-type"] == "application/pdf"
    assert pile.content.startswith(b"%PDF")
    assert states(app_session) == ["printed", "printed"]
    first = app_session.exec(select(Message.id)).first()
    app_session.rollback()
    officer.post("/staff/posting/posted", data={"letter": [str(first), "none", "999"]})
    assert sorted(states(app_session)) == ["handed_over", "printed"]


def test_a_letter_whose_reason_is_gone_is_not_printed(session: Session, noon: datetime) -> None:
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    person = make_person(session, channel="letter")
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    service.write(session, key="k", occasion="answer", contributor_id=own.id)
    person.left_on = noon.date()
    assert service.print_letters(session, officer) == 0


def test_a_worker_prints_no_letters_and_settles_nothing(session: Session, noon: datetime) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    with pytest.raises(Denied):
        service.print_letters(session, worker)
    with pytest.raises(Denied):
        service.settle(session, worker, 1, how="again")


def test_a_message_is_written_once_by_its_key_and_only_to_one(
    session: Session, noon: datetime
) -> None:
    colleague = make_staff(session, Role.IRO)
    first = service.write(
        session, key="k", occasion="digest", staff_id=colleague.staff_id, words="Two", subject="Mon"
    )
    again = service.write(
        session, key="k", occasion="digest", staff_id=colleague.staff_id, words="Six", subject="Mon"
    )
    assert first is again
    assert again is not None
    assert (again.words, again.channel) == ("Two", "email")
    with pytest.raises(ValueError, match="one contributor or one colleague"):
        service.write(session, key="l", occasion="digest")
    with pytest.raises(ValueError, match="its own words"):
        service.write(session, key="l", occasion="digest", staff_id=colleague.staff_id)


def test_a_message_for_a_colleague_waits_for_no_quiet_hours(
    officer: TestClient, app_session: Session, mail: MailBox, noon: datetime
) -> None:
    colleague = make_staff(app_session, Role.IRO)
    with clock.set_to(noon + timedelta(hours=11)):
        service.write(
            app_session, key="k", occasion="urgent", staff_id=colleague.staff_id,
            words="Something waits for you: https://heard.example/staff/duty", subject="Heard",
        )  # fmt: skip
        app_session.commit()
        work(app_session.get_bind())  # type: ignore[arg-type]
    assert len(mail.came) == 1
