"""For whom words may be quoted, and how they may be edited: cut, never reworded."""

import re
from datetime import date, timedelta

from backend.core import clock

# Every audience as staff say it; contributors read it in their own template's words.
AUDIENCES = {
    "managers": "Managers and commissioners",
    "panel": "The Corporate Parenting Panel: councillors and managers",
    "providers": "The people who run homes",
    "young_people": "Other young people, in the forum",
    "public": "Everybody: a published paper or web page",
}
LONGEST_PLACE = 120
LONGEST_USE = timedelta(days=366)
BRACKETED = re.compile(r"\[[^\[\]]*\]")


def is_only_cut(words: str, original: str) -> bool:
    """Whether an edited text holds only words of the original, in its order.

    What stands in square brackets is the editor's ("[my school]"), and an ellipsis marks a cut.
    At least one word must be left that is the writer's own.
    """
    kept = _words(BRACKETED.sub(" ", words))
    left = iter(_words(original))
    return bool(kept) and all(any(one == word for word in left) for one in kept)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.casefold().replace("’", "'"))


def problem_with_day(until: date | None) -> str:
    """What is wrong with the last day of a use, for the screen; empty where nothing is."""
    if until is None:
        return "Enter a real date, such as 24 11 2026."
    if until <= clock.today():
        return "Enter a day that is still to come."
    if until > clock.today() + LONGEST_USE:
        return "Ask for a year at most. After that, ask again."
    return ""
