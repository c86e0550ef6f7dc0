"""Suggests a participation code with its reason; the IRO confirms it, after the meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from backend.people.queries import age_on

if TYPE_CHECKING:
    from backend.surveys.queries import SentTopic

PN0_UNDER = 4
NOT_AGED = "PN0"
CAME = "PN1 if they spoke for themselves, PN2 if somebody spoke for them, PN3 if they showed it "


@dataclass(frozen=True)
class Suggestion:
    """A code and why; empty where the lead alone can say."""

    code: str
    reason: str


def suggest_code(
    *,
    date_of_birth: date,
    due_on: date,
    has_sent: bool,
    how_given: str,
    has_come: bool | None = None,
) -> Suggestion:
    """The participation code that what Heard knows points to; `due_on` is the day of the review.

    `has_sent` counts the young person's own forms alone: a carer's, a parent's or an observer's is
    not their view. `has_come` is None before anybody said so.
    Source: the SSDA903 code list (PN0 before the fourth birthday; a form of one's own is a
    facilitative medium, PN6). A form that somebody helped with is not self-evidently the child's
    own, so none is suggested for it.
    """
    if age_on(date_of_birth, due_on) < PN0_UNDER:
        return Suggestion(NOT_AGED, "Under four on the day of the review.")
    if has_come:
        return Suggestion("", f"They came. {CAME}without words, PN4 if none of these.")
    if not has_sent:
        came = "" if has_come is False else " If they came, PN1 to PN4."
        return Suggestion("PN7", f"Nothing of their own was sent.{came}")
    if how_given == "with_help":
        return Suggestion("", "Somebody helped with the form. Whose views it holds: you say.")
    came = "" if has_come is False else " If they also came and spoke, PN1."
    return Suggestion("PN6", f"A form of their own was sent.{came}")


def how_own_was_given(topics: Iterable["SentTopic"]) -> str:
    """`with_help` where somebody helped with all of it; `alone` where any of it is their own."""
    found = list(topics)
    is_helped = all(topic.how_given == "with_help" or topic.helped_by for topic in found)
    return "with_help" if found and is_helped else "alone"


def why_code_cannot_be(code: str, *, date_of_birth: date, held_on: date) -> str:
    """Why a code cannot stand for a review of that day, for the screen; empty where it can.

    Source: the 903 rules 440 and 441. On the fourth birthday itself both pass.
    """
    fourth = _birthday(date_of_birth, PN0_UNDER)
    if code == NOT_AGED and held_on > fourth:
        return "PN0 is for children under four. Choose how they took part."
    if code and code != NOT_AGED and held_on < fourth:
        return "They were under four that day. Choose PN0."
    return ""


def _birthday(date_of_birth: date, years: int) -> date:
    try:
        return date_of_birth.replace(year=date_of_birth.year + years)
    except ValueError:  # born on 29 February
        return date(date_of_birth.year + years, 3, 1)
