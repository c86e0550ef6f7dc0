"""Has the machine code what was sent; its suggestions are kept beside people's decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.coding import codebooks, machine
from backend.coding.models import SuggestedCode
from backend.coding.texts import written_answers
from backend.core import clock
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from analysis.coder.coding import Coding, Comment
    from backend.surveys.queries import SentTopic

BATCH = 500
NONE, UNREAD, SOON, NOW = "none", "unread", "soon", "now"
# A text in a language that is not read is no sign of safety: it comes before "none".
WORSE = (NONE, UNREAD, SOON, NOW)


@dataclass(frozen=True)
class Worry:
    """How urgent the machine takes a topic to be (none, unread, soon, now), and by which words.

    It reorders a queue that people read whole; "none" never means that somebody is safe.
    """

    urgency: str
    matched: tuple[str, ...] = ()


def coder_in_use(session: Session) -> str:
    """The name of what suggests now: the model, and the council's own codebook where it has one."""
    name, version = machine.name_in_use(), codebooks.version_in_use(session)
    return name if version == machine.codebook().version else f"{name}-v{version}"


def code_topic(session: Session, topic_row_id: int) -> Worry:
    """Suggest codes for every free text of a sent topic, once; the worst urgency among them."""
    topic = surveys.sent_topic(session, topic_row_id)
    if topic is None:
        return Worry(NONE)
    code_topics(session, [topic])
    answers = {answer.answer_id: answer for answer in written_answers(topic)}
    rows = [
        row
        for row in suggested(session, answers)
        if row.answer_revision == answers[row.answer_id].revision
    ]
    if not rows:
        return Worry(NONE)
    worst = max((row.urgency for row in rows), key=WORSE.index)
    led = [row.matched for row in rows if row.urgency == worst and worst in (SOON, NOW)]
    words = [word for matched in led if matched for word in matched.split("\n")]
    return Worry(worst, tuple(dict.fromkeys(words)))


def code_topics(session: Session, topics: "Iterable[SentTopic]") -> None:
    """Suggest codes for the free texts of these topics that have none yet."""
    comments: dict[int, Comment] = {}
    revisions: dict[int, int] = {}
    for topic in topics:
        for answer in written_answers(topic):
            revisions[answer.answer_id] = answer.revision
            comments[answer.answer_id] = machine.comment(
                answer.own_words,
                key=str(answer.answer_id),
                audience=topic.audience,
                question=answer.question_text,
                language=topic.language,
            )
    _suggest(session, comments, revisions)


def _suggest(
    session: Session, comments: Mapping[int, "Comment"], revisions: Mapping[int, int]
) -> None:
    """Code these texts, by answer, unless this coder already coded this revision of them."""
    known = {row.answer_id: row for row in suggested(session, comments)}
    wanted = [
        answer_id
        for answer_id in comments
        if answer_id not in known or known[answer_id].answer_revision != revisions[answer_id]
    ]
    if not wanted:
        return
    coder = coder_in_use(session)
    book = codebooks.codebook_in_use(session)
    codings = machine.code([comments[answer_id] for answer_id in wanted], book)
    for answer_id, coding in zip(wanted, codings, strict=True):
        values = _values(coding, revision=revisions[answer_id], version=book.version)
        row = known.get(answer_id)
        if row is None:
            row = SuggestedCode(answer_id=answer_id, coder=coder, **values)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    session.flush()


def _values(coding: "Coding", *, revision: int, version: int) -> dict[str, Any]:
    return {
        "answer_revision": revision,
        "codebook_version": version,
        "themes": list(coding.themes),
        "sentiment": coding.sentiment,
        "urgency": coding.urgency,
        "is_ask": coding.ask,
        "confidence": coding.confidence,
        "note": coding.note,
        "matched": "\n".join(coding.matched) or None,
        "coded_at": clock.now(),
    }


def suggested(session: Session, answer_ids: Iterable[int]) -> list[SuggestedCode]:
    """What the present coder suggested for these answers."""
    rows: list[SuggestedCode] = []
    wanted, coder = sorted(set(answer_ids)), coder_in_use(session)
    for start in range(0, len(wanted), BATCH):
        chosen = col(SuggestedCode.answer_id).in_(wanted[start : start + BATCH])
        rows += session.exec(select(SuggestedCode).where(chosen, SuggestedCode.coder == coder))
    return rows


def suggestions_for(session: Session, revisions: Mapping[int, int]) -> dict[int, SuggestedCode]:
    """What is suggested for each of these wordings, by answer; none for one not yet coded.

    The newest suggestion: where a later coder has not come to a text yet, an earlier one's stands.
    """
    rows: list[SuggestedCode] = []
    wanted = sorted(revisions)
    for start in range(0, len(wanted), BATCH):
        chosen = col(SuggestedCode.answer_id).in_(wanted[start : start + BATCH])
        rows += session.exec(select(SuggestedCode).where(chosen))
    return {
        row.answer_id: row
        for row in sorted(rows, key=lambda row: (row.coded_at, row.id or 0))
        if row.answer_revision == revisions[row.answer_id]
    }


@dataclass(frozen=True)
class Sureness:
    """How sure the machine is of one text, as what waits for a person is ordered by it: the least
    sure first, and what it does not read after all that it does."""

    is_unread: bool
    confidence: float
    answer_id: int

    @property
    def place(self) -> tuple[bool, float, int]:
        """Where it stands in that order."""
        return self.is_unread, self.confidence, self.answer_id


def sureness_of(session: Session, revisions: Mapping[int, int]) -> dict[int, Sureness]:
    """How sure the machine is of each of these wordings, by answer; none for one not yet coded."""
    found: dict[int, Sureness] = {}
    wanted = sorted(revisions)
    for start in range(0, len(wanted), BATCH):
        rows = session.exec(
            select(
                SuggestedCode.answer_id,
                SuggestedCode.answer_revision,
                SuggestedCode.confidence,
                SuggestedCode.urgency,
            )
            .where(col(SuggestedCode.answer_id).in_(wanted[start : start + BATCH]))
            .order_by(col(SuggestedCode.coded_at), col(SuggestedCode.id))
        )
        for answer_id, revision, confidence, urgency in rows:
            if revision == revisions[answer_id]:
                found[answer_id] = Sureness(urgency == UNREAD, confidence, answer_id)
    return found
