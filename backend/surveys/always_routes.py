"""The pages of what is open at all times: tell us anything, and a child's own words to keep."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core.access.permissions import Permission
from backend.core.access.predicates import Part
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.drafts import AT
from backend.core.forms import Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.people import queries as people
from backend.surveys import (
    always_open,
    drafts,
    moments,
    next_home,
    next_home_asides,
    next_home_offline,
    screens,
)
from backend.surveys.instruments import Instrument, Question, values
from backend.surveys.instruments.structure import WRITTEN, QuestionType
from backend.surveys.models import Answer
from backend.surveys.next_home_pages import ADDRESS, question_page, words_of
from backend.surveys.pages import not_theirs
from backend.surveys.posted_values import typed_value

router = APIRouter()
router.include_router(next_home_asides.router)
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]
Keeper = Annotated[Contributor, contributor_with(Permission.KEEP_NEXT_HOME_WORDS)]
NOT_PICKED = phrase("Pick who may read it.")
NOT_WRITTEN = phrase("Write something first. Then you can share it.")


@router.get("/anything")
def anything(session: RequestSession, identity: Writer) -> Response:
    if always_open.form_of_moment(session, identity, moments.ANYTIME) is None:
        raise not_theirs(identity)
    row = always_open.anything_round(session, identity)
    return RedirectResponse(f"/me/forms/{row.id}", 303)


@router.get("/next-home")
def next_home_words(request: Request, session: RequestSession, identity: Writer) -> Response:
    form = always_open.form_of_moment(session, identity, moments.NEXT_HOME)
    if form is None:
        raise not_theirs(identity)
    if not next_home.is_open_to(identity):
        return render(
            request,
            "surveys/next_home_shut.html",
            title=words_of(request, form).title,
            back_url="/me/home",
            who_reads=None,
        )
    return words_page(request, session, identity)


def words_page(
    request: Request, session: Session, identity: Contributor, *, error: str = ""
) -> Response:
    """All that stands, with whom it is shared, and the way to share it."""
    form = next_home.form_for(session, identity)
    standing = next_home.answers_of(session, identity)
    shares = next_home.shares_of(session, identity)
    shared = {row.with_whom: row for row in shares}
    return render(
        request,
        "surveys/next_home.html",
        status=422 if error else 200,
        title=words_of(request, form).title,
        opening=words_of(request, form).opening,
        lines=[
            {
                "place": place,
                "screen": screen_of(request, form, question, standing.get(question.id)),
                "said": said_of(request, form, question, standing.get(question.id)),
            }
            for place, question in enumerate(form.questions, 1)
        ],
        has_words=bool(standing),
        has_two_answers=bool(next_home_asides.asides_of(session, identity, form)),
        shares=[
            {
                "part": row.with_whom,
                "shared_at": row.shared_at,
                "is_changed": next_home.is_changed_since(session, identity, row),
            }
            for row in shares
        ],
        parts=[
            {"value": part.value, "name": name, "is_shared": part.value in shared}
            for part, name in parts_of(session, identity)
        ],
        errors=[{"text": error, "href": "#with"}] if error else [],
        back_url="/me/home",
        who_reads=None,
    )


def parts_of(session: Session, identity: Contributor) -> list[tuple[Part, str]]:
    """With whom a child can share, each with the name of today where there is one."""
    person = people.person(session, identity.person_id or 0)
    if person is None:
        return []
    is_leaver = person.group == people.CARE_LEAVER
    lead = person.personal_adviser_id if is_leaver else person.iro_id
    names = accounts.names_of(session, {one for one in (lead, person.worker_id) if one})
    found = [(Part.LEAD, names.get(lead or 0, ""))]
    if not is_leaver:
        found.append((Part.WORKER, names.get(person.worker_id or 0, "")))
    return [*found, (Part.FINDS_HOMES, "")]


def screen_of(request: Request, form: Instrument, question: Question, row: Any) -> screens.Screen:
    """One question with what stands for it."""
    standing = (
        Answer(
            topic_row_id=0,
            question_id=question.id,
            value=row.value,
            revision=row.revision,
            saved_at=row.written_at,
        )
        if row is not None
        else None
    )
    return screens.make_screen(
        question, words_of(request, form), name="words", answer=standing, hearers={}
    )


def said_of(request: Request, form: Instrument, question: Question, row: Any) -> str:
    """What stands for a question, in words; empty where nothing does."""
    if row is None:
        return ""
    return values.display(question, words_of(request, form), row.value, say_day=screens.say_day)


@router.get("/next-home/{place:int}")
def next_home_question(
    request: Request, session: RequestSession, identity: Keeper, place: int
) -> Response:
    form = next_home.form_for(session, identity)
    question = question_at(form, place)
    if question is None:
        return RedirectResponse(ADDRESS, 303)
    row = next_home.answers_of(session, identity).get(question.id)
    shown = screen_of(request, form, question, row)
    pack = next_home_offline.pack_address(request, session, identity)
    return question_page(request, form, place, shown, pack=pack)


@router.get("/next-home/offline")
def next_home_pack(request: Request, session: RequestSession, identity: Keeper) -> Response:
    form = next_home.form_for(session, identity)
    if not next_home_offline.pack_address(request, session, identity):
        raise not_theirs(identity)
    words = words_of(request, form)
    return JSONResponse(next_home_offline.make_pack(request, session, identity, words))


def question_at(form: Instrument, place: int) -> Question | None:
    """The question with this number, from 1."""
    questions = list(form.questions)
    return questions[place - 1] if 1 <= place <= len(questions) else None


@router.post("/next-home/{place:int}")
def keep_next_home(
    request: Request, session: RequestSession, identity: Keeper, place: int, form: Posted
) -> Response:
    asked = next_home.form_for(session, identity)
    question = question_at(asked, place)
    if question is None:
        return RedirectResponse(ADDRESS, 303)
    if form.word("action") in drafts.ASIDE:
        drafts.keep_for_next_home(session, identity, form, place=place)
        is_help = form.word("action") == drafts.HELP
        return RedirectResponse(f"/me/help?{AT}={ADDRESS}/{place}" if is_help else ADDRESS, 303)
    given = screens.read_given(form, question, name="words", hearers={})
    if given.error:
        shown = screen_of(
            request, asked, question, next_home.answers_of(session, identity).get(question.id)
        )
        return question_page(request, asked, place, typed_again(shown, given), status=422)
    if given.value is not None or can_be_emptied(question):
        is_kept = next_home.keep_answer(
            session,
            identity,
            asked,
            question_id=question.id,
            value=given.value,
            based_on_revision=given.revision,
        )
        if not is_kept:
            return RedirectResponse(next_home_asides.HERE, 303)
    return RedirectResponse(f"{ADDRESS}/{place + 1}", 303)


def typed_again(shown: screens.Screen, given: screens.Given) -> screens.Screen:
    """The question with what is wrong, and all that was typed."""
    posted: dict[str, list[str]] = {}
    for key, text in given.posted:
        posted.setdefault(key, []).append(text)
    typed = typed_value(given.question, shown.name, posted)
    return replace(shown, value=typed or shown.value, error=given.error)


def can_be_emptied(question: Question) -> bool:
    """Whether a question that comes back empty takes the answer out."""
    kinds = WRITTEN | {QuestionType.DATE, QuestionType.DRAWING}
    return question.type in kinds or question.several


@router.post("/next-home/share")
def share_next_home(
    request: Request, session: RequestSession, identity: Keeper, form: Posted
) -> Response:
    next_home.form_for(session, identity)
    offered = {part.value: part for part, _ in parts_of(session, identity)}
    picked = [offered[value] for value in form.all("with") if value in offered]
    if not picked:
        return words_page(request, session, identity, error=NOT_PICKED)
    try:
        next_home.share(session, identity, picked)
    except next_home.NothingWritten:
        return words_page(request, session, identity, error=NOT_WRITTEN)
    return RedirectResponse(f"{ADDRESS}#shared", 303)


@router.post("/next-home/withdraw")
def withdraw_next_home(session: RequestSession, identity: Keeper, form: Posted) -> Response:
    next_home.form_for(session, identity)
    for part in Part:
        if form.word("part") == part.value:
            next_home.withdraw(session, identity, part)
    return RedirectResponse(f"{ADDRESS}#shared", 303)
