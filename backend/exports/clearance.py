"""The one rule of what may leave the screen: for the meeting, an IRO's paper, the child's file.

It keeps to what the child was told on the screens (docs/decisions/0024): pure, no database.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
NOT_SAID = "not_said"  # the question for what must not be brought up


class Place(StrEnum):
    """Where words can go that leave the screen."""

    MEETING = "meeting"  # a sheet that lies on the table
    LEADS_PAPER = "leads_paper"  # "IRO only", on every page
    RECORD = "record"  # the child's file, which their worker and managers read
    RESTRICTED = "restricted"  # a part of it for the IRO and who stands in alone


def is_hidden(answer: "SentAnswer") -> bool:
    """Whether the child kept it from anybody: staff, those they live with, or somebody by name."""
    hidden = answer.hidden_from or answer.hidden_from_carers or answer.hidden_from_words
    return bool(hidden)


def may_go(
    topic: "SentTopic", answer: "SentAnswer", place: Place, *, leads: Collection[int] = ()
) -> bool:
    """Whether one answer may go to this place. Who reads it on screen is policy.READS, not this.

    `leads` are those who can open the restricted place: what was hidden from one of them never
    goes there, and neither does what was hidden from somebody named in words, whom only a person
    can tell from a lead.
    """
    if topic.taken_back or answer.reach is Reach.NOT_SAFE:
        return False
    if place is Place.RESTRICTED:
        return _may_go_to_restricted(topic, answer, leads)
    if answer.reach is Reach.ONLY_IRO or is_hidden(answer) or answer.summary == NOT_SAID:
        return False
    if place is Place.MEETING:
        return topic.kind in YOUNG and answer.may_be_said
    return place is Place.LEADS_PAPER or topic.kind in YOUNG


def _may_go_to_restricted(topic: "SentTopic", answer: "SentAnswer", leads: Collection[int]) -> bool:
    is_kept_close = (
        answer.reach is Reach.ONLY_IRO or is_hidden(answer) or answer.summary == NOT_SAID
    )
    is_safe = not answer.hidden_from_words and not answer.hidden_from & set(leads)
    return topic.kind in YOUNG and is_kept_close and is_safe


def why_it_stays(topic: "SentTopic", answer: "SentAnswer") -> str:
    """Why an answer does not go to the child's file, for whoever reads it on the screen."""
    if topic.taken_back:
        return "taken back"
    if answer.reach is Reach.ONLY_IRO:
        return "for you alone"
    if is_hidden(answer):
        return "kept from somebody"
    if answer.summary == NOT_SAID:
        return "what must not be brought up"
    return "not for the file" if not may_go(topic, answer, Place.RECORD) else ""


def only_what_goes(
    topics: "Collection[SentTopic]", place: Place, *, leads: Collection[int] = ()
) -> "list[SentTopic]":
    """The topics with just the answers that may go there, and no topic that is left empty."""
    kept = []
    for topic in topics:
        answers = tuple(one for one in topic.answers if may_go(topic, one, place, leads=leads))
        if answers:
            kept.append(replace(topic, answers=answers))
    return kept
