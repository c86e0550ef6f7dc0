"""Protects every request of an application: size, cross-site posts, security headers."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 2 * 1024 * 1024
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

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        refusal = self._refuse(scope, headers)
        await (refusal or self.app)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope, headers: Headers) -> HTMLResponse | None:
        if int(headers.get("content-length") or 0) > MOST_BYTES:
            return HTMLResponse(TOO_LONG, 413)
        if scope["method"] not in SAFE_METHODS and not is_same_site(headers):
            return HTMLResponse(CROSS_SITE, 403)
        return None

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers.setdefault("Cache-Control", "no-store")
        headers["Content-Security-Policy"] = self.policy
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
