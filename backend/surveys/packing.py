"""What every pack for a phone without a signal has: its frame, our key, help and the way out."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.datastructures import MutableHeaders

from backend.core import clock, guard
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.style_sheets import static_url
from backend.core.templates import render
from backend.core.translations import phrase
from backend.entry import service as entry
from backend.offline import service as offline

MAIN = re.compile(r'(<main id="main"[^>]*>)(.*)(</main>)', re.S)
FETCHED = re.compile(r'<(?:link rel="stylesheet"|script) [^>]*?(?:href|src)="(/static/[^"]+)"')
NUMBERS_ON_CARD = ("emergency", "duty", "night")
NOT_SAFE, ASK = "/me/not-safe", "/me/ask"


@dataclass(frozen=True)
class Shell:
    """One screen: what stands between the bars, where back leads, and what opens it."""

    path: str
    main: str
    back: str
    onward: str
    asked: str = ""
    when: dict[str, Any] | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """As the phone keeps it."""
        return {name: value for name, value in vars(self).items() if name != "path"}


@dataclass(frozen=True)
class Screens:
    """What one pack shows: screens, the files that they need, and the tickets of their forms."""

    shells: list[Shell]
    files: set[str]
    tickets: dict[str, str]
    character: str


def words_of(request: Request) -> Any:
    """What the phone says by itself, and what stands in for names."""
    return plain(json.loads(text_of(request, "words")))


def plain(words: Any) -> Any:
    """Words as a script shows them: text, not HTML."""
    if isinstance(words, Mapping):
        return {name: plain(word) for name, word in words.items()}
    return Markup(words).striptags()  # noqa: S704  (only to take its marks away)


def packed(
    request: Request,
    session: Session,
    identity: ContributorIdentity,
    *,
    mark: str,
    shown: Screens,
) -> dict[str, Any]:
    """Screens with all that stands around them and our key, as JSON values."""
    frame = render(
        request,
        "offline/frame.html",
        character=shown.character,
        help_card=lasting_help(request, identity),
    )
    html, found = cut(bytes(frame.body).decode())
    settings = request.app.state.settings
    key = offline.give_key(session, settings.heard_data)
    headers = MutableHeaders()
    guard.add_headers(headers, frame.headers["Content-Security-Policy"])
    return {
        "id": mark,
        "kid": key.kid,
        "point": key.public,
        "now": int(clock.now().timestamp() * 1000),
        "tickets": shown.tickets,
        "frame": with_files(html, shown.files - found),
        "headers": dict(headers.items()) | {"content-type": "text/html; charset=utf-8"},
        "files": sorted({*shown.files, *found, static_url("js/offline.js")}),
        "pages": {shell.path: shell.kept for shell in shown.shells},
        "words": words_of(request)["status"],
        "idle_seconds": settings.heard_contributor_idle_minutes * 60,
        "leave_to": settings.heard_leave_to,
    }


def lasting_help(request: Request, identity: ContributorIdentity) -> dict[str, Any]:
    """The card that every screen has, for screens that may be shown tomorrow: both of the council's
    numbers, and no hour at which somebody reads."""
    numbers = entry.numbers_for(identity, request.app.state.settings)
    return {
        "numbers": [number for number in numbers if number.id in NUMBERS_ON_CARD],
        "next": phrase("after it is sent, on a working day"),
    }


def common_tickets(me: ContributorIdentity) -> dict[str, str]:
    """What can be said on every screen, if this contributor can."""
    said = {NOT_SAFE: Permission.SAY_NOT_SAFE, ASK: Permission.MAKE_ASK}
    return {
        path: offline.make_ticket(me.contributor_id, me.session_id)
        for path, permission in said.items()
        if may(me, permission)
    }


def common_shells(
    request: Request,
    identity: ContributorIdentity,
    topics: list[dict[str, str]],
    *,
    home: str,
) -> Iterator[Shell]:
    """Help, not safe, leave, and what to say of a page that the phone does not have."""
    numbers = entry.numbers_for(identity, request.app.state.settings)
    yield Shell("/me/help", text_of(request, "help", numbers=numbers), home, "")
    if may(identity, Permission.SAY_NOT_SAFE):
        not_safe = text_of(request, "not_safe", numbers=numbers, onward=home)
        yield Shell(NOT_SAFE, not_safe, home, "")
    if may(identity, Permission.MAKE_ASK):
        yield Shell(ASK, text_of(request, "ask", numbers=numbers, onward=home), home, "")
    yield Shell("/me/leave", text_of(request, "leave"), "", "")
    yield Shell("*", text_of(request, "no_signal", topics=topics), "", "")


def text_of(request: Request, name: str, **values: Any) -> str:
    """One of our fragments, in the page's language."""
    return bytes(render(request, f"offline/{name}.html", **values).body).decode()


def cut(html: str, *, keep_main: bool = False) -> tuple[str, set[str]]:
    """A page's main part alone, or all around it; and the style sheets and scripts it asks for."""
    found = MAIN.search(html)
    if found is None:
        raise ValueError("A page of ours has no main part.")
    files = set(FETCHED.findall(html))
    if keep_main:
        return found.group(2).strip(), files
    return html[: found.end(1)] + "@main" + html[found.start(3) :], files


def with_files(frame: str, files: set[str]) -> str:
    """The frame asking for these files too."""
    tags = [
        f'<link rel="stylesheet" href="{path}">'
        if ".css" in path
        else f'<script src="{path}" defer></script>'
        for path in sorted(files)
    ]
    return frame.replace("</head>", "\n".join([*tags, "</head>"]), 1)
