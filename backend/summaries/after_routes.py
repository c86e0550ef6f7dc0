"""After the meeting: how it was held, saved in parts, and the asks that came of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.asks import queries as asks
from backend.asks import service as asks_service
from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import FieldErrors, Fields, Posted
from backend.core.templates import render
from backend.summaries import after_meeting, closing, queries, service
from backend.summaries.after_meeting import NAMES, PRIVATE_TALKS, Notes, SavedNotes
from backend.summaries.candidates import Candidate, candidates, leave_alone
from backend.surveys import queries as surveys

router = APIRouter()
Lead = Annotated[Viewer, staff_with(Permission.READ_SUMMARY)]
CONFLICT = 409


def not_here(request: Request) -> Response:
    """The page for a review that there is none of."""
    return render(request, "not_found.html", status=404)


@router.get("/reviews/{review_id}/after")
def after(request: Request, session: RequestSession, viewer: Lead, review_id: int) -> Response:
    return after_page(request, session, viewer, review_id)


def after_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    review_id: int,
    *,
    typed: Notes | None = None,
    errors: dict[str, str] | None = None,
    other: SavedNotes | None = None,
) -> Response:
    """The page, prefilled; `typed` is what stands where something was wrong, and `other` what
    somebody else saved meanwhile, laid beside it."""
    led = queries.led_review(session, viewer, review_id)
    if led is None:
        return not_here(request)
    topics = queries.readable_topics(session, viewer, led[1].person_id)
    own = queries.own_of_review(topics, review_id)
    page = closing.closing(session, *led, own)
    notes = typed or page.notes
    return render(
        request,
        "summaries/after.html",
        status=(CONFLICT if other else 422) if errors or other else 200,
        page=page,
        notes=notes,
        day=notes.held_on.split("-") if notes.held_on else ["", "", ""],
        talks=PRIVATE_TALKS,
        names=NAMES,
        labels=labels_of(page),
        other=other,
        differing=notes.differing(other.notes) if other else (),
        waiting=len(_waiting(session, viewer, led[0], topics, review_id)),
        errors=errors or {},
    )


def labels_of(page: closing.Closing) -> dict[str, str]:
    """What each choice on the page is called, to lay two savings beside each other."""
    codes = {code: f"{code} {label}" for code, label in page.codes}
    return {**PRIVATE_TALKS, **codes, **dict(page.around)}


@router.post("/reviews/{review_id}/after")
def submit_after(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    led = queries.led_review(session, viewer, review_id)
    if led is None:
        return not_here(request)
    person, review = led
    notes, revision = after_meeting.read_notes(form), form.whole_number("revision") or 0
    try:
        if form.word("do") == "confirm":
            closing.check_notes(person, review, notes)
        after_meeting.save(session, viewer, review, notes, revision=revision)
        if form.word("do") == "confirm":
            closing.close(session, viewer, person, review, notes)
    except after_meeting.SavedMeanwhile as met:
        return after_page(request, session, viewer, review_id, typed=notes, other=met.saved)
    except FieldErrors as wrong:
        return after_page(request, session, viewer, review_id, typed=notes, errors=wrong.errors)
    where = "asks" if form.word("do") == "confirm" else "after"
    return RedirectResponse(f"/staff/reviews/{review_id}/{where}", 303)


def _waiting(
    session: Session, viewer: Viewer, person: Any, topics: list[Any], review_id: int
) -> list[Candidate]:
    """Answers of this review that nobody has looked at as asks yet."""
    lines = asks.asks_of_person(session, viewer, person.id or 0)
    asked: dict[int, list[str | None]] = {}
    for line in lines:
        if line.answer_id is not None:
            asked.setdefault(line.answer_id, []).append(line.words)
    own = queries.own_of_review(topics, review_id)
    return candidates(session, viewer, person, own, asked=asked)


@router.get("/reviews/{review_id}/asks")
def review_asks(
    request: Request, session: RequestSession, viewer: Lead, review_id: int
) -> Response:
    return asks_page(request, session, viewer, review_id)


def asks_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    review_id: int,
    *,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """Every answer in words that may be an ask, and the asks that this review has already."""
    led = queries.led_review(session, viewer, review_id)
    if led is None:
        return not_here(request)
    person, review = led
    topics = queries.readable_topics(session, viewer, review.person_id)
    lines = asks.asks_of_person(session, viewer, review.person_id)
    own = queries.own_of_review(topics, review_id)
    service.record_words_shown(session, viewer, review, answers=sum(len(t.answers) for t in own))
    return render(
        request,
        "summaries/asks.html",
        status=422 if errors else 200,
        person=person,
        review=review,
        waiting=_waiting(session, viewer, person, topics, review_id),
        made=[line for line in lines if line.review_id == review_id],
        ticked=form.all("ask") if form else [],
        typed=form,
        errors=errors or {},
    )


@router.post("/reviews/{review_id}/asks")
def submit_asks(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    led = queries.led_review(session, viewer, review_id)
    if led is None:
        return not_here(request)
    person, review = led
    topics = queries.readable_topics(session, viewer, review.person_id)
    waiting = _waiting(session, viewer, person, topics, review_id)
    ticked = form.all("ask")
    chosen = [one for one in waiting if one.ticked(ticked)]
    is_rest = form.word("do") == "none"
    if problem := _problem_with_ticks(chosen, ticked, is_rest=is_rest):
        errors = {"ask": problem}
        return asks_page(request, session, viewer, review_id, errors=errors, form=form)
    try:
        with session.begin_nested():
            make_asks(session, viewer, chosen, form)
    except asks_service.AskRefused as refused:
        errors = {"ask": str(refused)}
        return asks_page(request, session, viewer, review_id, errors=errors, form=form)
    if is_rest:
        left = [one for one in waiting if one not in chosen]
        leave_alone(session, viewer, left, review_id=review_id, person_id=review.person_id)
    return RedirectResponse(f"/staff/reviews/{review_id}/asks", 303)


def _problem_with_ticks(chosen: list[Candidate], ticked: list[str], *, is_rest: bool) -> str:
    if not chosen and not is_rest:
        return "Tick what they ask for, or say that the others are no asks."
    if any(one.is_ticked_twice(ticked) for one in chosen):
        return "Tick all of an answer, or sentences of it. Not both: it would be asked twice."
    return ""


def make_asks(session: Session, viewer: Viewer, chosen: list[Candidate], form: Fields) -> None:
    """An ask of each of these answers, or of each ticked sentence, to the owner that was left or
    chosen beside it."""
    for one in chosen:
        topic = surveys.sent_topic(session, one.topic_row_id)
        if topic is None:
            continue
        for words in one.ticked(form.all("ask")):
            asks_service.make_ask_from_answer(
                session,
                viewer,
                topic=topic,
                answer_id=one.answer_id,
                words=words,
                owner_role=form.word(f"owner-{one.answer_id}"),
            )
