"""Blind samples: what may be drawn, what each coder sees, and what the figures rest on."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backend.coding import blind, measures, reviewing, samples, service
from backend.coding.blind import AlreadyCoded
from backend.coding.decisions import Marks
from backend.coding.models import CodingSample, DecidedCode, SampledText
from backend.coding.samples import SampleRefused
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from tests.coding.texts import Case, answer_in, make_case, say, say_many
from tests.factories import make_staff

COLD = "My room is cold. Can I have a heater?"
HOME = Marks(("home",), "negative", "none", is_ask=True)
MONEY = Marks(("money",), "negative", "none", is_ask=True)


def draw(session: Session, case: Case, *, size: int = 60) -> CodingSample:
    today = clock.today()
    return samples.draw(
        session,
        make_staff(session, Role.PARTICIPATION_OFFICER),
        first_day=today - timedelta(days=90),
        last_day=today,
        size=size,
        coders=(case.iro.staff_id, case.worker.staff_id),
    )


def drawn(session: Session, sample: CodingSample) -> list[SampledText]:
    return samples.texts_in(session, [sample.id or 0])


def test_a_sample_is_drawn_by_chance_of_what_both_read(session: Session, noon: datetime) -> None:
    case = make_case(session)
    shared = say_many(session, case, [COLD] * 9)
    for reach in ("only_iro", "not_safe"):
        answer = answer_in(session, say(session, COLD, person=case.person))
        answer.reach = reach
        case = make_case(session, case.iro, case.worker)
    hidden = answer_in(session, say(session, COLD, person=case.person))
    hidden.hidden_from = [case.worker.staff_id]
    say_many(session, make_case(session, case.iro), [COLD])
    sample = draw(session, case, size=5)
    found = {text.answer_id for text in drawn(session, sample)}
    assert len(found) == 5
    assert found <= set(shared)
    order = sorted(shared, key=lambda one: samples.place(sample.seed, one))
    assert found == set(order[:5])


def test_what_a_coder_saw_coded_before_is_not_drawn(session: Session, noon: datetime) -> None:
    case = make_case(session)
    opened, decided, fresh = say_many(session, case, [COLD] * 3)
    reviewing.text_page(session, case.iro, opened)
    reviewing.correct(session, case.worker, decided, revision=1, marks=MONEY)
    assert [text.answer_id for text in drawn(session, draw(session, case))] == [fresh]
    with pytest.raises(SampleRefused):
        draw(session, case)


def test_a_drawn_text_waits_for_neither_coder_on_the_ordinary_list(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    [text] = drawn(session, draw(session, case))
    for viewer in (case.iro, case.worker):
        assert reviewing.standing(session, viewer).waiting == ()
        with pytest.raises(Denied):
            reviewing.text_page(session, viewer, answer_id)
    blind.code_blind(session, case.iro, text.id or 0, marks=HOME)
    with pytest.raises(Denied):
        reviewing.text_page(session, case.iro, answer_id)


def test_neither_sees_the_other_before_both_have_coded(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD])
    text_id = drawn(session, draw(session, case))[0].id or 0
    blind.code_blind(session, case.iro, text_id, marks=HOME)
    page = blind.blind_page(session, case.worker, text_id)
    assert page.said == ()
    assert page.shared_marks == Marks((), "", "", is_ask=False)
    with pytest.raises(AlreadyCoded):
        blind.blind_page(session, case.iro, text_id)
    with pytest.raises(AlreadyCoded):
        blind.code_blind(session, case.iro, text_id, marks=MONEY)


def test_what_both_say_alike_is_decided_and_what_they_see_differently_is_settled(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    say_many(session, case, [COLD] * 2)
    same, other = drawn(session, draw(session, case))
    for text, theirs in ((same, HOME), (other, MONEY)):
        blind.code_blind(session, case.iro, text.id or 0, marks=HOME)
        blind.code_blind(session, case.worker, text.id or 0, marks=theirs)
    assert [row.how for row in session.exec(select(DecidedCode))] == ["agreed"]
    page = blind.blind_page(session, case.iro, other.id or 0)
    assert [marks for _, marks in page.said] == [HOME, MONEY]
    assert page.shared_marks.themes == ()
    blind.code_blind(session, case.iro, other.id or 0, marks=MONEY)
    decided = {row.answer_id: row for row in session.exec(select(DecidedCode))}
    assert decided[other.answer_id].how == "settled"
    assert decided[other.answer_id].themes == ["money"]
    assert reviewing.text_page(session, case.iro, other.answer_id).decided == MONEY


def test_a_third_colleague_codes_nothing_of_a_sample(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD])
    text_id = drawn(session, draw(session, case))[0].id or 0
    for role in Role:
        viewer = make_staff(session, role)
        with pytest.raises(Denied):
            blind.code_blind(session, viewer, text_id, marks=HOME)


def test_a_coder_who_lost_the_case_sees_nothing_of_the_sample(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topic = say(session, COLD, person=case.person)
    service.code_topic(session, topic)
    text_id = drawn(session, draw(session, case))[0].id or 0
    case.person.worker_id = make_staff(session, Role.SOCIAL_WORKER).staff_id
    session.flush()
    with pytest.raises(Denied):
        blind.blind_page(session, case.worker, text_id)
    assert [share.to_code for share in blind.shares(session, case.worker)] == [()]


def test_an_ended_sample_gives_its_texts_back(session: Session, noon: datetime) -> None:
    case = make_case(session)
    [answer_id] = say_many(session, case, [COLD])
    sample = draw(session, case)
    samples.end_sample(session, make_staff(session, Role.MANAGER), sample.id or 0)
    assert [one.answer_id for one in reviewing.standing(session, case.iro).waiting] == [answer_id]
    assert blind.shares(session, case.iro) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 201}, "size"),
        ({"size": None}, "size"),
        ({"first_day": None}, "first_day"),
        ({"last_day": None}, "last_day"),
        ({"coders": (None, 4)}, "first_coder"),
        ({"coders": (4, 4)}, "second_coder"),
        ({"coders": (4711, 4712)}, "first_coder"),
    ],
)
def test_a_wish_that_cannot_be_drawn_says_why(
    session: Session, noon: datetime, values: dict[str, object], field: str
) -> None:
    viewer = make_staff(session, Role.PARTICIPATION_OFFICER)
    today = clock.today()
    wish = {"first_day": today, "last_day": today, "size": 30, "coders": (1, 2)} | values
    with pytest.raises(SampleRefused) as refused:
        samples.draw(session, viewer, **wish)  # type: ignore[arg-type]
    assert field in refused.value.errors


def code_all(session: Session, case: Case, sample: CodingSample, *, apart: int) -> None:
    """Both code every text alike but the first few."""
    for number, text in enumerate(drawn(session, sample)):
        mine = HOME if number % 2 else MONEY
        theirs = mine if number >= apart else Marks(("fun",), "positive", "soon", is_ask=False)
        blind.code_blind(session, case.iro, text.id or 0, marks=mine)
        blind.code_blind(session, case.worker, text.id or 0, marks=theirs)


def test_agreement_stands_beside_the_machines(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD] * 40)
    sample = draw(session, case)
    code_all(session, case, sample, apart=4)
    leader = make_staff(session, Role.PARTICIPATION_OFFICER)
    found = measures.agreement(session, leader, sample.id or 0)
    people, machine_first, machine_second, machine_settled = found.overall[0].estimates
    assert people is not None
    assert machine_first is not None
    assert machine_second is not None
    assert (found.texts, people.n, machine_first.n) == (40, 40, 40)
    assert people.value == pytest.approx(0.9)
    assert machine_first.value < people.value
    by_title = {line.title: line.estimates for line in found.themes}
    assert by_title["Money"][0] is not None
    assert by_title["My own place"][0] is None
    told = measures.quality(session, {})
    assert told["blind"]["people"]["value"] == 0.9
    assert told["decided_percent"] is None


def test_what_was_settled_is_measured_when_all_is_settled(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD] * 40)
    sample = draw(session, case)
    code_all(session, case, sample, apart=4)
    leader = make_staff(session, Role.PARTICIPATION_OFFICER)
    before = measures.agreement(session, leader, sample.id or 0)
    assert not before.is_settled
    assert before.overall[0].estimates[-1] is None
    assert measures.quality(session, {})["blind"]["machine"] is None
    for text_id in blind.shares(session, case.worker)[0].to_settle:
        blind.code_blind(session, case.worker, text_id, marks=HOME)
    after = measures.agreement(session, leader, sample.id or 0).overall[0].estimates[-1]
    assert after is not None
    assert after.n == 40


def test_texts_of_few_people_tell_nothing(session: Session, noon: datetime) -> None:
    case = make_case(session)
    say_many(session, case, [COLD] * 5)
    sample = draw(session, case)
    code_all(session, case, sample, apart=0)
    leader = make_staff(session, Role.MANAGER)
    assert measures.agreement(session, leader, sample.id or 0).is_too_small
    assert measures.quality(session, {})["blind"] is None


def test_a_text_changed_or_taken_back_since_counts_for_nothing(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    topics = [
        say(session, COLD, person=make_case(session, case.iro, case.worker).person)
        for _ in range(8)
    ]
    for topic in topics:
        service.code_topic(session, topic)
    sample = draw(session, case)
    code_all(session, case, sample, apart=0)
    changed = answer_in(session, topics[0])
    changed.revision = 2
    kept = answer_in(session, topics[1])
    kept.reach = "only_iro"
    session.flush()
    leader = make_staff(session, Role.MANAGER)
    assert measures.agreement(session, leader, sample.id or 0).texts == 6


@pytest.mark.parametrize("role", [Role.IRO, Role.SOCIAL_WORKER, Role.ADMINISTRATOR])
def test_who_does_not_lead_the_coding_draws_and_sees_no_sample(
    session: Session, noon: datetime, role: Role
) -> None:
    viewer: StaffIdentity = make_staff(session, role)
    with pytest.raises(Denied):
        measures.sample_lines(session, viewer)
    with pytest.raises(Denied):
        samples.end_sample(session, viewer, 1)
    today = clock.today()
    with pytest.raises(Denied):
        samples.draw(session, viewer, first_day=today, last_day=today, size=9, coders=(1, 2))
