"""Codes free texts by the analysis package; suggestions are kept beside people's decisions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.core import clock
from backend.insight.models import DecidedCode, SuggestedCode
from backend.settings import ROOT, get_settings

if TYPE_CHECKING:
    from analysis.codebooks import Codebook
    from analysis.coding import Coder, Coding, Comment

BATCH = 500


@dataclass(frozen=True)
class Code:
    """The themes and view that count for one answer: a person's decision before a suggestion."""

    themes: tuple[str, ...]
    sentiment: str


@cache
def default_coder() -> "Coder":
    """The coder of this process; trained once, then kept in the data folder."""
    # Imported late: pages that code nothing must not wait for the learning library.
    from analysis.coding import load_default

    return load_default(get_settings().heard_data / "analysis")


@cache
def coder_name() -> str:
    """The fingerprint of what the coder was trained on, and by which code."""
    from analysis.codebooks import HEARD_CODEBOOK
    from analysis.coding import TRAINING
    from analysis.storage import fingerprint

    return fingerprint(TRAINING, HEARD_CODEBOOK)


@cache
def codebook() -> "Codebook":
    """The themes in their order."""
    from analysis.codebooks import load_codebook

    return load_codebook()


MODEL_CARD = ROOT / "analysis" / "README.md"
MEASURED = re.compile(
    r"themes, micro-F1\s+(?P<value>0\.\d+) \[(?P<low>0\.\d+)-(?P<high>0\.\d+)\]\s+n=(?P<n>\d+)"
)


def measured() -> dict[str, str] | None:
    """How well themes are coded, by the model card's own figure: micro-F1 with its 95% interval
    and the number of codes that people gave; None where the card has no such line."""
    try:
        found = MEASURED.search(MODEL_CARD.read_text(encoding="utf-8"))
    except OSError:
        return None
    return found.groupdict() if found else None


def suggest(
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
    codings = default_coder().code([comments[answer_id] for answer_id in wanted])
    for answer_id, coding in zip(wanted, codings, strict=True):
        values = _values(coding, revision=revisions[answer_id])
        row = known.get(answer_id)
        if row is None:
            row = SuggestedCode(answer_id=answer_id, coder=coder_name(), **values)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    session.flush()


def _values(coding: "Coding", *, revision: int) -> dict[str, Any]:
    return {
        "answer_revision": revision,
        "codebook_version": codebook().version,
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
    wanted = sorted(set(answer_ids))
    for start in range(0, len(wanted), BATCH):
        chosen = col(SuggestedCode.answer_id).in_(wanted[start : start + BATCH])
        rows += session.exec(
            select(SuggestedCode).where(chosen, SuggestedCode.coder == coder_name())
        )
    return rows


def codes_of(session: Session, revisions: Mapping[int, int]) -> dict[int, Code]:
    """The code that counts for each of these answers, by id; none for a revision not yet coded."""
    codes = {
        row.answer_id: Code(tuple(row.themes), row.sentiment or "")
        for row in suggested(session, revisions)
        if row.answer_revision == revisions[row.answer_id]
    }
    decided = session.exec(select(DecidedCode).order_by(col(DecidedCode.decided_at))).all()
    return codes | {
        row.answer_id: Code(tuple(row.themes), row.sentiment or "")
        for row in decided
        if row.answer_id in revisions
    }
