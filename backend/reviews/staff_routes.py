"""A review's dates: why it is due when it is, its meeting, and what can be done about either."""

from collections.abc import Callable
from datetime import date, time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import RequestSession, Viewer, check, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import calendar_routes, changes, dates, queries, service

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review

router = APIRouter()
router.include_router(calendar_routes.router)
Around = Annotated[Viewer, staff_with(Permission.SEE_REVIEW_DATES)]
Lead = Annotated[Viewer, staff_with(Permission.SET_REVIEW_DATES)]
Action = Callable[[Session, Viewer, "Review", Fields], object]


@router.get("/reviews/{review_id}/dates")
def review_dates(
    request: Request, session: RequestSession, viewer: Around, review_id: int
) -> Response:
    review, person = _found(session, viewer, review_id, Permission.SEE_REVIEW_DATES)
    return dates_page(request, session, viewer, review, person, errors={})


def _found(
    session: Session, viewer: Viewer, review_id: int, permission: Permission
) -> "tuple[Review, Person]":
    review = queries.review(session, review_id)
    person = people.person(session, review.person_id) if review else None
    if review is None or person is None:
        raise HTTPException(404)
    check(viewer, permission, people.case_of(person))
    return review, person


def dates_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    review: "Review",
    person: "Person",
    *,
    errors: dict[str, str],
    form: Fields | None = None,
) -> Response:
    """The page; with `errors`, with what was typed into the form that they are about."""
    case = people.case_of(person)
    return render(
        request,
        "reviews/dates.html",
        status=422 if errors else 200,
        found=dates.dates_of(session, review, person),
        can_change=may(viewer, Permission.SET_REVIEW_DATES, case),
        can_open=may(viewer, Permission.READ_SUMMARY, case),
        grounds=changes.GROUNDS,
        late_reasons=changes.LATE_REASONS,
        codes=placements.participation_codes(review.due_on),
        errors=errors,
        typed=form,
    )


def _do(
    request: Request,
    session: Session,
    viewer: Viewer,
    review_id: int,
    form: Fields,
    action: Action,
) -> Response:
    """Do one thing about a review's dates, and show them again."""
    review, person = _found(session, viewer, review_id, Permission.SET_REVIEW_DATES)
    try:
        with session.begin_nested():
            action(session, viewer, review, form)
    except changes.DatesRefused as refused:
        session.refresh(review)
        return dates_page(
            request, session, viewer, review, person, errors=refused.errors, form=form
        )
    return RedirectResponse(f"/staff/reviews/{review_id}/dates", 303)


def _day(form: Fields, name: str) -> date:
    try:
        return form.day(name)
    except ValueError:
        words = "Enter a day that there is, such as 24 11 2026."
        raise changes.DatesRefused({name: words}) from None


def _time(form: Fields, name: str) -> time:
    text = form.word(name).replace(".", ":").replace(" ", "")
    hours, _, minutes = text.partition(":")
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError:
        raise changes.DatesRefused({name: "Enter when it begins, such as 16:30."}) from None


@router.post("/reviews/{review_id}/meeting")
def set_meeting(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        if form.word("has_meeting") == "no":
            service.set_meeting(session, viewer, review, day=None, at=None)
            return
        service.set_meeting(
            session,
            viewer,
            review,
            day=_day(form, "meeting_on"),
            at=_time(form, "meeting_time"),
            place=form.word("meeting_place"),
        )

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/move")
def move(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        to, reason = _day(form, "moved_to"), form.text("moved_reason")
        service.move(session, viewer, review, to=to, reason=reason)

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/bring-forward")
def bring_forward(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        service.bring_forward(
            session,
            viewer,
            review,
            to=_day(form, "forward_to"),
            ground=form.word("ground"),
            reason=form.text("forward_reason"),
        )

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/adjourn")
def adjourn(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        on, reason = _day(form, "adjourned_on"), form.text("adjourn_reason")
        service.adjourn(session, viewer, review, on=on, reason=reason)

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/elsewhere")
def hold_elsewhere(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        try:
            service.hold_elsewhere(
                session,
                viewer,
                review,
                held_on=_day(form, "elsewhere_on"),
                participation_code=form.word("elsewhere_code"),
                authority=form.word("authority"),
            )
        except service.ReviewRefused as refused:
            raise changes.DatesRefused({"elsewhere_on": str(refused)}) from None

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/late")
def explain_late(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        reason, note = form.word("late_reason"), form.text("late_note")
        service.explain_late(session, viewer, review, reason=reason, note=note)

    return _do(request, session, viewer, review_id, form, action)


@router.post("/reviews/{review_id}/cancel")
def cancel(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    def action(session: Session, viewer: Viewer, review: "Review", form: Fields) -> None:
        service.cancel(session, viewer, review, reason=form.text("cancel_reason"))

    return _do(request, session, viewer, review_id, form, action)
