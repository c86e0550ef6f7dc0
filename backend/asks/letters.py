"""The one letter with a review's answers: the child's, and where adopted the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks.clarity import Clarity, clarity_of
from backend.asks.kinds import TERMS, AskKind
from backend.asks.lines import AskLine, asks_of_person
from backend.asks.making import AskRefused
from backend.asks.models import Ask, AskLetter
from backend.asks.own import OwnAsk, own_lines
from backend.asks.translations import Translation, of_opening, opening_awaited
from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import is_lead
from backend.core.access.requires import Denied
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.reviews import queries as reviews
from backend.settings import get_settings

WRITTEN = audit.declare("letter.written", "review_id")
MOST_LETTERS = 6  # three years of reviews on one page
MOST_WORDS_OF_OPENING = 120


@dataclass(frozen=True)
class LetterAsk:
    """One ask in the letter: what was asked, and the answer with who gave it, or who owes it."""

    ask_id: int
    kind: AskKind
    words: str | None
    asked_at: datetime
    owner: str
    due_on: date
    answer: str | None
    why_not: str | None
    promised_on: date | None
    doer: str | None
    translation: str | None
    translated_into: str | None
    translated_by: str | None
    answered_by: str
    answered_at: datetime | None
    lead_added: str | None
    added_translation: Translation | None = None


@dataclass(frozen=True)
class Letter:
    """A review's letter as its reader may see it; `opening` is None until the lead wrote it, and
    `opening_awaited` the language (its code) that a person has still to put it into."""

    review_id: int
    person_id: int
    person_name: str
    review_on: date
    opening: str | None
    written_by: str
    written_at: datetime | None
    asks: tuple[LetterAsk, ...]
    speaks: str
    is_easy_read: bool
    is_record: bool
    opening_translation: Translation | None = None
    opening_awaited: str = ""

    @property
    def clarity(self) -> Clarity:
        """How the letter as a whole reads: all that adults wrote in it."""
        written = [self.opening or ""]
        for one in self.asks:
            written += [one.answer or "", one.why_not or "", one.lead_added or ""]
        names = {one.answered_by for one in self.asks} | {self.person_name, self.written_by}
        return clarity_of("\n".join(filter(None, written)), glossary=names - {""})

    @property
    def is_whole(self) -> bool:
        """Whether every ask in it has its answer."""
        return all(one.answer for one in self.asks)


def letter_of(session: Session, viewer: StaffIdentity, review_id: int) -> Letter | None:
    """A review's letter as the lead sees it, before and after it is sent; None for everybody else,
    and for a review without asks. Complaints never stand in it."""
    review = reviews.review(session, review_id)
    if review is None:
        return None
    case = people.cases(session, [review.person_id])[review.person_id]
    if not is_lead(viewer, case):
        return None
    lines = asks_of_person(session, viewer, review.person_id)
    mine = [one for one in lines if one.review_id == review_id and one.is_led]
    asks = [_as_lead_sees(one) for one in mine]
    return _letter(session, review_id, review.person_id, asks=asks) if asks else None


def own_letter(session: Session, identity: ContributorIdentity, review_id: int) -> Letter | None:
    """The young person's own letter, once the lead has written it; None without their secret."""
    row = session.get(AskLetter, review_id)
    if row is None or row.person_id != identity.person_id:
        return None
    asks = [one for one in own_lines(session, identity) if one.review_id == review_id]
    asks = [one for one in asks if not TERMS[one.kind].goes_past_lead]
    if not asks:
        return None
    return _letter(session, review_id, row.person_id, asks=[_as_own(one) for one in asks])


def own_letters(session: Session, identity: ContributorIdentity) -> list[Letter]:
    """Every letter of one's own, the newest first; none without the secret."""
    rows = session.exec(
        select(AskLetter)
        .where(AskLetter.person_id == identity.person_id)
        .order_by(col(AskLetter.written_at).desc())
        .limit(MOST_LETTERS)
    ).all()
    found = (own_letter(session, identity, row.review_id) for row in rows)
    return [letter for letter in found if letter is not None]


def letters_to_write(session: Session, viewer: StaffIdentity) -> list[Letter]:
    """The reviews of one's own children with every ask answered and no letter yet."""
    written = set(session.exec(select(AskLetter.review_id)).all())
    statement = select(Ask.review_id).where(
        col(Ask.review_id).is_not(None), col(Ask.released_at).is_not(None)
    )
    ids = set(session.exec(statement).all()) - written
    found = (letter_of(session, viewer, key) for key in sorted(key for key in ids if key))
    return [letter for letter in found if letter is not None and letter.is_whole]


def letters_to_translate(session: Session, viewer: StaffIdentity) -> list[Letter]:
    """The letters to one's own children whose opening line a person has still to translate."""
    rows = session.exec(select(AskLetter).where(col(AskLetter.translation).is_(None))).all()
    cases = people.cases(session, {row.person_id for row in rows})
    mine = [row.review_id for row in rows if is_lead(viewer, cases[row.person_id])]
    found = (letter_of(session, viewer, review_id) for review_id in mine)
    return [letter for letter in found if letter is not None and letter.opening_awaited]


def write_letter(
    session: Session, viewer: StaffIdentity, review_id: int, *, opening: str
) -> AskLetter:
    """As the lead, open a review's letter with a line of one's own: from then on the child has it.
    Written again, the new line stands; the answers are always those of the asks."""
    letter = letter_of(session, viewer, review_id)
    if letter is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    if not opening.strip():
        raise AskRefused("Write a line that opens the letter.", field="opening")
    if len(opening.split()) > MOST_WORDS_OF_OPENING:
        raise AskRefused(
            f"Keep it to {MOST_WORDS_OF_OPENING} words: the answers follow it.", field="opening"
        )
    row = session.get(AskLetter, review_id) or AskLetter(
        review_id=review_id, person_id=letter.person_id, opening="", written_by=0,
        written_at=clock.now(),
    )  # fmt: skip
    if row.opening != opening.strip():  # a translation is of other words than these
        row.translation = row.translated_into = row.translated_by = None
    row.opening, row.written_by, row.written_at = opening.strip(), viewer.staff_id, clock.now()
    session.add(row)
    audit.record(
        session, WRITTEN, actor=viewer.actor, person_id=letter.person_id, review_id=review_id
    )
    session.flush()
    return row


def _letter(
    session: Session, review_id: int, person_id: int, *, asks: Sequence[LetterAsk]
) -> Letter:
    row, review = session.get(AskLetter, review_id), reviews.review(session, review_id)
    child = people.person(session, person_id)
    own = people.contributor_of_person(session, person_id)
    chosen = preferences.preferences_of(session, own.id or 0 if own else 0)
    names = accounts.names_of(session, {row.written_by}) if row else {}
    return Letter(
        review_id=review_id,
        person_id=person_id,
        person_name=child.known_as if child else "",
        review_on=(review.held_on or review.due_on) if review else clock.today(),
        opening=row.opening if row else None,
        written_by=names.get(row.written_by, "") if row else "",
        written_at=row.written_at if row else None,
        asks=tuple(sorted(asks, key=lambda one: one.asked_at)),
        speaks=chosen.speaks,
        is_easy_read=chosen.easy_read,
        is_record=get_settings().heard_letter_is_record,
        opening_translation=of_opening(row),
        opening_awaited=opening_awaited(row, speaks=chosen.speaks),
    )


def _as_lead_sees(line: AskLine) -> LetterAsk:
    return LetterAsk(
        ask_id=line.ask_id,
        kind=line.kind,
        # A letter lies about at home: what was for few stays out of it, even the child's own.
        words=None if line.is_for_few else line.words,
        asked_at=line.asked_at,
        owner=line.owner,
        due_on=line.clock_on,
        answer=line.answer_words if line.released_at else None,
        why_not=line.why_not if line.released_at else None,
        promised_on=line.promised_on if line.released_at else None,
        doer=line.doer if line.released_at else None,
        translation=line.translation if line.released_at else None,
        translated_into=line.translated_into,
        translated_by=line.translated_by,
        answered_by=line.answered_by,
        answered_at=line.answered_at,
        lead_added=line.lead_added if line.released_at else None,
        added_translation=line.added_translation if line.released_at else None,
    )


def _as_own(ask: OwnAsk) -> LetterAsk:
    return LetterAsk(
        ask_id=ask.ask_id,
        kind=ask.kind,
        words=None if ask.is_for_few else ask.words,
        asked_at=ask.asked_at,
        owner=ask.owner,
        due_on=ask.due_on,
        answer=ask.answer_words,
        why_not=ask.why_not,
        promised_on=ask.promised_on,
        doer=ask.doer,
        translation=ask.translation,
        translated_into=ask.translated_into,
        translated_by=ask.translated_by,
        answered_by=ask.answered_by,
        answered_at=ask.answered_at,
        lead_added=ask.lead_added,
        added_translation=ask.added_translation,
    )
