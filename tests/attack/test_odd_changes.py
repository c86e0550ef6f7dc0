"""What an extract can do to a child in the middle of writing: nothing breaks, nothing is lost."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.duties import HOURLY
from backend.entry import service as entry
from backend.people import service as people_service
from backend.people.models import Contributor, Person
from backend.placements import service as placements
from backend.reviews import queries as reviews
from backend.reviews.jobs import DAILY
from backend.reviews.models import Review
from backend.surveys.models import Answer, Consultation
from tests.entry.doors import PICTURES
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import stored
from tests.surveys.rounds import Round, alone, choose, enter, make_home, open_round
from tests.surveys.test_pages import fields_of, name_of

WORDS = "zq my own words"


def turns_eighteen(session: Session, person: Person) -> None:
    person.date_of_birth = date(2008, 1, 1)


def turns_three(session: Session, person: Person) -> None:
    person.date_of_birth = date(2023, 6, 1)


def leaves_care(session: Session, person: Person) -> None:
    person.group, person.date_of_birth = "care_leaver", date(2008, 1, 1)
    person.personal_adviser_id = make_staff(session, Role.PERSONAL_ADVISER).staff_id
    person.iro_id = None


def has_no_iro(session: Session, person: Person) -> None:
    person.iro_id = None


def has_nobody(session: Session, person: Person) -> None:
    person.iro_id = person.worker_id = None
    person.team = ""


def is_missing_in_the_extract(session: Session, person: Person) -> None:
    person.left_on = clock.today()


def has_no_home(session: Session, person: Person) -> None:
    placements.end_placements(session, person.id or 0, on=clock.today())


CHANGES = (
    turns_eighteen, turns_three, leaves_care, has_no_iro, has_nobody, is_missing_in_the_extract,
    has_no_home,
)  # fmt: skip


@pytest.fixture
def round_(app_session: Session, noon: object) -> Round:
    found = open_round(app_session)
    make_home(app_session, found.person)
    return found


def write(client: TestClient, session: Session, round_: Round) -> str:
    """A draft with words in it, by a child who chose a secret; its address."""
    enter(client, session, round_.contributor)
    client.post("/me/secret/new", data=PICTURES)
    alone(client, round_)
    first = choose(client, round_)
    page = client.get(first).text
    client.post(first, data=fields_of(page) | {name_of(page): WORDS})
    return first


def change(session: Session, round_: Round, what: Callable[[Session, Person], None]) -> None:
    """What the extract brings, and what the rules make of it within the hour."""
    person = session.get_one(Person, round_.person.id)
    what(session, person)
    session.flush()
    people_service.ensure_own_contributor(session, person)
    for duty in (*DAILY, *HOURLY):
        duty(session)
    session.commit()


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_the_childs_pages_open_and_the_words_stay(
    client: TestClient,
    app_session: Session,
    round_: Round,
    what: Callable[[Session, Person], None],
) -> None:
    first = write(client, app_session, round_)
    change(app_session, round_, what)
    home = client.get("/me/home")
    assert home.status_code in (200, 303), home.text
    for path in (first, f"{first.rpartition('/')[0]}/end", "/me/words", "/me/ask", "/me/last-time"):
        assert client.get(path).status_code in (200, 303, 404), path
    assert [one.value for one in stored(app_session, Answer)] == [WORDS]


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_the_pages_of_staff_open(
    client: TestClient,
    app_session: Session,
    round_: Round,
    what: Callable[[Session, Person], None],
) -> None:
    first = write(client, app_session, round_)
    client.post(f"{first.rpartition('/')[0]}/end", data={"action": "send"})
    change(app_session, round_, what)
    duty = make_staff(app_session, Role.DUTY_READER)
    person_id, review_id = round_.person.id, round_.consultation.review_id
    pages = (
        "", "reviews", "caseload", "reading", "duty", "digest", "asks", f"reviews/{review_id}",
        f"reviews/{review_id}/after", f"reviews/{review_id}/dates", f"people/{person_id}/door",
        f"people/{person_id}/form",
    )  # fmt: skip
    for viewer in (round_.iro, round_.worker, duty):
        client.cookies.clear()
        sign_in(client, app_session, viewer)
        found = {page: client.get(f"/staff/{page}").status_code for page in pages}
        assert set(found.values()) <= {200, 303, 404}, found


def test_a_leaver_who_is_back_in_care_keeps_their_secret_their_words_and_gets_a_childs_review(
    client: TestClient, app_session: Session, noon: object
) -> None:
    adviser = make_staff(app_session, Role.PERSONAL_ADVISER)
    round_ = open_round(
        app_session,
        group="care_leaver",
        date_of_birth=date(2009, 2, 1),
        personal_adviser_id=adviser.staff_id,
        iro_id=None,
        worker_id=None,
    )
    first = write(client, app_session, round_)
    secret = entry.ensure_pass(app_session, round_.contributor.id or 0).code

    def comes_back(session: Session, person: Person) -> None:
        person.group, person.personal_adviser_id = "looked_after", None
        person.iro_id = make_staff(session, Role.IRO).staff_id
        person.worker_id = make_staff(session, Role.SOCIAL_WORKER, team="North").staff_id

    change(app_session, round_, comes_back)
    mine = app_session.get_one(Contributor, round_.contributor.id)
    assert Kind(mine.kind) is Kind.CHILD
    review = reviews.next_review(app_session, round_.person.id or 0)
    assert review is not None
    assert review.kind == "review"
    assert entry.ensure_pass(app_session, mine.id or 0).code == secret
    app_session.commit()
    # What was begun as a leaver can still be sent, for two weeks.
    assert WORDS in client.get(first).text
    old = app_session.get_one(Consultation, round_.cid)
    assert old.closes_on <= clock.today() + timedelta(days=14)
    app_session.rollback()
    client.post("/me/lock")
    client.post("/me/", data={"code": secret})
    client.post("/me/birthday", data={"birthday_day": "1", "birthday_month": "2"})
    assert client.post("/me/secret", data=PICTURES).headers["location"] == "/me/home"
    assert client.get("/me/home").status_code == 200


def test_a_corrected_birth_is_what_the_door_asks_for_from_then_on(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    code = entry.ensure_pass(app_session, round_.contributor.id or 0).code
    people_service.correct_birth(
        app_session,
        "staff:1",
        person_id=round_.person.id or 0,
        date_of_birth=date(2013, 4, 10),
    )
    app_session.commit()
    client.post("/me/", data={"code": code})
    old = client.post("/me/birthday", data={"birthday_day": "9", "birthday_month": "3"})
    assert old.status_code == 422
    new = client.post("/me/birthday", data={"birthday_day": "10", "birthday_month": "4"})
    assert new.status_code == 303


def test_two_iro_tabs_that_confirm_one_review_open_one_next_review(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sign_in(client, app_session, round_.iro)
    address = f"/staff/reviews/{round_.consultation.review_id}/after"
    fields = {
        "held_on-day": "23", "held_on-month": "11", "held_on-year": "2026", "revision": "0",
        "private_talk": "done", "participation_code": "PN1", "do": "confirm",
    }  # fmt: skip
    answers = [client.post(address, data=fields).status_code for _ in range(2)]
    assert answers[0] == 303
    rows = stored(app_session, Review)
    assert len([one for one in rows if one.held_on is None]) == 1
    assert len(rows) == 2
