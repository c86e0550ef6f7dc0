"""How well texts are coded: two people beside each other, and the machine beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.coding import codebooks
from backend.coding.agreement import Estimate, kinds_agreement, themes_f1, yes_no_agreement
from backend.coding.blind import marks_in
from backend.coding.decisions import Marks, decisions_on, marks_of
from backend.coding.models import CodingSample, SampledText
from backend.coding.samples import FIRST, SECOND, SETTLED, codes_in, texts_in
from backend.coding.suggestions import UNREAD, suggestions_for
from backend.coding.texts import is_counted
from backend.core.access.permissions import Permission
from backend.core.access.policy import CODED_BY_PEOPLE
from backend.core.access.requires import Denied, check
from backend.core.templates import date_short
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

# Agreement over the texts of fewer people would tell of them.
FEWEST_WRITERS = 6
FEWEST_FOR_SHARE = 10
MACHINE = "machine"
# Who is laid beside whom, in the order of the columns.
PAIRS = ((FIRST, SECOND), (FIRST, MACHINE), (SECOND, MACHINE), (SETTLED, MACHINE))


@dataclass(frozen=True)
class SampleLine:
    """One sample on the list, with how far its coders are; no text of it."""

    sample: CodingSample
    first: str
    second: str
    texts: int
    first_done: int
    second_done: int
    settled: int


@dataclass(frozen=True)
class AgreementLine:
    """One thing that is said of a text, and how far each pair agrees; None is too few to tell."""

    title: str
    estimates: tuple[Estimate | None, ...]

    @property
    def is_told(self) -> bool:
        """Whether there is enough of it for any pair."""
        return any(self.estimates)


@dataclass(frozen=True)
class Agreement:
    """What a sample shows. `texts` are those that both coded as they stand today."""

    line: SampleLine
    texts: int
    writers: int
    overall: tuple[AgreementLine, ...]
    themes: tuple[AgreementLine, ...]
    is_settled: bool

    @property
    def is_too_small(self) -> bool:
        """Whether it speaks of too few people to show anything."""
        return self.writers < FEWEST_WRITERS


def sample_lines(session: Session, viewer: "StaffIdentity") -> list[SampleLine]:
    """Every sample, the newest first."""
    check(viewer, Permission.LEAD_CODING)
    rows = session.exec(select(CodingSample).order_by(col(CodingSample.id).desc())).all()
    return [_line(session, row) for row in rows]


def _line(session: Session, sample: CodingSample) -> SampleLine:
    texts = texts_in(session, [sample.id or 0])
    parts = [said.keys() for said in codes_in(session, texts).values()]
    names = accounts.names_of(session, {sample.first_coder, sample.second_coder})
    return SampleLine(
        sample=sample,
        first=names.get(sample.first_coder, ""),
        second=names.get(sample.second_coder, ""),
        texts=len(texts),
        first_done=sum(FIRST in said for said in parts),
        second_done=sum(SECOND in said for said in parts),
        settled=sum(SETTLED in said for said in parts),
    )


def agreement(session: Session, viewer: "StaffIdentity", sample_id: int) -> Agreement:
    """How far two people and the machine agree in a sample; raises Denied where there is none."""
    check(viewer, Permission.LEAD_CODING)
    sample = session.get(CodingSample, sample_id)
    if sample is None:
        raise Denied(viewer, Permission.LEAD_CODING)
    return _measure(session, sample)


def _measure(session: Session, sample: CodingSample) -> Agreement:
    texts = texts_in(session, [sample.id or 0])
    writers = _writers(session, texts)
    coded = _coded_by_both(session, [text for text in texts if text.id in writers])
    return Agreement(
        line=_line(session, sample),
        texts=len(coded),
        writers=len({writers[key] for key in coded}),
        overall=_overall(list(coded.values())),
        themes=_by_theme(session, list(coded.values())),
        is_settled=all(SETTLED in one for one in coded.values()),
    )


def _writers(session: Session, texts: Iterable[SampledText]) -> dict[int, int]:
    """Who wrote each sampled text, by its id; of those alone that still stand as they were drawn,
    not taken back and not kept from people since."""
    found = list(texts)
    topics = surveys.topics_of_answers(session, {text.answer_id for text in found})
    standing = {
        (answer.answer_id, answer.revision): topic.contributor_id
        for topic in topics
        if not topic.taken_back and is_counted(topic)
        for answer in topic.answers
        if answer.reach in CODED_BY_PEOPLE
    }
    keys = {text.id or 0: (text.answer_id, text.answer_revision) for text in found}
    return {text_id: standing[key] for text_id, key in keys.items() if key in standing}


def _coded_by_both(session: Session, texts: list[SampledText]) -> dict[int, dict[str, Marks]]:
    """By sampled text that both coded: what each said, what they settled on, and the machine."""
    said = codes_in(session, texts)
    revisions = {text.answer_id: text.answer_revision for text in texts}
    suggestions = suggestions_for(session, revisions)
    coded = {}
    for text in texts:
        parts = {part: marks_in(row) for part, row in said.get(text.id or 0, {}).items()}
        if not {FIRST, SECOND} <= parts.keys():
            continue
        suggestion = suggestions.get(text.answer_id)
        if suggestion is not None and suggestion.urgency != UNREAD:
            parts[MACHINE] = marks_of(suggestion)
        coded[text.id or 0] = parts
    return coded


def _pairs(coded: Iterable[Mapping[str, Marks]]) -> list[list[tuple[Marks, Marks]]]:
    """For each pair of coders, what both said of the texts that both coded.

    What two settled on counts when all is settled: before, it stands on the texts on which they
    agreed by themselves, which are the easier ones.
    """
    found = list(coded)
    is_settled = all(SETTLED in one for one in found)
    return [
        [(one[a], one[b]) for one in found if {a, b} <= one.keys()]
        if is_settled or a != SETTLED
        else []
        for a, b in PAIRS
    ]


def _overall(coded: Iterable[Mapping[str, Marks]]) -> tuple[AgreementLine, ...]:
    pairs = _pairs(coded)
    return (
        AgreementLine(
            "All themes (F1)",
            tuple(themes_f1([(a.themes, b.themes) for a, b in one]) for one in pairs),
        ),
        AgreementLine(
            "View",
            tuple(kinds_agreement([(a.sentiment, b.sentiment) for a, b in one]) for one in pairs),
        ),
        AgreementLine(
            "Urgency",
            tuple(kinds_agreement([(a.urgency, b.urgency) for a, b in one]) for one in pairs),
        ),
        AgreementLine(
            "Asks for something",
            tuple(yes_no_agreement([(a.is_ask, b.is_ask) for a, b in one]) for one in pairs),
        ),
    )


def _by_theme(session: Session, coded: Iterable[Mapping[str, Marks]]) -> tuple[AgreementLine, ...]:
    pairs = _pairs(coded)
    lines = []
    for theme in codebooks.codebook_in_use(session).themes:
        said = [[(theme.id in a.themes, theme.id in b.themes) for a, b in one] for one in pairs]
        lines.append(AgreementLine(theme.title, tuple(yes_no_agreement(one) for one in said)))
    return tuple(lines)


def quality(session: Session, revisions: Mapping[int, int]) -> dict[str, Any]:
    """How good the coding of these texts is, as plain values for a report: the share of them that
    a person decided (a whole percentage, of ten texts or more), and what the newest blind sample
    that is large enough shows: texts, its last day, and F1 of people and of the machine; and the
    version of the codebook that they are coded to."""
    decided = len(decisions_on(session, revisions))
    n = len(revisions)
    return {
        "decided_percent": round(100 * decided / n) if n >= FEWEST_FOR_SHARE else None,
        "blind": _newest_blind(session),
        "codebook_version": codebooks.version_in_use(session),
    }


def _newest_blind(session: Session) -> dict[str, Any] | None:
    for sample in session.exec(select(CodingSample).order_by(col(CodingSample.id).desc())):
        found = _measure(session, sample)
        people, *_, settled = found.overall[0].estimates
        if people is not None and not found.is_too_small:
            return {
                "last_day": date_short(sample.last_day),
                "texts": found.texts,
                "people": _plain(people),
                "machine": _plain(settled) if settled else None,
            }
    return None


def _plain(estimate: Estimate) -> dict[str, Any]:
    return {key: round(value, 2) for key, value in asdict(estimate).items()}
