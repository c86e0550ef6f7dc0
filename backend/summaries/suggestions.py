"""Suggests a participation code with its reason; the IRO confirms it, after the meeting."""

from dataclasses import dataclass
from datetime import date

from backend.people.queries import age_on

PN0_UNDER = 4


@dataclass(frozen=True)
class Suggestion:
    """A code and why; nothing is filled in with it."""

    code: str
    reason: str


def suggest_code(
    *, date_of_birth: date, due_on: date, has_sent: bool, how_given: str
) -> Suggestion:
    """What the participation code would be if the child does not come to the meeting.

    Source: the SSDA903 code list (PN0 up to the fourth birthday; a form of one's own is a
    facilitative medium, PN6). A form that somebody filled in for the child is not self-evidently
    the child's own, so none is suggested for it.
    """
    if age_on(date_of_birth, due_on) < PN0_UNDER:
        return Suggestion("PN0", "Under four on the day of the review.")
    if not has_sent:
        return Suggestion("PN7", "Nothing was sent so far. If the child comes, PN1 to PN4.")
    if how_given == "with_help":
        return Suggestion(
            "", "Somebody helped with the form. Whose views it holds is yours to say."
        )
    return Suggestion("PN6", "A form was sent. If the child also comes and speaks, PN1.")
