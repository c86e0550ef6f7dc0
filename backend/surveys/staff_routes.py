"""The eight taps about a home, from the worker's own desk: the same record as by their link."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, check, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.people import queries as people
from backend.people import service as people_service
from backend.placements import queries as placements
from backend.surveys import answers, moments, service, visit_routes
from backend.surveys.consultations import open_home_round
from backend.surveys.instruments.structure import QuestionType
from backend.surveys.models import Consultation
from backend.surveys.pages import LARGEST_ID, FormPage, TopicPage, around_of, rows_of_adult
from backend.surveys.screens import Given

router = APIRouter()
router.include_router(visit_routes.router)
Worker = Annotated[Viewer, staff_with(Permission.ANSWER_HOME_TAPS)]
WRONG = {
    "too_long": "That is more than one answer can hold. Your words are still here: shorten them.",
    "not_a_day": "Enter a real date, such as 24 11 2026.",
    "not_yet": "Enter a date that is not after today.",
    "not_offered": "That answer is not on this form any more. Choose again.",
    "not_a_drawing": "The drawing could not be read. What was kept before still stands.",
    "too_much_drawn": "The drawing has more lines than one answer can hold. Take some out.",
    "too_many_names": "That is more names than one answer can hold. Make the list shorter.",
    "changed": "This was changed on another page. Check it, then save again to keep yours.",
}
TAPS_READERS = (
    "The IRO and your team manager read it; it is set beside what the child and the carers say, "
    "never averaged."
)
NOTHING = "Answer at least one question before you send."


@router.get("/homes/{home_id:int}/taps/{person_id:int}")
def taps(
    request: Request,
    session: RequestSession,
    viewer: Worker,
    home_id: int,
    person_id: int,
    done: str = "",
) -> Response:
    topics = open_taps(request, session, viewer, home_id=home_id, person_id=person_id)
    action = f"/staff/homes/{home_id}/taps/{person_id}"
    return taps_page(request, topics, action=action, is_kept=done == "kept")


def open_taps(
    request: Request, session: Session, viewer: Viewer, *, home_id: int, person_id: int
) -> list[TopicPage]:
    """The worker's form about this person's home of today, a page for each topic; else Denied."""
    person = people.person(session, person_id) if person_id <= LARGEST_ID else None
    if person is None:
        raise Denied(viewer, Permission.ANSWER_HOME_TAPS)
    check(viewer, Permission.ANSWER_HOME_TAPS, people.case_of(person))
    home = placements.home_of(session, person_id)
    if home is None or home.id != home_id:
        raise Denied(viewer, Permission.ANSWER_HOME_TAPS)
    consultation = moment_of_home(session, person_id, home_id)
    return topics_of_worker(
        request, session, viewer, consultation, permission=Permission.ANSWER_HOME_TAPS
    )


def moment_of_home(session: Session, person_id: int, home_id: int) -> Consultation:
    """The round about the home that is open to a worker today: of the move, of the first weeks,
    else of the longer term."""
    today = clock.today()
    rows = session.exec(
        select(Consultation).where(
            Consultation.person_id == person_id,
            Consultation.home_id == home_id,
            col(Consultation.moment).in_([moments.HOME_MOVE, moments.HOME_FIRST]),
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
    ).all()
    return rows[0] if rows else open_home_round(session, person_id, home_id)


def topics_of_worker(
    request: Request,
    session: Session,
    viewer: Viewer,
    consultation: Consultation,
    *,
    permission: Permission,
) -> list[TopicPage]:
    """A colleague's own form in one round, a page for each topic; raises Denied where none asks
    them. The caller has checked that the viewer may."""
    contributor = people_service.ensure_staff_contributor(session, viewer.staff_id)
    try:
        response = service.begin_response(session, contributor.id or 0, consultation.id or 0)
    except service.NoSuchForm as fault:
        raise Denied(viewer, permission) from fault
    worker = ContributorIdentity(
        contributor_id=contributor.id or 0,
        kind=Kind.SOCIAL_WORKER,
        person_id=None,
        is_known=True,
        session_id=0,
    )
    around = around_of(request, session, worker, consultation)
    if around is None:
        raise Denied(viewer, permission)
    page = FormPage(
        identity=worker,
        consultation=consultation,
        response=response,
        form=service.form_of(response),
        around=around,
        sitting=None,
    )
    return [page.at(session, topic) for topic in rows_of_adult(session, page)]


def taps_page(
    request: Request,
    topics: list[TopicPage],
    *,
    action: str,
    readers: str = TAPS_READERS,
    wrong: list[tuple[TopicPage, Given]] | None = None,
    error: str = "",
    is_kept: bool = False,
) -> Response:
    """All taps on one page; once sent, what was sent."""
    failed = {page.name_of(given.question): (page, given) for page, given in wrong or []}
    errors = {name: WRONG[given.error or ""] for name, (_, given) in failed.items()}
    page = topics[0]
    sent = [one.topic.sent_at for one in topics if one.topic.sent_at is not None]
    return render(
        request,
        "surveys/taps.html",
        status=422 if errors or error else 200,
        title=page.words.title,
        opening=page.words.opening,
        parts=[part_of(one, failed) for one in topics],
        errors=errors or ({"send": error} if error else {}),
        action=action,
        readers=readers,
        sent_at=max(sent) if sent else None,
        closes_on=page.consultation.closes_on,
        is_kept=is_kept,
    )


def part_of(page: TopicPage, failed: dict[str, Any]) -> dict[str, Any]:
    """One topic as the page shows it: every question, since a page cannot open one by itself."""
    questions = page.form.topic(page.topic.topic_id).questions
    shown = [page.screen(question) for question in questions]
    screens = [answers.as_typed(*failed[one.name]) if one.name in failed else one for one in shown]
    return {
        "title": page.words.topic(page.topic.topic_id),
        "screens": screens,
        "said": answers.all_said(page),
    }


@router.post("/homes/{home_id:int}/taps/{person_id:int}")
def submit_taps(
    request: Request,
    session: RequestSession,
    viewer: Worker,
    home_id: int,
    person_id: int,
    form: Posted,
) -> Response:
    topics = open_taps(request, session, viewer, home_id=home_id, person_id=person_id)
    action = f"/staff/homes/{home_id}/taps/{person_id}"
    return keep_or_send(request, session, topics, form, action=action, readers=TAPS_READERS)


def keep_or_send(
    request: Request,
    session: Session,
    topics: list[TopicPage],
    form: Fields,
    *,
    action: str,
    readers: str,
) -> Response:
    """Keep what was posted of a colleague's form and, where they pressed so, send it."""
    if any(page.topic.sent_at for page in topics):
        return RedirectResponse(action, 303)
    wrong = [failure for page in topics for failure in keep_taps(session, page, form)]
    topics = [page.at(session, page.topic) for page in topics]
    if wrong:
        return taps_page(request, topics, action=action, readers=readers, wrong=wrong)
    if form.word("action") != "send":
        return RedirectResponse(f"{action}?done=kept", 303)
    answered = [page for page in topics if page.answers]
    if not answered:
        return taps_page(request, topics, action=action, readers=readers, error=NOTHING)
    for page in answered:
        service.send_topic(session, page.topic.id or 0)
    return RedirectResponse(action, 303)


def keep_taps(session: Session, page: TopicPage, form: Fields) -> list[tuple[TopicPage, Given]]:
    """Keep one topic; returns what was wrong, or was changed on another page meanwhile."""
    given = [refuse_tomorrow(one) for one in answers.read_page(page, form)]
    changes = {one.question_id: one for one in answers.keep_page(session, page, given)}
    changed = [
        replace(one, error="changed", revision=changes[one.question.id].revision)
        for one in given
        if one.question.id in changes
    ]
    return [(page, one) for one in [*changed, *(one for one in given if one.error)]]


def refuse_tomorrow(given: Given) -> Given:
    """A visit that has not been yet is a slip of the hand."""
    is_date = given.question.type is QuestionType.DATE and given.value is not None
    if is_date and date.fromisoformat(given.value) > clock.today():
        return replace(given, error="not_yet")
    return given
