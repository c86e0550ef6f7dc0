"""Reads what each side said in a half-year, of whom and in which home; counts leave, no words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.coding import queries as coding
from backend.coding.queries import Code
from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.insight.count_sheets import (
    CARERS,
    OTHER,
    PARENTS,
    STAFF,
    WORKERS,
    YOUNG,
    Dweller,
    Side,
)
from backend.people import queries as people
from backend.placements import queries as placements
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.placements.models import Home
    from backend.surveys.queries import SentTopic

SOURCE_OF = {
    Kind.CHILD: YOUNG,
    Kind.CARE_LEAVER: YOUNG,
    Kind.CARER: CARERS,
    Kind.PROVIDER_STAFF: STAFF,
    Kind.SOCIAL_WORKER: WORKERS,
    Kind.PARENT: PARENTS,
}
HOME_ENDED = "home_ended"
Group = tuple[str, int | None]  # a kind of home and its provider
NOWHERE: Group = (OTHER, None)


@dataclass(frozen=True)
class Voices:
    """Who lives where, what each side said of them, and the names of providers by id."""

    dwellers: list[Dweller]
    sides: list[Side]
    providers: dict[int, str]


def hear(session: Session, first_day: date, last_day: date) -> Voices:
    """Everything sent from the first to the last day, both included, and not taken back.

    A person's half-year counts under the home of the last time they were heard of. What was said
    of another kind of home before a move is left out: it would be laid on the wrong home.
    """
    topics = topics_between(session, first_day, last_day)
    homes = _Homes(session)
    # How a home ended is told after the move, and moves nobody back there.
    ended_first = sorted(topics, key=lambda topic: topic.moment != HOME_ENDED)
    group_of = {topic.person_id: homes.group_when(topic) for topic in ended_first}
    group_of |= homes.groups_today({one.id or 0 for one in people.living(session)} - set(group_of))
    kept = [topic for topic in topics if homes.group_when(topic) == group_of[topic.person_id]]
    sides = _sides(kept, coding.codes_of(session, revisions_of(kept)))
    dwellers = [
        Dweller(person, kind, provider) for person, (kind, provider) in sorted(group_of.items())
    ]
    return Voices(dwellers, sides, homes.providers)


def topics_between(session: Session, first_day: date, last_day: date) -> list["SentTopic"]:
    """What was sent on these days in London and not taken back, the oldest first."""
    since = datetime.combine(first_day, time.min, clock.LONDON)
    return [
        topic
        for topic in surveys.sent_topics(session, since=since)
        if clock.in_london(topic.sent_at).date() <= last_day
        and not topic.taken_back
        and coding.is_counted(topic)
    ]


def revisions_of(topics: Iterable["SentTopic"]) -> dict[int, int]:
    """The texts of these topics that count under themes, by answer, as they are worded now."""
    return {
        answer.answer_id: answer.revision
        for topic in topics
        for answer in coding.themed_answers(topic)
    }


@dataclass
class _Said:
    themes: dict[str, set[str]] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)


def _sides(topics: Iterable["SentTopic"], codes: dict[int, Code]) -> list[Side]:
    """One side for each person and source; of an indicator answered twice the later one stands."""
    said: dict[tuple[int, str], _Said] = {}
    for topic in topics:
        answers = [one for one in topic.answers if one.reach is not Reach.NOT_SAFE]
        if not answers:
            continue
        one = said.setdefault((topic.person_id, SOURCE_OF[topic.kind]), _Said())
        for answer in answers:
            if answer.indicator and answer.score is not None:
                one.scores[answer.indicator] = answer.score
            code = codes.get(answer.answer_id)
            for theme in code.themes if code else ():
                one.themes.setdefault(theme, set()).add(code.sentiment if code else "")
    return [
        Side(
            person,
            source,
            themes={theme: frozenset(views) for theme, views in one.themes.items()},
            scores=one.scores,
        )
        for (person, source), one in said.items()
    ]


class _Homes:
    """Which kind of home and provider somebody lived with on a day."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stays: dict[int, list[tuple[date | None, date | None, int]]] = {}
        self._groups: dict[int, Group] = {}
        self._numbers: dict[str, int] = {}
        self.providers: dict[int, str] = {}

    def group_when(self, topic: "SentTopic") -> Group:
        """The group of the home that a topic is about, or of that day's home."""
        home_id = topic.home_id or self._home_on(topic.person_id, topic.said_on)
        return self._group(home_id) if home_id is not None else NOWHERE

    def groups_today(self, person_ids: set[int]) -> dict[int, Group]:
        """The group of today's home of people who were not heard of."""
        homes = placements.homes_of(self._session, person_ids)
        return {
            person: self._group_of(homes[person]) if person in homes else NOWHERE
            for person in person_ids
        }

    def _home_on(self, person_id: int, day: date) -> int | None:
        if person_id not in self._stays:
            rows = placements.placements_of(self._session, person_id)
            self._stays[person_id] = [(row.started_on, row.ended_on, row.home_id) for row in rows]
        found = None
        for start, end, home_id in self._stays[person_id]:
            if (start is None or start <= day) and (end is None or end > day):
                found = home_id
        return found

    def _group(self, home_id: int) -> Group:
        if home_id not in self._groups:
            home = placements.home(self._session, home_id)
            self._groups[home_id] = self._group_of(home) if home else NOWHERE
        return self._groups[home_id]

    def _group_of(self, home: "Home") -> Group:
        kind = placements.home_kind_of(self._session, home)
        provider = placements.provider_of(self._session, home)
        if provider is None:
            return kind, None
        # A company has a URN for each of its residential homes: one name is one provider.
        name = (provider.name or provider.urn).strip()
        number = self._numbers.setdefault(name.casefold(), provider.id or 0)
        self.providers.setdefault(number, name)
        return kind, number
