"""A record on its way to the case system: one button, the same words, and a receipt each time."""

import hashlib
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.asks import service as asks
from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.audit import AuditEvent
from backend.exports import queries, service
from backend.exports.clearance import Place
from backend.exports.models import RecordReceipt
from backend.exports.service import TakenOut
from backend.surveys import service as surveys
from backend.surveys.models import Response
from tests.exports.writing import text_of, words
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import Around, enter, make_case, stored

pytestmark = pytest.mark.usefixtures("noon")


def take(session: Session, case: Around, how: str = "copied") -> TakenOut:
    taken = service.take_out(session, case.iro, case.review.id or 0, place=Place.RECORD, how=how)
    assert taken is not None
    return taken


def test_a_record_has_code_talk_dates_words_and_asks_with_answers(session: Session) -> None:
    case = make_case(session)
    case.review.held_on, case.review.participation_code = clock.today(), "PN6"
    case.review.private_talk = "refused"
    words(session, case, "I want to see nan\nevery week", is_ticked=True)
    words(session, case, "I hate the bus")
    ask = asks.make_ask(session, case.identity(), kind="see_iro").id or 0
    waiting = asks.make_ask(session, case.identity(), kind="see_worker").id or 0
    asks.answer_ask(session, case.iro, ask, words="I come on Monday", outcome="yes")
    assert waiting
    record = take(session, case).record
    for said in (
        f"Heard: {case.person.known_as} ({case.person.child_id})",
        "Held: 23 Nov 2026",
        "Participation code: PN6 Child does not attend but conveys",
        "Talk in private: refused",
        "WHAT MAY BE SAID IN THE MEETING",
        "    I want to see nan\n    every week\n(Given on their own, 23 Nov 2026)",
        "FOR THE FILE, NOT FOR THE MEETING\nNot ticked for the meeting: leave it out",
        "    I hate the bus",
        "    I come on Monday",
        "Did it happen: they have not said",
        "No answer has reached them yet.",
    ):
        assert said in record.text, said
    assert record.text.index("nan") < record.text.index("bus")


def test_an_answer_that_the_child_has_not_seen_is_not_in_the_record(session: Session) -> None:
    case = make_case(session)
    ask = asks.make_ask(session, case.identity(), kind="see_worker").id or 0
    asks.answer_ask(session, case.worker, ask, words="zqnotseen", outcome="partly")
    assert "zqnotseen" not in take(session, case).record.text
    asks.release(session, case.iro, ask, added="zqadded")
    text = take(session, case).record.text
    assert "zqnotseen" in text
    assert "zqadded" in text


def test_a_receipt_holds_ids_and_hashes_and_no_words(session: Session) -> None:
    case = make_case(session)
    topic = words(session, case, "zqsecret", is_ticked=True)
    taken = take(session, case)
    row = taken.receipt
    assert row.text_sha256 == hashlib.sha256(taken.record.text.encode()).hexdigest()
    assert row.pdf_sha256 == hashlib.sha256(taken.pdf).hexdigest()
    assert row.topic_row_ids == [topic.id]
    assert len(row.answer_ids) == 1
    assert (row.made_by, row.review_id) == (case.iro.staff_id, case.review.id)
    assert "zqsecret" not in repr(row)
    assert "zqsecret" in text_of(taken.pdf)


def test_the_same_words_taken_out_again_have_one_receipt_and_the_same_bytes(
    session: Session,
) -> None:
    case = make_case(session)
    words(session, case, "hello")
    first = take(session, case)
    with clock.set_to(clock.now() + timedelta(hours=3)):
        again = take(session, case, "pdf")
    assert again.receipt.id == first.receipt.id
    assert again.pdf == first.pdf
    events = session.exec(select(AuditEvent).where(AuditEvent.event == "record.taken_out")).all()
    assert [one.details["how"] for one in events] == ["copied", "pdf"]
    words(session, case, "and one more thing")
    assert take(session, case).receipt.id != first.receipt.id


def sign_in_lead(client: TestClient, session: Session) -> tuple[Around, str]:
    case = make_case(session)
    words(session, case, "zqfirst", is_ticked=True)
    sign_in(client, session, case.iro)
    return case, f"/staff/reviews/{case.review.id}/record"


def test_without_a_script_the_button_opens_the_text_to_copy_with_both_files(
    client: TestClient, app_session: Session
) -> None:
    _, address = sign_in_lead(client, app_session)
    before = client.get(address)
    assert "zqfirst" not in before.text
    assert "Not in the case system yet." in before.text
    assert stored(app_session, RecordReceipt) == []
    page = client.post(address, data={"place": "record"})
    assert page.status_code == 200
    assert "zqfirst" in page.text
    assert "readonly" in page.text
    assert f"{address}.txt?place=record" in page.text
    assert f"{address}.pdf?place=record" in page.text
    assert len(stored(app_session, RecordReceipt)) == 1


def test_a_script_gets_the_text_alone_and_leaves_the_same_receipt(
    client: TestClient, app_session: Session
) -> None:
    _, address = sign_in_lead(client, app_session)
    answer = client.post(address, data={"place": "record"}, headers={"Accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    (receipt,) = stored(app_session, RecordReceipt)
    assert hashlib.sha256(answer.content).hexdigest() == receipt.text_sha256
    file = client.get(f"{address}.txt")
    assert file.content == answer.content
    assert file.headers["content-disposition"].startswith("attachment")
    pdf = client.get(f"{address}.pdf")
    assert hashlib.sha256(pdf.content).hexdigest() == receipt.pdf_sha256
    assert len(stored(app_session, RecordReceipt)) == 1


def test_the_page_says_since_when_it_is_in_the_case_system_and_when_to_copy_again(
    client: TestClient, app_session: Session
) -> None:
    case, address = sign_in_lead(client, app_session)
    client.post(address, data={"place": "record"})
    (receipt,) = stored(app_session, RecordReceipt)
    refused = client.post(f"{address}/{receipt.id}", data={"reference": " "})
    assert refused.status_code == 422
    assert "Enter the case system’s reference" in refused.text
    said = {"reference": "DOC-77", "given_to": "Business support"}
    assert client.post(f"{address}/{receipt.id}", data=said).status_code == 303
    page = client.get(address).text
    assert "In the case system since 23 Nov 2026, DOC-77. Nothing has changed since." in page
    assert "given to Business support" in page
    topic = words(app_session, case, "zqsecond", is_ticked=True)
    app_session.commit()
    assert "copy it again" in client.get(address).text
    surveys.take_back_topic(app_session, topic.id or 0)
    app_session.commit()
    assert "copy it again" not in client.get(address).text
    assert client.post(f"{address}/999", data=said).status_code == 404


def test_the_page_says_what_stays_and_why_and_never_the_words(
    client: TestClient, app_session: Session
) -> None:
    case, address = sign_in_lead(client, app_session)
    words(app_session, case, "zqonly", reach=Reach.ONLY_IRO)
    words(app_session, case, "zqhidden", hidden_from=[case.worker.staff_id])
    app_session.commit()
    page = client.get(address).text
    assert "1 answer: for you alone" in page
    assert "1 answer: kept from somebody" in page
    assert "zqonly" not in page
    assert "zqhidden" not in page


def test_another_reviews_receipt_is_not_this_ones(client: TestClient, app_session: Session) -> None:
    other = make_case(app_session)
    words(app_session, other, "theirs")
    receipt = take(app_session, other).receipt
    app_session.commit()
    _, address = sign_in_lead(client, app_session)
    answer = client.post(f"{address}/{receipt.id}", data={"reference": "DOC-1"})
    assert answer.status_code == 404
    app_session.refresh(receipt)
    assert receipt.placed_on is None


def test_two_people_name_and_confirm_the_place_for_only_my_iro_on_its_page(
    client: TestClient, app_session: Session
) -> None:
    one, two = make_staff(app_session, Role.ADMINISTRATOR), make_staff(app_session, Role.MANAGER)
    sign_in(client, app_session, one)
    page = "/staff/restricted-place"
    assert client.post(page, data={"name": ""}).status_code == 422
    assert client.post(page, data={"name": "IRO folder"}).status_code == 303
    own = client.get(page).text
    assert "Waits for a second person" in own
    assert "Yes, I looked" not in own
    place = queries.restricted_place(app_session)
    assert place is not None
    app_session.commit()
    decide = f"{page}/{place.id}"
    assert client.post(decide, data={"decision": "yes"}).status_code == 404
    client.cookies.clear()
    sign_in(client, app_session, two)
    assert "Yes, I looked" in client.get(page).text
    assert client.post(decide, data={"decision": "yes"}).status_code == 303
    assert "Confirmed" in client.get(page).text
    assert client.post(decide, data={"decision": "end"}).status_code == 303
    assert client.post(decide, data={"decision": "end"}).status_code == 404
    assert "What the case system calls the place" in client.get(page).text


def test_a_topic_is_in_the_file_since_the_day_on_which_it_was_said_to_stand_there(
    session: Session,
) -> None:
    case = make_case(session)
    topic = words(session, case, "hello")
    receipt = take(session, case).receipt
    assert queries.filed_on(session, case.person_id, topic.id or 0) == {}
    service.note_placed(
        session, case.iro, case.review.id or 0, receipt.id or 0, reference="D1", given_to=""
    )
    filed = queries.filed_on(session, case.person_id, topic.id or 0)
    assert filed == {"record": clock.today()}
    assert queries.filed_on(session, case.person_id, (topic.id or 0) + 1) == {}
    assert queries.filed_on(session, case.person_id + 1, topic.id or 0) == {}


def test_the_child_sees_on_what_they_sent_that_it_went_to_their_file(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = words(app_session, case, "hello", is_ticked=True)
    receipt = take(app_session, case).receipt
    row = app_session.get_one(Response, topic.response_id)
    page = f"/me/forms/{row.consultation_id}/{topic.id}"
    enter(client, app_session, case)
    assert "in your file since" not in client.get(page).text
    service.note_placed(
        app_session, case.iro, case.review.id or 0, receipt.id or 0, reference="D1", given_to=""
    )
    app_session.commit()
    assert "This is in your file since Monday 23 November." in client.get(page).text


def test_a_pathway_plans_record_says_nothing_of_a_participation_code(session: Session) -> None:
    case = make_case(session, is_leaver=True)
    case.review.kind = "pathway"
    found = queries.record_of(session, case.adviser, case.review.id or 0, Place.RECORD)
    assert found is not None
    assert "Pathway-plan review: due" in found.text
    assert "Participation" not in found.text
