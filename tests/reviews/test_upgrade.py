"""Reviews that stood before the review cycle was built are kept, and may be moved on."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, text
from sqlmodel import Session

from backend.core import clock, database
from backend.reviews import queries, service
from backend.reviews.jobs import DAILY
from tests.factories import make_person

BEFORE = "0003"


def test_a_review_from_before_is_kept_and_learns_by_when_the_law_wants_it(engine: Engine) -> None:
    with database.unit_of_work(engine) as session:
        person_id = make_person(session).id or 0
    database.migrate(engine, BEFORE)
    with engine.begin() as connection:
        for kind, due_on, held_on in (
            ("review", "2026-06-18", "2026-06-18"),
            ("review", "2026-12-14", None),
        ):
            connection.execute(
                text(
                    "INSERT INTO review (person_id, kind, due_on, held_on)"
                    " VALUES (:person_id, :kind, :due_on, :held_on)"
                ),
                {"person_id": person_id, "kind": kind, "due_on": due_on, "held_on": held_on},
            )
    database.migrate(engine)
    with Session(engine) as session, clock.set_to(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        for duty in DAILY:
            duty(session)
        row = queries.next_review(session, person_id)
        assert row is not None
        assert (row.due_on, row.basis, row.has_meeting) == (date(2026, 12, 14), "extract", True)
        assert row.latest_on == date(2026, 12, 18)
        service.set_next_review(session, person_id, kind="review", due_on=date(2026, 12, 21))
        assert (row.due_on, row.latest_on) == (date(2026, 12, 21), date(2026, 12, 18))
        assert queries.is_later_than_allowed(row)
