"""Protects every request of an application: size, cross-site posts, security headers."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# An answer of 200,000 characters, each of four bytes as a form sends them (%F0%9F%98%80), with
# room for the rest of its page.
MOST_BYTES = 200_000 * 12 + 200_000
# Only an administrator's upload is larger: a workbook, or a return of several files.
MOST_UPLOADED = 26 * 1024 * 1024
UPLOADS = "/imports/preview"
TOO_LONG = (
    "<!doctype html><html lang=en><title>Heard</title><h1>That was too long for us</h1>"
    "<p>Nothing is lost: go back and your words are still there. "
    "Send them in two smaller parts.</p></html>"
)
CROSS_SITE = (
    "<!doctype html><html lang=en><title>Heard</title><h1>That came from another website</h1>"
    "<p>For your safety we did not take it. Open Heard again from your own link.</p></html>"
)


def content_policy(script_hashes: Iterable[str] = ()) -> str:
    """The content-security policy: everything from ourselves, inline scripts by hash only."""
    scripts = " ".join(["'self'", *(f"'{value}'" for value in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'"
    )


def allow_styles(policy: str, sources: Iterable[str]) -> str:
    """The same policy for a page with these style sheets inside, each named by its hash."""
    return policy.replace("style-src 'self'", " ".join(["style-src 'self'", *sources]))


NO_PAGE = (
    "<!doctype html><html lang=en><title>Heard</title><h1>We can’t find that page</h1>"
    "<p>Nothing is lost. Open Heard again from your own link.</p></html>"
)
LONGEST_NUMBER = 12
LONGEST_PATH = 1000


class BodyTooLong(Exception):
    """More came than was announced, or than any page of ours sends."""


class Guard:
    """ASGI middleware around one application, with that application's content policy."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_begun, received = False, 0
        most = most_bytes(scope["path"])

        async def send_guarded(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                add_headers(MutableHeaders(scope=message), self.policy)
            await send(message)

        async def receive_counted() -> Message:
            # A body that comes in chunks has no length to refuse beforehand.
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLong
            return message

        refusal = self._refuse(scope, headers)
        try:
            await (refusal or self.app)(scope, receive_counted, send_guarded)
        except BodyTooLong:
            if is_begun:
                raise
            await HTMLResponse(TOO_LONG, 413)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope, headers: Headers) -> HTMLResponse | None:
        if len(scope["path"]) > LONGEST_PATH:
            return HTMLResponse(NO_PAGE, 404)
        length = headers.get("content-length", "")
        if length.isdecimal() and (
            len(length) > LONGEST_NUMBER or int(length) > most_bytes(scope["path"])
        ):
            return HTMLResponse(TOO_LONG, 413)
        if scope["method"] not in SAFE_METHODS and not is_same_site(headers):
            return HTMLResponse(CROSS_SITE, 403)
        return None


def most_bytes(path: str) -> int:
    """How long a request to this address may be."""
    return MOST_UPLOADED if path.endswith(UPLOADS) else MOST_BYTES


def add_headers(headers: MutableHeaders, policy: str) -> None:
    """Give an answer the headers that every page of an application has."""
    headers.setdefault("Cache-Control", "no-store")
    # A page with style sheets of its own inside has said so itself: see allow_styles.
    headers.setdefault("Content-Security-Policy", policy)
    headers["X-Content-Type-Options"] = "nosniff"
    # "no-referrer" would make browsers send "Origin: null" on our own forms.
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    headers.add_vary_header("HX-Request")


def is_same_site(headers: Headers) -> bool:
    """Whether an unsafe request came from our own pages, or from no browser at all.

    Browsers send Sec-Fetch-Site over https and Origin always; a request with neither carries
    no cookie of a victim's browser.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
