"""A test browser that checks every page that it is given: HTML, headings, labels, ids, policy."""

from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from fastapi.testclient import TestClient

NAMED = {"hidden", "submit", "button", "image", "reset"}


class CheckedClient(TestClient):
    """A TestClient for which a page that a reader could not use is a failure."""

    def request(self, method: str, url: Any, **kwargs: Any) -> Any:
        answer = super().request(method, url, **kwargs)
        if answer.headers.get("content-type", "").startswith("text/html"):
            check_headers(answer.headers)
            if "hx-request" not in answer.request.headers:
                check_page(answer.text, f"{method} {url}")
        return answer


def check_headers(headers: Any) -> None:
    """Nothing personal is cached, framed, sniffed or scripted from elsewhere."""
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"


def check_page(html: str, where: str) -> None:
    """Valid HTML, one h1, no skipped heading, unique ids, a name for every field."""
    try:
        _check(html)
    except AssertionError as error:
        raise AssertionError(f"{where}: {error}") from error


@lru_cache(maxsize=512)  # who guesses addresses gets the same page a hundred times
def _check(html: str) -> None:
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except html5lib.html5parser.ParseError as error:
        raise AssertionError(f"invalid HTML: {error}") from error
    elements = list(tree.iter())
    _check_headings(elements)
    ids = [element.get("id") for element in elements if element.get("id")]
    repeated = {one for one in ids if ids.count(one) > 1}
    assert not repeated, f"ids used twice: {repeated}"
    _check_fields(elements, set(ids))
    assert tree.get("lang") or next(iter(tree.iter("html"))).get("lang"), "no language"
    assert next(iter(tree.iter("title"))).text, "no title"


def _check_headings(elements: list[Element]) -> None:
    levels = [int(e.tag[1]) for e in elements if isinstance(e.tag, str) and e.tag in HEADINGS]
    assert levels.count(1) == 1, f"{levels.count(1)} h1"
    for before, after in zip(levels, levels[1:], strict=False):
        assert after <= before + 1, f"heading {before} is followed by {after}"


HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def _check_fields(elements: list[Element], ids: set[str | None]) -> None:
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    wrapped = {id(inner) for e in elements if e.tag == "label" for inner in e.iter()}
    for element in elements:
        if element.tag not in ("input", "select", "textarea") or element.get("type") in NAMED:
            continue
        named = (
            element.get("id") in labelled
            or id(element) in wrapped
            or element.get("aria-label")
            or element.get("aria-labelledby") in ids
        )
        assert named, f"a field without a label: {element.attrib}"
    for element in elements:
        for name in ("aria-describedby", "aria-labelledby"):
            for wanted in (element.get(name) or "").split():
                assert wanted in ids, f"{name} names {wanted}, which is not there"
