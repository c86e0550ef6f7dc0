"""The staff's pages of one person's forms: which suits, who else is asked, an adult's reading."""

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, check, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.entry import service as entry
from backend.people import queries as people
from backend.people import service as people_service
from backend.surveys import catalogue, choices, moments, next_home, parent_routes
from backend.surveys.models import Consultation
from backend.surveys.pages import TopicPage
from backend.surveys.staff_routes import keep_or_send, taps_page, topics_of_worker

if TYPE_CHECKING:
    from backend.people.models import Person

router = APIRouter()
router.include_router(parent_routes.router)
Chooser = Annotated[Viewer, staff_with(Permission.CHOOSE_FORM)]
Adder = Annotated[Viewer, staff_with(Permission.ADD_OTHER)]
Teller = Annotated[Viewer, staff_with(Permission.ANSWER_ABOUT_CHILD)]
Shared = Annotated[Viewer, staff_with(Permission.READ_SHARED_WORDS)]
LONGEST_NAME = 200
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
READERS = {
    moments.OBSERVER: "It is shown as your reading of the child, with your name, never as the "
    "child's own words. The IRO and the social worker read it.",
    moments.HOME_ENDED: "The IRO and your team manager read it; it is set beside what the child "
    "and the carers say, never averaged.",
}


def person_for(
    session: Session, viewer: Viewer, person_id: int, permission: Permission
) -> "Person":
    """The person of a page, where the table lets this viewer have it; else Denied."""
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, permission)
    check(viewer, permission, people.case_of(person))
    return person


@router.get("/people/{person_id}/form")
def choose_form(
    request: Request, session: RequestSession, viewer: Chooser, person_id: int, done: str = ""
) -> Response:
    person = person_for(session, viewer, person_id, Permission.CHOOSE_FORM)
    return choose_page(request, session, person, is_kept=done == "kept")


def choose_page(
    request: Request, session: Session, person: "Person", *, is_kept: bool = False, error: str = ""
) -> Response:
    """Which review form suits, with the one that the age would give."""
    choice = choices.choice_of(session, person.id or 0)
    kind = Kind.CARE_LEAVER if person.group == people.CARE_LEAVER else Kind.CHILD
    age = people.age_on(person.date_of_birth, clock.today())
    by_age = catalogue.find_form(kind, age=age, moment=moments.BEFORE_REVIEW)
    names = accounts.names_of(session, {choice.chosen_by}) if choice else {}
    return render(
        request,
        "surveys/choose_form.html",
        status=422 if error else 200,
        person=person,
        age=age,
        choice=choice,
        chosen_by=names.get(choice.chosen_by, "") if choice else "",
        by_age=title_of(by_age.id) if by_age else "",
        offered=[(form.id, title_of(form.id)) for form in choices.offered_to(person)],
        is_observed_anyway=moments.is_shown_by_others(
            age=age, communication=person.communication, is_chosen=False
        ),
        is_child=kind is Kind.CHILD,
        is_kept=is_kept,
        errors={"instrument": error} if error else {},
    )


def title_of(instrument_id: str) -> str:
    """A form as staff know it: its title, with the ages that it is written for."""
    form = catalogue.instruments()[instrument_id]
    ages = f" ({form.ages.min} to {form.ages.max})" if form.ages else ""
    names = {"child": "the child", "me": "the child"}
    return f"{form.words(catalogue.STAFF_LANGUAGE, names=names).title}{ages}"


@router.post("/people/{person_id}/form")
def submit_form(
    request: Request, session: RequestSession, viewer: Chooser, person_id: int, form: Posted
) -> Response:
    person = person_for(session, viewer, person_id, Permission.CHOOSE_FORM)
    try:
        choices.choose_form(
            session,
            viewer,
            person,
            instrument_id=form.word("instrument"),
            is_observed=form.word("observed") == "yes",
            why=form.word("why"),
        )
    except choices.NoSuchChoice:
        return choose_page(request, session, person, error="Choose one of these forms.")
    return RedirectResponse(f"/staff/people/{person_id}/form?done=kept", 303)


@router.get("/people/{person_id}/others")
def others(request: Request, session: RequestSession, viewer: Adder, person_id: int) -> Response:
    person = person_for(session, viewer, person_id, Permission.ADD_OTHER)
    return others_page(request, session, person, errors={}, typed={})


def others_page(
    request: Request,
    session: Session,
    person: "Person",
    *,
    errors: dict[str, str],
    typed: dict[str, str],
) -> Response:
    """Who else is asked before the review, each with their way in."""
    return render(
        request,
        "surveys/others.html",
        status=422 if errors else 200,
        person=person,
        lines=[
            (line, entry.ensure_pass(session, line.contributor_id))
            for line in people.others_around(session, person.id or 0)
        ],
        errors=errors,
        typed=typed,
    )


@router.post("/people/{person_id}/others")
def add_other(
    request: Request, session: RequestSession, viewer: Adder, person_id: int, form: Posted
) -> Response:
    person = person_for(session, viewer, person_id, Permission.ADD_OTHER)
    typed = {name: form.word(name)[:LONGEST_NAME] for name in ("name", "part", "email")}
    texts = {"name": "Enter their name.", "part": "Enter what they are to the child."}
    errors = {name: text for name, text in texts.items() if not typed[name]}
    if typed["email"] and not EMAIL.fullmatch(typed["email"]):
        errors["email"] = "Enter a whole e-mail address, such as name@school.example."
    if errors:
        return others_page(request, session, person, errors=errors, typed=typed)
    row = people_service.add_other(session, viewer, person_id, **typed)
    entry.ensure_pass(session, row.id or 0, by=viewer.actor)
    return RedirectResponse(f"/staff/people/{person_id}/others", 303)


@router.post("/people/{person_id}/others/{contributor_id}/end")
def end_other(
    session: RequestSession, viewer: Adder, person_id: int, contributor_id: int
) -> Response:
    person_for(session, viewer, person_id, Permission.ADD_OTHER)
    lines = people.others_around(session, person_id)
    if contributor_id not in {line.contributor_id for line in lines}:
        raise Denied(viewer, Permission.ADD_OTHER)
    entry.revoke_pass(session, viewer, contributor_id)
    people_service.end_other(session, viewer, contributor_id)
    return RedirectResponse(f"/staff/people/{person_id}/others", 303)


def told_topics(
    request: Request, session: Session, viewer: Viewer, *, person_id: int, moment: str
) -> list[TopicPage]:
    """A colleague's form about a child at a moment that is open today; raises Denied for none."""
    person_for(session, viewer, person_id, Permission.ANSWER_ABOUT_CHILD)
    today = clock.today()
    row = session.exec(
        select(Consultation)
        .where(
            Consultation.person_id == person_id,
            Consultation.moment == moment,
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
        .order_by(col(Consultation.closes_on))
    ).first()
    if row is None or moment not in READERS:
        raise Denied(viewer, Permission.ANSWER_ABOUT_CHILD)
    return topics_of_worker(request, session, viewer, row, permission=Permission.ANSWER_ABOUT_CHILD)


@router.get("/people/{person_id}/tell/{moment}")
def tell(
    request: Request,
    session: RequestSession,
    viewer: Teller,
    person_id: int,
    moment: str,
    done: str = "",
) -> Response:
    topics = told_topics(request, session, viewer, person_id=person_id, moment=moment)
    action = f"/staff/people/{person_id}/tell/{moment}"
    readers = READERS[moment]
    return taps_page(request, topics, action=action, readers=readers, is_kept=done == "kept")


@router.post("/people/{person_id}/tell/{moment}")
def submit_tell(
    request: Request,
    session: RequestSession,
    viewer: Teller,
    person_id: int,
    moment: str,
    form: Posted,
) -> Response:
    topics = told_topics(request, session, viewer, person_id=person_id, moment=moment)
    action = f"/staff/people/{person_id}/tell/{moment}"
    return keep_or_send(request, session, topics, form, action=action, readers=READERS[moment])


@router.get("/shared-words")
def shared_words(request: Request, session: RequestSession, viewer: Shared) -> Response:
    ids = next_home.people_sharing_with(session, viewer)
    found = people.people(session, ids)
    lines = [(key, found[key].known_as) for key in ids if key in found]
    return render(request, "surveys/shared_words.html", lines=lines)


@router.get("/people/{person_id}/next-home")
def next_home_words(
    request: Request, session: RequestSession, viewer: Shared, person_id: int
) -> Response:
    page = next_home.shared_with(session, viewer, person_id)
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, Permission.READ_SHARED_WORDS)
    return render(request, "surveys/next_home_words.html", person=person, page=page)
