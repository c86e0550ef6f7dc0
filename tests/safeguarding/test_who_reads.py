"""The table "Who reads what" for sent topics, through the pages' own queries and services."""

import pytest
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.accounts.models import Deputy, Staff
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind, Role
from backend.core.access.policy import may_read
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.safeguarding import queries, service
from backend.safeguarding.models import Concern
from backend.surveys import queries as surveys
from tests.factories import make_staff
from tests.safeguarding.cases import Around, make_case, send, send_each

pytestmark = pytest.mark.usefixtures("noon")


def may_open(session: Session, viewer: StaffIdentity, topic_row_id: int) -> bool:
    try:
        service.open_words(session, viewer, topic_row_id)
    except Denied:
        return False
    return True


def readers(session: Session, case: Around, topic_row_id: int) -> set[str]:
    parts = ("iro", "worker", "manager", "duty", "complaints", "adviser")
    return {part for part in parts if may_open(session, getattr(case, part), topic_row_id)}


def raise_it(session: Session, case: Around, topic_row_id: int) -> Concern:
    return service.raise_concern(session, case.iro, topic_row_id, why="He is scared of somebody")


def test_ask_first_is_for_the_iro_and_the_worker_and_once_raised_for_duty(
    session: Session,
) -> None:
    case = make_case(session)
    topic = send(session, case, "I want a dog")
    assert readers(session, case, topic) == {"iro", "worker"}
    raise_it(session, case, topic)
    assert readers(session, case, topic) == {"iro", "worker", "duty"}


def test_only_my_iro_is_for_the_iro_alone_and_once_raised_for_duty(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Only you", reach=Reach.ONLY_IRO)
    assert readers(session, case, topic) == {"iro"}
    raise_it(session, case, topic)
    assert readers(session, case, topic) == {"iro", "duty"}


@pytest.mark.parametrize("part", ["worker", "duty"])
def test_whoever_it_is_hidden_from_never_reads_it_even_when_raised(
    session: Session, part: str
) -> None:
    case = make_case(session)
    hidden = getattr(case, part)
    topic = send(session, case, "Not for them", hidden_from=(hidden,))
    concern = raise_it(session, case, topic)
    assert not may_open(session, hidden, topic)
    assert queries.open_concerns(session, hidden) == []
    assert queries.concern_line(session, hidden, concern.id or 0) is None
    with pytest.raises(service.ConcernRefused):
        service.add_reader(
            session,
            make_staff(session, Role.DUTY_READER),
            concern.id or 0,
            staff_id=hidden.staff_id,
        )


def test_hidden_from_the_iro_leaves_it_to_the_worker(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Not for my IRO", hidden_from=(case.iro,))
    assert readers(session, case, topic) == {"worker"}


def test_a_worker_is_told_of_no_concern_because_it_may_be_about_them(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "It is my worker")
    concern = raise_it(session, case, topic)
    assert queries.concern_line(session, case.worker, concern.id or 0) is None
    assert queries.concern_line(session, case.duty, concern.id or 0) is not None


def test_whom_duty_recorded_reads_it_too(session: Session) -> None:
    case, other = make_case(session), make_staff(session, Role.MANAGER, team="South")
    topic = send(session, case, "Help")
    concern = raise_it(session, case, topic)
    assert not may_open(session, other, topic)
    service.add_reader(session, case.duty, concern.id or 0, staff_id=other.staff_id)
    assert may_open(session, other, topic)
    assert [line.topic_row_id for line in queries.reading_list(session, other)] == [topic]
    assert queries.concern_line(session, other, concern.id or 0) is not None


def test_a_deputy_reads_while_the_iro_is_away_and_not_after(session: Session) -> None:
    case, deputy = make_case(session), make_staff(session, Role.IRO)
    topic = send(session, case, "Only my IRO", reach=Reach.ONLY_IRO)
    assert not may_open(session, deputy, topic)
    today = clock.today()
    session.add(
        Deputy(
            staff_id=case.iro.staff_id,
            deputy_id=deputy.staff_id,
            first_day=today,
            last_day=today,
        )
    )
    session.flush()
    row = session.get_one(Staff, deputy.staff_id)
    assert may_open(session, accounts.identity_of(session, row), topic)
    assert not may_open(session, deputy, topic)


def test_a_worker_whose_case_moved_reads_no_more(session: Session) -> None:
    case, other = make_case(session), make_staff(session, Role.SOCIAL_WORKER)
    topic = send(session, case, "I want a dog")
    case.person.worker_id = other.staff_id
    session.flush()
    assert not may_open(session, case.worker, topic)
    assert may_open(session, other, topic)
    assert queries.reading_list(session, case.worker) == []


def test_a_care_leavers_words_are_for_the_adviser_instead_of_an_iro(session: Session) -> None:
    case = make_case(session, is_leaver=True)
    topic = send(session, case, "My flat is cold")
    assert readers(session, case, topic) == {"adviser"}
    assert service.raise_concern(session, case.adviser, topic, why="No heating").id
    assert readers(session, case, topic) == {"adviser", "duty"}


def test_answers_of_one_topic_are_filtered_one_by_one(session: Session) -> None:
    case = make_case(session)
    topic = send_each(
        session,
        case,
        ("For both", Reach.ASK_FIRST, ()),
        ("For the IRO", Reach.ONLY_IRO, ()),
    )
    page = service.open_words(session, case.worker, topic)
    assert [answer.value for answer in page.answers] == ["For both"]
    assert page.held_back == 1
    assert len(service.open_words(session, case.iro, topic).answers) == 2


def test_words_of_a_topic_and_of_an_answer_carry_what_the_policy_asks(session: Session) -> None:
    case = make_case(session)
    row_id = send_each(
        session,
        case,
        ("For both", Reach.ASK_FIRST, ()),
        ("For the IRO", Reach.ONLY_IRO, (case.duty,)),
    )
    topic = surveys.sent_topic(session, row_id)
    assert topic is not None
    assert topic.kind is Kind.CHILD
    assert may_read(case.worker, queries.words_of(session, topic))
    assert not may_read(case.worker, queries.words_of(session, topic, topic.answers[1]))
    raise_it(session, case, row_id)
    assert queries.words_of(session, topic).is_raised
    assert not may_read(case.duty, queries.words_of(session, topic, topic.answers[1]))


def test_a_draft_opens_to_nobody(session: Session) -> None:
    case = make_case(session)
    assert readers(session, case, 4711) == set()


def test_a_concern_says_nothing_to_a_reader_of_another_child(session: Session) -> None:
    case, other = make_case(session), make_case(session)
    topic = send(session, case, "Help")
    raise_it(session, case, topic)
    assert queries.open_concerns(session, other.iro) == []
    with pytest.raises(Denied):
        service.raise_concern(session, other.iro, topic, why="Curious")
    with pytest.raises(Denied):
        service.mark_read(session, other.worker, topic)
