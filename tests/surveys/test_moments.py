"""When and by whom each instrument is answered: moves, first weeks, endings, observers."""

import re
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.core.access.requires import Denied
from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contributor, Person
from backend.placements.models import Home, Placement
from backend.reviews.models import Review
from backend.safeguarding import queries as safeguarding
from backend.surveys import choices, queries, service
from backend.surveys.models import Consultation
from tests.factories import make_contact, make_person, make_staff
from tests.surveys.rounds import enter

pytestmark = pytest.mark.usefixtures("noon")
TODAY = date(2026, 11, 23)


def stay(
    session: Session, person: Person, *, begun: int, ended: int | None = None, name: str = "Larch"
) -> Placement:
    """A stay that began so many days ago, and ended so many days ago where it did."""
    home = Home(home_ref=f"{name}{person.id}", name=name, type_code="U6")
    session.add(home)
    session.flush()
    row = Placement(
        person_id=person.id or 0,
        home_id=home.id or 0,
        started_on=TODAY - timedelta(days=begun),
        ended_on=TODAY - timedelta(days=ended) if ended is not None else None,
    )
    session.add(row)
    session.flush()
    return row


def own(session: Session, person: Person) -> Contributor:
    row = people.contributor_of_person(session, person.id or 0)
    assert row is not None
    return row


def moments_for(session: Session, contributor: Contributor) -> set[str]:
    return {form.moment for form in queries.open_for(session, contributor)}


def rounds(session: Session, person: Person) -> set[str]:
    rows = session.exec(select(Consultation).where(Consultation.person_id == person.id))
    return {row.moment for row in rows}


@pytest.mark.parametrize(
    ("begun", "moment"),
    [(0, "home_move"), (21, "home_move"), (22, None), (27, None), (28, "home_first"),
     (84, "home_first"), (85, "home")],
)  # fmt: skip
def test_a_stay_is_asked_about_at_its_own_moments(
    session: Session, begun: int, moment: str | None
) -> None:
    person = make_person(session)
    stay(session, person, begun=begun)
    service.open_rounds(session)
    assert rounds(session, person) == ({moment} if moment else set())


def test_child_carer_and_worker_answer_in_one_round_about_one_home(session: Session) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person = make_person(session, worker_id=worker.staff_id)
    carer = make_contact(session, person, "carer")
    parent = make_contact(session, person, "parent")
    home = stay(session, person, begun=5)
    taps = people_service.ensure_staff_contributor(session, worker.staff_id)
    service.open_rounds(session)
    found = [
        form.consultation_id
        for who in (own(session, person), carer, taps)
        for form in queries.open_for(session, who)
    ]
    assert len(found) == 3
    assert len(set(found)) == 1
    assert session.get_one(Consultation, found[0]).home_id == home.home_id
    assert queries.open_for(session, parent) == []


def test_the_longer_term_is_asked_of_the_adults_alone(session: Session) -> None:
    person = make_person(session)
    carer = make_contact(session, person, "carer")
    stay(session, person, begun=200)
    service.open_rounds(session)
    assert moments_for(session, carer) == {"home"}
    assert moments_for(session, own(session, person)) == set()


def test_rounds_open_once_however_often_the_day_begins(session: Session) -> None:
    person = make_person(session)
    stay(session, person, begun=40)
    stay(session, person, begun=400, ended=41, name="Elm")
    service.open_rounds(session)
    first = len(session.exec(select(Consultation)).all())
    service.open_rounds(session)
    assert len(session.exec(select(Consultation)).all()) == first == 2


def test_how_it_ended_is_for_those_who_were_there_and_not_for_those_of_today(
    session: Session,
) -> None:
    person = make_person(session)
    ended_on = TODAY - timedelta(days=10)
    before = make_contact(session, person, "carer", ended_on=ended_on)
    now = make_contact(session, person, "carer")
    stay(session, person, begun=400, ended=10, name="Elm")
    stay(session, person, begun=10, name="Oak")
    service.open_rounds(session)
    assert moments_for(session, before) == {"home_ended"}
    assert moments_for(session, now) == {"home_move"}
    assert moments_for(session, own(session, person)) == {"home_move", "home_ended"}
    with clock.set_to(clock.now() + timedelta(days=33)):
        assert moments_for(session, before) == set()


def test_a_carer_who_left_while_the_child_stayed_has_no_form(session: Session) -> None:
    person = make_person(session)
    gone = make_contact(session, person, "carer", ended_on=TODAY - timedelta(days=1))
    stay(session, person, begun=5)
    service.open_rounds(session)
    assert queries.open_for(session, gone) == []


def test_a_move_near_a_review_becomes_its_topic_and_is_not_asked_by_itself(
    session: Session,
) -> None:
    person = make_person(session)
    carer = make_contact(session, person, "carer")
    stay(session, person, begun=2)
    session.add(Review(person_id=person.id or 0, due_on=TODAY + timedelta(days=30)))
    session.flush()
    service.open_rounds(session)
    assert "home_move" in rounds(session, person)
    assert moments_for(session, own(session, person)) == set()
    assert moments_for(session, carer) == {"home_move"}
    invited = {(one.kind, one.moment) for one in queries.invitable(session)}
    assert invited == {(Kind.CARER, "home_move")}


def test_what_was_begun_stays_on_the_page_when_a_review_comes_near(session: Session) -> None:
    person = make_person(session)
    stay(session, person, begun=2)
    service.open_rounds(session)
    row = session.exec(select(Consultation)).one()
    service.begin_response(session, own(session, person).id or 0, row.id or 0)
    session.add(Review(person_id=person.id or 0, due_on=TODAY + timedelta(days=20)))
    session.flush()
    assert moments_for(session, own(session, person)) == {"home_move"}


def test_the_years_letters_to_a_child_who_moves_often_keep_to_the_budget(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, channel="text")
    for number in range(9):
        begun = 300 - 30 * number
        ended = begun - 30 if number < 8 else None
        row = stay(session, person, begun=begun, ended=ended, name=f"Home{number}")
        assert row.id
    child = own(session, person).id
    for day in range(300, -1, -1):
        with clock.set_to(noon - timedelta(days=day)):
            service.open_rounds(session)
            messaging.invite(session)
    letters = session.exec(
        select(Message).where(Message.contributor_id == child).order_by(col(Message.made_at))
    ).all()
    days = [clock.in_london(row.made_at).date() for row in letters]
    assert 3 <= len(days) <= 6
    gaps = [(later - day).days for day, later in zip(days, days[1:], strict=False)]
    assert min(gaps) >= 30


@pytest.mark.parametrize(
    ("born", "communication", "is_asked"),
    [(date(2023, 5, 1), "", True), (date(2022, 5, 1), "", False),
     (date(2014, 3, 9), "observer", True), (date(2014, 3, 9), "symbols", False)],
)  # fmt: skip
def test_an_adult_is_asked_how_a_child_without_words_shows_it(
    session: Session, born: date, communication: str, is_asked: bool
) -> None:
    person = make_person(session, date_of_birth=born, communication=communication)
    carer = make_contact(session, person, "carer")
    session.add(Review(person_id=person.id or 0, due_on=TODAY + timedelta(days=5)))
    session.flush()
    service.open_rounds(session)
    assert ("observer" in moments_for(session, carer)) is is_asked


def test_the_form_is_chosen_by_understanding_and_audited(session: Session) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person = make_person(session, worker_id=worker.staff_id)
    by_age = choices.form_for(session, person, kind=Kind.CHILD, moment="before_review")
    simplest = choices.offered_to(person)[0]
    assert by_age is not None
    assert simplest.id != by_age.id
    choices.choose_form(
        session, worker, person, instrument_id=simplest.id, is_observed=True, why="Reads little"
    )
    chosen = choices.form_for(session, person, kind=Kind.CHILD, moment="before_review")
    assert chosen is simplest
    assert choices.shown_by_others(session, [person.id or 0]) == {person.id}
    choices.choose_form(session, worker, person, instrument_id="", is_observed=False, why="")
    assert choices.form_for(session, person, kind=Kind.CHILD, moment="before_review") is by_age


def test_nobody_else_chooses_and_no_other_form_is_taken(session: Session) -> None:
    worker, other = (make_staff(session, Role.SOCIAL_WORKER) for _ in range(2))
    person = make_person(session, worker_id=worker.staff_id)
    with pytest.raises(Denied):
        choices.choose_form(session, other, person, instrument_id="", is_observed=False, why="")
    with pytest.raises(choices.NoSuchChoice):
        choices.choose_form(
            session,
            worker,
            person,
            instrument_id="before-the-review-parent",
            is_observed=False,
            why="",
        )


def test_whom_the_iro_adds_is_asked_and_no_extract_ends_them(session: Session) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    session.add(Review(person_id=person.id or 0, due_on=TODAY + timedelta(days=5)))
    session.flush()
    service.open_rounds(session)
    row = people_service.add_other(session, iro, person.id or 0, name="Ms Oak", part="Teacher")
    again = people_service.add_other(session, iro, person.id or 0, name="ms  oak", part="Tutor")
    assert again.id == row.id
    assert moments_for(session, row) == {"before_review"}
    people_service.keep_contacts(session, person.id or 0, [], as_at=TODAY)
    assert moments_for(session, row) == {"before_review"}
    people_service.end_other(session, iro, row.id or 0)
    assert moments_for(session, row) == set()
    carer = make_contact(session, person, "carer")
    with pytest.raises(LookupError):
        people_service.end_other(session, iro, carer.id or 0)


def picked(page: str) -> set[str]:
    return set(re.findall(r'name="topics" value="([^"]+)" checked', page))


@pytest.mark.parametrize("begun", [3, 40, 200])
def test_a_form_before_a_review_has_the_home_picked_when_a_move_is_due(
    client: TestClient, app_session: Session, begun: int
) -> None:
    person = make_person(app_session)
    stay(app_session, person, begun=begun)
    app_session.add(Review(person_id=person.id or 0, due_on=TODAY + timedelta(days=8)))
    app_session.flush()
    service.open_rounds(app_session)
    enter(client, app_session, own(app_session, person))
    (address,) = re.findall(r'href="(/me/forms/\d+)"', client.get("/me/home").text)
    client.post(f"{address}/together", data={"beside": "alone"})
    topics = picked(client.get(address).text)
    assert ("home" in topics) is (begun < 85)


def test_anything_can_be_told_again_and_again_and_each_waits_to_be_read(
    client: TestClient, app_session: Session
) -> None:
    iro = make_staff(app_session, Role.IRO)
    person = make_person(app_session, iro_id=iro.staff_id)
    enter(client, app_session, own(app_session, person))
    assert "/me/anything" in client.get("/me/home").text
    for number in range(2):
        address = client.get("/me/anything").headers["location"]
        if number == 0:
            reply = client.post(f"{address}/together", data={"beside": "alone"})
        else:
            assert "Say something new" in client.get(address).text
            reply = client.post(address)
        first = reply.headers["location"]
        topic = first.rsplit("/", 1)[0]
        page = client.get(f"{topic}/2").text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        (box,) = re.findall(r'<textarea[^>]* name="([^"]+)"', page)[:1]
        kept = client.post(f"{topic}/2", data=fields | {box: f"News {number}"})
        assert kept.status_code == 303
        sent = client.post(f"{topic}/end", data={"action": "send"})
        assert "/meeting" not in sent.headers["location"]
        assert "in your meeting" not in client.get(sent.headers["location"]).text
    lines = safeguarding.reading_list(app_session, iro)
    assert len(lines) == 2
    assert all(line.due_at > clock.now() for line in lines)
