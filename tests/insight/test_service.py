"""Counting what was coded, and freezing reports: on both engines."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backend.coding import service as coding
from backend.coding.models import DecidedCode, SuggestedCode
from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.insight import queries, service
from backend.insight.periods import Period, period_of, read_period
from backend.insight.voices import hear
from backend.people import queries as people_queries
from backend.surveys.past import record_past
from backend.surveys.queries import sent_topic
from backend.surveys.service import take_back_topic
from tests.factories import make_contact, make_person, make_staff

JUNE = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
H1, H2 = Period(2026, 1), Period(2026, 2)
ALARMING = "my uncle hurts me at night and i want to die"


def say(session: Session, words: str, *, reach: str = "ask_first", at: datetime = JUNE) -> int:
    """A child of twelve sends one text before a review; the id of the topic's row."""
    person = make_person(session)
    own = people_queries.contributor_of_person(session, person.id or 0)
    assert own is not None
    review = make_review(session, person.id or 0)
    return record_past(
        session,
        person_id=person.id or 0,
        contributor_id=own.id or 0,
        moment="before_review",
        window_or_review=review,
        topic_id="home",
        answers={"r12.home.change": words, "r12.home.settled": 2},
        given_at=at,
        reach=reach,
    )


def make_review(session: Session, person_id: int) -> int:
    from backend.reviews.models import Review

    review = Review(person_id=person_id, due_on=JUNE.date() + timedelta(days=10))
    session.add(review)
    session.flush()
    return review.id or 0


def test_words_for_the_iro_alone_are_coded_and_counted(session: Session, noon: datetime) -> None:
    topic = say(session, "My social worker never calls me back", reach="only_iro")
    coding.code_topic(session, topic)
    sides = hear(session, H1.first_day, H1.last_day).sides
    assert [side.source for side in sides] == ["young"]
    assert "worker" in sides[0].themes
    assert sides[0].scores == {"settled": 2}


def test_not_safe_is_neither_coded_nor_counted(session: Session, noon: datetime) -> None:
    from backend.surveys.models import Answer

    topic = say(session, "this is not safe")
    for answer in session.exec(select(Answer)):
        answer.reach = "not_safe"
    session.flush()
    assert coding.code_topic(session, topic) == coding.Worry("none")
    assert session.exec(select(SuggestedCode)).all() == []
    assert hear(session, H1.first_day, H1.last_day).sides == []


def test_what_was_taken_back_is_left_out(session: Session, noon: datetime) -> None:
    topic = say(session, "My room is cold.")
    coding.code_topic(session, topic)
    take_back_topic(session, topic)
    assert hear(session, H1.first_day, H1.last_day).sides == []


def test_no_answer_counts_in_two_half_years(session: Session, noon: datetime) -> None:
    # Midnight in London is still the evening before in UTC in summer time.
    say(session, "My room is cold.", at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    say(session, "My room is warm.", at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    first = hear(session, H1.first_day, H1.last_day).sides
    second = hear(session, H2.first_day, H2.last_day).sides
    assert len(first) == len(second) == 1
    assert first[0].person != second[0].person


def test_a_persons_decision_counts_before_the_suggestion(session: Session, noon: datetime) -> None:
    topic = say(session, "My room is cold.")
    coding.code_topic(session, topic)
    coder = make_staff(session, Role.PARTICIPATION_OFFICER)
    found = sent_topic(session, topic)
    assert found is not None
    answer = next(one for one in found.answers if one.type == "long_text")
    session.add(
        DecidedCode(
            answer_id=answer.answer_id,
            codebook_version=1,
            themes=["money"],
            sentiment="negative",
            decided_by=coder.staff_id,
            decided_at=clock.now(),
        )
    )
    session.flush()
    side = hear(session, H1.first_day, H1.last_day).sides[0]
    assert side.themes == {"money": frozenset({"negative"})}
    suggestion = session.exec(select(SuggestedCode)).one()
    assert "home" in suggestion.themes


def test_a_report_says_what_share_of_its_texts_a_person_decided(
    session: Session, noon: datetime
) -> None:
    viewer = make_staff(session, Role.MANAGER)
    topics = [say(session, "My room is cold.") for _ in range(12)]
    for topic in topics[:3]:
        found = sent_topic(session, topic)
        assert found is not None
        [answer] = [one for one in found.answers if one.type == "long_text"]
        session.add(
            DecidedCode(
                answer_id=answer.answer_id,
                codebook_version=1,
                themes=["home"],
                sentiment="negative",
                decided_by=viewer.staff_id,
                decided_at=clock.now(),
            )
        )
    session.flush()
    row = service.publish_report(session, viewer, H1)
    told = {"decided_percent": 25, "blind": None}
    assert row.body["quality"].items() >= told.items()
    frozen = queries.frozen_report(session, viewer, H1)
    assert frozen is not None
    assert frozen.picture.outline.quality["decided_percent"] == 25


def test_a_report_that_was_frozen_before_quality_was_told_can_still_be_read(
    session: Session, noon: datetime
) -> None:
    viewer = make_staff(session, Role.MANAGER)
    row = service.publish_report(session, viewer, H1)
    row.body = {key: value for key, value in row.body.items() if key != "quality"}
    session.flush()
    frozen = queries.frozen_report(session, viewer, H1)
    assert frozen is not None
    assert frozen.picture.outline.quality == {}


def test_a_report_once_published_does_not_move(session: Session, noon: datetime) -> None:
    viewer = make_staff(session, Role.MANAGER)
    for _ in range(8):
        say(session, "My room is cold.")
    row = service.publish_report(session, viewer, H1)
    figures = dict(row.body["figures"])
    assert figures["heard/young/all"] == 8
    for _ in range(8):
        say(session, "My room is cold.")
    with pytest.raises(service.AlreadyMade):
        service.publish_report(session, viewer, H1)
    frozen = queries.frozen_report(session, viewer, H1)
    assert frozen is not None
    assert frozen.picture.figures == figures


def test_a_running_half_year_has_one_draft_and_no_report(session: Session, noon: datetime) -> None:
    viewer = make_staff(session, Role.PARTICIPATION_OFFICER)
    with pytest.raises(service.NotYetEnded):
        service.publish_report(session, viewer, H2)
    service.make_draft(session, viewer, H2)
    with pytest.raises(service.AlreadyMade):
        service.make_draft(session, viewer, H2)
    with pytest.raises(service.AlreadyEnded):
        service.make_draft(session, viewer, H1)


def test_a_report_beside_its_draft_holds_back_a_change_of_three_people(
    session: Session, noon: datetime
) -> None:
    viewer = make_staff(session, Role.MANAGER)
    early = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
    for _ in range(8):
        say(session, "My room is cold.", at=early)
    with clock.set_to(early + timedelta(days=1)):
        draft = service.make_draft(session, viewer, H2)
    assert draft.body["figures"]["heard/young/all"] == 8
    for _ in range(3):
        say(session, "My room is cold.", at=early + timedelta(days=30))
    with clock.set_to(datetime(2027, 1, 5, 12, 0, tzinfo=UTC)):
        report = service.publish_report(session, viewer, H2)
    assert "heard/young/all" in report.body["held"]
    assert not {8, 11, 3} & set(report.body["figures"].values()) - {11}


def test_an_iro_neither_publishes_nor_reads_a_report(session: Session, noon: datetime) -> None:
    viewer = make_staff(session, Role.IRO)
    with pytest.raises(Denied):
        service.publish_report(session, viewer, H1)
    with pytest.raises(Denied):
        queries.frozen_report(session, viewer, H1)


def test_a_carers_comment_lands_on_the_carers_side(session: Session, noon: datetime) -> None:
    from tests.insight.homes import place

    person = make_person(session)
    home = place(session, person.id or 0, type_code="U6", provider_name="Council fostering")
    carer = make_contact(session, person, "carer")
    topic = record_past(
        session,
        person_id=person.id or 0,
        contributor_id=carer.id or 0,
        moment="home",
        window_or_review="2026H1",
        topic_id="this_child",
        answers={"hc.child.worry": "The payments are always late", "hc.child.settled": 5},
        given_at=JUNE,
        home_id=home,
    )
    coding.code_topic(session, topic)
    voices = hear(session, H1.first_day, H1.last_day)
    assert [(side.source, side.scores) for side in voices.sides] == [("carers", {"settled": 5})]
    dweller = next(one for one in voices.dwellers if one.person == person.id)
    assert dweller.kind == "in_house_fostering"


def test_what_is_told_of_a_home_that_ended_moves_nobody_back_there(
    session: Session, noon: datetime
) -> None:
    from tests.insight.homes import place

    person = make_person(session)
    left = place(session, person.id or 0, type_code="U6", ref="left")
    home = place(
        session, person.id or 0, type_code="K2", ref="now", started_on=JUNE.date() - timedelta(9)
    )
    own = people_queries.contributor_of_person(session, person.id or 0)
    carer = make_contact(session, person, "carer")
    told = {"person_id": person.id or 0, "window_or_review": "2026H1"}
    record_past(
        session,
        **told,
        contributor_id=carer.id or 0,
        moment="home",
        topic_id="this_child",
        answers={"hc.child.settled": 5},
        given_at=JUNE,
        home_id=home,
    )
    record_past(
        session,
        **told,
        contributor_id=own.id if own and own.id else 0,
        moment="home_ended",
        topic_id="the_end",
        answers={"e12.end.well": 2},
        given_at=JUNE + timedelta(days=2),
        home_id=left,
    )
    voices = hear(session, H1.first_day, H1.last_day)
    assert [one.kind for one in voices.dwellers if one.person == person.id] == ["residential"]
    assert [(side.source, side.scores) for side in voices.sides] == [("carers", {"settled": 5})]


def test_half_years_meet_and_do_not_overlap() -> None:
    assert H2.before() == H1
    assert H1.last_day + timedelta(days=1) == H2.first_day
    assert period_of(H1.last_day) == H1
    assert read_period("2026H2") == H2
    assert read_period("2026H3") is None
    assert read_period("2026H2x") is None
