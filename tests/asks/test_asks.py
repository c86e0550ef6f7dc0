"""Asks: who owns each, by when, who sees the answer first, and that none is without an owner."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.asks import own, queries, service
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.surveys import queries as surveys
from tests.factories import make_staff
from tests.safeguarding.cases import Around, make_case

pytestmark = pytest.mark.usefixtures("noon")
ANSWER = "Yes. I come on Tuesday after school."


def sees(session: Session, viewer: StaffIdentity) -> list[str]:
    return [line.kind.value for line in queries.asks_for(session, viewer)]


def ask_of(session: Session, case: Around, topic_row_id: int, **values: object) -> Ask:
    topic = surveys.sent_topic(session, topic_row_id)
    assert topic is not None
    wanted = {
        "topic": topic,
        "answer_id": topic.answers[0].answer_id,
        "words": topic.answers[0].display,
        "owner_role": "worker",
    }
    return service.make_ask_from_answer(session, case.iro, **wanted | values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "owner", "due"),
    [
        ("see_worker", "worker", "2026-11-24"),
        ("see_iro", "iro", "2026-11-24"),
        ("advocate", "iro", "2026-11-24"),
        ("complaint", "complaints", "2026-12-07"),
    ],
)
def test_a_childs_button_has_its_owner_and_its_clock(
    session: Session, kind: str, owner: str, due: str
) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(is_known=False), kind=kind)
    assert ask.due_on.isoformat() == due
    line = queries.ask_line(session, getattr(case, owner), ask.id or 0)
    assert line is not None
    assert line.is_mine


@pytest.mark.parametrize(
    ("kind", "owner"),
    [("ring_me", "adviser"), ("pa_manager", "manager"), ("advocate", "adviser")],
)
def test_a_care_leavers_button_goes_to_the_adviser_or_their_manager(
    session: Session, kind: str, owner: str
) -> None:
    case = make_case(session, is_leaver=True)
    ask = service.make_ask(session, case.identity(), kind=kind)
    line = queries.ask_line(session, getattr(case, owner), ask.id or 0)
    assert line is not None
    assert line.is_mine


def test_a_friday_evening_is_answered_on_the_next_working_day(session: Session) -> None:
    case = make_case(session)
    with clock.set_to(datetime.fromisoformat("2026-12-24T20:00:00+00:00")):
        ask = service.make_ask(session, case.identity(), kind="see_worker")
    assert ask.due_on == date(2026, 12, 29)


def test_without_anybody_named_the_manager_and_else_duty_owns_it(session: Session) -> None:
    manager = make_staff(session, Role.MANAGER, team="East")
    duty = make_staff(session, Role.DUTY_READER)
    case = make_case(session)
    case.person.iro_id = case.person.worker_id = None
    case.person.team = "East"
    session.flush()
    service.make_ask(session, case.identity(), kind="see_iro")
    service.make_ask(session, case.identity(), kind="see_worker")
    assert sorted(sees(session, manager)) == ["see_iro", "see_worker"]
    case.person.team = ""
    session.flush()
    assert sorted(sees(session, duty)) == ["see_iro", "see_worker"]
    assert sees(session, manager) == []


def test_a_worker_who_has_left_owns_nothing_any_more(session: Session) -> None:
    boss, case = make_staff(session, Role.ADMINISTRATOR), make_case(session)
    service.make_ask(session, case.identity(), kind="see_worker")
    accounts.disable_staff(session, boss, case.worker.staff_id)
    session.flush()
    (line,) = queries.asks_for(session, case.manager)
    assert line.is_mine


def test_an_ask_moves_with_the_case(session: Session) -> None:
    case, other = make_case(session), make_staff(session, Role.SOCIAL_WORKER)
    service.make_ask(session, case.identity(), kind="see_worker")
    case.person.worker_id = other.staff_id
    session.flush()
    assert sees(session, case.worker) == []
    assert sees(session, other) == ["see_worker"]


@pytest.mark.parametrize(
    ("kind", "is_leaver", "seen_by"),
    [
        ("see_worker", False, {"iro", "worker"}),
        ("see_iro", False, {"iro"}),
        ("advocate", False, {"iro"}),
        ("complaint", False, {"complaints"}),
        ("complaint", True, {"complaints"}),
        ("pa_manager", True, {"manager"}),
        ("ring_me", True, {"adviser"}),
    ],
)
def test_a_button_is_seen_by_its_owner_and_by_nobody_it_may_be_about(
    session: Session, kind: str, is_leaver: bool, seen_by: set[str]
) -> None:
    case = make_case(session, is_leaver=is_leaver)
    service.make_ask(session, case.identity(), kind=kind)
    parts = ("iro", "worker", "manager", "duty", "complaints", "adviser")
    assert {part for part in parts if sees(session, getattr(case, part))} == seen_by


def test_an_overdue_ask_shows_to_the_teams_manager(session: Session, noon: datetime) -> None:
    case = make_case(session)
    service.make_ask(session, case.identity(), kind="see_worker")
    with clock.set_to(noon + timedelta(days=2)):
        (line,) = queries.asks_for(session, case.manager)
        assert line.is_overdue
        assert queries.counts_by_person(session, case.iro, [case.person_id]) == {
            case.person_id: (1, 1)
        }


def test_the_iro_sees_the_answer_before_the_child_and_can_add_a_line(session: Session) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(), kind="see_worker")
    service.answer_ask(session, case.worker, ask.id or 0, words=ANSWER, outcome="yes")
    assert own.answered_for(session, case.identity()) == []
    assert own.waiting_for(session, case.identity())[0].answer_words is None
    with pytest.raises(Denied):
        service.release(session, case.worker, ask.id or 0)
    service.release(session, case.iro, ask.id or 0, added="I will check.")
    (line,) = own.answered_for(session, case.identity())
    assert (line.answer_words, line.answered_by) == (ANSWER, case.worker.name)
    assert (line.lead_added, line.lead) == ("I will check.", case.iro.name)


def test_an_answer_that_the_iro_never_looks_at_is_released_after_a_working_day(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(), kind="see_worker")
    service.answer_ask(session, case.worker, ask.id or 0, words=ANSWER, outcome="yes")
    with clock.set_to(noon + timedelta(days=1)):
        service.release_unseen(session)
    assert ask.released_at is None
    with clock.set_to(noon + timedelta(days=2)):
        service.release_unseen(session)
    assert ask.released_at == noon + timedelta(days=2)


def test_the_iros_own_answer_and_a_complaints_reach_the_child_at_once(session: Session) -> None:
    case = make_case(session)
    mine = service.make_ask(session, case.identity(), kind="see_iro")
    service.answer_ask(session, case.iro, mine.id or 0, words="I ring you.", outcome="yes")
    complaint = service.make_ask(session, case.identity(), kind="complaint")
    service.answer_ask(
        session, case.complaints, complaint.id or 0, words="You were right.", outcome="yes"
    )
    assert mine.released_at
    assert complaint.released_at


def test_escalating_keeps_the_answer_from_the_child_and_starts_the_managers_clock(
    session: Session,
) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(), kind="see_worker")
    service.answer_ask(
        session, case.worker, ask.id or 0, words="No time.", outcome="no", why_not="I am off."
    )
    with pytest.raises(service.AskRefused):
        service.escalate(session, case.iro, ask.id or 0, why="")
    with pytest.raises(Denied):
        service.escalate(session, case.worker, ask.id or 0, why="Not mine")
    service.escalate(session, case.iro, ask.id or 0, why="Six weeks without a visit")
    line = queries.ask_line(session, case.manager, ask.id or 0)
    assert line is not None
    assert (line.is_mine, line.state, line.due_on) == (True, "open", date(2026, 11, 30))
    (before,) = queries.escalations_of(session, ask.id or 0)
    assert (before.answer_words, before.answered_by) == ("No time.", case.worker.name)
    assert own.answered_for(session, case.identity()) == []


def test_only_the_owner_answers_once_in_words_with_an_outcome(session: Session) -> None:
    case = make_case(session)
    row_id = service.make_ask(session, case.identity(), kind="see_worker").id or 0
    for outsider in (case.iro, case.manager, case.duty):
        with pytest.raises(Denied):
            service.answer_ask(session, outsider, row_id, words=ANSWER, outcome="yes")
    for words, outcome in ((" ", "yes"), (ANSWER, ""), (ANSWER, "maybe")):
        with pytest.raises(service.AskRefused):
            service.answer_ask(session, case.worker, row_id, words=words, outcome=outcome)
    service.answer_ask(session, case.worker, row_id, words=ANSWER, outcome="yes")
    with pytest.raises(service.AskRefused):
        service.answer_ask(session, case.worker, row_id, words="Another", outcome="no")


def test_the_child_says_whether_it_happened_and_can_change_it(session: Session) -> None:
    case, other = make_case(session), make_case(session)
    row_id = service.make_ask(session, case.identity(), kind="see_iro").id or 0
    with pytest.raises(Denied):
        service.say_whether_it_happened(session, case.identity(), row_id, happened="yes")
    service.answer_ask(session, case.iro, row_id, words="I ring you.", outcome="yes")
    for stranger in (other.identity(), case.identity(is_known=False)):
        with pytest.raises(Denied):
            service.say_whether_it_happened(session, stranger, row_id, happened="no")
    with pytest.raises(service.AskRefused):
        service.say_whether_it_happened(session, case.identity(), row_id, happened="perhaps")
    service.say_whether_it_happened(session, case.identity(), row_id, happened="not_yet")
    service.say_whether_it_happened(session, case.identity(), row_id, happened="no")
    assert own.answered_for(session, case.identity())[0].has_happened == "no"
    service.escalate(session, case.iro, row_id, why="It did not happen")
    assert own.waiting_for(session, case.identity())[0].ask_id == row_id


def test_the_same_button_on_one_day_is_one_ask_and_on_the_next_another(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    first = service.make_ask(session, case.identity(), kind="see_iro")
    assert service.make_ask(session, case.identity(), kind="see_iro").id == first.id
    with clock.set_to(noon + timedelta(days=1)):
        assert service.make_ask(session, case.identity(), kind="see_iro").id != first.id
