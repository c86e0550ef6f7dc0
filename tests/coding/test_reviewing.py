"""Suggest, then decide: what waits for whom, what is kept, and what comes back."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.coding import histories, reviewing, service
from backend.coding.decisions import Marks, codes_of
from backend.coding.models import DecidedCode, EarlierCode, SuggestedCode
from backend.coding.reviewing import ChangedMeanwhile, confirm, correct, next_text, standing
from backend.coding.texts import codable, codable_among, codable_revisions
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.surveys.service import take_back_topic
from tests.coding.texts import answer_in, make_case, say, say_many
from tests.factories import make_staff

COLD = "My room is cold. Can I have a heater?"
SCHOOL = "School is going well and I like my new maths teacher."
ARABIC = "ما اسمي وأين أعيش الآن مع عائلتي"
MONEY = Marks(("money",), "negative", "none", is_ask=True)


def waiting(session: Session, viewer: StaffIdentity) -> list[int]:
    return [one.answer_id for one in standing(session, viewer).waiting]


def test_the_least_sure_comes_first_and_what_the_machine_does_not_read_last(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ids = say_many(
        session, case, [COLD, "ما اسمي وأين أعيش الآن مع عائلتي", SCHOOL, "hm ok the thing"]
    )
    order = waiting(session, case.iro)
    sure = {row.answer_id: row.confidence for row in session.exec(select(SuggestedCode))}
    assert sorted(order) == sorted(ids)
    assert order[-1] == ids[1]
    assert [sure[one] for one in order[:-1]] == sorted(sure[one] for one in order[:-1])


def test_a_confirmed_suggestion_is_kept_beside_it_with_who_when_and_which(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    page = reviewing.text_page(session, case.iro, answer_id)
    confirm(session, case.iro, answer_id, revision=1, seen=page.seen)
    row = session.exec(select(DecidedCode)).one()
    suggestion = session.exec(select(SuggestedCode)).one()
    assert (row.decided_by, row.decided_at, row.how) == (case.iro.staff_id, noon, "confirmed")
    assert (row.answer_revision, row.codebook_version) == (1, 1)
    assert row.themes == suggestion.themes
    assert row.suggested is not None
    assert row.suggested["coder"] == suggestion.coder
    assert waiting(session, case.iro) == []
    assert waiting(session, case.worker) == []


def test_a_correction_counts_before_the_suggestion_and_both_stay(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    correct(session, case.worker, answer_id, revision=1, marks=MONEY)
    assert codes_of(session, {answer_id: 1})[answer_id].themes == ("money",)
    assert "home" in session.exec(select(SuggestedCode)).one().themes
    row = session.exec(select(DecidedCode)).one()
    assert row.how == "corrected"
    assert row.suggested is not None
    assert "home" in row.suggested["themes"]


def test_what_was_decided_can_be_changed_and_what_stood_before_stays(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    correct(session, case.iro, answer_id, revision=1, marks=MONEY)
    later = Marks(("home",), "negative", "soon", is_ask=True)
    with clock.set_to(noon + timedelta(hours=1)):
        correct(session, case.iro, answer_id, revision=1, marks=later)
    with clock.set_to(noon + timedelta(hours=2)):
        correct(session, case.worker, answer_id, revision=1, marks=MONEY)
    assert session.exec(select(EarlierCode)).one().themes == ["money"]
    page = reviewing.text_page(session, case.iro, answer_id)
    said = [(one.by, one.marks.themes) for one in page.history]
    assert said == [
        (case.worker.name, ("money",)), (case.iro.name, ("home",)), (case.iro.name, ("money",)),
    ]  # fmt: skip
    assert page.decided == MONEY


def test_an_answer_that_was_changed_comes_back_and_its_old_decision_counts_no_more(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    answer = answer_in(session, topic)
    answer_id = answer.id or 0
    correct(session, case.iro, answer_id, revision=1, marks=MONEY)
    answer.value, answer.revision = SCHOOL, 2
    session.flush()
    service.code_topic(session, topic)
    assert waiting(session, case.iro) == [answer_id]
    assert "education" in codes_of(session, {answer_id: 2})[answer_id].themes
    page = reviewing.text_page(session, case.iro, answer_id)
    assert page.decided is None
    assert [one.is_of_this_wording for one in page.history] == [False]
    assert histories.decided_lines(session, case.iro, page=1, a_page=9) == (0, [])


def test_nothing_is_kept_when_the_words_or_the_suggestion_are_not_those_that_were_shown(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    answer = answer_in(session, topic)
    answer_id = answer.id or 0
    seen = reviewing.text_page(session, case.iro, answer_id).seen
    answer.value, answer.revision = SCHOOL, 2
    session.flush()
    with pytest.raises(ChangedMeanwhile):
        correct(session, case.iro, answer_id, revision=1, marks=MONEY)
    with clock.set_to(noon + timedelta(minutes=1)):
        service.code_topic(session, topic)
    with pytest.raises(ChangedMeanwhile):
        confirm(session, case.iro, answer_id, revision=2, seen=seen)
    assert session.exec(select(DecidedCode)).all() == []


def test_a_text_that_the_machine_does_not_read_can_be_coded_and_not_confirmed(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [ARABIC])
    seen = reviewing.text_page(session, case.iro, answer_id).seen
    with pytest.raises(ChangedMeanwhile):
        confirm(session, case.iro, answer_id, revision=1, seen=seen)
    correct(session, case.iro, answer_id, revision=1, marks=MONEY)
    assert session.exec(select(DecidedCode)).one().how == "alone"


def test_what_was_passed_over_does_not_come_back_at_once(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD, SCHOOL, "My nan rings me on Sundays"])
    first, second, third = waiting(session, case.iro)
    assert next_text(session, case.iro) == first
    assert next_text(session, case.iro, after=first) == second
    correct(session, case.iro, second, revision=1, marks=MONEY)
    assert next_text(session, case.iro, after=second) == third
    assert next_text(session, case.iro, after=third) is None
    assert waiting(session, case.iro) == [first, third]


@pytest.mark.parametrize("reach", ["only_iro", "not_safe", "worker_taps", "keep_in_touch"])
def test_words_that_no_coder_was_named_for_are_coded_by_machine_alone(
    session: Session, noon: datetime, reach: str
) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    answer = answer_in(session, topic)
    answer.reach, answer_id = reach, answer.id or 0
    session.flush()
    service.code_topic(session, topic)
    for viewer in (case.iro, case.worker):
        assert standing(session, viewer) == reviewing.Standing((), 0, 0)
        with pytest.raises(Denied):
            reviewing.text_page(session, viewer, answer_id)
        with pytest.raises(Denied):
            correct(session, viewer, answer_id, revision=1, marks=MONEY)


def test_what_is_hidden_from_a_coder_is_not_theirs_to_code_nor_whoever_comes_after_them(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    answer = answer_in(session, topic)
    answer.hidden_from, answer.hidden_places = [case.worker.staff_id], ["worker"]
    session.flush()
    assert waiting(session, case.worker) == []
    assert waiting(session, case.iro) == [answer.id]
    after = make_staff(session, Role.SOCIAL_WORKER)
    case.person.worker_id = after.staff_id
    session.flush()
    assert waiting(session, after) == []


def test_a_case_that_moved_takes_its_texts_along(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    answer_id = answer_in(session, topic).id or 0
    after = make_staff(session, Role.IRO)
    case.person.iro_id = after.staff_id
    session.flush()
    assert waiting(session, case.iro) == []
    with pytest.raises(Denied):
        reviewing.text_page(session, case.iro, answer_id)
    assert waiting(session, after) == [answer_id]


def test_what_was_taken_back_waits_for_nobody(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    take_back_topic(session, topic)
    assert waiting(session, case.iro) == []
    with pytest.raises(Denied):
        reviewing.text_page(session, case.iro, answer_in(session, topic).id or 0)


@pytest.mark.parametrize(
    "role", [Role.MANAGER, Role.PARTICIPATION_OFFICER, Role.DUTY_READER, Role.ADMINISTRATOR]
)
def test_a_role_that_no_form_names_codes_nothing(
    session: Session, noon: datetime, role: Role
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    viewer = make_staff(session, role, team="North")
    with pytest.raises(Denied):
        standing(session, viewer)
    with pytest.raises(Denied):
        correct(session, viewer, answer_id, revision=1, marks=MONEY)


def test_opening_and_deciding_are_audited_without_words(session: Session, noon: datetime) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    answer_id = answer_in(session, topic).id or 0
    page = reviewing.text_page(session, case.iro, answer_id)
    confirm(session, case.iro, answer_id, revision=1, seen=page.seen)
    events = session.exec(
        select(AuditEvent).where(AuditEvent.event.startswith("coding.")).order_by(AuditEvent.id)
    ).all()
    assert [(one.event, one.actor, one.person_id) for one in events] == [
        ("coding.words_opened", case.iro.actor, case.person.id),
        ("coding.decided", case.iro.actor, case.person.id),
    ]
    assert events[1].details == {"answer_id": answer_id, "revision": 1, "how": "confirmed"}


def test_the_list_and_the_page_go_by_one_rule(session: Session, noon: datetime) -> None:
    case = make_case(session)
    others = [make_case(session, case.iro, case.worker) for _ in range(9)]
    answers = [answer_in(session, say(session, COLD, person=one.person)) for one in others]
    for answer, reach in zip(answers, ("only_iro", "not_safe", "adult_form"), strict=False):
        answer.reach = reach
    answers[3].hidden_from = [case.worker.staff_id]
    answers[4].hidden_from, answers[4].hidden_places = [case.iro.staff_id], ["iro"]
    answers[5].hidden_places = ["worker"]
    take_back_topic(session, answers[6].topic_row_id)
    others[7].person.left_on = noon.date()
    others[8].person.worker_id = None
    session.flush()
    found = {}
    for viewer in (case.iro, case.worker, make_staff(session, Role.PERSONAL_ADVISER)):
        opened = {text.answer_id: text.revision for text in codable(session, viewer)}
        assert codable_revisions(session, viewer) == opened
        everything = [answer.id or 0 for answer in answers]
        assert codable_among(session, viewer, everything).keys() == opened.keys()
        found[viewer.staff_id] = [answers.index(one) for one in answers if one.id in opened]
    assert found[case.iro.staff_id] == [2, 3, 5, 8]
    assert found[case.worker.staff_id] == [2, 4]


def test_two_presses_at_the_same_moment_are_one_decision(
    postgres_engine: Engine, noon: datetime
) -> None:
    with Session(postgres_engine, expire_on_commit=False) as session:
        case = make_case(session)
        [answer_id] = say_many(session, case, [COLD])
        session.commit()
        correct(session, case.iro, answer_id, revision=1, marks=MONEY)
        second = Thread(target=press, args=(postgres_engine, case.iro, answer_id))
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()  # it waits for the first to be written
        session.commit()
        second.join(timeout=10)
    with Session(postgres_engine) as session:
        assert session.exec(select(DecidedCode)).one().themes == ["money"]
        assert session.exec(select(EarlierCode)).one().themes == ["money"]


def press(engine: Engine, viewer: StaffIdentity, answer_id: int) -> None:
    """Another request with the same decision."""
    with Session(engine) as session:
        correct(session, viewer, answer_id, revision=1, marks=MONEY)
        session.commit()
