"""What people do to a review's dates: what is allowed, what is refused, and what is kept of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.reviews import queries, service
from backend.reviews.models import Review
from tests.factories import make_person, make_staff
from tests.oracles import reg33

DUE = date(2026, 12, 14)
Act = Callable[[Session, StaffIdentity, Review], object]


@pytest.fixture
def iro(session: Session) -> StaffIdentity:
    return make_staff(session, Role.IRO)


@pytest.fixture
def review(session: Session, noon: datetime, iro: StaffIdentity) -> Review:
    """A review due in three weeks; the last was held on 18 June 2026."""
    person = make_person(session, iro_id=iro.staff_id)
    service.record_held(
        session,
        person.id or 0,
        kind="review",
        held_on=date(2026, 6, 18),
        participation_code="PN1",
    )
    service.set_next_review(session, person.id or 0, kind="review", due_on=DUE)
    found = queries.next_review(session, person.id or 0)
    assert found is not None
    return found


def refusal(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(service.DatesRefused) as refused:
        act()
    return refused.value.errors


def test_a_meeting_has_a_day_a_time_and_a_place_in_london(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.set_meeting(session, iro, review, day=DUE, at=time(16, 30), place="School, room 2")
    assert review.meeting_at == datetime(2026, 12, 14, 16, 30, tzinfo=UTC)
    assert (review.meeting_place, queries.expected_on(review)) == ("School, room 2", DUE)


def test_a_meeting_moved_the_day_before_is_told_with_both_days(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.set_meeting(session, iro, review, day=date(2026, 11, 24), at=time(16, 30))
    since = clock.now()
    with clock.set_to(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)):
        service.set_meeting(session, iro, review, day=date(2026, 11, 27), at=time(9, 0))
    changes = queries.changes_since(session, [review.id or 0], since)
    assert [(one.what, one.before_on, one.after_on, one.by) for one in changes] == [
        ("meeting_set", date(2026, 11, 24), date(2026, 11, 27), iro.staff_id)
    ]
    assert queries.changes_since(session, [], since) == []


def test_a_review_can_be_held_without_a_meeting_and_counts(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.set_meeting(session, iro, review, day=DUE, at=time(16, 30))
    service.set_meeting(session, iro, review, day=None, at=None)
    assert (review.has_meeting, review.meeting_at) == (False, None)
    hold(session, iro, review, date(2026, 11, 20))
    following = queries.next_review(session, review.person_id)
    assert following is not None
    assert (following.due_on, following.has_meeting) == (date(2027, 5, 20), True)


def hold(session: Session, iro: StaffIdentity, review: Review, day: date) -> None:
    service.confirm(
        session, iro, review, held_on=day, participation_code="PN1", private_talk="done"
    )


@pytest.mark.parametrize(
    ("day", "at", "is_taken"),
    [
        (date(2027, 3, 28), time(1, 30), False),  # left out by the clocks
        (date(2027, 3, 28), time(2, 30), True),
        (date(2027, 10, 31), time(1, 30), True),  # there twice: the first is meant
    ],
)
def test_a_time_on_a_night_of_the_clocks_is_a_moment_or_is_refused(
    day: date,
    at: time,
    is_taken: bool,
    session: Session,
    iro: StaffIdentity,
    review: Review,
) -> None:
    def act() -> None:
        service.set_meeting(session, iro, review, day=day, at=at)

    if not is_taken:
        assert "clocks" in refusal(act)["meeting_time"]
        return
    act()
    assert review.meeting_at is not None
    assert clock.in_london(review.meeting_at).time() == at


def test_a_review_brought_forward_brings_the_next_forward(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.bring_forward(session, iro, review, to=date(2026, 11, 25), ground="asked")
    assert (review.due_on, review.basis) == (date(2026, 11, 25), "brought_forward")
    with clock.set_to(datetime(2026, 11, 25, 18, tzinfo=UTC)):
        hold(session, iro, review, date(2026, 11, 25))
    following = queries.next_review(session, review.person_id)
    assert following is not None
    assert following.due_on == reg33.months_after(date(2026, 11, 25), 6)


def test_a_review_moved_past_the_law_stays_moved_and_says_so(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.move(session, iro, review, to=date(2027, 1, 11), reason="Mum is in hospital.")
    assert review.latest_on == date(2026, 12, 18)
    assert queries.is_later_than_allowed(review)
    assert queries.history_of(session, review.id or 0)[0].reason == "Mum is in hospital."


def test_it_is_the_meetings_day_that_is_in_time_or_too_late(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    for day, is_late in ((date(2026, 12, 18), False), (date(2026, 12, 21), True)):
        service.set_meeting(session, iro, review, day=day, at=time(10, 0))
        assert queries.is_later_than_allowed(review) is is_late
    service.move(session, iro, review, to=date(2027, 1, 11), reason="Mum is in hospital.")
    service.set_meeting(session, iro, review, day=date(2026, 12, 17), at=time(10, 0))
    assert not queries.is_later_than_allowed(review)


def test_a_cancelled_review_leaves_no_child_without_one(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    following = service.cancel(session, iro, review, reason="Asked for by mistake.")
    assert review.cancelled_on == clock.today()
    assert following.id != review.id
    assert following.due_on == date(2026, 12, 18)
    # The extract goes on naming the cancelled one; that moves nothing.
    assert not service.set_next_review(session, review.person_id, kind="review", due_on=DUE)
    again = service.cancel(session, iro, following, reason="That one too.")
    assert (again.due_on, again.latest_on) == (date(2026, 12, 17), date(2026, 12, 18))


def test_a_meeting_is_adjourned_once_for_twenty_working_days(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    on = date(2026, 11, 23)
    service.adjourn(session, iro, review, on=on, reason="No report.")
    last = reg33.within_working_days(on, 20)
    assert (review.adjourned_on, review.resume_by) == (on, last)
    assert queries.expected_on(review) == last
    too_late = reg33.within_working_days(on, 21)
    errors = refusal(
        lambda: service.set_meeting(session, iro, review, day=too_late, at=time(10, 0))
    )
    assert "20 working days" in errors["meeting_on"]
    service.set_meeting(session, iro, review, day=last, at=time(10, 0))
    assert queries.history_of(session, review.id or 0)[0].what == "resumed"
    errors = refusal(lambda: service.adjourn(session, iro, review, on=on, reason="Again."))
    assert "once" in errors["adjourned_on"]
    assert review.resume_by == last


def test_an_adjourned_review_taken_up_in_time_counts_by_its_beginning(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.adjourn(session, iro, review, on=date(2026, 11, 23), reason="No report.")
    with clock.set_to(datetime(2026, 12, 16, 18, tzinfo=UTC)):
        hold(session, iro, review, date(2026, 12, 16))
    following = queries.next_review(session, review.person_id)
    assert following is not None
    assert following.due_on == date(2027, 5, 23)


def test_another_authoritys_review_counts_and_is_named(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.hold_elsewhere(
        session,
        iro,
        review,
        held_on=date(2026, 11, 18),
        participation_code="PN6",
        authority="Sandy Heath Council",
    )
    assert (review.reviewed_elsewhere, review.private_talk) == ("Sandy Heath Council", None)
    following = queries.next_review(session, review.person_id)
    assert following is not None
    assert following.due_on == date(2027, 5, 18)


@pytest.mark.parametrize(
    ("field", "act"),
    [
        ("moved_to", lambda s, v, r: service.move(s, v, r, to=date(2026, 11, 22), reason="x")),
        ("moved_to", lambda s, v, r: service.move(s, v, r, to=date(2062, 11, 22), reason="x")),
        ("moved_to", lambda s, v, r: service.move(s, v, r, to=DUE, reason="x")),
        ("moved_reason", lambda s, v, r: service.move(s, v, r, to=date(2026, 12, 1), reason=" ")),
        ("forward_to", lambda s, v, r: service.bring_forward(s, v, r, to=LATER, ground="iro")),
        ("ground", lambda s, v, r: service.bring_forward(s, v, r, to=EARLIER, ground="hat")),
        (
            "forward_reason",
            lambda s, v, r: service.bring_forward(s, v, r, to=EARLIER, ground="other"),
        ),
        ("cancel_reason", lambda s, v, r: service.cancel(s, v, r, reason="")),
        ("adjourned_on", lambda s, v, r: service.adjourn(s, v, r, on=DUE, reason="x")),
        ("adjourn_reason", lambda s, v, r: service.adjourn(s, v, r, on=TODAY, reason="")),
        ("meeting_on", lambda s, v, r: service.set_meeting(s, v, r, day=PAST, at=time(9))),
        ("meeting_time", lambda s, v, r: service.set_meeting(s, v, r, day=DUE, at=None)),
        ("late_reason", lambda s, v, r: service.explain_late(s, v, r, reason="rain")),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_changes_nothing(
    field: str, act: Act, session: Session, iro: StaffIdentity, review: Review
) -> None:
    before = review.model_dump()
    assert set(refusal(lambda: act(session, iro, review))) == {field}
    assert review.model_dump() == before


LATER, EARLIER, TODAY, PAST = (
    date(2026, 12, 18), date(2026, 12, 1), date(2026, 11, 23), date(2026, 11, 20)
)  # fmt: skip


def test_two_people_at_one_page_meet_a_plain_no_and_not_a_second_change(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.cancel(session, iro, review, reason="Asked for by mistake.")
    errors = refusal(lambda: service.move(session, iro, review, to=LATER, reason="x"))
    assert "cancelled" in errors["dates"]
    with pytest.raises(service.ReviewRefused, match="cancelled"):
        hold(session, iro, review, date(2026, 11, 20))


def test_a_late_review_keeps_why(session: Session, iro: StaffIdentity, review: Review) -> None:
    with clock.set_to(datetime(2026, 12, 30, 9, tzinfo=UTC)):
        hold(session, iro, review, date(2026, 12, 30))
        service.explain_late(session, iro, review, reason="family", note="Dad was ill.")
    assert (review.late_reason, review.late_note) == ("family", "Dad was ill.")


def test_every_change_is_audited_without_the_reason(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    service.move(session, iro, review, to=LATER, reason="Mum is in hospital.")
    event = session.exec(select(AuditEvent).where(AuditEvent.actor == iro.actor)).all()[-1]
    assert event.event == "review.changed"
    assert event.details == {
        "review_id": review.id,
        "what": "moved",
        "before_on": DUE.isoformat(),
        "after_on": LATER.isoformat(),
    }


def test_a_talk_that_was_not_appropriate_is_kept_with_its_reason_until_it_is_corrected(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    held = {"held_on": date(2026, 11, 20), "participation_code": "PN1"}
    for why in ("", "  "):
        with pytest.raises(service.ReviewRefused, match="why"):
            service.confirm(
                session, iro, review, **held, private_talk="not_appropriate", private_talk_why=why
            )
    assert review.held_on is None
    service.confirm(
        session,
        iro,
        review,
        **held,
        private_talk="not_appropriate",
        private_talk_why=" zqwhy: eighteen months old ",
    )
    assert queries.private_talk_why(session, review) == "zqwhy: eighteen months old"
    kept = [one.details for one in session.exec(select(AuditEvent)).all()]
    assert "zqwhy" not in str(kept)
    service.confirm(session, iro, review, **held, private_talk="done")
    assert queries.private_talk_why(session, review) == ""


def test_news_of_the_dates_are_what_changed_since_the_review_before(
    session: Session, iro: StaffIdentity, review: Review
) -> None:
    last = queries.review_before(session, review)
    assert last is not None
    assert last.held_on == date(2026, 6, 18)
    assert queries.review_before(session, last) is None
    service.set_meeting(session, iro, review, day=date(2026, 12, 10), at=time(16, 30))
    assert queries.news_since(session, review, last) == ()
    service.set_meeting(session, iro, review, day=date(2026, 12, 11), at=time(9, 0))
    service.move(session, iro, review, to=date(2026, 12, 18), reason="zqill")
    other = service.cancel(session, iro, review, reason="zqtwice")
    news = queries.news_since(session, other, last)
    assert [(one.what, one.before_on, one.after_on, one.reason) for one in news] == [
        ("Review cancelled", date(2026, 12, 18), None, "zqtwice"),
        ("Review moved to", DUE, date(2026, 12, 18), "zqill"),
        ("Meeting moved to", date(2026, 12, 10), date(2026, 12, 11), None),
    ]
    assert {one.who for one in news} == {iro.name}
