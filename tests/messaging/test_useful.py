"""After an outage only what is still useful goes; what is not is stopped, and says why."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from backend.core import clock
from backend.core.database import unit_of_work
from backend.messaging import service
from backend.people.models import Person
from backend.reviews.models import Review
from backend.surveys.models import Consultation
from tests.messaging.letters import PHONE, state_of, work
from tests.messaging.notify_stand_in import StandIn
from tests.surveys.rounds import open_round


def invited(engine: Engine, notify: StandIn) -> tuple[int, int]:
    """An invitation that Notify did not take; its id and its round's."""
    with unit_of_work(engine) as session:
        found = open_round(session, channel="text", address=PHONE)
        made = service.write(
            session,
            key="invite",
            occasion="invitation",
            contributor_id=found.contributor.id,
            consultation_id=found.cid,
        )
        assert made is not None
        session.flush()
        ids = made.id or 0, found.cid
    notify.refuse_with = 429
    work(engine)
    assert state_of(engine, ids[0]) == ("waiting", "too_many")
    notify.refuse_with = 0
    return ids


def review_of(session, consultation_id: int) -> Review:  # type: ignore[no-untyped-def]
    return session.get_one(Review, session.get_one(Consultation, consultation_id).review_id)


def test_an_invitation_that_is_still_useful_goes_after_an_outage(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one, _ = invited(sqlite_engine, notify)
    with clock.set_to(noon + timedelta(days=2)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("sent", "")


@pytest.mark.parametrize("what", ["held", "cancelled", "closed", "left"])
def test_an_invitation_whose_reason_is_gone_is_stopped(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, what: str
) -> None:
    one, round_id = invited(sqlite_engine, notify)
    day = date(2026, 11, 24)
    with unit_of_work(sqlite_engine) as session:
        asked = session.get_one(Consultation, round_id)
        if what == "held":
            review_of(session, round_id).held_on = day
        elif what == "cancelled":
            review_of(session, round_id).cancelled_on = day
        elif what == "closed":
            asked.closes_on = day
        else:
            session.get_one(Person, asked.person_id).left_on = day
    with clock.set_to(noon + timedelta(days=2)):
        work(sqlite_engine)
    state, why = state_of(sqlite_engine, one)
    reasons = {"held": "review_over", "cancelled": "review_over", "closed": "round_closed"}
    assert (state, why) == ("stopped", reasons.get(what, "case_ended"))
    assert notify.notifications == []


def test_the_number_of_now_is_used_and_not_the_one_of_then(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one, round_id = invited(sqlite_engine, notify)
    with unit_of_work(sqlite_engine) as session:
        asked = session.get_one(Consultation, round_id)
        session.get_one(Person, asked.person_id).address = "07700 900777"
    with clock.set_to(noon + timedelta(days=2)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sent"
    assert [gone["to"] for gone in notify.notifications] == ["07700 900777"]
