"""After a review: one letter, a look half-way, what digests pull, and the headline figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import letters, midpoints, own, queries, service
from backend.core import clock
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.paper.answer_letters import print_letter
from backend.reviews.models import Review
from tests.asks.test_asks_and_words import ask_of
from tests.factories import sign_in
from tests.safeguarding.cases import Around, enter, make_case, send, send_each, stored

pytestmark = pytest.mark.usefixtures("noon")
ANSWER = "Yes. You can have a dog 😊"
ARABIC = "نعم. يمكنك أن تربي كلبًا."
OPENING = "We met on Tuesday. This is what came of it."


def asked_and_answered(session: Session, case: Around, **answer: object) -> int:
    ask_id = ask_of(session, case, send(session, case, "I want a dog. 🐕")).id or 0
    given = {"words": ANSWER, "outcome": "yes"} | answer
    service.answer_ask(session, case.worker, ask_id, **given)  # type: ignore[arg-type]
    service.release(session, case.iro, ask_id, added="I will look.")
    return ask_id


def hold_review(session: Session, case: Around) -> None:
    case.review.held_on = clock.today()
    session.add(Review(person_id=case.person_id, due_on=clock.today() + timedelta(days=180)))
    session.flush()


@contextmanager
def in_days(noon: datetime, days: int) -> Iterator[None]:
    with clock.set_to(noon + timedelta(days=days)):
        yield


def test_the_letter_is_the_answers_and_opens_with_the_leads_line(session: Session) -> None:
    case = make_case(session)
    asked_and_answered(session, case)
    review_id = case.review.id or 0
    assert [one.review_id for one in queries.letters_to_write(session, case.iro)] == [review_id]
    assert own.own_lines(session, case.identity())
    assert letters.own_letter(session, case.identity(), review_id) is None
    for writer in (case.worker, case.manager):
        with pytest.raises(Denied):
            letters.write_letter(session, writer, review_id, opening=OPENING)
    for opening in (" ", "word " * 200):
        with pytest.raises(service.AskRefused):
            letters.write_letter(session, case.iro, review_id, opening=opening)
    letters.write_letter(session, case.iro, review_id, opening=OPENING)
    letter = letters.own_letter(session, case.identity(), review_id)
    assert letter is not None
    assert (letter.opening, letter.written_by) == (OPENING, case.iro.name)
    assert [(one.answer, one.answered_by) for one in letter.asks] == [(ANSWER, case.worker.name)]
    assert letter.clarity.age <= 9
    assert queries.letters_to_write(session, case.iro) == []
    assert letters.own_letters(session, case.identity(is_known=False)) == []
    stranger = make_case(session)
    assert letters.own_letter(session, stranger.identity(), review_id) is None
    assert queries.letter_of(session, stranger.iro, review_id) is None


def test_no_letter_holds_what_was_for_few(session: Session) -> None:
    case = make_case(session)
    row = send_each(
        session,
        case,
        ("Not my worker", Reach.ASK_FIRST, (case.worker,)),
    )
    ask = ask_of(session, case, row, words="Not my worker", owner_role="lead")
    service.answer_ask(session, case.iro, ask.id or 0, words="I will.", outcome="yes")
    review_id = case.review.id or 0
    letters.write_letter(session, case.iro, review_id, opening=OPENING)
    for letter in (
        letters.own_letter(session, case.identity(), review_id),
        queries.letter_of(session, case.iro, review_id),
    ):
        assert letter is not None
        assert [one.words for one in letter.asks] == [None]


@pytest.mark.parametrize("is_large", [False, True])
def test_the_letter_prints_as_tagged_pdf_in_both_sizes_and_both_directions(
    session: Session, *, is_large: bool
) -> None:
    case = make_case(session)
    ask_id = asked_and_answered(session, case, promised_on=date(2026, 12, 1), doer="Jo")
    letters.write_letter(session, case.iro, case.review.id or 0, opening=OPENING)
    letter = letters.own_letter(session, case.identity(), case.review.id or 0)
    assert letter is not None
    assert ask_id
    for speaks in ("en", "ar"):
        words = {"speaks": speaks, "asks": tuple(letter.asks)}
        pdf = print_letter(type(letter)(**{**letter.__dict__, **words}), is_large=is_large)
        assert pdf[:5] == b"%PDF-"
        assert b"pdfuaid" in pdf


def test_half_way_is_half_way_and_three_months_where_no_review_is_known() -> None:
    held = date(2026, 1, 1)
    assert midpoints.midpoint_on(held, date(2026, 7, 1)) == date(2026, 4, 1)
    assert midpoints.midpoint_on(held, None) == date(2026, 4, 2)
    assert midpoints.midpoint_on(held, date(2025, 7, 1)) == date(2026, 4, 2)


def test_half_way_the_lead_meets_what_did_not_happen_and_only_then(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    late = asked_and_answered(session, case, promised_on=clock.today() + timedelta(days=9))
    done = service.make_ask(session, case.identity(), kind="see_iro").id or 0
    service.answer_ask(session, case.iro, done, words="I came.", outcome="yes")
    service.say_whether_it_happened(session, case.identity(), done, happened="yes")
    service.make_ask(session, case.identity(), kind="complaint")
    hold_review(session, case)
    with in_days(noon, 70):
        assert queries.midpoints_due(session, case.iro) == []
    with in_days(noon, 85):
        (found,) = queries.midpoints_due(session, case.iro)
        assert queries.midpoints_due(session, case.worker) == []
        assert [(one.line.ask_id, one.reason) for one in found.lines] == [
            (late, "The promised day has passed")
        ]
        review_id = found.review_id
        with pytest.raises(service.AskRefused):
            midpoints.finish_check(session, case.iro, review_id)
        with pytest.raises(service.AskRefused):
            midpoints.mark_ask(session, case.iro, review_id, ask_id=late, mark="maybe")
        with pytest.raises(Denied):
            midpoints.mark_ask(session, case.iro, review_id, ask_id=done, mark="done")
        with pytest.raises(Denied):
            midpoints.mark_ask(session, case.worker, review_id, ask_id=late, mark="done")
        before = clock.now()
        midpoints.mark_ask(session, case.iro, review_id, ask_id=late, mark="chased")
        assert queries.chased(session, case.worker.staff_id, before) == [late]
        assert queries.chased(session, case.iro.staff_id, before) == []
        (told,) = queries.chased_lately(session, case.worker.staff_id)
        assert (told.ask_id, told.is_mine) == (late, True)
        midpoints.finish_check(session, case.iro, review_id)
        assert queries.midpoints_due(session, case.iro) == []


def test_digests_pull_what_is_due_late_waiting_and_answered(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask_id = service.make_ask(session, case.identity(), kind="see_worker").id or 0
    (soon,) = queries.due_soon(session, case.worker.staff_id)
    assert (soon.ask_id, soon.waits_for_contact) == (ask_id, True)
    assert soon.initial == case.person.known_as[0]
    assert queries.due_soon(session, case.iro.staff_id) == []
    with in_days(noon, 2):
        for viewer in (case.worker, case.manager, case.iro):
            assert [one.ask_id for one in queries.overdue(session, viewer.staff_id)] == [ask_id]
        assert queries.overdue(session, case.duty.staff_id) == []
    service.answer_ask(session, case.worker, ask_id, words="I come.", outcome="yes")
    assert [one.ask_id for one in queries.waiting_for_lead(session, case.iro.staff_id)] == [ask_id]
    assert queries.to_tell(session) == []
    service.release(session, case.iro, ask_id)
    (told,) = queries.to_tell(session)
    assert told.key == f"answer:{case.contributor.id}:2026-11-23"
    assert [one.ask_id for one in queries.newly_answered(session, noon)] == [ask_id]
    with in_days(noon, 8):
        assert queries.to_tell(session) == []


def test_the_child_is_asked_after_the_promised_day_or_two_weeks(
    session: Session, noon: datetime
) -> None:
    case, other = make_case(session), make_case(session)
    asked_and_answered(session, case, promised_on=clock.today() + timedelta(days=3))
    asked_and_answered(session, other)
    for days, is_asked, is_other_asked in ((2, False, False), (3, True, False), (14, True, True)):
        with in_days(noon, days):
            (mine,) = own.answered_for(session, case.identity())
            (theirs,) = own.answered_for(session, other.identity())
            assert (mine.is_time_to_say, theirs.is_time_to_say) == (is_asked, is_other_asked)


def test_the_figures_say_what_they_count_and_leave_complaints_out(
    session: Session, noon: datetime
) -> None:
    case, other = make_case(session), make_case(session)
    asked_and_answered(session, case)
    service.make_ask(session, case.identity(), kind="complaint")
    kept = service.make_ask(session, case.identity(), kind="see_worker").id or 0
    service.record_first_contact(session, case.worker, kept, how="visit")
    service.make_ask(session, other.identity(), kind="advocate")
    for ask in own.answered_for(session, case.identity()):
        service.say_whether_it_happened(session, case.identity(), ask.ask_id, happened="no")
    with in_days(noon, 40):
        last = clock.today()
        found = queries.figures(session, first=noon.date(), last=last)
        assert (found.in_time.count, found.in_time.of) == (1, 1)
        assert (found.happened.count, found.happened.of) == (0, 1)
        assert (found.first_contact.count, found.first_contact.of) == (1, 2)
        assert (found.asked, found.advocates_asked, found.first_contact.percent) == (3, 1, 50)
        one = queries.figures(session, first=noon.date(), last=last, person_ids=[other.person_id])
        assert (one.asked, one.in_time.percent) == (1, None)
        north = queries.figures(session, first=noon.date(), last=last, team="North")
        assert north.asked == 3
        assert queries.figures(session, first=noon.date(), last=last, team="South").asked == 0


def test_escalating_makes_no_late_answer_early(session: Session, noon: datetime) -> None:
    case = make_case(session)
    ask = ask_of(session, case, send(session, case, "I want a dog"))
    with in_days(noon, 30):
        service.escalate(session, case.iro, ask.id or 0, why="Nobody answered")
        service.answer_ask(session, case.manager, ask.id or 0, words="Yes.", outcome="yes")
        found = queries.figures(session, first=noon.date(), last=clock.today())
        assert (found.in_time.count, found.in_time.of) == (0, 1)


def test_the_lead_writes_and_prints_the_letter_and_the_child_reads_it(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    asked_and_answered(app_session, case)
    review_id = case.review.id or 0
    sign_in(client, app_session, case.iro)
    assert "Letters to open" in client.get("/staff/asks").text
    address = f"/staff/letters/{review_id}"
    assert "reads at" in client.get(address).text
    assert client.get(f"{address}/letter.pdf").status_code == 404
    assert client.post(address, data={"opening": ""}).status_code == 422
    assert client.post(address, data={"opening": OPENING}).status_code == 303
    assert client.get(f"{address}/letter.pdf?size=large").content[:5] == b"%PDF-"
    sign_in(client, app_session, case.worker)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/letter.pdf").status_code == 404
    enter(client, app_session, case, is_known=False)
    for page in (f"/me/letters/{review_id}", f"/me/letters/{review_id}/letter.pdf"):
        assert client.get(page).headers["location"] == "/me/last-time"
    enter(client, app_session, case)
    assert f'href="/me/letters/{review_id}"' in client.get("/me/last-time").text
    page = client.get(f"/me/letters/{review_id}").text
    assert OPENING in page
    assert ANSWER in page
    assert "I will look." in page
    assert client.get(f"/me/letters/{review_id}/letter.pdf").content[:5] == b"%PDF-"


def test_the_lead_goes_through_the_midpoint_by_one_tap_each(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case = make_case(app_session)
    ask_id = asked_and_answered(app_session, case, promised_on=date(2026, 12, 1))
    hold_review(app_session, case)
    app_session.commit()
    with in_days(noon, 88):
        sign_in(client, app_session, case.iro)
        assert case.person.known_as in client.get("/staff/midpoints").text
        address = f"/staff/midpoints/{case.review.id}"
        assert "The promised day has passed" in client.get(address).text
        assert client.post(address).status_code == 422
        assert client.post(f"{address}/asks/{ask_id}", data={"mark": "x"}).status_code == 422
        raised = client.post(f"{address}/asks/{ask_id}", data={"mark": "raised"})
        assert raised.headers["location"] == f"/staff/asks/{ask_id}/dispute"
        assert client.post(address).status_code == 303
        assert "None is due" in client.get("/staff/midpoints").text
        assert len(stored(app_session, midpoints.MidpointCheck)) == 1
        sign_in(client, app_session, case.worker)
        assert client.get(address).status_code == 404


def test_checks_of_which_nothing_is_undone_are_finished_in_one_tap_and_no_other_is(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    owed, clear, others = (make_case(app_session) for _ in range(3))
    clear.person.iro_id = owed.iro.staff_id
    asked_and_answered(app_session, owed, promised_on=date(2026, 12, 1))
    for case in (owed, clear, others):
        hold_review(app_session, case)
    app_session.commit()
    with in_days(noon, 88):
        sign_in(client, app_session, owed.iro)
        page = client.get("/staff/midpoints").text
        assert "Something did not happen (1)" in page
        assert "Nothing is undone (1)" in page
        every = [str(case.review.id) for case in (owed, clear, others)]
        assert client.post("/staff/midpoints", data={"review": [*every, "x"]}).status_code == 303
        checks = stored(app_session, midpoints.MidpointCheck)
        assert [one.review_id for one in checks] == [clear.review.id]


def test_a_teams_manager_meets_the_figures_of_the_team_in_words(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    asked_and_answered(app_session, case)
    sign_in(client, app_session, case.manager)
    page = client.get("/staff/asks").text
    assert "North since 1 Jan 2026" in page
    assert "1 asked, 0 refused, 1 answered" in page
    sign_in(client, app_session, case.iro)
    assert "North since" not in client.get("/staff/asks").text
