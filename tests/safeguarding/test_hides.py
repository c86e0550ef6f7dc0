"""What a child hid stays hidden when a worker, an IRO, a home or the case itself changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.accounts.models import Deputy, Staff
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.policy import hidden_now
from backend.core.access.predicates import Case, Place
from backend.core.access.requires import Denied
from backend.safeguarding import service
from backend.surveys import hiding
from backend.surveys.models import Answer, Topic
from tests.factories import make_contact, make_staff
from tests.safeguarding.cases import WORDS, Around, enter, make_case, send, stored
from tests.surveys.rounds import alone, choose, make_home, open_round
from tests.surveys.rounds import enter as go_in
from tests.surveys.test_pages import fields_of, name_of

pytestmark = pytest.mark.usefixtures("noon")


def may_open(session: Session, viewer: StaffIdentity, topic_row_id: int) -> bool:
    try:
        service.open_words(session, viewer, topic_row_id)
    except Denied:
        return False
    return True


def hide(session: Session, case: Around, *places: str) -> int:
    """Send words that are hidden from whoever has these places today."""
    topic_row_id = send(session, case, "It is about her")
    holders = {"worker": case.worker, "iro": case.iro}
    answer = session.exec(
        select(Answer).where(Answer.topic_row_id == topic_row_id, Answer.question_id == WORDS)
    ).one()
    answer.hidden_from = sorted(holders[place].staff_id for place in places)
    answer.hidden_places = sorted(places)
    session.flush()
    return topic_row_id


def new_worker(session: Session, case: Around) -> StaffIdentity:
    after = make_staff(session, Role.SOCIAL_WORKER, team="North")
    case.person.worker_id = after.staff_id
    session.flush()
    return after


def new_iro(session: Session, case: Around) -> StaffIdentity:
    after = make_staff(session, Role.IRO)
    case.person.iro_id = after.staff_id
    session.flush()
    return after


def standing_in(session: Session, deputy: StaffIdentity, away: StaffIdentity) -> StaffIdentity:
    today = clock.today()
    session.add(
        Deputy(staff_id=away.staff_id, deputy_id=deputy.staff_id, first_day=today, last_day=today)
    )
    session.flush()
    return accounts.identity_of(session, session.get_one(Staff, deputy.staff_id))


def test_a_new_worker_does_not_read_what_was_hidden_from_the_last_nor_does_the_last(
    session: Session,
) -> None:
    case = make_case(session)
    hidden, told = hide(session, case, "worker"), send(session, case, "For all of you")
    after = new_worker(session, case)
    assert may_open(session, after, told)
    assert not may_open(session, after, hidden)
    assert not may_open(session, case.worker, hidden)
    assert may_open(session, case.iro, hidden)


def test_a_new_iro_does_not_read_what_was_hidden_from_the_last_and_the_worker_does(
    session: Session,
) -> None:
    case = make_case(session)
    hidden = hide(session, case, "iro")
    after = new_iro(session, case)
    assert not may_open(session, after, hidden)
    assert not may_open(session, case.iro, hidden)
    assert may_open(session, case.worker, hidden)


def test_who_stands_in_for_the_new_one_sees_no_more_than_they_do(session: Session) -> None:
    case = make_case(session)
    hidden = hide(session, case, "worker")
    after = new_worker(session, case)
    deputy = make_staff(session, Role.SOCIAL_WORKER, team="North")
    assert not may_open(session, standing_in(session, deputy, after), hidden)


def test_the_last_worker_does_not_read_it_as_somebodys_deputy(session: Session) -> None:
    case = make_case(session)
    hidden, told = hide(session, case, "worker"), send(session, case, "For all of you")
    after = new_worker(session, case)
    back = standing_in(session, case.worker, after)
    assert may_open(session, back, told)
    assert not may_open(session, back, hidden)


def test_a_worker_who_comes_back_still_does_not_read_it(session: Session) -> None:
    case = make_case(session)
    hidden = hide(session, case, "worker")
    new_worker(session, case)
    assert hiding.let_see(session, case.identity(), Place.WORKER) == 1
    case.person.worker_id = case.worker.staff_id
    session.flush()
    assert not may_open(session, case.worker, hidden)


def test_the_young_person_lets_the_new_worker_read_it_and_nobody_else(session: Session) -> None:
    case = make_case(session)
    hidden = hide(session, case, "worker", "iro")
    after, other = new_worker(session, case), new_iro(session, case)
    assert not may_open(session, after, hidden)
    assert hiding.let_see(session, case.identity(), Place.WORKER) == 1
    assert may_open(session, after, hidden)
    assert not may_open(session, other, hidden)
    assert not may_open(session, case.worker, hidden)


@pytest.mark.parametrize("how", ["without the secret", "let in by the new worker", "another child"])
def test_nobody_else_says_yes_for_them(session: Session, how: str) -> None:
    case, other = make_case(session), make_case(session)
    hidden = hide(session, case, "worker")
    after = new_worker(session, case)
    visit = {
        "without the secret": case.identity(is_known=False, session_id=9),
        "let in by the new worker": case.identity(let_in_by=after.staff_id, session_id=9),
        "another child": other.identity(),
    }[how]
    assert hiding.places_hidden(session, visit) == frozenset()
    assert hiding.let_see(session, visit, Place.WORKER) == 0
    assert not may_open(session, after, hidden)


def test_a_pa_who_comes_at_eighteen_reads_it_after_a_yes_alone(session: Session) -> None:
    case = make_case(session)
    hidden, told = hide(session, case, "worker"), send(session, case, "For all of you")
    case.person.group, case.person.iro_id, case.person.worker_id = "care_leaver", None, None
    case.person.personal_adviser_id = case.adviser.staff_id
    session.flush()
    assert may_open(session, case.adviser, told)
    assert not may_open(session, case.adviser, hidden)
    hiding.let_see(session, case.identity(), Place.IRO)
    assert may_open(session, case.adviser, hidden)


def test_a_move_opens_nothing_to_the_carers_of_either_home(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    hide(app_session, case, "worker")
    before = make_contact(app_session, case.person, "carer")
    make_home(app_session, case.person)
    after = make_contact(app_session, case.person, "carer")
    app_session.commit()
    for carer in (before, after):
        enter(client, app_session, replace(case, contributor=carer))
        for path in ("/me/home", "/me/words"):
            assert "It is about her" not in client.get(path).text


def test_what_is_hidden_now_is_who_was_named_and_who_has_their_place() -> None:
    case = Case(person_id=1, iro_id=10, worker_id=20, personal_adviser_id=30)
    assert hidden_now([7], [], case) == {7}
    assert hidden_now([7], [Place.WORKER], case) == {7, 20}
    assert hidden_now([7, 8], [Place.WORKER, Place.IRO], case) == {7, 8, 10, 20}
    leaver = replace(case, is_care_leaver=True, worker_id=None)
    assert hidden_now([7], [Place.WORKER], leaver) == {7, 30}
    assert hidden_now([], [], leaver) == frozenset()


def test_the_child_is_told_at_the_change_and_says_yes_by_one_tap(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    row = hide(app_session, case, "worker")
    enter(client, app_session, case)
    client.get("/me/home")
    after = new_worker(app_session, case)
    app_session.commit()
    page = client.get("/me/home").text
    assert f"What you hid from {case.worker.name} is hidden from {after.name} too." in page
    assert f"Let {after.name} read it" in page
    assert client.post("/me/changes/let-see", data={"place": "worker"}).status_code == 303
    page = client.get("/me/home").text
    assert f"You have a new social worker: {after.name}." in page
    assert "is hidden from" not in page
    (answer,) = [one for one in stored(app_session, Answer) if one.topic_row_id == row]
    assert (answer.hidden_places, answer.hidden_from) == ([], [case.worker.staff_id])


def test_a_visit_without_the_secret_is_told_of_no_hide_and_lets_nobody_read(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    hide(app_session, case, "worker")
    enter(client, app_session, case)
    client.get("/me/home")
    new_worker(app_session, case)
    enter(client, app_session, case, is_known=False)
    assert "is hidden from" not in client.get("/me/home").text
    client.post("/me/changes/let-see", data={"place": "worker"})
    assert [one.hidden_places for one in stored(app_session, Answer)] == [["worker"]]


@pytest.mark.parametrize("typed", ["my social worker", "{first}", "{full}, Aunt May"])
def test_a_worker_whose_name_is_written_is_as_good_as_ticked(
    client: TestClient, app_session: Session, typed: str
) -> None:
    round_ = open_round(app_session)
    go_in(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    page = client.get(first).text
    name = name_of(page)
    words = typed.format(full=round_.worker.name, first=round_.worker.name.split()[0])
    hidden = {f"{name}-reach": "hide", f"{name}-reach_from_other": words}
    client.post(first, data=fields_of(page) | hidden | {name: "The dog"})
    (answer,) = stored(app_session, Answer)
    assert round_.worker.staff_id in answer.hidden_from
    assert "worker" in answer.hidden_places
    assert answer.hidden_from_words == words


def test_a_draft_kept_from_one_worker_and_gone_on_with_after_the_change_keeps_both_out(
    client: TestClient, app_session: Session
) -> None:
    round_ = open_round(app_session)
    go_in(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    page = client.get(first).text
    name = name_of(page)
    hidden = {f"{name}-reach": "hide", f"{name}-reach_from": "worker"}
    client.post(first, data=fields_of(page) | hidden | {name: "Before"})
    after = make_staff(app_session, Role.SOCIAL_WORKER, team="North")
    round_.person.worker_id = after.staff_id
    app_session.add(round_.person)
    app_session.commit()
    again = fields_of(client.get(first).text)
    assert again[f"{name}-reach_from"] == "worker"
    client.post(first, data=again | {name: "Before and after"})
    (answer,) = stored(app_session, Answer)
    assert set(answer.hidden_from) == {round_.worker.staff_id, after.staff_id}


def test_words_of_long_ago_that_were_hidden_by_name_alone_stay_hidden_by_name(
    session: Session,
) -> None:
    case = make_case(session)
    topic = send(session, case, "Not for them", hidden_from=(case.worker,))
    session.get_one(Topic, topic).sent_at = clock.now() - timedelta(days=100)
    after = new_worker(session, case)
    assert not may_open(session, case.worker, topic)
    assert may_open(session, after, topic)
