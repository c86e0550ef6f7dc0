"""How it looks, which language it speaks, and a young person's own words: their own pages."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core import languages
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.preferences import queries, service

router = APIRouter()
Anyone = Annotated[Contributor, contributor_with(Permission.CHOOSE_LOOK)]
Known = Annotated[Contributor, contributor_with(Permission.CHOOSE_OWN_WORDS)]
TOO_LONG = phrase("That is too long for one line. Use fewer words.")


@router.get("/look")
def look(request: Request, session: RequestSession, me: Anyone, kept: str = "") -> Response:
    mine = queries.preferences_of(session, me.contributor_id)
    return render(
        request,
        "preferences/look.html",
        mine=mine,
        spoken=languages.language(mine.speaks),
        colours=service.COLOURS,
        can_choose_character=me.kind is Kind.CHILD,
        can_choose_words=me.is_young_person and me.is_known,
        is_kept=bool(kept),
        back_url="/me/home",
        who_reads=None,
    )


@router.post("/look")
def submit_look(session: RequestSession, me: Anyone, form: Posted) -> Response:
    choices = {name: form.word(name) for name in service.CHOICES if name in form.names()}
    choices["contrast"] = "high" if form.word("contrast") else "normal"
    service.choose_look(session, me, choices, easy_read=bool(form.word("easy_read")))
    return RedirectResponse("/me/look?kept=1", 303)


@router.get("/language")
def language(request: Request, session: RequestSession, me: Anyone) -> Response:
    return render(
        request,
        "preferences/language.html",
        speaks_now=queries.preferences_of(session, me.contributor_id).speaks,
        choices=languages.languages().values(),
        back_url="/me/look",
        who_reads=None,
    )


@router.post("/language")
def submit_language(session: RequestSession, me: Anyone, form: Posted) -> Response:
    service.choose_language(session, me.contributor_id, form.word("language"))
    return RedirectResponse("/me/look?kept=1", 303)


@router.get("/my-words")
def my_words(request: Request, session: RequestSession, me: Known) -> Response:
    mine = queries.own_words(session, me)
    typed = {"home": mine.home, "carers": mine.carers}
    return words_page(request, me, typed=typed, people=mine.people)


def words_page(
    request: Request,
    me: Contributor,
    *,
    typed: dict[str, str],
    people: tuple[str, ...],
    wrong: str = "",
) -> Response:
    """Three boxes, all of which may stay empty."""
    return render(
        request,
        "preferences/words.html",
        status=422 if wrong else 200,
        typed=typed,
        people="\n".join(people),
        wrong={wrong: TOO_LONG} if wrong else {},
        errors=[{"text": TOO_LONG, "href": f"#{wrong}"}] if wrong else [],
        is_leaver=me.kind is Kind.CARE_LEAVER,
        back_url="/me/look",
        who_reads=None,
    )


@router.post("/my-words")
def submit_my_words(request: Request, session: RequestSession, me: Known, form: Posted) -> Response:
    if form.word("action") == "skip":
        service.pass_over_words(session, me)
        return RedirectResponse("/me/home", 303)
    people = lines_of(form)
    try:
        service.keep_own_words(
            session, me, home=form.text("home"), carers=form.text("carers"), people=people
        )
    except service.WordTooLong as long:
        typed = {"home": form.text("home"), "carers": form.text("carers")}
        return words_page(request, me, typed=typed, people=people, wrong=long.field)
    return RedirectResponse("/me/look?kept=1", 303)


def lines_of(form: Fields) -> tuple[str, ...]:
    """The important people, one a line."""
    return tuple(form.text("people").splitlines())
