"""Reads, from Heard's own pages, the ten questions that a young person is asked one by one."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.journeys.ways import follow

HOW_MANY = 10
TOPICS = ("Where I live", "My family", "Friends and fun", "School or college")


@dataclass(frozen=True)
class Asked:
    """One question as it stands on the screen; with no options it is a box for words."""

    text: str
    options: tuple[str, ...] = ()
    takes_several: bool = False


def read_question(main: Locator) -> Asked | None:
    """The question on a page; None for one that a plain form could not ask, such as a drawing."""
    heading = main.locator("h1").inner_text().replace("\n", " ")
    picks = main.locator("fieldset:has(h1) > .picks > .pick")
    if picks.count():
        kind = picks.first.locator("input").get_attribute("type")
        words = tuple(text.split("\n")[0] for text in picks.locator("label").all_inner_texts())
        return Asked(heading, words, kind == "checkbox")
    return Asked(heading) if main.locator("textarea:visible").count() else None


def read_questions(page: Page) -> list[Asked]:
    """From the first question on, the ten questions that a plain form could ask as well."""
    found: list[Asked] = []
    for _ in range(3 * HOW_MANY):
        asked = read_question(page.locator("main")) if page.locator("main h1").count() else None
        if asked:
            found.append(asked)
        if len(found) == HOW_MANY:
            return found
        follow(page.get_by_role("link", name="Skip", exact=True))
    raise AssertionError(f"only {len(found)} questions were found")
