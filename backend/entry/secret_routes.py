"""The pages of a young person's own secret: enter it, choose it, pass it, forget it."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Fields, Posted
from backend.core.templates import date_words, render
from backend.core.translations import counted, phrase
from backend.entry import own_secrets, pages, queries, sessions

router = APIRouter()
Young = Annotated[Contributor, contributor_with(Permission.SET_SECRET)]

REFUSED = {
    ("pictures", "incomplete"): phrase("Pick three pictures: a first, a second and a third."),
    ("pictures", "same"): phrase("Pick three different pictures."),
    ("digits", "incomplete"): phrase("Type four numbers."),
    ("digits", "easy"): phrase(
        "That one is easy to guess. Pick four numbers that are not your birthday."
    ),
}


def who_opens(me: Contributor) -> str:
    """Whom a young person asks for an opening link."""
    if me.kind is Kind.CARE_LEAVER:
        return phrase("your PA")
    return phrase("your worker or your IRO")


def picked(kind: str, form: Fields) -> list[str]:
    """What was picked or typed, part by part; a missing part stays out."""
    if kind == "digits":
        return [form.word("secret")]
    turns = range(1, own_secrets.HOW_MANY_PICTURES + 1)
    return [part for turn in turns if (part := form.word(f"secret_{turn}"))]


@router.get("/secret")
def secret(request: Request, session: RequestSession, me: Young) -> Response:
    if me.is_known:
        return RedirectResponse("/me/home", 303)
    present = queries.secret_of(session, me.contributor_id)
    if present is None:
        return RedirectResponse("/me/secret/new", 303)
    return enter_page(request, me, present)


def enter_page(
    request: Request, me: Contributor, present: queries.SecretLine, *, error: str = ""
) -> Response:
    """Where the secret is entered, or a locked one explained, with the way on without it."""
    return render(
        request,
        "entry/secret.html",
        status=422 if error else 200,
        kind=present.kind,
        pictures=own_secrets.PICTURES,
        is_locked=present.is_locked,
        who_opens=who_opens(me),
        chosen_on=date_words(present.set_at),
        error=error,
        errors=pages.problems("secret", error),
        who_reads=None,
        **pages.telephones(request),
    )


@router.post("/secret")
def submit_secret(request: Request, session: RequestSession, me: Young, form: Posted) -> Response:
    present = queries.secret_of(session, me.contributor_id)
    if present is None or me.is_known:
        return RedirectResponse("/me/secret", 303)
    try:
        choice = own_secrets.as_choice(present.kind, picked(present.kind, form))
        token = own_secrets.check_secret(session, me, choice=choice)
    except own_secrets.SecretRefused as refused:
        return enter_page(request, me, present, error=REFUSED[present.kind, refused.reason])
    except own_secrets.WrongSecret as wrong:
        return enter_page(request, me, present, error=wrong_words(present.kind, wrong.left))
    except own_secrets.SecretLocked:
        return RedirectResponse("/me/secret", 303)
    response = RedirectResponse("/me/home", 303)
    pages.set_cookie(request, response, token)
    return response


def wrong_words(kind: str, left: int) -> str:
    """What a wrong secret is told: how often more, without blame."""
    if kind == "pictures":
        return counted(
            "Those are not the pictures we have. You can try one more time.",
            "Those are not the pictures we have. You can try %(num)s more times.",
            left,
        )
    return counted(
        "Those are not the numbers we have. You can try one more time.",
        "Those are not the numbers we have. You can try %(num)s more times.",
        left,
    )


@router.post("/secret/skip")
def skip_secret(request: Request, session: RequestSession, me: Young) -> Response:
    sessions.pass_secret(session, me)
    return RedirectResponse("/me/home", 303)


@router.get("/secret/forgot")
def forgotten_secret(request: Request, me: Young) -> Response:
    if me.is_known:
        return RedirectResponse("/me/home", 303)
    return render(
        request,
        "entry/secret_forgot.html",
        who_opens=who_opens(me),
        back_url="/me/secret",
        who_reads=None,
        **pages.telephones(request),
    )


@router.get("/secret/new")
def new_secret(
    request: Request, session: RequestSession, me: Young, kind: str = "pictures"
) -> Response:
    return choose_page(request, session, me, kind=kind)


def choose_page(
    request: Request, session: RequestSession, me: Contributor, *, kind: str, error: str = ""
) -> Response:
    """Where a secret is chosen; says first what a new one will and will not open."""
    present = queries.secret_of(session, me.contributor_id)
    is_only_later = present is not None and not me.is_known
    return render(
        request,
        "entry/secret_new.html",
        status=422 if error else 200,
        kind=kind if kind in own_secrets.KINDS else "pictures",
        pictures=own_secrets.PICTURES,
        is_only_later=is_only_later,
        is_by_opening_link=me.came_by_opening_link,
        back_url="/me/secret/forgot" if is_only_later else "",
        error=error,
        errors=pages.problems("secret", error),
        who_reads=None,
        **pages.telephones(request),
    )


@router.post("/secret/new")
def submit_new_secret(
    request: Request, session: RequestSession, me: Young, form: Posted
) -> Response:
    kind = "digits" if form.word("kind") == "digits" else "pictures"
    try:
        choice = own_secrets.as_choice(kind, picked(kind, form))
        token = own_secrets.choose_secret(session, me, kind=kind, choice=choice)
    except own_secrets.SecretRefused as refused:
        return choose_page(request, session, me, kind=kind, error=REFUSED[kind, refused.reason])
    response = RedirectResponse("/me/home", 303)
    pages.set_cookie(request, response, token)
    return response
