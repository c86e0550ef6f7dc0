"""Blind samples: texts drawn at random that two people code, neither seeing machine nor other."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, or_, select

from backend.accounts import service as accounts
from backend.coding import codebooks
from backend.coding.models import BlindCode, CodingSample, DecidedCode, SampledText
from backend.coding.texts import CodedText, codable
from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.core.audit import AuditEvent

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

DRAWN = audit.declare("coding.sample_drawn", "sample_id", "texts", "first_coder", "second_coder")
ENDED = audit.declare("coding.sample_ended", "sample_id")
FIRST, SECOND, SETTLED = "first", "second", "settled"
SMALLEST, LARGEST, USUAL = 1, 200, 60


class SampleRefused(Exception):
    """A sample cannot be drawn so; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class Share:
    """What is left of one sample for one of its two coders."""

    sample: CodingSample
    texts: tuple[SampledText, ...]
    to_code: tuple[int, ...]  # sampled texts that this coder has not coded
    to_settle: tuple[int, ...]  # sampled texts that both coded, each otherwise


def draw(
    session: Session,
    viewer: "StaffIdentity",
    *,
    first_day: date | None,
    last_day: date | None,
    size: int | None,
    coders: tuple[int | None, int | None],
) -> CodingSample:
    """Draw texts for two people, of those that both read anyway and that neither has seen coded.

    By chance, repeatably: in the order of a hash of the seed and the text. Raises SampleRefused.
    """
    check(viewer, Permission.LEAD_CODING)
    errors = _problems(first_day, last_day, size, coders)
    if errors or first_day is None or last_day is None or size is None:
        raise SampleRefused(errors)
    found = _texts_of_both(session, coders, first_day, last_day)
    if not found:
        none_left = "There is no text from these days that both read and neither has seen coded."
        raise SampleRefused({"first_coder": none_left})
    seed = secrets.token_hex(8)
    drawn = sorted(found, key=lambda text: place(seed, text.answer_id))[:size]
    return _keep_sample(
        session, viewer, drawn, first_day=first_day, last_day=last_day,
        seed=seed, size=size, coders=(coders[0] or 0, coders[1] or 0),
    )  # fmt: skip


def _problems(
    first_day: date | None,
    last_day: date | None,
    size: int | None,
    coders: tuple[int | None, int | None],
) -> dict[str, str]:
    errors = {}
    if None in coders:
        errors["first_coder"] = "Choose two colleagues."
    elif coders[0] == coders[1]:
        errors["second_coder"] = "Choose two different colleagues."
    if size is None or not SMALLEST <= size <= LARGEST:
        errors["size"] = f"Enter a number from {SMALLEST} to {LARGEST}."
    if first_day is None:
        errors["first_day"] = "Enter the first day."
    if last_day is None or (first_day is not None and last_day < first_day):
        errors["last_day"] = "Enter a last day that is not before the first."
    return errors


def _texts_of_both(
    session: Session, coders: tuple[int | None, int | None], first_day: date, last_day: date
) -> list[CodedText]:
    identities = [accounts.identity_by_id(session, one or 0) for one in coders]
    shared: dict[int, CodedText] | None = None
    for identity in identities:
        if identity is None:
            return []
        texts = {text.answer_id: text for text in codable(session, identity)}
        shared = texts if shared is None else {k: v for k, v in texts.items() if k in shared}
    seen = _seen_by(session, [one for one in coders if one is not None])
    return [
        text
        for answer_id, text in (shared or {}).items()
        if answer_id not in seen and first_day <= text.topic.said_on <= last_day
    ]


def _seen_by(session: Session, staff_ids: list[int]) -> set[int]:
    """Texts whose suggestion one of these saw or decided, and all that were ever drawn."""
    decided = session.exec(
        select(DecidedCode.answer_id).where(col(DecidedCode.decided_by).in_(staff_ids))
    )
    opened = session.exec(
        select(AuditEvent.details).where(
            AuditEvent.event == "coding.words_opened",
            col(AuditEvent.actor).in_([f"staff:{one}" for one in staff_ids]),
        )
    )
    drawn = session.exec(select(SampledText.answer_id))
    return {*decided, *drawn, *(details["answer_id"] for details in opened)}


def place(seed: str, answer_id: int) -> str:
    """Where a text stands in the order that a seed gives; the first of it are the sample."""
    return hashlib.sha256(f"{seed}:{answer_id}".encode()).hexdigest()


def _keep_sample(
    session: Session,
    viewer: "StaffIdentity",
    texts: list[CodedText],
    *,
    first_day: date,
    last_day: date,
    seed: str,
    size: int,
    coders: tuple[int, int],
) -> CodingSample:
    sample = CodingSample(
        first_day=first_day,
        last_day=last_day,
        seed=seed,
        size=size,
        first_coder=coders[0],
        second_coder=coders[1],
        codebook_version=codebooks.version_in_use(session),
        drawn_by=viewer.staff_id,
        drawn_at=clock.now(),
    )
    session.add(sample)
    session.flush()
    for text in texts:
        session.add(
            SampledText(
                sample_id=sample.id or 0,
                answer_id=text.answer_id,
                answer_revision=text.revision,
            )
        )
    audit.record(
        session, DRAWN, actor=viewer.actor, sample_id=sample.id, texts=len(texts),
        first_coder=coders[0], second_coder=coders[1],
    )  # fmt: skip
    session.flush()
    return sample


def end_sample(session: Session, viewer: "StaffIdentity", sample_id: int) -> None:
    """Ask no further: what is not coded yet goes back to the ordinary list."""
    check(viewer, Permission.LEAD_CODING)
    sample = session.get(CodingSample, sample_id)
    if sample is None:
        raise Denied(viewer, Permission.LEAD_CODING)
    if sample.ended_at is None:
        sample.ended_at = clock.now()
        session.add(sample)
        audit.record(session, ENDED, actor=viewer.actor, sample_id=sample_id)
        session.flush()


def samples_of(session: Session, staff_id: int) -> list[CodingSample]:
    """The samples that this colleague codes and that were not ended, the oldest first."""
    is_coder = or_(CodingSample.first_coder == staff_id, CodingSample.second_coder == staff_id)
    statement = select(CodingSample).where(is_coder, col(CodingSample.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(CodingSample.id))))


def texts_in(session: Session, sample_ids: Iterable[int]) -> list[SampledText]:
    """The texts of these samples."""
    wanted = list(sample_ids)
    rows = select(SampledText).where(col(SampledText.sample_id).in_(wanted))
    return list(session.exec(rows.order_by(col(SampledText.id)))) if wanted else []


def codes_in(session: Session, texts: Iterable[SampledText]) -> dict[int, dict[str, BlindCode]]:
    """By sampled text, what each part said."""
    wanted = [text.id for text in texts]
    found: dict[int, dict[str, BlindCode]] = {}
    for start in range(0, len(wanted), LARGEST):
        chosen = col(BlindCode.text_id).in_(wanted[start : start + LARGEST])
        for row in session.exec(select(BlindCode).where(chosen)):
            found.setdefault(row.text_id, {})[row.part] = row
    return found


def kept_blind_for(session: Session, viewer: "StaffIdentity") -> frozenset[int]:
    """Answers of which this coder must see neither machine nor colleague yet: until both coded
    them and, where they differ, settled."""
    samples = samples_of(session, viewer.staff_id)
    texts = texts_in(session, [sample.id or 0 for sample in samples])
    codes = codes_in(session, texts)
    return frozenset(text.answer_id for text in texts if SETTLED not in codes.get(text.id or 0, {}))
