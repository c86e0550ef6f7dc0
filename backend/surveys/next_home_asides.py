"""Two answers for the next home to one question, from two pages or phones: the child chooses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.surveys import answers, next_home, screens
from backend.surveys.drawings import make_drawing
from backend.surveys.instruments import Instrument, Text, values
from backend.surveys.models import NextHomeAnswer, NextHomeAside
from backend.surveys.pages import not_theirs, preferences_on

router = APIRouter()
Keeper = Annotated[Contributor, contributor_with(Permission.KEEP_NEXT_HOME_WORDS)]
HOME = "/me/next-home"
HERE = f"{HOME}/two-answers"
FIELD = "words"


def asides_of(
    session: Session, identity: ContributorIdentity, form: Instrument
) -> Sequence[NextHomeAside]:
    """What waits beside the answers, as far as this visit's secret opens it, the oldest first."""
    if not next_home.is_open_to(identity):
        return []
    rows = session.exec(
        select(NextHomeAside)
        .where(NextHomeAside.contributor_id == identity.contributor_id)
        .order_by(col(NextHomeAside.id))
    ).all()
    opens = identity.reads_from
    since = datetime.fromisoformat(opens) if opens is not None else None
    asked = {question.id for question in form.questions}
    seen = [row for row in rows if since is None or row.written_at >= since]
    return [row for row in seen if row.question_id in asked]


@router.get("/next-home/two-answers")
def next_home_two_answers(request: Request, session: RequestSession, identity: Keeper) -> Response:
    form = next_home.form_for(session, identity)
    waiting = asides_of(session, identity, form)
    if not waiting:
        return RedirectResponse(HOME, 303)
    aside = waiting[0]
    standing = next_home.answers_of(session, identity).get(aside.question_id)
    words = form.words(preferences_on(request).speaks)
    change = make_change(form, words, aside, standing=standing)
    return render(
        request,
        "surveys/changed.html",
        changes=[change],
        around=None,
        errors=[],
        action=f"{HERE}/{aside.id}",
        back_url=HOME,
    )


def make_change(
    form: Instrument, words: Text, aside: NextHomeAside, *, standing: NextHomeAnswer | None
) -> answers.Change:
    """Both answers in words."""
    question = form.question(aside.question_id)

    def said(value: Any) -> str:
        return values.display(question, words, value, say_day=screens.say_day)

    return answers.Change(
        question_id=question.id,
        name=FIELD,
        text=words.question(question.id).text,
        mine=said(aside.value),
        theirs=said(standing.value) if standing else "",
        revision=standing.revision if standing else 0,
        can_join=answers.can_join(question) and standing is not None,
        posted=(),
        my_drawing=make_drawing(aside.value),
        their_drawing=make_drawing(standing.value) if standing else None,
    )


@router.post("/next-home/two-answers/{row_id:int}")
def choose_next_home_answer(
    session: RequestSession, identity: Keeper, row_id: int, form: Posted
) -> Response:
    asked = next_home.form_for(session, identity)
    found = [row for row in asides_of(session, identity, asked) if row.id == row_id]
    if not found:
        raise not_theirs(identity)
    aside, choice = found[0], form.word(f"{FIELD}-keep")
    standing = next_home.answers_of(session, identity).get(aside.question_id)
    question = asked.question(aside.question_id)
    value = aside.value
    if choice == answers.BOTH and standing is not None and answers.can_join(question):
        value = screens.joined(standing.value, aside.value)
    if choice in (answers.MINE, answers.BOTH):
        next_home.keep_answer(session, identity, asked, question_id=question.id, value=value)
    if choice in (answers.MINE, answers.BOTH, answers.THEIRS):
        session.delete(aside)
    return RedirectResponse(HERE, 303)
