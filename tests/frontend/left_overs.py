"""Finds what a reader of one language would meet in another: words in Latin letters, with place."""

import re
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

import html5lib

from backend.core.languages import languages

READ_ALOUD = ("aria-label", "alt", "title", "placeholder", "data-no-signal", "data-locks")
UNREAD = {"script", "style", "title", "svg", "template"}
# A word of two Latin letters or more, with what joins its parts: "don't", "Mid-May".
WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ’'-]*[A-Za-zÀ-ɏ]")
ARABIC = re.compile("[\u0620-\u064a]")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
# Names that stay as they are in every language: ours, helplines', letters on a badge or a key.
KEPT = {
    "Heard",
    "CDFG",
    "IRO",
    "PA",
    "NHS",
    "Childline",
    "Samaritans",
    "Shout",
    "SHOUT",
    "JavaScript",
    "Shift",
    "WCAG",
    "AA",
    "axe",
    "Chromium",
    "PDF",
}


def left_overs(html: str, *, names: Collection[str] = ()) -> list[str]:
    """The Latin words of a page, each with the text around it, but for names, what somebody wrote,
    and the English that stands beside safety wording which nobody has checked."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    found = []
    for text in texts_of(tree):
        words = [one for one in WORD.findall(without(text, names)) if one not in KEPT]
        if words:
            found.append(" ".join(text.split()))
    return list(dict.fromkeys(found))


def without(text: str, names: Collection[str]) -> str:
    """A text with addresses and names taken out, longest first."""
    text = ADDRESS.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def texts_of(element: Element, *, is_in_pair: bool = False) -> Iterator[str]:
    """What is read or read aloud in an element, in its order."""
    if not isinstance(element.tag, str) or is_passed_over(element, is_in_pair=is_in_pair):
        return
    yield from (element.get(name, "") for name in READ_ALOUD if element.get(name))
    if element.tag not in UNREAD:
        yield element.text or ""
    # A label inside a drawing or a title is still read aloud.
    is_pair = "both" in element.get("class", "").split()
    for child in element:
        yield from texts_of(child, is_in_pair=is_pair)
        if element.tag not in UNREAD:
            yield child.tail or ""


def mixed_companions(html: str) -> list[str]:
    """English that stands beside safety wording and is not English to its last value."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    texts = (
        "".join(one.itertext()) for one in tree.iter() if "beside" in one.get("class", "").split()
    )
    return [text for text in texts if ARABIC.search(text)]


def is_passed_over(element: Element, *, is_in_pair: bool) -> bool:
    """The English beside a safety wording, a language's own name for itself, a law's name."""
    classes = element.get("class", "").split()
    if element.tag == "cite":
        return element.get("lang") == "en" and element.get("dir") == "ltr"
    if is_in_pair and "beside" in classes:
        return element.get("lang") == "en" and element.get("dir") == "ltr"
    own = languages().get(element.get("lang", ""))
    return own is not None and "".join(element.itertext()).strip() == own.own_name
