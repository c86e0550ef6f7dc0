"""Suggested, then decided: which texts wait for a person, the least sure first, and their page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.coding import samples
from backend.coding.decisions import (
    ALONE,
    CONFIRMED,
    CORRECTED,
    Marks,
    decisions_on,
    keep_decision,
    marks_of,
)
from backend.coding.histories import Decision, decided_marks, history_lines
from backend.coding.marking import Piece, mark_words
from backend.coding.models import SuggestedCode
from backend.coding.suggestions import UNREAD, Sureness, suggestions_for, sureness_of
from backend.coding.texts import CodedText, codable_revisions, codable_text
from backend.core import audit
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

OPENED = audit.declare("coding.words_opened", "answer_id")
DECIDED = audit.declare("coding.decided", "answer_id", "revision", "how")


class ChangedMeanwhile(Exception):
    """The words or the suggestion are not those that the page showed: nothing was written."""


@dataclass(frozen=True)
class Standing:
    """Where one coder stands: what waits for them, and what was decided of what they may code."""

    waiting: tuple[Sureness, ...]  # the least sure first
    decided: int
    mine: int  # of these: decided by this coder

    @property
    def unread(self) -> int:
        """How many wait that are in a language which the machine does not read."""
        return sum(one.is_unread for one in self.waiting)


@dataclass(frozen=True)
class TextPage:
    """One text with what is suggested for it and what was decided about it."""

    text: CodedText
    pieces: tuple[Piece, ...]
    other_words: tuple[str, ...]  # words that led to the codes, and are spelt otherwise in the text
    suggestion: SuggestedCode | None
    decided: Marks | None
    history: tuple[Decision, ...]

    @property
    def is_confirmable(self) -> bool:
        """Whether what is suggested is a whole answer; a text that was not read has none."""
        return self.suggestion is not None and self.suggestion.urgency != UNREAD

    @property
    def seen(self) -> str:
        """Which suggestion the page shows, so that no other one is confirmed."""
        return seen_of(self.suggestion)

    @property
    def marks(self) -> Marks:
        """What the form begins with."""
        if self.decided is not None:
            return self.decided
        if self.suggestion is not None and self.is_confirmable:
            return marks_of(self.suggestion)
        return Marks((), "", "", is_ask=False)


def seen_of(suggestion: SuggestedCode | None) -> str:
    """A name for a suggestion as it stands."""
    return f"{suggestion.id}-{suggestion.coded_at:%Y%m%d%H%M%S%f}" if suggestion else "none"


def standing(session: Session, viewer: "StaffIdentity") -> Standing:
    """What waits for this coder; texts that they are to code blind first do not."""
    check(viewer, Permission.CODE_TEXTS)
    blind = samples.kept_blind_for(session, viewer)
    revisions = {
        answer_id: revision
        for answer_id, revision in codable_revisions(session, viewer).items()
        if answer_id not in blind
    }
    sure = sureness_of(session, revisions)
    decisions = decisions_on(session, revisions)
    waiting = [one for answer_id, one in sure.items() if answer_id not in decisions]
    return Standing(
        waiting=tuple(sorted(waiting, key=lambda one: one.place)),
        decided=len(decisions),
        mine=sum(row.decided_by == viewer.staff_id for row in decisions.values()),
    )


def next_text(session: Session, viewer: "StaffIdentity", *, after: int | None = None) -> int | None:
    """The text to decide next: the one after that which was decided or passed over last, so that
    what was passed over does not come back at once. None when none is left after it."""
    waiting = standing(session, viewer).waiting
    text = codable_text(session, viewer, after) if after is not None else None
    if text is not None:
        last = sureness_of(session, {text.answer_id: text.revision}).get(text.answer_id)
        waiting = tuple(one for one in waiting if last is None or one.place > last.place)
    return waiting[0].answer_id if waiting else None


def text_page(session: Session, viewer: "StaffIdentity", answer_id: int) -> TextPage:
    """One text to code; audited, because its words are shown.

    Raises Denied for what the viewer may not code, and for what they are to code blind first.
    """
    text = _codable(session, viewer, answer_id)
    audit.record(
        session,
        OPENED,
        actor=viewer.actor,
        person_id=text.topic.person_id,
        answer_id=answer_id,
    )
    revisions = {answer_id: text.revision}
    suggestion = suggestions_for(session, revisions).get(answer_id)
    decision = decisions_on(session, revisions).get(answer_id)
    matched = (suggestion.matched or "").split("\n") if suggestion else []
    pieces, others = mark_words(text.words, matched)
    return TextPage(
        text=text,
        pieces=tuple(pieces),
        other_words=tuple(others),
        suggestion=suggestion,
        decided=decided_marks(decision) if decision else None,
        history=tuple(history_lines(session, text)),
    )


def _codable(session: Session, viewer: "StaffIdentity", answer_id: int) -> CodedText:
    check(viewer, Permission.CODE_TEXTS)
    text = codable_text(session, viewer, answer_id)
    if text is None or answer_id in samples.kept_blind_for(session, viewer):
        raise Denied(viewer, Permission.CODE_TEXTS)
    return text


def confirm(
    session: Session, viewer: "StaffIdentity", answer_id: int, *, revision: int, seen: str
) -> None:
    """Say yes to what is suggested, exactly as the page showed it. Raises Denied as `text_page`,
    and ChangedMeanwhile."""
    text = _codable(session, viewer, answer_id)
    suggestion = suggestions_for(session, {answer_id: text.revision}).get(answer_id)
    is_read = suggestion is not None and suggestion.urgency != UNREAD
    is_shown = text.revision == revision and seen_of(suggestion) == seen
    if suggestion is None or not is_read or not is_shown:
        raise ChangedMeanwhile
    _keep(session, viewer, text, marks=marks_of(suggestion), suggestion=suggestion)


def correct(
    session: Session, viewer: "StaffIdentity", answer_id: int, *, revision: int, marks: Marks
) -> None:
    """Decide otherwise than suggested, or where nothing is suggested. Raises as `confirm`."""
    text = _codable(session, viewer, answer_id)
    if text.revision != revision:
        raise ChangedMeanwhile
    suggestion = suggestions_for(session, {answer_id: text.revision}).get(answer_id)
    _keep(session, viewer, text, marks=marks, suggestion=suggestion)


def _keep(
    session: Session,
    viewer: "StaffIdentity",
    text: CodedText,
    *,
    marks: Marks,
    suggestion: SuggestedCode | None,
) -> None:
    how = CORRECTED
    if suggestion is None or suggestion.urgency == UNREAD:
        how = ALONE
    elif marks == marks_of(suggestion):
        how = CONFIRMED
    keep_decision(
        session,
        text.answer_id,
        revision=text.revision,
        marks=marks,
        staff_id=viewer.staff_id,
        how=how,
        suggestion=suggestion,
    )
    audit.record(
        session,
        DECIDED,
        actor=viewer.actor,
        person_id=text.topic.person_id,
        answer_id=text.answer_id,
        revision=text.revision,
        how=how,
    )
