"""Gives a page its style sheets: in the page itself for a browser that has none, else by link.

Whoever comes from elsewhere (a letter, a message, a typed address) gets all that the page needs in
one answer, so that a first answer waits for no second request; the files follow by link from the
page's foot, where nothing waits for them, and lie in the browser when the next page asks. Which of
the two it is follows from the Referer alone: whoever comes from a page of this application was
given the files. Nothing is remembered anywhere. A browser that keeps its Referer back gets every
page whole, and one whose files are gone fetches them by the link: slower, and neither is wrong.
"""

import base64
import hashlib
import re
from functools import lru_cache
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request

from backend.settings import ROOT

STATIC = ROOT / "frontend" / "static"


@lru_cache
def static_url(path: str) -> str:
    """Address of a static file with its content's hash, so that it may be cached for ever."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@lru_cache
def text_of(path: str) -> str:
    """A style sheet as it stands in a page: without its comments and its line breaks."""
    text = (STATIC / path).read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    text = re.sub(r" ?([{};,]) ?", r"\1", text).strip()
    if "</" in text:
        raise ValueError(f"{path} could close the element that it stands in.")
    return text


@lru_cache
def hash_of(path: str) -> str:
    """The content-security policy's source for this very sheet inside a page."""
    digest = hashlib.sha256(text_of(path).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class StyleSheets:
    """The style sheets of one page, put there by its templates."""

    def __init__(self, *, are_fetched: bool) -> None:
        self.are_fetched = are_fetched
        self.inside: list[str] = []

    def put(self, path: str) -> Markup:
        """A sheet in the page's head: a link to what was fetched before, or the sheet itself."""
        if self.are_fetched:
            return Markup('<link rel="stylesheet" href="{}">').format(static_url(path))
        self.inside.append(path)
        return Markup("<style>{}</style>").format(Markup(text_of(path)))  # noqa: S704 (our file)

    def follow(self, *others: str) -> Markup:
        """Links for the page's foot that fetch what the next pages will ask for: what stands in
        this page, and the `others`.

        A sheet for no medium holds nothing up and, unlike a prefetch, every browser fetches it.
        """
        link = Markup('<link rel="stylesheet" media="not all" href="{}">')
        paths = [] if self.are_fetched else dict.fromkeys([*self.inside, *others])
        return Markup("\n").join(link.format(static_url(path)) for path in paths)

    @property
    def sources(self) -> list[str]:
        """What this page's content-security policy must allow beside our own files."""
        return [hash_of(path) for path in self.inside]


def comes_from_inside(request: Request) -> bool:
    """Whether the page before this one was of the same application on the same host."""
    before = urlsplit(request.headers.get("referer", ""))
    is_our_host = before.netloc == request.headers.get("host", "")
    return is_our_host and before.path.startswith(f"{request.scope.get('root_path', '')}/")
