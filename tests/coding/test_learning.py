"""Learning from decisions: what it rests on, that it is used from then on, and what it forgets."""

import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.coding import blind, learning, machine, reviewing, samples, service
from backend.coding import jobs as coding_jobs
from backend.coding.decisions import Marks
from backend.coding.models import LearningRun, SuggestedCode
from backend.core import clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.settings import get_settings
from backend.surveys.models import Answer
from backend.surveys.sending import TOPIC_SENT_JOB
from backend.surveys.service import take_back_topic
from tests.coding.test_samples import draw
from tests.coding.texts import Case, answer_in, make_case, say, say_many
from tests.factories import make_staff

FUN = Marks(("fun",), "positive", "none", is_ask=False)
MONEY = Marks(("money",), "negative", "none", is_ask=True)
SECRET = "zqgrumblewick"


@pytest.fixture(scope="session")
def _data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learnt")


@pytest.fixture(autouse=True)
def folder(_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder in which nothing was learnt yet, and which no other test uses."""
    monkeypatch.setenv("HEARD_DATA", str(_data))
    get_settings.cache_clear()
    machine.forget()
    yield _data
    get_settings.cache_clear()


def decide_many(session: Session, case: Case, count: int) -> list[int]:
    """Texts, half of them decided as fun, half as money."""
    texts = [
        f"we did not lose the match, number {n}" if n % 2 else f"allowance {n} is not paid"
        for n in range(count)
    ]
    ids = say_many(session, case, texts)
    for number, answer_id in enumerate(ids):
        marks = FUN if number % 2 else MONEY
        reviewing.correct(session, case.iro, answer_id, revision=1, marks=marks)
    return ids


def run_jobs(session: Session) -> int:
    jobs.leave_none(session, TOPIC_SENT_JOB)
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return jobs.run_all_due(engine, coding_jobs.HANDLERS)


def last_run(session: Session) -> LearningRun:
    session.flush()
    session.expire_all()
    return session.exec(select(LearningRun).order_by(LearningRun.id.desc())).first()  # type: ignore[union-attr, return-value]


def test_it_says_how_few_are_too_few_as_the_analysis_package_does() -> None:
    from analysis.learning.councils import FEWEST

    assert machine.FEWEST_TO_LEARN_FROM == FEWEST


def test_learning_changes_the_coder_and_codes_anew_in_batches(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    case = make_case(session)
    decide_many(session, case, 60)
    shipped = machine.name_in_use()
    learning.ask_to_learn(session, leader)
    assert learning.learning_state(session, leader).running is not None
    learning.ask_to_learn(session, leader)
    assert run_jobs(session) == 1 + 2 + 1  # learning, two batches, and one that finds nothing left
    run = last_run(session)
    assert (run.decisions, run.texts, run.texts_done) == (60, 60, 60)
    assert run.finished_at is not None
    assert run.coder == machine.name_in_use() != shipped
    assert {row.coder for row in session.exec(select(SuggestedCode))} == {run.coder}
    assert len(session.exec(select(LearningRun)).all()) == 1
    state = learning.learning_state(session, leader)
    assert (state.running, state.asked_by) == (None, leader.name)


def test_a_decision_keeps_the_suggestion_that_it_was_made_beside(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    case = make_case(session)
    ids = decide_many(session, case, 24)
    before = reviewing.text_page(session, case.iro, ids[0]).history[0].suggested
    learning.ask_to_learn(session, leader)
    run_jobs(session)
    after = reviewing.text_page(session, case.iro, ids[0])
    assert after.history[0].suggested == before
    assert after.suggestion is not None
    assert before is not None
    assert after.suggestion.coder != before["coder"]


def test_too_few_decisions_teach_nothing(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    decide_many(session, make_case(session), 3)
    assert not learning.learning_state(session, leader).may_ask
    learning.ask_to_learn(session, leader)
    learning.keep_up(session)
    assert run_jobs(session) == 0


def test_it_learns_at_night_only_where_something_was_decided(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    case = make_case(session)
    ids = decide_many(session, case, 22)
    learning.keep_up(session)
    assert run_jobs(session) > 1
    learning.keep_up(session)
    assert run_jobs(session) == 0
    with clock.set_to(noon + timedelta(hours=1)):
        reviewing.correct(session, case.worker, ids[0], revision=1, marks=FUN)
    learning.keep_up(session)
    assert run_jobs(session) > 1
    assert last_run(session).asked_by is None


def test_blind_samples_what_was_taken_back_and_what_was_kept_from_people_teach_nothing(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    case = make_case(session)
    drawn_ids = say_many(session, case, ["My room is cold"])
    sample = draw(session, case)
    [drawn] = samples.texts_in(session, [sample.id or 0])
    for viewer in (case.iro, case.worker):
        blind.code_blind(session, viewer, drawn.id or 0, marks=MONEY)
    topics = [
        say(session, "My room is cold", person=make_case(session, case.iro, case.worker).person)
        for _ in range(4)
    ]
    for topic in topics:
        service.code_topic(session, topic)
        answer = answer_in(session, topic)
        reviewing.correct(session, case.iro, answer.id or 0, revision=1, marks=MONEY)
    assert len(learning.lessons(session).rows) == 4
    take_back_topic(session, topics[0])
    answer_in(session, topics[1]).reach = "only_iro"
    answer_in(session, topics[2]).revision = 2
    session.flush()
    assert drawn.answer_id == drawn_ids[0]
    assert len(learning.lessons(session).rows) == 1


def test_when_too_little_is_left_it_codes_as_what_ships_again(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    case = make_case(session)
    ids = decide_many(session, case, 20)
    shipped = machine.name_in_use()
    learning.ask_to_learn(session, leader)
    run_jobs(session)
    assert machine.name_in_use() != shipped
    take_back_topic(session, session.get_one(Answer, ids[0]).topic_row_id)
    learning.keep_up(session)
    run_jobs(session)
    assert machine.name_in_use() == shipped
    assert {row.coder for row in session.exec(select(SuggestedCode))} == {shipped}


def test_no_word_of_a_child_lies_in_what_was_learnt(
    session: Session, noon: datetime, leader: StaffIdentity, folder: Path
) -> None:
    case = make_case(session)
    decide_many(session, case, 40)
    [named] = say_many(session, case, [f"my dog {SECRET} is not allowed inside"])
    reviewing.correct(session, case.iro, named, revision=1, marks=MONEY)
    learning.ask_to_learn(session, leader)
    run_jobs(session)
    assert last_run(session).decisions == 41
    kept = [path for path in folder.rglob("*") if path.suffix == ".npz"]
    assert kept
    for path in kept:
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                inside = file.read(name).replace(b"\0", b"")
                assert SECRET.encode() not in inside, (path.name, name)


def test_a_run_that_was_given_up_lets_the_next_begin(
    session: Session, noon: datetime, leader: StaffIdentity
) -> None:
    decide_many(session, make_case(session), 20)
    session.add(LearningRun(asked_by=None, asked_at=clock.now()))
    session.flush()
    assert learning.learning_state(session, leader).running is not None
    learning.keep_up(session)
    assert last_run(session).failure
    assert learning.learning_state(session, leader).may_ask


@pytest.mark.parametrize("role", [Role.IRO, Role.SOCIAL_WORKER, Role.ADMINISTRATOR])
def test_who_does_not_lead_the_coding_has_nothing_learnt(
    session: Session, noon: datetime, role: Role
) -> None:
    with pytest.raises(Denied):
        learning.ask_to_learn(session, make_staff(session, role))
