"""Composes the one page before a review, in the young person's own words and order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from backend.core import clock
from backend.summaries.indicators import INDICATORS
from backend.summaries.places import (
    ANYTIME,
    BEFORE_REVIEW,
    CARERS,
    HOME_NOW,
    KEEP_IN_TOUCH,
    Place,
)
from backend.summaries.said import (
    YOUNG,
    Said,
    given_on,
    how_it_was_given,
    in_order,
    is_for_few,
    is_of_home_before,
    make_said,
)
from backend.summaries.sides import SideBySide, lay_side_by_side
from backend.summaries.told import Told, told_by_adults

if TYPE_CHECKING:
    from backend.surveys.queries import SentAnswer, SentTopic

__all__ = ["YOUNG", "Page", "Place", "Said", "Section", "Told", "compose", "how_it_was_given"]

# The statutory agenda (Schedule 7 of the 2010 Regulations), in the order in which it is run.
AGENDA = {
    "wishes": "Wishes and feelings",
    "circumstances": "Being safe, and what changed",
    "decisions": "Decisions of the last review",
    "home": "Where I live",
    "family_time": "Family time",
    "education": "Education",
    "leisure": "Leisure",
    "health": "Health",
    "identity": "Identity",
    "advice": "Advice and advocacy",
    "visits": "Social worker's visits",
    "moving_on": "Moving on",
}
MOMENTS = {
    "home_move": "How the move went",
    "home_first": "The first weeks",
    "home_ended": "How the last home ended",
}
# One page: what is older stands in the list of all that was sent.
MOST_MOMENTS, MOST_ANYTIME = 3, 6
TAKING_PART = ("how_take_part", "who_comes", "where")
# Words that have a place of their own on the page stand there and nowhere else.
PLACED = frozenset({"most_wanted", "not_said", *TAKING_PART})


@dataclass(frozen=True)
class Section:
    """What was said under one heading of the agenda."""

    agenda: str
    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Change:
    """How one indicator moved since the form before this one; `is_few` as in `Said`."""

    label: str
    before: str
    now: str
    is_few: bool = False


@dataclass(frozen=True)
class MomentSides:
    """One moment of one stay, such as the move, with what each side said of it."""

    label: str
    sides: SideBySide


@dataclass(frozen=True)
class Page:
    """Everything on the page that comes from answers. Fields are added, never taken away: the
    print and the copy for the case system read it too.

    `former`: the same questions about the home before, where somebody answered them there.
    `is_of_earlier_round`: nothing came for this review; this is what was said before the last.
    """

    wanted: tuple[Said, ...]
    sections: tuple[Section, ...]
    taking_part: tuple[Said, ...]
    not_said: tuple[Said, ...]
    changes: tuple[Change, ...]
    sides: SideBySide
    moments: tuple[MomentSides, ...]
    told: tuple[Told, ...]
    anytime: tuple[Said, ...]
    how_given: tuple[str, ...]
    answered_on: date | None
    former: tuple[MomentSides, ...] = ()
    is_of_earlier_round: bool = False

    @property
    def usual_way(self) -> str:
        """How all of it was given; empty where it was given in several ways."""
        return self.how_given[0] if len(self.how_given) == 1 else ""


def compose(
    topics: Sequence["SentTopic"],
    *,
    current_consultation_id: int | None,
    place: Place | None = None,
    names: Mapping[int, str] | None = None,
) -> Page:
    """The page of one review; topics are those that this reader may read, all audiences.

    The young person's words of the current round make the page; where none has come yet, the
    newest round's do, with its date. Older rounds say what changed. `names` are the writers'.
    """
    place = place or Place()
    everything = [topic for topic in topics if topic.moment != KEEP_IN_TOUCH]
    own = [topic for topic in everything if topic.kind in YOUNG and topic.moment == BEFORE_REVIEW]
    round_id = _round_shown(own, current_consultation_id)
    now = [topic for topic in own if topic.consultation_id == round_id]
    before = [topic for topic in own if topic.consultation_id != round_id]
    moved_on = place.moved_on
    said = [make_said(topic, one, moved_on=moved_on) for topic in now for one in topic.answers]
    beside = [topic for topic in everything if _is_beside(topic, place)]
    of_today = [topic for topic in [*now, *beside] if not _is_of_home_before(topic, place)]
    return Page(
        wanted=tuple(one for one in said if one.summary == "most_wanted"),
        sections=_sections(now, moved_on),
        taking_part=tuple(one for one in said if one.summary in TAKING_PART),
        not_said=tuple(one for one in said if one.summary == "not_said"),
        changes=_changes(before, now),
        sides=lay_side_by_side(of_today, names=names),
        moments=_moments(everything, names),
        told=told_by_adults(everything, place),
        anytime=_anytime(everything),
        how_given=tuple(dict.fromkeys(how_it_was_given(topic) for topic in now)),
        answered_on=max((clock.in_london(topic.sent_at).date() for topic in now), default=None),
        former=_former(now, everything, place, names),
        is_of_earlier_round=bool(now) and current_consultation_id != round_id,
    )


def _is_beside(topic: "SentTopic", place: Place) -> bool:
    """Whether an adult's form is laid beside what the young person says for this review."""
    if topic.kind in YOUNG:
        return False
    if topic.moment in HOME_NOW:
        return place.home_id in (None, topic.home_id)
    return topic.moment == BEFORE_REVIEW and place.review_id in (None, topic.review_id)


def _is_of_home_before(topic: "SentTopic", place: Place) -> bool:
    """Whether it is about a home that was left since; carers know no other than their own."""
    if topic.kind in CARERS and topic.moment not in HOME_NOW:
        return place.moved_on is not None and given_on(topic) < place.moved_on
    return is_of_home_before(topic, place.moved_on)


def _former(
    now: "list[SentTopic]",
    everything: "list[SentTopic]",
    place: Place,
    names: Mapping[int, str] | None,
) -> tuple[MomentSides, ...]:
    """The same questions about the home before, from this round and from that home's own."""
    if place.home_id is None:
        return ()
    there = [
        topic
        for topic in everything
        if topic.kind not in YOUNG
        and topic.moment in HOME_NOW
        and topic.home_id not in (None, place.home_id)
    ]
    last = there[-1].home_id if there else None
    theirs = [topic for topic in there if topic.home_id == last]
    round_ = [*now, *(topic for topic in everything if _is_beside(topic, place))]
    theirs += [topic for topic in round_ if _is_of_home_before(topic, place)]
    sides = lay_side_by_side(theirs, is_moment=True, names=names)
    return (MomentSides("The home before this one", sides),) if sides.rows else ()


def _moments(
    topics: "Iterable[SentTopic]", names: Mapping[int, str] | None
) -> tuple[MomentSides, ...]:
    """Each moment of a stay of which anybody spoke, the newest first, all sides beside it."""
    rounds: dict[int, list[SentTopic]] = {}
    for topic in sorted(topics, key=lambda one: one.sent_at, reverse=True):
        if topic.moment in MOMENTS:
            rounds.setdefault(topic.consultation_id, []).append(topic)
    return tuple(
        MomentSides(MOMENTS[said[0].moment], lay_side_by_side(said, is_moment=True, names=names))
        for said in list(rounds.values())[:MOST_MOMENTS]
    )


def _anytime(topics: "Iterable[SentTopic]") -> tuple[Said, ...]:
    """What the young person told us at any time, the newest first."""
    found = [topic for topic in topics if topic.kind in YOUNG and topic.moment == ANYTIME]
    found.sort(key=lambda one: one.sent_at, reverse=True)
    said = [make_said(topic, answer) for topic in found for answer in topic.answers]
    return tuple(one for one in said if one.is_words)[:MOST_ANYTIME]


def _round_shown(own: "list[SentTopic]", current: int | None) -> int | None:
    rounds = [topic.consultation_id for topic in sorted(own, key=lambda one: one.sent_at)]
    return current if current in rounds else (rounds[-1] if rounds else None)


def _sections(now: "list[SentTopic]", moved_on: date | None) -> tuple[Section, ...]:
    said: dict[str, list[Said]] = {}
    for topic in now:
        for answer in topic.answers:
            if answer.summary not in PLACED:
                said.setdefault(topic.agenda, []).append(
                    make_said(topic, answer, moved_on=moved_on)
                )
    return tuple(
        Section(agenda, title, in_order(said[agenda]))
        for agenda, title in AGENDA.items()
        if agenda in said
    )


def _changes(before: "list[SentTopic]", now: "list[SentTopic]") -> tuple[Change, ...]:
    older, newer = _by_indicator(before), _by_indicator(now)
    return tuple(
        Change(
            INDICATORS[name],
            older[name].display,
            newer[name].display,
            is_few=any(is_for_few(one) for one in (older[name], newer[name])),
        )
        for name in INDICATORS
        if name in older and name in newer and older[name].score != newer[name].score
    )


def _by_indicator(topics: "Iterable[SentTopic]") -> "dict[str, SentAnswer]":
    return {
        answer.indicator: answer
        for topic in sorted(topics, key=lambda one: one.sent_at)
        for answer in topic.answers
        if answer.indicator and answer.score is not None
    }
