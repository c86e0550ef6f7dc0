"""Asks that carry a child's words: who sees the words, who only the ask, and what comes back."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from backend.asks import own, queries, service
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.predicates import Reach
from backend.surveys import queries as surveys
from backend.surveys import service as surveys_service
from tests.safeguarding.cases import Around, make_case, send

pytestmark = pytest.mark.usefixtures("noon")


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


def test_nothing_of_ones_asks_opens_without_the_secret_or_before_it_was_set(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask = service.make_ask(session, case.identity(), kind="see_iro")
    service.answer_ask(session, case.iro, ask.id or 0, words="I ring you.", outcome="yes")
    later = (noon + timedelta(minutes=1)).isoformat()
    for closed in (case.identity(is_known=False), case.identity(reads_from=later)):
        assert own.answered_for(session, closed) == []
        assert own.waiting_for(session, closed) == []
    assert len(own.answered_for(session, case.identity(reads_from=noon.isoformat()))) == 1
    assert own.asked_in(session, case.identity(session_id=2), ask.id or 0) is None
    assert own.asked_in(session, case.identity(is_known=False), ask.id or 0) is not None


def test_an_ask_of_an_answer_is_the_childs_words_and_due_after_the_review(
    session: Session,
) -> None:
    case = make_case(session)
    topic = send(session, case, "I want a dog. And a cat.")
    ask = ask_of(session, case, topic, words="I want a dog.")
    assert (ask.words, ask.review_id) == ("I want a dog.", case.review.id)
    assert ask.due_on == clock.add_working_days(case.review.due_on, 5)
    for words in ("I want a puppy.", "  "):
        with pytest.raises(service.AskRefused):
            ask_of(session, case, topic, words=words)
    before = ask_of(session, case, topic, needed_by=date(2026, 12, 7))
    assert before.due_on == date(2026, 12, 4)


def test_an_ask_never_carries_words_to_somebody_who_may_not_read_them(
    session: Session,
) -> None:
    case = make_case(session)
    private = send(session, case, "Only you", reach=Reach.ONLY_IRO)
    hidden = send(session, case, "Not my worker", hidden_from=(case.worker,))
    plain = send(session, case, "I want a dog")
    for topic, owner in ((private, "worker"), (hidden, "worker"), (plain, "manager")):
        with pytest.raises(service.AskRefused):
            ask_of(session, case, topic, owner_role=owner)
    ask_of(session, case, private, owner_role="lead")
    ask_of(session, case, hidden, owner_role="lead")
    assert queries.asks_for(session, case.worker) == []
    assert len(queries.asks_for(session, case.iro)) == 2


def test_what_the_child_ticked_for_the_meeting_may_go_to_a_manager(session: Session) -> None:
    case = make_case(session)
    row_id = send(session, case, "I want a dog")
    topic = surveys.sent_topic(session, row_id)
    assert topic is not None
    surveys_service.tick_for_meeting(session, [row_id], {topic.answers[0].answer_id})
    ask_of(session, case, row_id, owner_role="manager")
    (line,) = queries.asks_for(session, case.manager)
    assert line.words == "I want a dog"


def test_a_manager_to_whom_it_is_escalated_learns_the_fact_and_not_the_words(
    session: Session,
) -> None:
    case = make_case(session)
    ask = ask_of(session, case, send(session, case, "I want a dog"))
    service.escalate(session, case.iro, ask.id or 0, why="It is about money")
    (line,) = queries.asks_for(session, case.manager)
    assert (line.words, line.are_words_held, line.is_mine) == (None, True, True)


def test_words_for_the_iro_alone_are_not_shown_to_the_child_again(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Only you", reach=Reach.ONLY_IRO)
    ask_of(session, case, topic, owner_role="lead")
    (line,) = own.waiting_for(session, case.identity())
    assert line.words is None


def test_an_ask_that_names_its_answer_finds_its_topic_and_keeps_to_its_reach(
    session: Session,
) -> None:
    case = make_case(session)
    row_id = send(session, case, "Not my worker", hidden_from=(case.worker,))
    topic = surveys.sent_topic(session, row_id)
    assert topic is not None
    answer_id = topic.answers[0].answer_id
    ask = service.make_ask(
        session, case.identity(), kind="other", words="Not my worker", answer_id=answer_id
    )
    assert (ask.topic_row_id, ask.owner_role) == (row_id, "lead")
    assert queries.asks_for(session, case.worker) == []


def test_a_complaint_is_not_among_the_asks_that_the_iro_sees_of_a_child(
    session: Session,
) -> None:
    case = make_case(session)
    service.make_ask(session, case.identity(), kind="complaint")
    service.make_ask(session, case.identity(), kind="see_worker")
    kinds = [line.kind for line in queries.asks_of_person(session, case.iro, case.person_id)]
    assert kinds == ["see_worker"]
