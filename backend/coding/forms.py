"""Reads what a coder says of a text from a posted form, and what the pages call it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.coding.decisions import Marks

if TYPE_CHECKING:
    from analysis.rows.codebooks import Codebook
    from backend.core.forms import Fields

MOST_THEMES = 4
VIEWS = {
    "positive": "Positive",
    "negative": "Negative",
    "mixed": "Mixed",
    "neutral": "Neutral",
}
URGENCIES = {
    "none": "Not urgent",
    "soon": "Soon",
    "now": "Now",
}
WRITERS = {
    "child_5_10": "A child of 5 to 10",
    "child_11_17": "A young person of 11 to 17",
    "care_leaver": "A care leaver",
    "carer": "A foster carer",
    "provider_staff": "Somebody who works in a home",
    "parent": "A parent",
    "social_worker": "A social worker or PA",
}
HOWS = {
    "confirmed": "as suggested",
    "corrected": "otherwise than suggested",
    "alone": "nothing was suggested",
    "agreed": "two people said the same, each by themselves",
    "settled": "settled after two people coded it by themselves",
}


@dataclass(frozen=True)
class MarksForm:
    """A posted form: what it says, and what is wrong with it, by field."""

    marks: Marks
    errors: dict[str, str]


def read_marks(form: "Fields", book: "Codebook") -> MarksForm:
    """What the ticks say, the themes in the codebook's order; unknown ones count for nothing."""
    ticked = set(form.all("themes"))
    marks = Marks(
        themes=tuple(name for name in book.ids if name in ticked),
        sentiment=form.word("sentiment") if form.word("sentiment") in VIEWS else "",
        urgency=form.word("urgency") if form.word("urgency") in URGENCIES else "",
        is_ask=form.word("is_ask") == "yes",
    )
    errors = {}
    if len(marks.themes) > MOST_THEMES:
        errors["themes"] = f"Choose {MOST_THEMES} themes at most: what it speaks of most."
    if not marks.sentiment:
        errors["sentiment"] = "Choose how they see it."
    if not marks.urgency:
        errors["urgency"] = "Choose how urgent it is."
    return MarksForm(marks, errors)
