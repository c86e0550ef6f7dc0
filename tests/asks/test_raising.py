"""What is raised: again or as a complaint by the child, as a dispute by the IRO."""

from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import complaints, disputes, own, queries, service
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from tests.asks.test_asks_and_words import ask_of
from tests.factories import sign_in
from tests.safeguarding.cases import Around, enter, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
LEVELS = ("Team manager", "Head of service", "Director")


def refused_ask(session: Session, case: Around) -> int:
    ask_id = service.make_ask(session, case.identity(), kind="see_worker").id or 0
    service.answer_ask(
        session, case.worker, ask_id, words="No.", outcome="no", why_not="I am away."
    )
    service.release(session, case.iro, ask_id)
    return ask_id


def raised(session: Session, case: Around) -> int:
    ask_id = refused_ask(session, case)
    disputes.open_dispute(session, case.iro, ask_id, why="No visit", with_whom="The worker")
    return ask_id


def step(session: Session, case: Around, ask_id: int, level: str, on: date | None = None) -> None:
    disputes.add_step(
        session,
        case.iro,
        ask_id,
        level=level,
        on=on or clock.today(),
        with_whom="Somebody",
        note="",
        levels=LEVELS,
    )


def test_asking_again_keeps_the_first_ask_and_is_one_ask(session: Session, noon: datetime) -> None:
    case = make_case(session)
    ask_id = refused_ask(session, case)
    with clock.set_to(noon + timedelta(days=1)):
        again = service.ask_again(session, case.identity(), ask_id)
        assert service.ask_again(session, case.identity(), ask_id).id == again.id
    assert (again.follows_id, again.kind) == (ask_id, "see_worker")
    first = next(one for one in own.answered_for(session, case.identity()))
    assert first.is_asked_again
    line = queries.ask_line(session, case.iro, again.id or 0)
    assert line is not None
    assert line.is_asked_again


def test_words_asked_again_go_no_further_than_the_first_time(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Only you", reach=Reach.ONLY_IRO)
    ask = ask_of(session, case, topic, owner_role="lead")
    again = service.ask_again(session, case.identity(), ask.id or 0)
    assert (again.owner_role, again.words) == ("lead", "Only you")
    assert queries.asks_for(session, case.worker) == []


def test_a_complaint_about_an_answer_stays_unknown_to_the_iro_wherever_they_look(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask_id = refused_ask(session, case)
    complaint = service.complain_about(session, case.identity(), ask_id)
    with clock.set_to(noon + timedelta(days=40)):
        for viewer in (case.iro, case.worker, case.manager):
            assert queries.ask_line(session, viewer, complaint.id or 0) is None
            line = queries.ask_line(session, viewer, ask_id)
            assert line is None or not line.is_asked_again
            for found in (
                queries.overdue(session, viewer.staff_id),
                queries.due_soon(session, viewer.staff_id, 90),
                queries.waiting_for_lead(session, viewer.staff_id),
            ):
                assert complaint.id not in {one.ask_id for one in found}
    found = queries.figures(session, first=date(2026, 1, 1), last=date(2027, 1, 1))
    assert found.asked == 1


def test_who_let_the_child_in_does_not_see_that_they_complained(session: Session) -> None:
    case = make_case(session)
    ask_id = refused_ask(session, case)
    service.complain_about(session, case.identity(), ask_id)
    beside = case.identity(let_in_by=case.worker.staff_id, session_id=7)
    (mine,) = own.own_lines(session, beside)
    assert not mine.is_complained_of
    alone = {one.ask_id: one for one in own.own_lines(session, case.identity())}
    assert alone[ask_id].is_complained_of


def test_nobody_raises_somebody_elses_ask(session: Session) -> None:
    case, other = make_case(session), make_case(session)
    ask_id = refused_ask(session, case)
    for act in (service.ask_again, service.complain_about):
        for stranger in (other.identity(), case.identity(is_known=False)):
            with pytest.raises(Denied):
                act(session, stranger, ask_id)


def test_a_dispute_is_the_leads_to_open_and_is_opened_once(session: Session) -> None:
    case = make_case(session)
    ask_id = refused_ask(session, case)
    for other in (case.worker, case.complaints):
        with pytest.raises(Denied):
            disputes.open_dispute(session, other, ask_id, why="No visit")
    with pytest.raises(service.AskRefused):
        disputes.open_dispute(session, case.iro, ask_id, why=" ")
    disputes.open_dispute(session, case.iro, ask_id, why="No visit")
    with pytest.raises(service.AskRefused):
        disputes.open_dispute(session, case.iro, ask_id, why="Again")
    (mine,) = own.answered_for(session, case.identity())
    assert mine.raised_by == case.iro.name


def test_the_formal_stage_has_twenty_working_days_from_its_first_step(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask_id = raised(session, case)
    assert queries.disputes_for(session, case.manager) == []
    step(session, case, ask_id, "cafcass")
    step(session, case, ask_id, "0")
    (line,) = queries.disputes_for(session, case.manager)
    assert (line.stage, line.formal_due_on) == ("formal", date(2026, 12, 21))
    with clock.set_to(noon + timedelta(days=29)):
        step(session, case, ask_id, "1")
        (line,) = queries.disputes_for(session, case.iro)
        assert line.formal_due_on == date(2026, 12, 21)
        assert line.is_overdue
    assert [one.level for one in line.steps] == ["informal", "cafcass", "0", "1"]


@pytest.mark.parametrize(
    ("level", "on"), [("3", None), ("up", None), ("0", date(2027, 1, 1)), ("0", date(2026, 1, 1))]
)
def test_a_step_that_cannot_be_is_refused(session: Session, level: str, on: date | None) -> None:
    case = make_case(session)
    ask_id = raised(session, case)
    with pytest.raises(service.AskRefused):
        step(session, case, ask_id, level, on)


def test_a_dispute_ends_only_once_the_child_was_told_of_their_rights(session: Session) -> None:
    case = make_case(session)
    ask_id = raised(session, case)
    with pytest.raises(service.AskRefused):
        disputes.close_dispute(session, case.iro, ask_id, outcome="agreed", words="A visit")
    disputes.tell_child(session, case.iro, ask_id)
    for outcome, words in (("won", "A visit"), ("agreed", " ")):
        with pytest.raises(service.AskRefused):
            disputes.close_dispute(session, case.iro, ask_id, outcome=outcome, words=words)
    disputes.close_dispute(session, case.iro, ask_id, outcome="agreed", words="A visit")
    with pytest.raises(service.AskRefused):
        step(session, case, ask_id, "0")


def test_a_manager_from_whom_words_were_hidden_sees_no_dispute_about_them(
    session: Session,
) -> None:
    case = make_case(session)
    topic = send(session, case, "Not my manager", hidden_from=(case.manager,))
    ask = ask_of(session, case, topic, owner_role="lead")
    disputes.open_dispute(session, case.iro, ask.id or 0, why="Not done")
    step(session, case, ask.id or 0, "0")
    assert queries.disputes_for(session, case.manager) == []
    with pytest.raises(service.AskRefused):
        service.escalate(session, case.iro, ask.id or 0, why="Not done")


def test_more_time_for_a_complaint_is_given_once_with_a_reason(session: Session) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(), kind="complaint")
    today = clock.today()

    def record(what: str, note: str = "", on: date = today) -> None:
        complaints.record_step(session, case.complaints, ask.id or 0, what=what, on=on, note=note)

    for what, note, on in (
        ("more_time", " ", today),
        ("nothing", "", today),
        ("acknowledged", "", today + timedelta(days=1)),
    ):
        with pytest.raises(service.AskRefused):
            record(what, note, on)
    record("acknowledged")
    record("more_time", "Three schools to ask")
    assert ask.due_on == clock.add_working_days(today, 20)
    with pytest.raises(service.AskRefused):
        record("more_time", "Again")
    with pytest.raises(Denied):
        complaints.record_step(
            session, case.iro, ask.id or 0, what="acknowledged", on=today, note=""
        )
    (line,) = complaints.complaints_for(session, case.complaints)
    assert (line.day, line.days) == (0, 20)
    assert set(line.first) == {"acknowledged", "more_time"}


def test_a_complaints_clock_counts_working_days(session: Session, noon: datetime) -> None:
    case = make_case(session)
    service.make_ask(session, case.identity(), kind="complaint")
    for days, shown in ((1, 1), (5, 4), (7, 5), (8, 6), (14, 10)):
        with clock.set_to(noon + timedelta(days=days)):
            (line,) = complaints.complaints_for(session, case.complaints)
            assert line.day == shown, days
    with clock.set_to(noon + timedelta(days=15)):
        assert queries.overdue(session, case.complaints.staff_id)
        figure = queries.complaint_figures(session, first=date(2026, 12, 1), last=clock.today())
        assert (figure.count, figure.of) == (0, 1)


def test_the_complaints_managers_page_runs_the_clock(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = refused_ask(app_session, case)
    complaint = service.complain_about(app_session, case.identity(), ask_id)
    sign_in(client, app_session, case.complaints)
    assert "Day 0 of 10" in client.get("/staff/complaints").text
    page = client.get(f"/staff/asks/{complaint.id}").text
    assert "answered no" in page
    assert "No advocate offered yet" in page
    address = f"/staff/asks/{complaint.id}/steps"
    assert client.post(address, data={"what": "more_time"}).status_code == 422
    wrong = {"what": "acknowledged", "on-day": "40", "on-month": "1", "on-year": "2026"}
    assert client.post(address, data=wrong).status_code == 422
    assert client.post(address, data={"what": "advocate_offered"}).status_code == 303
    assert "Advocate offered" in client.get(f"/staff/asks/{complaint.id}").text
    assert client.get(f"/staff/asks/{ask_id}").status_code == 404


def test_the_iro_raises_and_ends_a_dispute_on_its_page(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = refused_ask(app_session, case)
    sign_in(client, app_session, case.iro)
    address = f"/staff/asks/{ask_id}/dispute"
    assert "Raise it informally" in client.get(address).text
    assert client.post(address, data={"why": ""}).status_code == 422
    assert client.post(address, data={"why": "No visit"}).status_code == 303
    wrong = {"level": "0", "with_whom": "Ann", "on-day": "1", "on-month": "13", "on-year": "2026"}
    assert client.post(f"{address}/steps", data=wrong).status_code == 422
    sent = {"level": "0", "with_whom": "Ann", "note": "Twenty days"}
    assert client.post(f"{address}/steps", data=sent).status_code == 303
    page = client.get(address).text
    assert "Formal: Team manager: Ann. Twenty days" in page
    end = {"outcome": "agreed", "outcome_words": "A visit each week"}
    assert client.post(f"{address}/close", data=end).status_code == 422
    assert client.post(f"{address}/told").status_code == 303
    assert client.post(f"{address}/close", data=end).status_code == 303
    assert "A visit each week" in client.get(address).text
    assert case.person.known_as in client.get("/staff/disputes").text
    sign_in(client, app_session, case.worker)
    assert client.get(address).status_code == 404
    assert case.person.known_as not in client.get("/staff/disputes").text


def test_the_child_asks_again_and_complains_in_one_tap_each(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = refused_ask(app_session, case)
    enter(client, app_session, case)
    page = client.get("/me/last-time").text
    assert "I am away." in page
    assert f'action="/me/asks/{ask_id}/again"' in page
    again = client.post(f"/me/asks/{ask_id}/again")
    assert "has it" in client.get(again.headers["location"]).text
    complaint = client.post(f"/me/asks/{ask_id}/complain")
    asked = client.get(complaint.headers["location"]).text
    assert case.complaints.name in asked
    assert 'value="advocate"' in asked
    page = client.get("/me/last-time").text
    assert "You asked for this again." in page
    assert "You have complained about this." in page
    assert len(stored(app_session, Ask)) == 3
