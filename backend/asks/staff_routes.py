"""The staff's pages of asks: what is mine, what waits for my look, and one ask with its answer."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.asks import complaints, disputes, moving, queries, service
from backend.asks.clarity import clarity_of
from backend.asks.kinds import ContactHow, Outcome
from backend.asks.names_around import names_around
from backend.core import clock
from backend.core.access.permissions import Permission, Role
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.languages import language
from backend.core.templates import render

router = APIRouter()
Seeing = Annotated[Viewer, staff_with(Permission.SEE_ASKS)]
Answering = Annotated[Viewer, staff_with(Permission.ANSWER_ASK)]
OUTCOMES = {Outcome.YES: "Yes", Outcome.PARTLY: "Partly", Outcome.NO: "No"}
CONTACTS = {
    ContactHow.VISIT: "I saw them",
    ContactHow.CALL: "I rang and spoke with them",
    ContactHow.MESSAGE: "I wrote and they wrote back",
    ContactHow.ARRANGED: "An advocate has said hello to them",
}
TYPED = ("words", "outcome", "why_not", "doer", "added", "why", "missing", "translation",
         "translator", "added_translation", "added_translator", "why_untranslated", "to",
         "move_why", "what", "note")  # fmt: skip
DAY_PARTS = ("promised-day", "promised-month", "promised-year", "on-day", "on-month", "on-year")


@router.get("/asks")
def asks(request: Request, session: RequestSession, viewer: Seeing) -> Response:
    lines = queries.asks_for(session, viewer)
    is_mine = [line for line in lines if line.is_mine and is_to_do(line)]
    to_look_at = [line for line in lines if is_to_look_at(line)]
    to_translate = [line for line in lines if is_to_translate(line) and line not in to_look_at]
    not_done = [line for line in lines if line.has_happened in ("no", "not_yet")]
    shown = [*is_mine, *to_look_at, *to_translate, *not_done]
    return render(
        request,
        "asks/asks.html",
        mine=is_mine,
        to_look_at=to_look_at,
        to_translate=to_translate,
        not_done=not_done,
        others=[line for line in lines if line not in shown],
        letters=queries.letters_to_write(session, viewer),
        letters_to_translate=queries.letters_to_translate(session, viewer),
        midpoints=queries.midpoints_due(session, viewer),
        team=team_figures(session, viewer),
        disputes=[one for one in disputes.disputes_for(session, viewer) if one.stage != "closed"],
    )


def team_figures(session: RequestSession, viewer: Viewer) -> dict[str, Any] | None:
    """For the manager of a team: what came of its asks this year; None for everybody else."""
    if Role.MANAGER not in viewer.roles or not viewer.team:
        return None
    today = clock.today()
    first = today.replace(month=1, day=1)
    found = queries.figures(session, first=first, last=today, team=viewer.team)
    return {"name": viewer.team, "first": first, "figures": found}


def is_to_do(line: queries.AskLine) -> bool:
    """Whether its owner has still something to do: get in touch, or answer."""
    return line.state == "open" or line.waits_for_contact


def is_to_look_at(line: queries.AskLine) -> bool:
    """Whether an answer waits for the lead's look before the child sees it."""
    return line.state == "with_lead" and line.is_led and not line.is_let_go


def is_to_translate(line: queries.AskLine) -> bool:
    """Whether an answer waits for a person's translation that this viewer may put in."""
    waits = line.state == "with_lead" and bool(line.language_awaited)
    waits = waits or (line.released_at is not None and bool(line.added_awaited))
    return waits and (line.is_mine or line.is_led)


@router.get("/asks/{ask_id}")
def ask(request: Request, session: RequestSession, viewer: Seeing, ask_id: int) -> Response:
    return ask_page(request, session, viewer, ask_id=ask_id)


def ask_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    ask_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
    block: str | None = None,
) -> Response:
    """One ask; what was typed is kept when something was wrong."""
    line = queries.ask_line(session, viewer, ask_id)
    if line is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    service.note_read(session, viewer, line)
    typed = {name: form.text(name) if form else "" for name in (*TYPED, *DAY_PARTS)}
    return render(
        request,
        "asks/ask.html",
        block=block,
        status=422 if errors else 200,
        line=line,
        before=queries.escalations_of(session, ask_id),
        moves=moving.moves_of(session, viewer, ask_id),
        moved=moving.owner_changes_of(session, ask_id),
        dispute=disputes.dispute_of(session, viewer, ask_id),
        complaint=complaints.complaint_of(session, line),
        outcomes=OUTCOMES,
        contacts=CONTACTS,
        language=language(line.language_awaited).english_name if line.language_awaited else "",
        added_language=language(line.added_awaited).english_name if line.added_awaited else "",
        errors=errors or {},
        typed=typed,
        **reading_of(session, viewer, line, typed),
    )


def reading_of(
    session: RequestSession, viewer: Viewer, line: queries.AskLine, typed: dict[str, str]
) -> dict[str, Any]:
    """How hard the answer reads, as typed or as given, and which names it had better not hold."""
    text = "\n".join(filter(None, (typed["words"], typed["why_not"], typed["doer"])))
    is_given = not text and line.answer_words is not None
    if is_given:
        text = "\n".join(filter(None, (line.answer_words, line.why_not, line.lead_added)))
    if not text:
        return {"clarity": None}
    names = (line.person_name, line.owner, line.answered_by, viewer.name)
    others = names_around(session, line.person_id)
    return {"clarity": clarity_of(text, glossary=[one for one in names if one], others=others)}


def do(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    ask_id: int,
    form: Fields | None,
    field: str,
    action: Callable[[], object],
    page: Callable[..., Response] = ask_page,
    place: str = "",
) -> Response:
    """Do one thing about an ask and show it; or the page again, with what was typed, and what to
    do next beside the field it is about. `page` stands at `place` below the ask's own address."""
    try:
        action()
    except service.AskRefused as refused:
        errors = {refused.field or field: str(refused)}
        return page(request, session, viewer, ask_id=ask_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/asks/{ask_id}{place}", 303)


@router.post("/asks/{ask_id}/reading")
def check_reading(
    request: Request, session: RequestSession, viewer: Answering, ask_id: int, form: Posted
) -> Response:
    return ask_page(request, session, viewer, ask_id=ask_id, form=form, block="clarity")


@router.post("/asks/{ask_id}/answer")
def submit_answer(
    request: Request, session: RequestSession, viewer: Answering, ask_id: int, form: Posted
) -> Response:
    try:
        promised_on = form.day("promised") if any(form.word(part) for part in DAY_PARTS) else None
    except ValueError:
        errors = {"promised": "Enter the day as numbers, like 24 11 2026, or leave it empty."}
        return ask_page(request, session, viewer, ask_id=ask_id, errors=errors, form=form)
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="words",
        action=lambda: service.answer_ask(
            session,
            viewer,
            ask_id,
            words=form.text("words"),
            outcome=form.word("outcome"),
            why_not=form.text("why_not"),
            promised_on=promised_on,
            doer=form.word("doer"),
        ),
    )


@router.post("/asks/{ask_id}/contact")
def submit_contact(
    request: Request, session: RequestSession, viewer: Answering, ask_id: int, form: Posted
) -> Response:
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="how",
        action=lambda: service.record_first_contact(session, viewer, ask_id, how=form.word("how")),
    )


@router.post("/asks/{ask_id}/owner")
def submit_owner(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    to, why = form.word("to"), form.text("move_why")
    shown = do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="to",
        action=lambda: service.change_owner(session, viewer, ask_id, to=to, why=why),
    )
    # Whoever passed it on may not be one of those who see it any more.
    still = queries.ask_line(session, viewer, ask_id)
    return shown if still else RedirectResponse("/staff/asks", 303)


@router.post("/asks/{ask_id}/release")
def submit_release(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    added, why = form.text("added"), form.text("why_untranslated")
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="added",
        action=lambda: service.release(session, viewer, ask_id, added=added, why_untranslated=why),
    )


@router.post("/asks/{ask_id}/send-back")
def submit_send_back(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="missing",
        action=lambda: service.send_back(session, viewer, ask_id, why=form.text("missing")),
    )


@router.post("/asks/{ask_id}/escalate")
def submit_escalation(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="why",
        action=lambda: service.escalate(session, viewer, ask_id, why=form.text("why")),
    )
