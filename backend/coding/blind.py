"""A coder's part of a blind sample: code a text by oneself, then settle what the two differ in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.coding.decisions import AGREED, Marks, keep_decision
from backend.coding.decisions import SETTLED as SETTLED_DECISION
from backend.coding.models import BlindCode, CodingSample, SampledText
from backend.coding.samples import (
    FIRST,
    SECOND,
    SETTLED,
    Share,
    codes_in,
    samples_of,
    texts_in,
)
from backend.coding.suggestions import suggestions_for
from backend.coding.texts import CodedText, codable_among
from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

OPENED = audit.declare("coding.blind_words_opened", "answer_id", "sample_id")
CODED = audit.declare("coding.blind_coded", "answer_id", "sample_id", "part")


class AlreadyCoded(Exception):
    """This coder has said their part, and it stands; it carries the sample's id."""

    def __init__(self, sample_id: int | None) -> None:
        super().__init__(sample_id)
        self.sample_id = sample_id


@dataclass(frozen=True)
class BlindPage:
    """One text of a sample for one of its coders; `said` only when both have coded it."""

    text: CodedText
    sampled: SampledText
    sample: CodingSample
    said: tuple[tuple[str, Marks], ...] = ()
    left: int = 0  # how many are left after this one

    @property
    def shared_marks(self) -> Marks:
        """What the form begins with: nothing, or what both said."""
        if not self.said:
            return Marks((), "", "", is_ask=False)
        (_, a), (_, b) = self.said
        return Marks(
            themes=tuple(theme for theme in a.themes if theme in b.themes),
            sentiment=a.sentiment if a.sentiment == b.sentiment else "",
            urgency=a.urgency if a.urgency == b.urgency else "",
            is_ask=a.is_ask and b.is_ask,
        )


def shares(session: Session, viewer: "StaffIdentity") -> list[Share]:
    """What is left for this coder in every sample of theirs; of texts that they may still code."""
    check(viewer, Permission.CODE_TEXTS)
    found = samples_of(session, viewer.staff_id)
    texts = texts_in(session, [sample.id or 0 for sample in found])
    codes = codes_in(session, texts)
    still = codable_among(session, viewer, {text.answer_id for text in texts})
    lines = []
    for sample in found:
        own = _part_of(viewer, sample)
        mine = tuple(
            text
            for text in texts
            if text.sample_id == sample.id and _is_as_drawn(text, still.get(text.answer_id))
        )
        parts = {text.id or 0: codes.get(text.id or 0, {}).keys() for text in mine}
        to_code = tuple(key for key, said in parts.items() if own not in said)
        both = {key for key, said in parts.items() if {FIRST, SECOND} <= said}
        to_settle = tuple(key for key in parts if key in both and SETTLED not in parts[key])
        lines.append(Share(sample, mine, to_code, to_settle))
    return lines


def _is_as_drawn(sampled: SampledText, text: CodedText | None) -> bool:
    return text is not None and text.revision == sampled.answer_revision


def _part_of(viewer: "StaffIdentity", sample: CodingSample) -> str:
    return FIRST if sample.first_coder == viewer.staff_id else SECOND


def next_in(session: Session, viewer: "StaffIdentity", sample_id: int) -> int | None:
    """What this coder does next in a sample: code what is left, then settle; None when done.
    Raises Denied for whoever does not code it."""
    for share in shares(session, viewer):
        if share.sample.id == sample_id:
            return next(iter((*share.to_code, *share.to_settle)), None)
    raise Denied(viewer, Permission.CODE_TEXTS)


def blind_page(session: Session, viewer: "StaffIdentity", text_id: int) -> BlindPage:
    """A text to code blind, or to settle once both have; audited. Raises AlreadyCoded, and Denied
    for whoever is not its coder or may no longer read it."""
    for share in shares(session, viewer):
        for sampled in share.texts:
            if sampled.id == text_id:
                if text_id not in (*share.to_code, *share.to_settle):
                    raise AlreadyCoded(share.sample.id)
                return _page(session, viewer, share, sampled)
    raise Denied(viewer, Permission.CODE_TEXTS)


def _page(
    session: Session, viewer: "StaffIdentity", share: Share, sampled: SampledText
) -> BlindPage:
    text = codable_among(session, viewer, [sampled.answer_id])[sampled.answer_id]
    audit.record(
        session,
        OPENED,
        actor=viewer.actor,
        person_id=text.topic.person_id,
        answer_id=sampled.answer_id,
        sample_id=sampled.sample_id,
    )
    is_to_settle = sampled.id in share.to_settle
    left = share.to_settle if is_to_settle else share.to_code
    return BlindPage(
        text=text,
        sampled=sampled,
        sample=share.sample,
        said=_said(session, share.sample, sampled) if is_to_settle else (),
        left=len(left) - 1,
    )


def _said(
    session: Session, sample: CodingSample, sampled: SampledText
) -> tuple[tuple[str, Marks], ...]:
    codes = codes_in(session, [sampled])[sampled.id or 0]
    names = accounts.names_of(session, {sample.first_coder, sample.second_coder})
    return tuple(
        (names.get(codes[part].staff_id, ""), marks_in(codes[part])) for part in (FIRST, SECOND)
    )


def marks_in(row: BlindCode) -> Marks:
    """What a part said, as marks."""
    return Marks(tuple(row.themes), row.sentiment, row.urgency, row.is_ask)


def code_blind(
    session: Session, viewer: "StaffIdentity", text_id: int, *, marks: Marks
) -> BlindPage:
    """Write down what this coder says, or what the two settled on; where both say the same it is
    settled. The page that it was said on. Raises as `blind_page`."""
    page = blind_page(session, viewer, text_id)
    if page.said:
        _write(session, viewer, page, part=SETTLED, marks=marks)
        _decide(session, viewer, page, marks=marks, how=SETTLED_DECISION)
        return page
    _write(session, viewer, page, part=_part_of(viewer, page.sample), marks=marks)
    said = codes_in(session, [page.sampled])[text_id]
    if {FIRST, SECOND} <= said.keys() and marks_in(said[FIRST]) == marks_in(said[SECOND]):
        _write(session, viewer, page, part=SETTLED, marks=marks)
        _decide(session, viewer, page, marks=marks, how=AGREED)
    return page


def _write(
    session: Session, viewer: "StaffIdentity", page: BlindPage, *, part: str, marks: Marks
) -> None:
    row = BlindCode(
        text_id=page.sampled.id or 0,
        part=part,
        staff_id=viewer.staff_id,
        themes=list(marks.themes),
        sentiment=marks.sentiment,
        urgency=marks.urgency,
        is_ask=marks.is_ask,
        coded_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # said at the same moment, by a second press or the colleague
        raise AlreadyCoded(page.sample.id) from error
    audit.record(
        session,
        CODED,
        actor=viewer.actor,
        person_id=page.text.topic.person_id,
        answer_id=page.sampled.answer_id,
        sample_id=page.sampled.sample_id,
        part=part,
    )
    session.flush()


def _decide(
    session: Session, viewer: "StaffIdentity", page: BlindPage, *, marks: Marks, how: str
) -> None:
    answer_id, revision = page.sampled.answer_id, page.sampled.answer_revision
    keep_decision(
        session,
        answer_id,
        revision=revision,
        marks=marks,
        staff_id=viewer.staff_id,
        how=how,
        suggestion=suggestions_for(session, {answer_id: revision}).get(answer_id),
    )
