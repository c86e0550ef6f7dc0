"""Counts the words of ours on a page: all that is not somebody's own."""

import re
from collections.abc import Iterator

import html5lib


def words_of_ours(html: str) -> list[str]:
    """Our words on the page as it opens, one by one; a date is three."""
    return re.findall(r"\w[\w’'-]*", text_of_ours(html))


def text_of_ours(html: str) -> str:
    """The text of the page's main part, less what people wrote or chose.

    Ours is all that the template adds: headings, question labels, marks, how and when it was
    given, names and dates, buttons and links. Left out are the words and choices of the young
    person and the adults, and what stands folded away until somebody opens it.
    """
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    [main] = [one for one in tree.iter() if one.tag == "main"]

    def walk(element: object) -> Iterator[str]:
        is_hidden = element.get("class", "").find("visually-hidden") >= 0  # type: ignore[attr-defined]
        is_said = "data-said" in element.attrib  # type: ignore[attr-defined]
        is_drawn = element.tag == "svg"  # type: ignore[attr-defined]
        if is_said or is_hidden or is_drawn:
            return
        yield element.text or ""  # type: ignore[attr-defined]
        for inner in element:  # type: ignore[attr-defined]
            is_folded = inner.tag == "details" and "open" not in inner.attrib
            if is_folded:
                yield from walk(next(iter(inner)))
            else:
                yield from walk(inner)
            yield inner.tail or ""

    return " ".join(" ".join(walk(main)).split())
