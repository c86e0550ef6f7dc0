"""The page of a review's dates, in the hands of an IRO, a worker, and somebody who is neither."""

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.core.access.permissions import Role
from backend.people.models import Person
from backend.reviews import queries, service
from backend.reviews.models import Review
from tests.factories import make_person, make_staff, sign_in


@pytest.fixture
def review(app_session: Session, noon: datetime) -> Review:
    """A review of a child with an IRO and a worker, due on 14 December."""
    iro, worker = make_staff(app_session, Role.IRO), make_staff(app_session, Role.SOCIAL_WORKER)
    person = make_person(
        app_session,
        iro_id=iro.staff_id,
        worker_id=worker.staff_id,
        became_looked_after_on=date(2026, 11, 9),
    )
    service.set_next_review(app_session, person.id or 0, kind="review", due_on=date(2026, 12, 14))
    found = queries.next_review(app_session, person.id or 0)
    assert found is not None
    return found


def come_in(client: TestClient, session: Session, review: Review, role: Role) -> str:
    """Sign in as the review's IRO or worker; the address of its dates."""
    person = session.get_one(Person, review.person_id)
    staff_id = person.iro_id if role is Role.IRO else person.worker_id
    identity = accounts.identity_of(session, session.get_one(Staff, staff_id))
    sign_in(client, session, identity)
    return f"/staff/reviews/{review.id}"


def day(name: str, value: date) -> dict[str, str]:
    return {
        f"{name}-day": str(value.day),
        f"{name}-month": str(value.month),
        f"{name}-year": str(value.year),
    }


def test_the_iro_sees_why_it_is_due_and_by_how_far_it_is_too_late(
    client: TestClient, app_session: Session, review: Review
) -> None:
    address = come_in(client, app_session, review, Role.IRO)
    page = client.get(f"{address}/dates").text
    assert "The case system gives this day." in page
    assert "Later than regulation 33 allows: 7 Dec 2026." in page
    assert "within 20 working days of coming into care on 9 Nov 2026" in page


def test_the_iro_sets_a_meeting_and_the_worker_sees_it_and_changes_nothing(
    client: TestClient, app_session: Session, review: Review
) -> None:
    address = come_in(client, app_session, review, Role.IRO)
    answer = client.post(
        f"{address}/meeting",
        data={
            "has_meeting": "yes",
            **day("meeting_on", date(2026, 12, 3)),
            "meeting_time": "16.30",
            "meeting_place": "School, room 2",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}/dates")
    client.post("/staff/sign-out")
    come_in(client, app_session, review, Role.SOCIAL_WORKER)
    page = client.get(f"{address}/dates").text
    assert "3 Dec 2026, 16:30" in page
    assert "School, room 2" in page
    assert "Change something" not in page
    assert client.post(f"{address}/cancel", data={"cancel_reason": "x"}).status_code == 404


def test_somebody_elses_review_is_not_found(
    client: TestClient, app_session: Session, review: Review
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.IRO, Role.SOCIAL_WORKER))
    for action in ("dates", "meeting", "move", "cancel", "late"):
        method = client.get if action == "dates" else client.post
        assert method(f"/staff/reviews/{review.id}/{action}").status_code == 404
    assert client.get("/staff/reviews/999999/dates").status_code == 404


@pytest.mark.parametrize(
    ("action", "sent", "error"),
    [
        ("meeting", {"meeting_time": "16:30"}, "Enter a day that there is"),
        ("meeting", day("meeting_on", date(2026, 12, 3)), "Enter when it begins"),
        (
            "meeting",
            {**day("meeting_on", date(2026, 12, 3)), "meeting_time": "half four"},
            "Enter when it begins",
        ),
        ("move", {**day("moved_to", date(2026, 12, 3)), "moved_reason": ""}, "Write down why"),
        ("move", {"moved_to-day": "31", "moved_to-month": "2", "moved_to-year": "2027"}, "a day"),
        ("bring-forward", {**day("forward_to", date(2026, 12, 20)), "ground": "iro"}, "not before"),
        ("adjourn", {"adjourned_on-day": "🙂"}, "Enter a day that there is"),
        ("elsewhere", day("elsewhere_on", date(2026, 11, 20)), "Enter which authority"),
        ("late", {"late_note": "Dad was ill."}, "Choose why it was late"),
        ("cancel", {}, "Write down why"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_what_was_typed_stays(
    action: str,
    sent: dict[str, str],
    error: str,
    client: TestClient,
    app_session: Session,
    review: Review,
) -> None:
    address = come_in(client, app_session, review, Role.IRO)
    answer = client.post(f"{address}/{action}", data=sent)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert error in answer.text
    for typed in sent.values():
        assert typed in answer.text
    app_session.expire_all()
    found = queries.review(app_session, review.id or 0)
    assert found is not None
    assert (found.due_on, found.meeting_at) == (date(2026, 12, 14), None)


def test_each_thing_that_can_be_done_is_done_and_stands_in_the_history(
    client: TestClient, app_session: Session, review: Review
) -> None:
    address = come_in(client, app_session, review, Role.IRO)
    steps = [
        ("move", {**day("moved_to", date(2026, 12, 4)), "moved_reason": "Gran <b>can come</b>."}),
        ("bring-forward", {**day("forward_to", date(2026, 11, 30)), "ground": "asked"}),
        ("meeting", {"has_meeting": "no"}),
        ("adjourn", {**day("adjourned_on", date(2026, 11, 20)), "adjourn_reason": "No report."}),
        ("cancel", {"cancel_reason": "Two were open."}),
    ]
    for action, sent in steps:
        answer = client.post(f"{address}/{action}", data=sent)
        assert answer.status_code == 303, (action, answer.text)
    page = client.get(f"{address}/dates").text
    for words in (
        "Gran &lt;b&gt;can come&lt;/b&gt;.",
        "The child or young person asks",
        "No report.",
        "Two were open.",
        "Cancelled on 23 Nov 2026",
        "The next review is due",
    ):
        assert words in page, words
    assert "Change something" not in page
    answer = client.post(f"{address}/move", data=day("moved_to", date(2026, 12, 9)))
    assert "Somebody cancelled this review" in answer.text
