"""Messages by GOV.UK Notify: once each, through faults, lost answers and an outage of days."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock
from backend.core.database import unit_of_work
from backend.messaging.models import Message
from backend.settings import get_settings
from tests.messaging.letters import PHONE, state_of, work, work_until, written
from tests.messaging.notify_stand_in import EMAIL, LANDLINE, TEXT, StandIn

LATER = timedelta(minutes=10)


def test_a_text_goes_once_with_its_link_and_is_delivered(
    engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(engine)
    work(engine)
    assert state_of(engine, one) == ("sent", "")
    [gone] = notify.notifications
    assert (gone["to"], gone["type"], gone["template"]) == (PHONE, "sms", TEXT)
    assert gone["body"].startswith("Hi. There is news for you on your page: https://heard.example/")
    notify.set_state("delivered")
    with clock.set_to(noon + LATER):
        work(engine)
    assert state_of(engine, one) == ("delivered", "")
    assert notify.posts == 1


def test_an_e_mail_has_a_subject_that_reveals_nothing(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    written(sqlite_engine, channel="email", address="sunny@post.example")
    work(sqlite_engine)
    [gone] = notify.notifications
    assert (gone["type"], gone["template"]) == ("email", EMAIL)
    assert gone["subject"] == "There is news for you on your page"


@pytest.mark.parametrize(
    ("said", "state", "fault"),
    [
        ("permanent-failure", "bounced", "no_such_address"),
        ("temporary-failure", "bounced", "phone_off_or_full"),
        ("technical-failure", "failed", "provider_fault"),
    ],
)
def test_what_did_not_arrive_comes_back(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, said: str, state: str, fault: str
) -> None:
    one = written(sqlite_engine)
    work(sqlite_engine)
    notify.set_state(said)
    with clock.set_to(noon + LATER):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == (state, fault)


def test_a_number_that_is_none_is_shown_as_not_arrived_and_not_tried_again(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine, address=LANDLINE)  # its shape is right; Notify knows better
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("bounced", "no_such_address")
    with clock.set_to(noon + timedelta(days=1)):
        work(sqlite_engine)
    assert notify.posts == 1


@pytest.mark.parametrize(("status", "fault"), [(429, "too_many"), (403, "key_refused")])
def test_what_notify_surely_did_not_take_is_tried_again(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, status: int, fault: str
) -> None:
    one = written(sqlite_engine)
    notify.refuse_with = status
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", fault)
    notify.refuse_with = 0
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("sent", "")
    assert len(notify.notifications) == 1


def test_a_key_that_is_not_ours_is_refused(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, own_settings: pytest.MonkeyPatch
) -> None:
    wrong = "heard-26785a09-ab16-4eb0-8407-a37497a57506-00000000-8d35-48ac-975b-e847b4f122b0"
    own_settings.setenv("HEARD_NOTIFY_KEY", wrong)
    get_settings.cache_clear()
    one = written(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "key_refused")
    assert notify.notifications == []


def test_a_key_that_is_none_sends_nothing_and_stops_no_worker(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("HEARD_NOTIFY_KEY", "tea")
    get_settings.cache_clear()
    one = written(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "key_refused")
    assert notify.posts == 0


def test_a_lost_answer_is_looked_up_and_nothing_goes_twice(
    engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(engine)
    notify.loses_answers = True
    work(engine)
    assert state_of(engine, one) == ("sending", "no_answer")
    notify.loses_answers = False
    with clock.set_to(noon + timedelta(hours=1)):
        work(engine)
    assert state_of(engine, one)[0] == "sent"
    assert (len(notify.notifications), notify.posts) == (1, 1)


def test_a_fault_of_notify_is_looked_up_before_it_is_tried_again(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine)
    notify.refuse_with = 500
    work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sending"
    notify.refuse_with = 0
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sent"
    assert notify.look_ups == 1
    assert len(notify.notifications) == 1


def test_after_an_outage_of_two_days_what_waited_goes_once(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    ids = [written(sqlite_engine, f"m{number}") for number in range(5)]
    notify.is_down = True
    back = noon + timedelta(days=2)
    work_until(sqlite_engine, noon, back, step=timedelta(minutes=20))
    assert {state_of(sqlite_engine, one)[0] for one in ids} <= {"waiting", "sending"}
    # One tries for all, so that other work is not held up: about one call in half an hour.
    assert notify.posts + notify.look_ups < 2 * 48 * 2
    notify.is_down = False
    work_until(sqlite_engine, back, back + timedelta(hours=4), step=timedelta(minutes=20))
    assert {state_of(sqlite_engine, one) for one in ids} == {("sent", "")}
    assert len(notify.notifications) == 5


def test_a_look_up_that_never_answers_leaves_the_question_to_a_person(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine)
    notify.is_down = True
    work_until(sqlite_engine, noon, noon + timedelta(days=5), step=timedelta(hours=2))
    assert state_of(sqlite_engine, one) == ("unknown", "lost_answer")


def test_a_child_who_left_is_not_written_to_after_an_outage(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    from backend.people.models import Contributor, Person

    one = written(sqlite_engine)
    notify.refuse_with = 429
    work(sqlite_engine)
    notify.refuse_with = 0
    with unit_of_work(sqlite_engine) as session:
        own = session.get_one(Contributor, session.get_one(Message, one).contributor_id)
        session.get_one(Person, own.person_id).left_on = noon.date()
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("stopped", "case_ended")
    assert notify.notifications == []


def test_without_a_provider_it_is_shown_in_the_outbox_on_screen(
    sqlite_engine: Engine, noon: datetime, own_settings: pytest.MonkeyPatch
) -> None:
    one = written(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("shown", "")


def test_a_message_written_at_night_comes_in_the_morning(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    night = noon + timedelta(hours=11)
    with clock.set_to(night):
        one = written(sqlite_engine)
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "waiting"
    with clock.set_to(noon + timedelta(hours=20, minutes=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sent"
    with Session(sqlite_engine) as session:
        [row] = session.exec(select(Message)).all()
        assert row.sent_at == noon + timedelta(hours=20, minutes=1)
