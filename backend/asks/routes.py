"""What came of last time, and the buttons that ask for a person: the young people's pages."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.asks import own, service
from backend.asks.kinds import TERMS, AskKind, Owner, buttons_for
from backend.asks.letters import own_letter, own_letters
from backend.asks.owners import Owners
from backend.core import clock
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import (
    Contributor,
    Denied,
    RequestSession,
    contributor_with,
)
from backend.core.drafts import keep_draft, place_in
from backend.core.forms import Posted
from backend.core.templates import date_words, render
from backend.core.translations import either, phrase
from backend.people import queries as people

router = APIRouter()
Young = Annotated[Contributor, contributor_with(Permission.MAKE_ASK)]


@dataclass(frozen=True)
class Button:
    """One thing to ask for, with who gets it and by when they get in touch."""

    kind: AskKind
    owner: str
    by: str


@router.get("/last-time")
def last_time(request: Request, session: RequestSession, me: Young) -> Response:
    return last_time_page(request, session, me, is_kept=request.query_params.get("kept") == "1")


def last_time_page(
    request: Request,
    session: RequestSession,
    me: Contributor,
    *,
    is_kept: bool = False,
    error: str = "",
) -> Response:
    """What came of what one asked for; closed without the secret, whatever there is to show. What
    they can now say happened or not comes first."""
    answered = own.answered_for(session, me)
    answered.sort(key=lambda ask: not ask.is_time_to_say or ask.has_happened is not None)
    return render(
        request,
        "asks/last_time.html",
        status=422 if error else 200,
        answered=answered,
        waiting=own.waiting_for(session, me),
        letters=own_letters(session, me),
        is_known=me.is_known,
        is_kept=is_kept,
        error=error,
        back_url="/me/home",
        who_reads=None,
    )


@router.post("/asks/{ask_id}/again")
def submit_again(session: RequestSession, me: Young, ask_id: int) -> Response:
    return RedirectResponse(f"/me/ask/{service.ask_again(session, me, ask_id).id}", 303)


@router.post("/asks/{ask_id}/complain")
def submit_complaint(session: RequestSession, me: Young, ask_id: int) -> Response:
    return RedirectResponse(f"/me/ask/{service.complain_about(session, me, ask_id).id}", 303)


@router.get("/letters/{review_id}")
def letter(request: Request, session: RequestSession, me: Young, review_id: int) -> Response:
    found = own_letter(session, me, review_id)
    if found is None:
        return RedirectResponse("/me/last-time", 303)
    return render(
        request, "asks/letter.html", letter=found, back_url="/me/last-time", who_reads=None
    )


@router.post("/asks/{ask_id}")
def submit_happened(
    request: Request, session: RequestSession, me: Young, ask_id: int, form: Posted
) -> Response:
    happened = form.word("happened")
    try:
        service.say_whether_it_happened(session, me, ask_id, happened=happened)
    except service.AskRefused as refused:
        return last_time_page(request, session, me, error=str(refused))
    return RedirectResponse(f"/me/last-time?kept=1#ask-{ask_id}", 303)


@router.get("/ask")
def ask(request: Request, session: RequestSession, me: Young) -> Response:
    return ask_page(request, session, me)


def ask_page(
    request: Request, session: RequestSession, me: Contributor, *, error: str = ""
) -> Response:
    """The buttons; what each one does is said before it is pressed."""
    return render(
        request,
        "asks/ask.html",
        status=422 if error else 200,
        buttons=buttons_of(session, me),
        error=error,
        back_url="/me/home",
        who_reads=None,
    )


def buttons_of(session: RequestSession, me: Contributor) -> list[Button]:
    """What this young person can ask for, with the name of who would get it today."""
    person = people.person(session, me.person_id or 0)
    if person is None:
        return unnamed_buttons(me)
    case = people.case_of(person)
    finder, today = Owners(session), clock.today()
    owners = {
        kind: finder.of(TERMS[kind].owner, case)
        for kind in buttons_for(is_care_leaver=me.kind is Kind.CARE_LEAVER)
    }
    names = accounts.names_of(session, {key for ids in owners.values() for key in ids})
    return [
        Button(
            kind,
            either([names[key] for key in ids if key in names]),
            date_words(clock.add_working_days(today, TERMS[kind].days)),
        )
        for kind, ids in owners.items()
    ]


def unnamed_buttons(me: Contributor) -> list[Button]:
    """The same buttons where nobody is looked up: who gets each is said once it was pressed."""
    kinds = buttons_for(is_care_leaver=me.kind is Kind.CARE_LEAVER)
    return [Button(kind, "", "") for kind in kinds]


@router.post("/ask")
def submit_ask(request: Request, session: RequestSession, me: Young, form: Posted) -> Response:
    kind = form.word("kind")
    if kind not in {button.kind.value for button in unnamed_buttons(me)}:
        keep_draft(request, session, me, form)
        return ask_page(request, session, me, error=phrase("Pick one of these."))
    made = service.make_ask(session, me, kind=kind)
    back = keep_draft(request, session, me, form)
    return RedirectResponse(f"/me/ask/{made.id}{back}", 303)


@router.get("/ask/{ask_id}")
def asked(request: Request, session: RequestSession, me: Young, ask_id: int) -> Response:
    line = own.asked_in(session, me, ask_id)
    if line is None:
        raise Denied(me, Permission.READ_OWN_PAST)
    return render(
        request,
        "asks/asked.html",
        line=line,
        # Their own words stand here only for who has shown the secret.
        words=line.words if me.is_known else None,
        by=date_words(line.due_on),
        is_complaint=TERMS[line.kind].owner is Owner.COMPLAINTS,
        place=place_in(request),
        back_url=place_in(request) or "/me/home",
        who_reads=None,
    )
