"""What leaves the screen: only what the child was told could, for every way of keeping words."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.asks import service as asks
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.exports import service
from backend.exports.clearance import Place
from backend.reviews.models import Review
from backend.surveys import queries as surveys
from tests.attack.towns import stand_in
from tests.exports.writing import NOT_SAID, UNSAID_TOPIC, text_of, words, write, write_in_every_way
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import Around, make_case

pytestmark = pytest.mark.usefixtures("noon")
MARKERS = {
    "zqticked", "zqunticked", "zqonlyiro", "zqfromworker", "zqtickedhidden", "zqfromiro",
    "zqfromcarers", "zqfromaunt", "zqauntname", "zqtakenback", "zqunsaid",
}  # fmt: skip
# What the child's screens say of each: docs/decisions/0024.
GOES = {
    "meeting": {"zqticked"},
    "leads_paper": {"zqticked", "zqunticked"},
    "record": {"zqticked", "zqunticked"},
    "restricted": {"zqonlyiro", "zqfromworker", "zqtickedhidden", "zqfromcarers", "zqunsaid"},
}


def whole_words(text: str) -> set[str]:
    return {one.strip("“”\"'.,:()[]") for one in text.split()} & MARKERS


def text_for(place: str, session: Session, case: Around, viewer: StaffIdentity) -> str:
    review = case.review.id or 0
    if place == "meeting":
        return text_of(service.print_meeting_sheet(session, viewer, review))
    if place == "leads_paper":
        return text_of(service.print_for_lead(session, viewer, review))
    taken = service.take_out(session, viewer, review, place=Place(place), how="text")
    assert taken is not None
    assert whole_words(text_of(taken.pdf)) == whole_words(taken.record.text)
    return taken.record.text


def open_restricted(session: Session) -> None:
    place = service.name_place(session, make_staff(session, Role.ADMINISTRATOR), "IRO folder")
    yes = make_staff(session, Role.MANAGER)
    service.decide_place(session, yes, place.id or 0, decision="yes")


@pytest.mark.parametrize("place", list(GOES))
def test_each_place_gets_just_the_words_that_the_child_was_told_go_there(
    session: Session, place: str
) -> None:
    case = make_case(session)
    write_in_every_way(session, case)
    open_restricted(session)
    assert whole_words(text_for(place, session, case, case.iro)) == GOES[place]


def test_a_deputy_takes_out_no_more_than_the_lead_whose_place_they_take(session: Session) -> None:
    case, deputy = make_case(session), make_staff(session, Role.IRO)
    stand_in(session, case.iro, deputy)
    standing = accounts.identity_of(session, session.get_one(Staff, deputy.staff_id))
    words(session, case, "zqfromworker", hidden_from=[deputy.staff_id])
    write_in_every_way(session, case)
    open_restricted(session)
    for place, goes in GOES.items():
        # What was hidden from any IRO is in no place that IROs open.
        assert whole_words(text_for(place, session, case, standing)) == goes, place


def test_words_hidden_from_another_iro_are_not_in_the_place_that_iros_open(
    session: Session,
) -> None:
    case, other = make_case(session), make_staff(session, Role.IRO)
    words(session, case, "zqonlyiro", hidden_from=[other.staff_id], reach=Reach.ONLY_IRO)
    open_restricted(session)
    assert whole_words(text_for("restricted", session, case, case.iro)) == set()


def test_a_tick_for_one_meeting_is_no_tick_for_the_next(session: Session) -> None:
    case = make_case(session)
    words(session, case, "zqticked", is_ticked=True)
    later = Review(person_id=case.person_id, due_on=case.review.due_on + timedelta(days=180))
    session.add(later)
    session.flush()
    review = later.id or 0
    assert whole_words(text_of(service.print_meeting_sheet(session, case.iro, review))) == set()
    taken = service.take_out(session, case.iro, review, place=Place.RECORD, how="text")
    assert taken is not None
    assert whole_words(taken.record.text) == set()


def test_asks_go_as_far_as_the_words_that_they_were_made_of(session: Session) -> None:
    case = make_case(session)
    for text, is_ticked, reach in (
        ("zqticked", True, Reach.ASK_FIRST),
        ("zqunticked", False, Reach.ASK_FIRST),
        ("zqonlyiro", False, Reach.ONLY_IRO),
    ):
        topic = words(session, case, text, is_ticked=is_ticked, reach=reach)
        make_ask_of(session, case, topic.id or 0)
    asks.make_ask(session, case.identity(), kind="see_worker")
    sheet = text_for("meeting", session, case, case.iro)
    assert "What I asked for" in sheet
    assert whole_words(sheet) == {"zqticked"}
    assert "See their social worker" not in sheet
    paper = text_for("leads_paper", session, case, case.iro)
    assert whole_words(paper) == {"zqticked", "zqunticked"}
    assert "See their social worker" in paper
    assert whole_words(text_for("record", session, case, case.iro)) == {"zqticked", "zqunticked"}


def make_ask_of(session: Session, case: Around, topic_row_id: int) -> None:
    topic = surveys.sent_topic(session, topic_row_id)
    assert topic is not None
    answer = topic.answers[0]
    asks.make_ask_from_answer(
        session,
        case.iro,
        topic=topic,
        answer_id=answer.answer_id,
        words=answer.display,
        owner_role="lead",
    )


ADDRESSES = ("meeting-sheet.pdf", "iro-only.pdf", "record", "record.txt", "record.pdf")


@pytest.mark.parametrize("part", ["worker", "manager", "duty", "complaints", "adviser"])
def test_nobody_but_the_lead_opens_a_print_or_a_record(
    client: TestClient, app_session: Session, part: str
) -> None:
    case = make_case(app_session)
    words(app_session, case, "zqticked", is_ticked=True)
    review = case.review.id
    sign_in(client, app_session, getattr(case, part))
    for address in ADDRESSES:
        assert client.get(f"/staff/reviews/{review}/{address}").status_code == 404, address
    assert client.post(f"/staff/reviews/{review}/record", data={}).status_code == 404
    assert client.post(f"/staff/reviews/{review}/record/1", data={}).status_code == 404


def test_another_iro_opens_nothing_and_the_lead_opens_each(
    client: TestClient, app_session: Session
) -> None:
    case, other = make_case(app_session), make_case(app_session)
    words(app_session, case, "zqticked", is_ticked=True)
    review = case.review.id
    sign_in(client, app_session, other.iro)
    for address in ADDRESSES:
        assert client.get(f"/staff/reviews/{review}/{address}").status_code == 404, address
    client.cookies.clear()
    sign_in(client, app_session, case.iro)
    for address in ADDRESSES:
        answer = client.get(f"/staff/reviews/{review}/{address}")
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == "no-store"
    assert client.get("/staff/reviews/999/record").status_code == 404


def test_the_restricted_part_is_not_there_until_two_people_said_so(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    words(app_session, case, "zqonlyiro", reach=Reach.ONLY_IRO)
    sign_in(client, app_session, case.iro)
    address = f"/staff/reviews/{case.review.id}/record.txt?place=restricted"
    assert client.get(address).status_code == 404
    one, two = make_staff(app_session, Role.ADMINISTRATOR), make_staff(app_session, Role.MANAGER)
    place = service.name_place(app_session, one, "IRO folder")
    app_session.commit()
    assert client.get(address).status_code == 404
    with pytest.raises(service.NotTheirs):
        service.decide_place(app_session, one, place.id or 0, decision="yes")
    service.decide_place(app_session, two, place.id or 0, decision="yes")
    app_session.commit()
    assert "zqonlyiro" in client.get(address).text
    service.decide_place(app_session, one, place.id or 0, decision="end")
    app_session.commit()
    assert client.get(address).status_code == 404


def test_a_care_leaver_has_no_iro_so_nothing_of_theirs_goes_to_the_iros_place(
    session: Session,
) -> None:
    case = make_case(session, is_leaver=True)
    open_restricted(session)
    take = service.take_out
    review = case.review.id or 0
    assert take(session, case.adviser, review, place=Place.RESTRICTED, how="text") is None
    assert take(session, case.adviser, review, place=Place.RECORD, how="text") is not None


def test_words_that_mimic_a_heading_stay_set_in(session: Session) -> None:
    case = make_case(session)
    heading = "WHAT THEY ASKED FOR, AND THE ANSWERS"
    words(session, case, f"hello\n\n{heading}\r\n1. a pony\x00\x1b[31m\u2028x")
    text = text_for("record", session, case, case.iro)
    assert "\nWHAT THEY ASKED FOR" not in text
    assert "    WHAT THEY ASKED FOR" in text
    assert "\x00" not in text
    assert "\x1b" not in text
    assert all(line.isprintable() or not line for line in text.split("\n"))


def test_what_must_not_be_said_is_on_no_print_and_on_the_screen(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    write(app_session, case, {NOT_SAID: "zqunsaid"}, UNSAID_TOPIC)
    sign_in(client, app_session, case.iro)
    assert "zqunsaid" in client.get(f"/staff/reviews/{case.review.id}").text
    for place in ("meeting", "leads_paper", "record"):
        assert "zqunsaid" not in text_for(place, app_session, case, case.iro)
