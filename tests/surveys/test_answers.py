"""Rules about answers, on both engines: kept, changed, sent once, taken back, deleted."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.predicates import Reach
from backend.core.jobs import Job
from backend.surveys import jobs, queries, service
from backend.surveys.models import Answer, Consultation, Response, Topic
from tests.factories import make_contact
from tests.surveys.rounds import Round, make_home, open_round

WANTED = "r12.wanted.words"
AWKWARD = "a\u0000b\u0007 \u202eשלום مرحبا\u202c 👩‍👧‍👦 \n\n  ende \u2028\t"


@pytest.fixture
def round_(session: Session, noon: datetime) -> Round:
    return open_round(session)


@pytest.fixture
def response(session: Session, round_: Round) -> Response:
    return service.begin_response(session, round_.contributor.id or 0, round_.cid)


@pytest.fixture
def topic(session: Session, response: Response) -> Topic:
    return service.begin_topic(session, response, "most_wanted", session_id=7)


def row(topic: Topic) -> int:
    return topic.id or 0


def test_a_round_is_opened_once_however_often_the_day_comes(
    session: Session, round_: Round
) -> None:
    for _ in range(2):
        for daily in (*jobs.DAILY, *jobs.HOURLY):
            daily(session)
    rows = session.exec(select(Consultation).where(Consultation.person_id == round_.person.id))
    assert len(rows.all()) == 1


def test_a_review_more_than_two_weeks_away_opens_nothing(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    review_id = round_.consultation.review_id
    session.delete(round_.consultation)
    session.flush()
    with clock.set_to(noon - timedelta(days=7)):
        service.open_rounds(session)
    assert session.exec(select(Consultation)).all() == []
    with clock.set_to(noon - timedelta(days=6)):
        service.open_rounds(session)
    opened = session.exec(select(Consultation)).one()
    assert opened.review_id == review_id
    assert opened.opens_on == round_.consultation.closes_on - timedelta(days=14)


def test_a_carer_is_asked_about_the_home_of_today_alone(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    carer = make_contact(session, round_.person, "carer")
    assert {form.moment for form in queries.open_for(session, carer)} == {"before_review"}
    home = make_home(session, round_.person)
    service.open_rounds(session)
    forms = [form for form in queries.open_for(session, carer) if form.moment == "home"]
    assert [form.instrument_id for form in forms] == ["about-this-home-carer"]
    assert forms[0].state == "new"
    home_round = session.get_one(Consultation, forms[0].consultation_id)
    assert (home_round.home_id, home_round.window) == (home.id, "2026H2")


def test_a_parent_who_is_not_to_be_asked_has_no_form(session: Session, round_: Round) -> None:
    asked = make_contact(session, round_.person, "parent")
    not_asked = make_contact(session, round_.person, "parent", invite="no")
    assert [form.instrument_id for form in queries.open_for(session, asked)] == [
        "before-the-review-parent"
    ]
    assert queries.open_for(session, not_asked) == []


def test_one_contributor_has_one_record_in_a_round(
    session: Session, round_: Round, response: Response
) -> None:
    again = service.begin_response(session, round_.contributor.id or 0, round_.cid)
    assert again.id == response.id
    assert response.instrument_id == "before-my-review-12-17"
    assert response.audience == "child_11_17"


def test_awkward_text_is_kept_to_the_character(session: Session, topic: Topic) -> None:
    service.keep_answer(session, row(topic), WANTED, AWKWARD)
    long = "🦊" * 200_000
    service.keep_answer(session, row(topic), "r12.wanted.well", long)
    session.flush()
    session.expire_all()
    kept = {one.question_id: one.value for one in session.exec(select(Answer))}
    assert kept == {WANTED: AWKWARD, "r12.wanted.well": long}


def test_an_answer_changed_elsewhere_is_not_overwritten_unseen(
    session: Session, topic: Topic
) -> None:
    service.keep_answer(session, row(topic), WANTED, "from the phone", based_on_revision=0)
    with pytest.raises(service.ChangedElsewhere) as changed:
        service.keep_answer(session, row(topic), WANTED, "from the tablet", based_on_revision=0)
    assert changed.value.current is not None
    assert changed.value.current.value == "from the phone"
    kept = service.keep_answer(session, row(topic), WANTED, "both", based_on_revision=1)
    assert (kept.value, kept.revision) == ("both", 2)


def test_the_same_words_from_an_older_page_do_not_widen_who_reads_them(
    session: Session, topic: Topic
) -> None:
    service.keep_answer(
        session, row(topic), WANTED, "same", reach=Reach.ONLY_IRO, based_on_revision=0
    )
    kept = service.keep_answer(session, row(topic), WANTED, "same", based_on_revision=0)
    assert (kept.reach, kept.revision) == (Reach.ONLY_IRO, 1)


def test_an_option_that_was_not_offered_is_refused(session: Session, response: Response) -> None:
    home = service.begin_topic(session, response, "home")
    with pytest.raises(ValueError, match="does not offer"):
        service.keep_answer(session, row(home), "r12.home.safe", "perfectly")
    with pytest.raises(KeyError):
        service.keep_answer(session, row(home), WANTED, "in another topic")
    kept = service.keep_answer(session, row(home), "r12.home.settled", 4)
    assert kept.value == "happy"


def test_a_topic_is_sent_once_and_then_stands(
    session: Session, round_: Round, topic: Topic
) -> None:
    told: list[tuple[int, int]] = []
    tell = lambda _session, row_id, person_id: told.append((row_id, person_id))  # noqa: E731
    service.ON_SENT.append(tell)
    try:
        with pytest.raises(service.NothingToSend):
            service.send_topic(session, row(topic))
        service.keep_answer(session, row(topic), WANTED, "A dog")
        assert queries.sent_topics(session) == []
        service.send_topic(session, row(topic))
        with pytest.raises(service.AlreadySent):
            service.send_topic(session, row(topic))
    finally:
        service.ON_SENT.remove(tell)
    with pytest.raises(service.AlreadySent):
        service.keep_answer(session, row(topic), WANTED, "A cat")
    assert told == [(topic.id, round_.person.id)]
    job = session.exec(select(Job).where(Job.kind == "safeguarding.topic_sent")).one()
    assert job.details == {"topic_row_id": topic.id}


def test_what_was_sent_comes_with_its_question_and_its_words(
    session: Session, round_: Round, response: Response
) -> None:
    home = service.begin_topic(session, response, "home")
    service.keep_answer(session, row(home), "r12.home.change", "the wifi", reach=Reach.ONLY_IRO)
    service.keep_answer(session, row(home), "r12.home.settled", "sad", hidden_from=[9])
    service.send_topic(session, row(home))
    sent = queries.sent_topic(session, row(home))
    assert sent is not None
    assert (sent.person_id, sent.audience, sent.how_given) == (
        round_.person.id, "child_11_17", "alone"
    )  # fmt: skip
    assert sent.reach is Reach.ASK_FIRST
    first, second = sent.answers
    assert (first.indicator, first.score, first.display) == ("settled", 2, "Not good")
    assert first.hidden_from == frozenset({9})
    assert (second.value, second.reach, second.summary) == ("the wifi", Reach.ONLY_IRO, "change")


def test_only_what_is_open_may_be_ticked_for_the_meeting(session: Session, topic: Topic) -> None:
    mine = service.keep_answer(session, row(topic), WANTED, "Only you", reach=Reach.ONLY_IRO)
    open_ = service.keep_answer(session, row(topic), "r12.wanted.well", "School")
    service.send_topic(session, row(topic))
    assert not open_.may_be_said
    with pytest.raises(service.NotForTheMeeting):
        service.tick_for_meeting(session, [row(topic)], {mine.id or 0})
    mine.may_be_said = False
    service.tick_for_meeting(session, [row(topic)], {open_.id or 0})
    assert (mine.may_be_said, open_.may_be_said) == (False, True)
    service.take_back_topic(session, row(topic))
    assert not open_.may_be_said
    sent = queries.sent_topic(session, row(topic))
    assert sent is not None
    assert sent.taken_back
    with pytest.raises(service.NotForTheMeeting):
        service.tick_for_meeting(session, [row(topic)], {open_.id or 0})


def test_a_draft_is_deleted_fourteen_days_after_it_was_last_kept(
    session: Session, noon: datetime, topic: Topic, response: Response
) -> None:
    service.keep_answer(session, row(topic), WANTED, "A dog")
    other = service.begin_topic(session, response, "school")
    service.keep_answer(session, row(other), "r12.school.words", "Maths")
    service.send_topic(session, row(other))
    with clock.set_to(noon + timedelta(days=14)):
        assert service.delete_old_drafts(session) == 0
    with clock.set_to(noon + timedelta(days=14, minutes=1)):
        assert service.delete_old_drafts(session) == 1
    assert [answer.value for answer in session.exec(select(Answer))] == ["Maths"]
    assert len(session.exec(select(Topic)).all()) == 1


def test_after_three_days_the_iro_learns_only_that_something_was_begun(
    session: Session, noon: datetime, round_: Round, topic: Topic
) -> None:
    person_id = round_.person.id or 0
    service.keep_answer(session, row(topic), WANTED, "A dog")
    assert queries.begun_for(session, person_id) is None
    with clock.set_to(noon + timedelta(days=3)):
        assert queries.begun_for(session, person_id) == noon.date()
        service.send_topic(session, row(topic))
        assert queries.begun_for(session, person_id) is None


def test_questions_that_a_helper_in_the_home_must_not_hear_wait_for_a_visit(
    session: Session, round_: Round, response: Response
) -> None:
    beside = service.Beside(service.WITH_HELP, "someone in the home", is_in_home=True)
    sitting = service.sit_down(session, response, session_id=7, beside=beside)
    feelings = service.begin_topic(session, response, "feelings", session_id=7, beside=sitting)
    service.keep_answer(session, row(feelings), "r12.feelings.body", "happy", beside=sitting)
    service.send_topic(session, row(feelings), beside=sitting)
    whole = service.begin_topic(session, response, "carers", session_id=7, beside=sitting)
    held = queries.held_back_for(session, [round_.person.id or 0])
    assert [(one.topic_title, len(one.questions)) for one in held] == [
        ("Health and feelings", 1), ("The people who look after me", len(whole.held_back)),
    ]  # fmt: skip
    sent = queries.sent_topic(session, row(feelings))
    assert sent is not None
    assert (sent.how_given, sent.helped_by) == ("with_help", "someone in the home")


def test_a_past_year_lies_in_the_same_rows(session: Session, noon: datetime) -> None:
    round_ = open_round(session)
    home = make_home(session, round_.person)
    carer = make_contact(session, round_.person, "carer")
    given_at = noon - timedelta(days=200)
    row_ids = {
        service.record_past(
            session,
            person_id=round_.person.id or 0,
            contributor_id=carer.id or 0,
            moment="home",
            window_or_review="2026H1",
            topic_id="this_child",
            answers={"hc.child.settled": 2, "hc.child.well": "Her laugh"},
            given_at=given_at,
        )
        for _ in range(2)
    }
    sent = queries.sent_topic(session, row_ids.pop())
    assert row_ids == set()
    assert sent is not None
    assert (sent.sent_at, sent.home_id, sent.window) == (given_at, home.id, "2026H1")
    assert [(one.score, one.reach) for one in sent.answers] == [
        (2, Reach.ADULT_FORM), (None, Reach.ADULT_FORM),
    ]  # fmt: skip
    assert not any(one.may_be_said for one in sent.answers)
