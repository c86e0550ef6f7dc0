"""What adults told in words of their own: a reading of the child, or a form of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.summaries.places import FOR_A_REVIEW, OBSERVER, Place
from backend.summaries.said import YOUNG, Said, how_it_was_given, make_said

if TYPE_CHECKING:
    from backend.surveys.queries import SentTopic


@dataclass(frozen=True)
class Told:
    """What one adult told in words of their own: a reading of the child, or a form of theirs.

    `is_reading` says that it is this adult's reading of what the child shows, and never the
    child's own words.
    """

    contributor_id: int
    kind: str
    is_reading: bool
    said: tuple[Said, ...]
    how: str = ""


def told_by_adults(topics: "Iterable[SentTopic]", place: Place) -> tuple[Told, ...]:
    """The newest reading of each observer, and the newest words of each other adult."""
    adults = [
        topic
        for topic in topics
        if topic.kind not in YOUNG
        and (topic.moment not in FOR_A_REVIEW or place.review_id in (None, topic.review_id))
    ]
    told = []
    for is_reading in (True, False):
        kept = [topic for topic in adults if (topic.moment == OBSERVER) is is_reading]
        by_writer: dict[int, list[SentTopic]] = {}
        for topic in _newest_round_of_each(kept):
            by_writer.setdefault(topic.contributor_id, []).append(topic)
        for contributor_id, theirs in by_writer.items():
            said = tuple(
                one
                for topic in theirs
                for one in (make_said(topic, answer) for answer in topic.answers)
                if is_reading or one.is_words
            )
            if said:
                how = how_it_was_given(theirs[-1])
                told.append(Told(contributor_id, theirs[0].kind.value, is_reading, said, how))
    return tuple(told)


def _newest_round_of_each(topics: "Iterable[SentTopic]") -> "list[SentTopic]":
    newest: dict[int, SentTopic] = {}
    found = sorted(topics, key=lambda one: one.sent_at)
    for topic in found:
        newest[topic.contributor_id] = topic
    wanted = {topic.response_id for topic in newest.values()}
    return [topic for topic in found if topic.response_id in wanted]
