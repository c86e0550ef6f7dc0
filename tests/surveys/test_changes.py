"""What changed mid-round stands on the child's pages until they saw it, and keeps their words."""

from datetime import date, datetime, timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.people.models import Person
from backend.placements import service as placements
from backend.placements.models import Home
from backend.reviews.models import Review
from backend.surveys import service
from backend.surveys.models import Consultation, Topic
from tests.factories import make_staff
from tests.surveys.rounds import Round, alone, choose, enter, make_home, open_round


def review_of(session: Session, round_: Round) -> Review:
    return session.get_one(Review, round_.consultation.review_id)


def test_a_meeting_on_a_new_day_is_told_until_the_child_has_seen_it(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    assert "Something is new" not in client.get("/me/home").text
    review_of(app_session, round_).due_on = date(2026, 11, 27)
    app_session.commit()

    first, again = client.get("/me/home").text, client.get("/me/home").text

    assert "Your meeting is on a new day: Friday 27 November." in first
    assert "Your meeting is on a new day: Friday 27 November." in again
    assert client.post("/me/changes/seen").status_code == 303
    assert "Something is new" not in client.get("/me/home").text


def test_a_meeting_moved_the_day_before_and_by_months_keeps_the_round_and_the_draft(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    client.get("/me/home")
    alone(client, round_)
    address = choose(client, round_, "home")
    for later in (date(2026, 11, 24), date(2027, 3, 1)):
        review_of(app_session, round_).due_on = later
        service.open_rounds(app_session)
        app_session.commit()
        assert "Your meeting is on a new day" in client.get("/me/home").text
        assert client.get(address).status_code == 200

    app_session.expire_all()
    assert app_session.get_one(Consultation, round_.cid).closes_on == date(2027, 3, 1)
    assert app_session.get_one(Topic, int(address.split("/")[-2])).sent_at is None


def test_a_meeting_that_was_held_is_no_news_and_neither_is_the_next_one(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    client.get("/me/home")
    review_of(app_session, round_).held_on = clock.today()
    person_id = round_.person.id or 0
    app_session.add(Review(person_id=person_id, due_on=clock.today() + timedelta(days=90)))
    app_session.commit()

    assert "Something is new" not in client.get("/me/home").text


def test_a_new_iro_and_a_new_worker_are_told_by_name_with_what_they_read(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    client.get("/me/home")
    iro = make_staff(app_session, Role.IRO)
    worker = make_staff(app_session, Role.SOCIAL_WORKER, team="North")
    person = app_session.get_one(Person, round_.person.id)
    person.iro_id, person.worker_id = iro.staff_id, worker.staff_id
    app_session.commit()

    page = client.get("/me/home").text
    form = client.get(round_.address).text

    assert f"You have a new IRO: {iro.name}. They can read what you send" in page
    assert f"You have a new social worker: {worker.name}." in page
    assert "Who is with you?" in form
    alone(client, round_)
    assert f"You have a new IRO: {iro.name}" in client.get(round_.address).text


def test_a_move_is_told_kindly_and_names_no_home(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session)
    make_home(app_session, round_.person)
    enter(client, app_session, round_.contributor)
    client.get("/me/home")
    home = Home(home_ref="H-new", name="Alder Court", type_code="U6")
    app_session.add(home)
    app_session.flush()
    placements.keep_placement(
        app_session,
        round_.person.id or 0,
        home.id or 0,
        started_on=clock.today(),
        as_at=clock.today(),
    )
    app_session.commit()

    page = client.get("/me/home").text

    assert "You have moved. What you wrote about your last home is kept." in page
    assert "Alder Court" not in page
    assert "Larch House" not in page
