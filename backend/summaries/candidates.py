"""Which of a young person's own words may be asks, with the owner that each would go to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks import service as asks
from backend.coding import queries as coding
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.predicates import Case
from backend.people import queries as people
from backend.summaries.models import NotAnAsk
from backend.summaries.said import YOUNG, how_it_was_given

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.surveys.queries import SentAnswer, SentTopic

LEFT = audit.declare("ask.none_found", "answer_id", "review_id")
# What a young person most wants comes first, then what is to change, then what worries.
ORDER = {"most_wanted": 0, "change": 1, "worry": 2}
NEVER = frozenset({"not_said"})
ABOUT_WORKER = "visits"


@dataclass(frozen=True)
class Part:
    """A sentence that may be the ask in an answer: the writer's own words, letter for letter.
    `key` is what a form says when it is ticked."""

    key: str
    words: str


@dataclass(frozen=True)
class Candidate:
    """One answer in words, and who would answer it if it were an ask.

    `owners` are keys and names of those who may own it, the suggested one first; `why` says why it
    is suggested. Empty owners: nobody but those who hid it may know, so no ask can be made.
    `parts` are the sentences that a machine took for asks, where they are less than all of it;
    `has_asks`: some of it is an ask already, and only the parts are left to look at.
    """

    answer_id: int
    topic_row_id: int
    question: str
    words: str
    how: str
    is_only_iro: bool
    owners: tuple[tuple[str, str], ...]
    why: str
    is_wanted: bool = False
    parts: tuple[Part, ...] = ()
    has_asks: bool = False

    def ticked(self, keys: Iterable[str]) -> list[str]:
        """The words of this answer that these keys of a form stand for: all of it, or parts."""
        wanted = set(keys)
        if str(self.answer_id) in wanted and not self.has_asks:
            return [self.words]
        return [part.words for part in self.parts if part.key in wanted]

    def is_ticked_twice(self, keys: Iterable[str]) -> bool:
        """Whether these keys stand for all of the answer and for a part of it as well."""
        wanted = set(keys)
        return str(self.answer_id) in wanted and any(part.key in wanted for part in self.parts)


def candidates(
    session: Session,
    viewer: StaffIdentity,
    person: "Person",
    topics: Iterable["SentTopic"],
    *,
    asked: Mapping[int, Sequence[str | None]],
) -> list[Candidate]:
    """Words of these topics that nobody has made an ask of, nor said that they are none; `topics`
    hold the answers that the viewer may read, and `asked` what was asked already, by answer: its
    words, or None for all of it. What is left of such an answer is laid out by its parts alone."""
    own = [topic for topic in topics if topic.kind in YOUNG and not topic.taken_back]
    answers = [(topic, answer) for topic in own for answer in topic.answers if _is_words(answer)]
    left = _left_alone(session, [answer.answer_id for _, answer in answers])
    names = _names(session, viewer, person)
    case = people.case_of(person)
    found = [
        _candidate(
            session,
            topic,
            answer,
            case=case,
            names=names,
            parts=parts,
            has_asks=bool(asked.get(answer.answer_id)),
        )
        for topic, answer in answers
        if answer.answer_id not in left
        and (parts := _parts(answer, asked.get(answer.answer_id, ()))) is not None
    ]
    summaries = {answer.answer_id: answer.summary or "" for _, answer in answers}
    return sorted(found, key=lambda one: ORDER.get(summaries[one.answer_id], len(ORDER)))


def _parts(answer: "SentAnswer", asked: Sequence[str | None]) -> tuple[Part, ...] | None:
    """The sentences that may be asks; None where asks were made and no such sentence is left."""
    if any(words is None for words in asked):
        return None
    whole = answer.display.strip()
    found = tuple(
        Part(f"{answer.answer_id}:{one.start}-{one.end}", one.words)
        for one in coding.asking_sentences(answer.display)
        if one.words != whole and not any(one.words in words for words in asked if words)
    )
    return found if found or not asked else None


def _is_words(answer: "SentAnswer") -> bool:
    return answer.is_words and bool(answer.own_words.strip()) and answer.summary not in NEVER


def _left_alone(session: Session, answer_ids: list[int]) -> set[int]:
    rows = select(NotAnAsk.answer_id).where(col(NotAnAsk.answer_id).in_(answer_ids))
    return set(session.exec(rows).all())


def _names(session: Session, viewer: StaffIdentity, person: "Person") -> dict[str, str]:
    """Who each owner is today, as the lead says it."""
    is_leaver = person.group == people.CARE_LEAVER
    worker_id = person.personal_adviser_id if is_leaver else person.worker_id
    known = accounts.names_of(session, {one for one in (worker_id, person.iro_id) if one})
    lead_id = person.personal_adviser_id if is_leaver else person.iro_id
    return {
        "worker": known.get(worker_id or 0, "The worker"),
        "lead": "You" if lead_id == viewer.staff_id else known.get(lead_id or 0, "The IRO"),
        "manager": "The team manager",
        "placements": "Whoever finds homes",
    }


def _candidate(
    session: Session,
    topic: "SentTopic",
    answer: "SentAnswer",
    *,
    case: Case,
    names: dict[str, str],
    parts: tuple[Part, ...],
    has_asks: bool,
) -> Candidate:
    owners = [
        owner.value for owner in asks.possible_owners(session, case, asks.source_from(answer))
    ]
    why = "works with them"
    if topic.agenda == ABOUT_WORKER and "manager" in owners:
        owners.remove("manager")
        owners.insert(0, "manager")
        why = "it is about the worker"
    elif owners[:1] == ["lead"]:
        why = "may read it"
    if case.is_care_leaver and {"worker", "lead"} <= set(owners):
        owners.remove("lead")  # their personal adviser is both
    return Candidate(
        answer_id=answer.answer_id,
        topic_row_id=topic.topic_row_id,
        question=answer.question_text,
        words=answer.display,
        how=how_it_was_given(topic),
        is_only_iro=answer.reach.value == "only_iro",
        owners=tuple((owner, names.get(owner, owner)) for owner in owners),
        why=why,
        is_wanted=answer.summary == "most_wanted",
        parts=parts,
        has_asks=has_asks,
    )


def leave_alone(
    session: Session,
    viewer: StaffIdentity,
    found: Iterable[Candidate],
    *,
    review_id: int,
    person_id: int,
) -> None:
    """Note that these words hold no ask. They stay on the page as what was said."""
    for one in found:
        session.add(
            NotAnAsk(
                answer_id=one.answer_id,
                review_id=review_id,
                decided_by=viewer.staff_id,
                decided_at=clock.now(),
            )
        )
        audit.record(
            session,
            LEFT,
            actor=viewer.actor,
            person_id=person_id,
            answer_id=one.answer_id,
            review_id=review_id,
        )
    session.flush()
