"""Opens everything that a browser can open with one cookie: every link, and every id guessed."""

import re
from collections.abc import Iterable
from html import unescape

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.printed import words_of

MOST_PAGES = 600
LINK = re.compile(r'(?:href|action)="(/(?:me|staff)[^"#?]*)')
# Looking at these ends the page that looks.
ENDS = ("/me/leave", "/staff/sign-out", "/me/lock")


def crawl(client: TestClient, starts: Iterable[str]) -> dict[str, str]:
    """Each address that answers 200 to a GET, with its page's text; links are followed."""
    waiting, seen, pages = list(starts), set(ENDS), {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        assert len(seen) < MOST_PAGES, "the crawl does not end"
        answer = client.get(address)
        assert answer.status_code in (200, 303, 404, 405, 410), (address, answer.status_code)
        if answer.status_code == 303:
            waiting.append(answer.headers["location"].split("?")[0].split("#")[0])
        if answer.status_code == 200 and address not in ENDS:
            pages[address] = text_of(answer)
            waiting += LINK.findall(pages[address])
        waiting = [one for one in waiting if one.startswith("/")]
    return pages


def text_of(answer: Response) -> str:
    """What a page, a text file or a PDF says."""
    if answer.headers["content-type"] == "application/pdf":
        return words_of(answer.content)
    return unescape(answer.text)


def seen_in(pages: dict[str, str], markers: Iterable[str]) -> dict[str, list[str]]:
    """The markers that stand in any page, each with the pages where it stands."""
    found = {
        marker: sorted(where for where, text in pages.items() if marker in text)
        for marker in markers
    }
    return {marker: where for marker, where in found.items() if where}
