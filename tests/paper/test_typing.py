"""A sheet comes back: typed in by the keyboard, it is the same record as from a screen."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.paper.models import PaperSheet
from backend.surveys import queries as surveys
from backend.surveys.queries import SentTopic
from tests.factories import make_contact, make_person, make_staff, sign_in
from tests.paper.papers import number_of, print_sheet, sheet_page
from tests.surveys.rounds import Round, open_round

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def round_(app_session: Session) -> Round:
    return open_round(app_session, date_of_birth=date(2016, 3, 9))


def sent(session: Session, round_: Round) -> list[SentTopic]:
    session.expire_all()
    topics = surveys.sent_topics(session, person_ids=[round_.person.id or 0])
    session.commit()
    return topics


def test_a_sheet_is_found_by_its_code_however_it_is_typed(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    code = app_session.get_one(PaperSheet, sheet_id).code
    sign_in(client, app_session, round_.worker)
    for typed in (code, code.lower(), code.replace("-", " ")):
        answer = client.get("/staff/paper", params={"code": typed})
        assert answer.headers["location"] == f"/staff/paper/{sheet_id}"


def test_what_is_typed_is_checked_and_sent_as_it_was_ticked(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    page = sheet_page(app_session, round_.iro, sheet_id)
    wanted, safe = number_of(page, ".wanted.words"), number_of(page, ".home.safe")
    people, room = number_of(page, ".meeting.people"), number_of(page, ".home.room")
    posted = {
        f"q{wanted}": "Why cant I see mum",
        f"q{wanted}-how": "m",
        f"q{safe}": "2",
        f"q{safe}-how": "o",
        f"q{room}": "4",
        f"q{room}-how": "h worker, Auntie Bea",
        f"q{people}": "b a",
        f"q{people}-others": "Mr Osei",
        "beside": "b",
        "helper": "Jo",
        "written_on": "20 11 2026",
    }
    sign_in(client, app_session, round_.iro)
    checked = client.post(f"/staff/paper/{sheet_id}", data=posted)
    assert checked.status_code == 200
    assert "Why cant I see mum" in checked.text
    assert sent(app_session, round_) == []
    answer = client.post(f"/staff/paper/{sheet_id}", data=posted | {"action": "send"})
    assert answer.headers["location"] == f"/staff/paper/{sheet_id}/sent"
    assert client.get(answer.headers["location"]).status_code == 200
    topics = sent(app_session, round_)
    by_id = {one.question_id.split(".", 1)[1]: one for t in topics for one in t.answers}
    assert by_id["wanted.words"].value == "Why cant I see mum"
    assert by_id["wanted.words"].may_be_said
    assert by_id["home.safe"].value == "sad"
    assert by_id["home.safe"].reach == "only_iro"
    assert by_id["home.room"].hidden_from == {round_.worker.staff_id}
    assert by_id["home.room"].hidden_from_words == "Auntie Bea"
    assert not by_id["home.room"].may_be_said
    assert "Mr Osei" in by_id["meeting.people"].display
    assert {t.how_given for t in topics} == {"on_paper"}
    assert {t.helped_by for t in topics} == {"their worker: Jo"}
    assert {t.written_on for t in topics} == {date(2026, 11, 20)}
    typed = app_session.exec(select(AuditEvent).where(AuditEvent.event == "paper.typed")).one()
    assert typed.actor == round_.iro.actor
    assert sorted(typed.details["topic_row_ids"]) == sorted(t.topic_row_id for t in topics)
    assert "mum" not in str(typed.details)


@pytest.mark.parametrize(
    ("ending", "typed", "says"),
    [
        (".home.safe", "6", "Type only what is printed"),
        (".home.safe", "x", "Type only what is printed"),
        (".worker.often", "ab", "Only one answer"),
        (".meeting.people", "z", "Type only what is printed"),
    ],
)
def test_a_slip_of_the_hand_is_told_and_nothing_is_lost(
    client: TestClient,
    app_session: Session,
    round_: Round,
    ending: str,
    typed: str,
    says: str,
) -> None:
    sheet_id = print_sheet(app_session, round_)
    number = number_of(sheet_page(app_session, round_.worker, sheet_id), ending)
    sign_in(client, app_session, round_.worker)
    posted = {f"q{number}": typed, "q1": "Keep these words", "action": "send"}
    answer = client.post(f"/staff/paper/{sheet_id}", data=posted)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Keep these words" in answer.text
    assert sent(app_session, round_) == []


@pytest.mark.parametrize("how", ["x", "Mum", "h", "hMum", "m Mum"])
def test_a_mark_that_no_small_box_has_is_asked_again(
    client: TestClient, app_session: Session, round_: Round, how: str
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "Words", "q1-how": how, "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 422
    assert sent(app_session, round_) == []


@pytest.mark.parametrize("day", ["31 2 2026", "tomorrow", "24 11 2026", "1 1 99999"])
def test_a_day_that_cannot_be_on_a_sheet_is_asked_again(
    client: TestClient, app_session: Session, round_: Round, day: str
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "Words", "written_on": day, "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 422


def test_an_empty_sheet_is_not_sent(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    answer = client.post(f"/staff/paper/{sheet_id}", data={"action": "send"})
    assert answer.status_code == 422
    app_session.expire_all()
    assert app_session.get_one(PaperSheet, sheet_id).typed_at is None


def test_a_sheet_typed_twice_is_asked_about_and_replaces_nothing(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "First", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303
    again = client.post(f"/staff/paper/{sheet_id}", data=posted)
    assert again.status_code == 422
    assert "typed in on" in again.text
    assert len(sent(app_session, round_)) == 1
    left = {"again-sheet": "leave", "again-most_wanted": "leave"}
    client.post(f"/staff/paper/{sheet_id}", data=posted | left)
    assert len(sent(app_session, round_)) == 1
    added = {"again-sheet": "again", "again-most_wanted": "again", "q1": "Second"}
    client.post(f"/staff/paper/{sheet_id}", data=posted | added)
    said = [one.value for topic in sent(app_session, round_) for one in topic.answers]
    assert said == ["First", "Second"]


def test_what_was_sent_on_a_screen_is_seen_before_paper_is_added_beside_it(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    from tests.surveys.rounds import alone, choose, enter

    enter(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    topic = first.rsplit("/", 1)[0]
    client.post(first, data={"asked": "r8.wanted.words", "most_wanted_0": "On screen"})
    assert client.post(f"{topic}/end", data={"action": "send"}).status_code == 303
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.iro)
    assert "on a screen" in client.get(f"/staff/paper/{sheet_id}").text
    posted = {"q1": "On paper", "action": "send"}
    asked = client.post(f"/staff/paper/{sheet_id}", data=posted)
    assert asked.status_code == 422
    assert "was sent on a screen" in asked.text
    client.post(f"/staff/paper/{sheet_id}", data=posted | {"again-most_wanted": "again"})
    said = [one.value for t in sent(app_session, round_) for one in t.answers]
    assert said == ["On screen", "On paper"]


def test_what_somebody_from_home_was_beside_and_was_left_out_waits_for_a_private_visit(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    sign_in(client, app_session, round_.worker)
    posted = {"q1": "Words", "beside": "d", "action": "send"}
    assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303
    app_session.expire_all()
    waits = surveys.held_back_for(app_session, [round_.person.id or 0])
    assert any("safe" in text.lower() for one in waits for text in one.questions)


def test_numbers_stay_those_of_the_paper_when_only_some_topics_were_printed(
    app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_, topics=["school"])
    page = sheet_page(app_session, round_.iro, sheet_id)
    topics = [topic.id for topic in page.sheet.topics]
    assert "school" in topics
    assert "home" not in topics
    numbers = [one.number for one in page.sheet.questions.values()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_same_sheet_has_the_same_code_until_it_comes_back(
    app_session: Session, round_: Round
) -> None:
    first = print_sheet(app_session, round_)
    assert print_sheet(app_session, round_) == first
    app_session.get_one(PaperSheet, first).typed_at = clock.now()
    assert print_sheet(app_session, round_) != first


def test_a_carers_sheet_has_no_small_boxes_and_is_an_adults_form(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    from backend.surveys.consultations import open_home_round
    from tests.surveys.rounds import make_home

    home = make_home(app_session, round_.person)
    carer = make_contact(app_session, round_.person, "carer")
    about = open_home_round(app_session, round_.person.id or 0, home.id or 0)
    sheet_id = print_sheet(app_session, round_, contributor_id=carer.id, consultation_id=about.id)
    sign_in(client, app_session, round_.worker)
    page = client.get(f"/staff/paper/{sheet_id}")
    assert "-how" not in page.text
    assert (
        client.post(f"/staff/paper/{sheet_id}", data={"q1": "a", "action": "send"}).status_code
        == 303
    )
    (topic,) = sent(app_session, round_)
    assert {one.reach for one in topic.answers} == {"adult_form"}


def test_a_late_sheet_can_be_typed_in_after_its_round_closed(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sheet_id = print_sheet(app_session, round_)
    with clock.set_to(clock.now() + timedelta(days=30)):
        sign_in(client, app_session, round_.worker)
        posted = {"q1": "Late, but mine", "action": "send"}
        assert client.post(f"/staff/paper/{sheet_id}", data=posted).status_code == 303
    assert len(sent(app_session, round_)) == 1


def test_nobody_prints_a_form_that_is_not_open_for_them(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    other = make_person(app_session, iro_id=round_.iro.staff_id)
    sign_in(client, app_session, round_.iro)
    posted = {
        "contributor_id": round_.contributor.id,
        "consultation_id": round_.cid,
        "language": "en",
    }
    assert client.post(f"/staff/people/{other.id}/paper", data=posted).status_code == 404
    unknown = posted | {"language": "tlh"}
    assert client.post(f"/staff/people/{round_.person.id}/paper", data=unknown).status_code == 404


def test_the_participation_officer_finds_everybody_and_others_only_their_own(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    stranger = make_staff(app_session, Role.SOCIAL_WORKER)
    name = round_.person.known_as
    sign_in(client, app_session, officer)
    assert name in client.get("/staff/paper", params={"named": name.lower()}).text
    assert client.get(f"/staff/people/{round_.person.id}/paper").status_code == 200
    client.cookies.clear()
    sign_in(client, app_session, stranger)
    assert name not in client.get("/staff/paper").text
