"""Which words are coded and counted, and of these which a person may see the codes of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Kind, Permission
from backend.core.access.policy import may, may_code
from backend.core.access.predicates import Case, Reach, Words
from backend.people import queries as people
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity
    from backend.surveys.queries import SentAnswer, SentLine, SentTopic

OBSERVER = "observer"
# Somebody from school or health never learns where the child lives, so speaks of no home.
COUNTED = frozenset(Kind) - {Kind.OTHER}
# What was sent before that changes no report that is still to come.
LOOKS_BACK = timedelta(days=366)


@dataclass(frozen=True)
class CodedText:
    """One text that this viewer may read and code, as it stands now."""

    topic: "SentTopic"
    answer: "SentAnswer"

    @property
    def answer_id(self) -> int:
        return self.answer.answer_id

    @property
    def revision(self) -> int:
        return self.answer.revision

    @property
    def words(self) -> str:
        """Exactly what the machine read."""
        return self.answer.own_words


def is_counted(topic: "SentTopic") -> bool:
    """Whether a topic speaks for a side of a home. A new telephone number does not, nor what an
    adult reads in a child, nor a form of somebody who never learns where the child lives."""
    return topic.reach is not Reach.KEEP_IN_TOUCH and _speaks(topic.kind, topic.moment)


def _speaks(kind: Kind, moment: str) -> bool:
    return kind in COUNTED and moment != OBSERVER


def written_answers(topic: "SentTopic") -> list["SentAnswer"]:
    """The answers of a topic with words of the writer's own: texts, words beside a drawing, names
    written in. A machine reads them all for worry; "this is not safe" never is coded."""
    return [
        answer
        for answer in topic.answers
        if answer.reach is not Reach.NOT_SAFE and answer.own_words.strip()
    ]


def themed_answers(topic: "SentTopic") -> list["SentAnswer"]:
    """The texts of a topic that count under themes; a name alone speaks of none."""
    return [answer for answer in written_answers(topic) if answer.is_words]


def codable(session: Session, viewer: "StaffIdentity") -> list[CodedText]:
    """The texts of the last twelve months that this viewer may code, the oldest first.

    Every other text is coded by machine alone: it is not among these, whoever asks.
    """
    near = _cases_near(session, viewer)
    if not near:
        return []
    topics = surveys.sent_topics(session, person_ids=list(near), since=clock.now() - LOOKS_BACK)
    return list(_codable_in(viewer, topics, near))


def codable_revisions(session: Session, viewer: "StaffIdentity") -> dict[int, int]:
    """The same texts by answer, with the revision of their wording; without opening any."""
    near = _cases_near(session, viewer)
    if not near:
        return {}
    lines = surveys.sent_lines(session, person_ids=list(near), since=clock.now() - LOOKS_BACK)
    return {
        line.answer_id: line.revision
        for line in lines
        if line.is_words
        and _speaks(line.kind, line.moment)
        and _may_code(viewer, near[line.person_id], line)
    }


def codable_text(session: Session, viewer: "StaffIdentity", answer_id: int) -> CodedText | None:
    """One text, if this viewer may code it; None for every other, and for what there is not."""
    found = codable_among(session, viewer, [answer_id])
    return found.get(answer_id)


def codable_among(
    session: Session, viewer: "StaffIdentity", answer_ids: Iterable[int]
) -> dict[int, CodedText]:
    """Of these answers, those that this viewer may code, by id."""
    wanted = set(answer_ids)
    topics = surveys.topics_of_answers(session, wanted)
    cases = people.cases(session, {topic.person_id for topic in topics})
    return {
        text.answer_id: text
        for text in _codable_in(viewer, topics, cases)
        if text.answer_id in wanted
    }


def _cases_near(session: Session, viewer: "StaffIdentity") -> dict[int, Case]:
    led, worked = people.people_led_by(session, viewer), people.people_worked_by(session, viewer)
    return {person.id or 0: people.case_of(person) for person in (*led, *worked)}


def _codable_in(
    viewer: "StaffIdentity", topics: "Iterable[SentTopic]", cases: Mapping[int, Case]
) -> Iterator[CodedText]:
    for topic in topics:
        case = cases.get(topic.person_id)
        if case is None or topic.taken_back or not is_counted(topic):
            continue
        for answer in themed_answers(topic):
            if _may_code(viewer, case, answer):
                yield CodedText(topic, answer)


def _may_code(viewer: "StaffIdentity", case: Case, said: "SentAnswer | SentLine") -> bool:
    words = Words(case=case, reach=said.reach, hidden_from=said.hidden_from)
    return may(viewer, Permission.CODE_TEXTS, case) and may_code(viewer, words)
