"""Composes the one page before a review, in the young person's own words and order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.summaries.sides import INDICATORS, SideBySide, lay_side_by_side

if TYPE_CHECKING:
    from backend.surveys.queries import Drawing, SentAnswer, SentTopic

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
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
HOW_GIVEN = {
    "alone": "on their own",
    "with_help": "with help",
    "on_paper": "on paper",
    "by_telephone": "by telephone",
}
BEFORE_REVIEW, OBSERVER, ANYTIME = "before_review", "observer", "anytime"
KEEP_IN_TOUCH = "keep_in_touch"
HOME_NOW = ("home_move", "home_first", "home")
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
class Said:
    """One answer as the page shows it: the question, the words or the choice, how it was given."""

    answer_id: int
    topic_row_id: int
    question: str
    text: str
    is_words: bool
    summary: str | None
    how: str
    reach: str
    may_be_said: bool
    hidden: str
    is_taken_back: bool
    drawing: "Drawing | None" = None
    kept_on_paper: str = ""  # where a drawing on paper is kept


@dataclass(frozen=True)
class Section:
    """What was said under one heading of the agenda."""

    agenda: str
    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Change:
    """How one indicator moved since the form before this one."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class MomentSides:
    """One moment of one stay, such as the move, with what each side said of it."""

    label: str
    sides: SideBySide


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


@dataclass(frozen=True)
class Page:
    """Everything on the page that comes from answers."""

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


def how_it_was_given(topic: "SentTopic") -> str:
    """How and when a topic was given, for under the words."""
    how = HOW_GIVEN.get(topic.how_given, topic.how_given)
    helped = " from" if topic.how_given == "with_help" else ", with help from"
    by = f"{helped} {topic.helped_by}" if topic.helped_by else ""
    language = "" if topic.language == "en" else f", in {topic.language}"
    day = topic.written_on or clock.in_london(topic.sent_at).date()
    return f"Given {how}{by}{language}, {day.day} {day:%b %Y}"


def compose(topics: Sequence["SentTopic"], *, current_consultation_id: int | None) -> Page:
    """The page of one review; topics are those that this reader may read, all audiences.

    The young person's words of the current round make the page; where none has come yet, the
    newest round's do, with its date. Older rounds say what changed.
    """
    everything = [topic for topic in topics if topic.moment != KEEP_IN_TOUCH]
    own = [topic for topic in everything if topic.kind in YOUNG and topic.moment == BEFORE_REVIEW]
    round_id = _round_shown(own, current_consultation_id)
    now = [topic for topic in own if topic.consultation_id == round_id]
    before = [topic for topic in own if topic.consultation_id != round_id]
    said = [_said(topic, answer) for topic in now for answer in topic.answers]
    others = [
        topic
        for topic in everything
        if topic.kind not in YOUNG and topic.moment in (BEFORE_REVIEW, *HOME_NOW)
    ]
    return Page(
        wanted=tuple(one for one in said if one.summary == "most_wanted"),
        sections=_sections(now),
        taking_part=tuple(one for one in said if one.summary in TAKING_PART),
        not_said=tuple(one for one in said if one.summary == "not_said"),
        changes=_changes(before, now),
        sides=lay_side_by_side([*now, *_newest_round_of_each(others)]),
        moments=_moments(everything),
        told=_told(everything),
        anytime=_anytime(everything),
        how_given=tuple(dict.fromkeys(how_it_was_given(topic) for topic in now)),
        answered_on=max((clock.in_london(topic.sent_at).date() for topic in now), default=None),
    )


def _moments(topics: "Iterable[SentTopic]") -> tuple[MomentSides, ...]:
    """Each moment of a stay of which anybody spoke, the newest first, all sides beside it."""
    rounds: dict[int, list[SentTopic]] = {}
    for topic in sorted(topics, key=lambda one: one.sent_at, reverse=True):
        if topic.moment in MOMENTS:
            rounds.setdefault(topic.consultation_id, []).append(topic)
    return tuple(
        MomentSides(MOMENTS[said[0].moment], lay_side_by_side(said, is_moment=True))
        for said in list(rounds.values())[:MOST_MOMENTS]
    )


def _told(topics: "Iterable[SentTopic]") -> tuple[Told, ...]:
    """The newest reading of each observer, and the newest words of each other adult."""
    adults = [topic for topic in topics if topic.kind not in YOUNG]
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
                for one in (_said(topic, answer) for answer in topic.answers)
                if is_reading or one.is_words
            )
            if said:
                told.append(Told(contributor_id, theirs[0].kind.value, is_reading, said))
    return tuple(told)


def _anytime(topics: "Iterable[SentTopic]") -> tuple[Said, ...]:
    """What the young person told us at any time, the newest first."""
    found = [topic for topic in topics if topic.kind in YOUNG and topic.moment == ANYTIME]
    found.sort(key=lambda one: one.sent_at, reverse=True)
    said = [_said(topic, answer) for topic in found for answer in topic.answers]
    return tuple(one for one in said if one.is_words)[:MOST_ANYTIME]


def _round_shown(own: "list[SentTopic]", current: int | None) -> int | None:
    rounds = [topic.consultation_id for topic in sorted(own, key=lambda one: one.sent_at)]
    return current if current in rounds else (rounds[-1] if rounds else None)


def _newest_round_of_each(topics: "Iterable[SentTopic]") -> "list[SentTopic]":
    newest: dict[int, SentTopic] = {}
    found = sorted(topics, key=lambda one: one.sent_at)
    for topic in found:
        newest[topic.contributor_id] = topic
    wanted = {topic.response_id for topic in newest.values()}
    return [topic for topic in found if topic.response_id in wanted]


def _said(topic: "SentTopic", answer: "SentAnswer") -> Said:
    return Said(
        answer_id=answer.answer_id,
        topic_row_id=topic.topic_row_id,
        question=answer.question_text,
        text=answer.display,
        is_words=answer.is_words,
        summary=answer.summary,
        how=how_it_was_given(topic),
        reach=answer.reach.value,
        may_be_said=answer.may_be_said,
        hidden=_hidden(answer),
        is_taken_back=topic.taken_back,
        drawing=answer.drawing,
        kept_on_paper=answer.kept_on_paper,
    )


def _hidden(answer: "SentAnswer") -> str:
    """A reminder that somebody must not see this; who it is stands with the answer itself."""
    is_hidden = answer.hidden_from or answer.hidden_from_carers or answer.hidden_from_words
    return "Not to be shown to everyone: see who" if is_hidden else ""


def _sections(now: "list[SentTopic]") -> tuple[Section, ...]:
    said: dict[str, list[Said]] = {}
    for topic in now:
        for answer in topic.answers:
            if answer.summary not in PLACED:
                said.setdefault(topic.agenda, []).append(_said(topic, answer))
    return tuple(
        Section(agenda, title, tuple(said[agenda]))
        for agenda, title in AGENDA.items()
        if agenda in said
    )


def _changes(before: "list[SentTopic]", now: "list[SentTopic]") -> tuple[Change, ...]:
    older, newer = _by_indicator(before), _by_indicator(now)
    return tuple(
        Change(INDICATORS[name], older[name].display, newer[name].display)
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
