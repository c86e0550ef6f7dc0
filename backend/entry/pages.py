"""Builds the answers of the way in: its pages, its one cookie, and the code that it carries."""

import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from fastapi import Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core import clock, languages
from backend.core.encryption import keyring
from backend.core.forms import Fields
from backend.core.templates import render
from backend.core.translations import phrase, safe_phrase
from backend.entry import frames, sessions, tries
from backend.entry.service import COOKIE
from backend.preferences import queries as preferences_queries
from backend.preferences import service as preferences

CARRY_FOR = timedelta(minutes=15)
NOON, EVENING = 12, 18
# One answer for a wrong code and a wrong birthday. A link is never typed, so it is not in doubt.
NO_MATCH = {
    True: phrase("We could not match that code and birthday. Look at both and try again."),
    False: phrase("We could not match that birthday and your link. Try again."),
}
NO_MATCH_WORD = {
    True: phrase("We could not match that code and word. Look at both and try again."),
    False: phrase("We could not match that word and your link. Try again."),
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def address_of(request: Request) -> str:
    """The client's address, under which wrong tries are counted."""
    return request.client.host if request.client else ""


def token_of(request: Request) -> str:
    """What the cookie holds."""
    return request.cookies.get(COOKIE, "")


def set_cookie(request: Request, response: Response, token: str) -> None:
    """The contributors' cookie: for /me alone, unreadable for scripts, gone with the browser."""
    response.set_cookie(
        COOKIE,
        token,
        path="/me",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.secure_cookies,
    )


def come_in(request: Request, session: Session, token: str) -> Response:
    """Set the cookie of a page that was just opened and go to where it starts."""
    session.flush()
    identity = sessions.identify(session, token)
    if identity is None:
        return RedirectResponse("/me/", 303)
    # What was chosen in the address before anybody was in stays chosen.
    asked = languages.asked_for(request.query_params)
    preferences.choose_language(session, identity.contributor_id, asked)
    onward = sessions.first_page(session, identity)
    if identity.came_by_opening_link:
        onward = "/me/secret/new"
    response = RedirectResponse(onward, 303)
    set_cookie(request, response, token)
    return response


def go_out(request: Request, session: Session, *, to: str, how: str) -> Response:
    """End the open page, forget the cookie and what the browser kept of us, and go elsewhere."""
    sessions.leave(session, token_of(request), how=how)
    response = RedirectResponse(to, 303, headers={"Clear-Site-Data": '"cache"'})
    response.delete_cookie(COOKIE, path="/me")
    return response


def in_language(request: Request, address: str) -> str:
    """An address with the language that stands in this one's: before anybody is in, it is kept
    nowhere else."""
    asked = languages.asked_for(request.query_params)
    return f"{address}?{languages.IN_ADDRESS}={asked}" if asked else address


def speak_as(request: Request, session: Session, contributor_id: int) -> None:
    """Answer in the language of the one to whom a link belongs, unless the address names one."""
    mine = preferences_queries.preferences_of(session, contributor_id)
    request.state.language_of_link = mine.speaks


def carry_code(request: Request, response: Response, typed: str) -> None:
    """Keep a typed code, sealed, until the birthday page; it opens nothing by itself.

    It travels in the cookie because a code that does not exist has no row to wait in, and must
    look to everybody like one that does.
    """
    sealed = keyring().encrypt(json.dumps([typed, clock.now().isoformat()]))
    set_cookie(request, response, sealed.rstrip("="))


def carried_code(request: Request) -> str:
    """The code that this browser typed within the last quarter of an hour, or an empty text."""
    sealed = token_of(request)
    try:
        typed, at = json.loads(keyring().decrypt(sealed + "=" * (-len(sealed) % 4)))
    except (InvalidToken, ValueError):
        return ""
    is_fresh = datetime.fromisoformat(at) + CARRY_FOR > clock.now()
    return str(typed) if is_fresh else ""


def as_month(typed: str) -> int | None:
    """A month as a number, or as its English name."""
    if typed.isascii() and typed.isdigit() and len(typed) < 3:
        return int(typed)
    word = typed[:3].casefold()
    return MONTHS.index(word) + 1 if word in MONTHS else None


def telephones(request: Request) -> dict[str, Any]:
    """Whom to ring when the way in does not open."""
    settings = request.app.state.settings
    return {"by_day": settings.heard_duty_telephone, "at_night": settings.heard_night_telephone}


def problems(field: str, error: str) -> list[dict[str, str]]:
    """One error as the summary lists it."""
    return [{"text": error, "href": f"#{field}"}] if error else []


# What became of a form that came from a page which had locked by itself.
AFTER_LOCK = {
    "kept": phrase(
        "This page was open for a long time, so we locked it. We kept what you just wrote. "
        "Come in again to go on."
    ),
    "locked": phrase(
        "This page was open for a long time, so we locked it. Come in again, then do the last "
        "thing once more."
    ),
    "said": safe_phrase(
        "We told people that you are not safe. If you are in danger now, ring 999. "
        "Come in again to say how we can reach you safely."
    ),
}


def door_card(request: Request) -> dict[str, Any]:
    """What stands beside a page behind a link."""
    return frames.door_card(request.app.state.settings)


def code_page(request: Request, *, typed: str = "", error: str = "", became: str = "") -> Response:
    """Where a code is typed; `became`: what came of a form after the page had locked."""
    return render(
        request,
        "entry/code.html",
        status=422 if error else 200,
        typed=typed[:40],
        notice=AFTER_LOCK.get(became, ""),
        error=error,
        errors=problems("code", error),
    )


def birthday_page(
    request: Request, *, action: str, form: Fields | None = None, error: str = ""
) -> Response:
    """Where the day and month of birth are asked, with what was typed before."""
    typed: dict[str, Any] = {
        name: form.word(f"birthday_{name}")[:12] if form else "" for name in ("day", "month")
    }
    came_by_code = action == "/me/birthday"
    return render(
        request,
        "entry/birthday.html",
        status=422 if error else 200,
        action=action,
        came_by_code=came_by_code,
        error=error,
        errors=problems("birthday", error),
        back_url="/me/" if came_by_code else "",
        **typed,
        **({} if came_by_code else door_card(request)),
    )


def word_page(request: Request, *, action: str, error: str = "") -> Response:
    """Where a word is asked in place of the birthday; what was typed is never shown again."""
    came_by_code = action == "/me/word"
    return render(
        request,
        "entry/word.html",
        status=422 if error else 200,
        action=action,
        came_by_code=came_by_code,
        error=error,
        errors=problems("word", error),
        back_url="/me/" if came_by_code else "",
        **({} if came_by_code else door_card(request)),
    )


def start_page(request: Request, *, action: str, is_young: bool = False) -> Response:
    """One button, so that a robot that looks at links opens nothing and uses nothing up."""
    return render(
        request, "entry/start.html", action=action, is_young=is_young, **door_card(request)
    )


def paused(request: Request, pause: tries.TooManyTries, *, link: str = "") -> Response:
    """Five tries were wrong: when to try again, and another way in that is open now. Behind a
    `link` it says nothing of Heard."""
    until = clock.in_london(pause.until + timedelta(seconds=59))
    return render(
        request,
        "entry/paused.html",
        status=429,
        until=hour_words(until),
        action=link,
        **telephones(request),
        **(door_card(request) if link else {}),
    )


def hour_words(moment: datetime) -> str:
    """An hour of today as one says it."""
    hour = f"{moment:%-I:%M}"
    if moment.hour < NOON:
        return phrase("%(hour)s in the morning", hour=hour)
    if moment.hour < EVENING:
        return phrase("%(hour)s in the afternoon", hour=hour)
    return phrase("%(hour)s this evening", hour=hour)


def ended(request: Request, reason: str, *, status: int = 410, link: str = "") -> Response:
    """A link or code that does not open any more: what to do now, and whom to ring. Behind a
    `link` it says nothing of Heard, and a tap leads to the other ways in."""
    return render(
        request,
        "entry/ended.html",
        status=status,
        reason=reason,
        action=link,
        **telephones(request),
        **(door_card(request) if link else {}),
    )
