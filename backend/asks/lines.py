"""Asks as one member of staff sees them, each with as much as they may know of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from backend.accounts import queries as accounts
from backend.asks.kinds import TERMS, AskKind, Happened
from backend.asks.models import Ask, Escalation
from backend.asks.owners import Owners
from backend.asks.sight import Sight, Source, sight_of
from backend.asks.states import is_overdue, language_awaited, state_of, waits_for_contact
from backend.asks.translations import Translation, added_awaited, of_added
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.predicates import Case, Reach, is_lead
from backend.core.translations import either
from backend.people import queries as people
from backend.surveys import queries as surveys

SHOWN_FOR = timedelta(days=60)  # how long an answered ask stays on the staff's list


@dataclass(frozen=True)
class AskLine:
    """One ask as one member of staff sees it; `words` only where they may read them."""

    ask_id: int
    person_id: int
    person_name: str
    kind: AskKind
    label: str
    words: str | None
    are_words_held: bool
    is_for_few: bool  # words that stay off every print: for the IRO alone, or hidden from somebody
    asked_at: datetime
    due_on: date
    owner: str
    is_mine: bool
    is_led: bool
    state: str  # open | with_lead | answered
    is_overdue: bool
    answer_words: str | None
    outcome: str | None
    answered_by: str
    answered_at: datetime | None
    lead_added: str | None
    released_at: datetime | None
    has_happened: str | None
    why_not: str | None = None
    promised_on: date | None = None
    doer: str | None = None
    needed_by: date | None = None
    waits_for_contact: bool = False
    contact_due_on: date | None = None
    first_contact_at: datetime | None = None
    first_contact_how: str | None = None
    translation: str | None = None
    translated_into: str | None = None
    translated_by: str | None = None
    added_translation: Translation | None = None
    added_awaited: str = ""  # the language that the lead's own line is still to be put into
    why_untranslated: str | None = None
    language_awaited: str = ""
    is_let_go: bool = False  # the lead has seen it; only a translation is still awaited
    is_taken_back: bool = False  # the child took the words out of the meeting since
    is_asked_again: bool = False
    is_leaver: bool = False  # a care leaver: a PA and no IRO
    review_id: int | None = None
    answer_id: int | None = None  # the answer whose words were made the ask

    @property
    def clock_on(self) -> date:
        """The day that runs now: the first contact's, else the answer's."""
        return (
            self.contact_due_on if self.waits_for_contact and self.contact_due_on else self.due_on
        )


@dataclass(frozen=True)
class EscalationLine:
    """One time that an ask went to the manager or back to its owner, with its answer until then."""

    at: datetime
    by: str
    why: str
    answer_words: str | None
    answered_by: str
    is_sent_back: bool = False
    why_not: str | None = None


def source_from(answer: surveys.SentAnswer) -> Source:
    """How far the words of one answer travel."""
    return Source(answer.reach, answer.hidden_from, answer.may_be_said)


def sources_of(session: Session, asks: Iterable[Ask]) -> dict[int, Source | None]:
    """How far the words of asks travel now, by the ask's id; None for a button."""
    found = list(asks)
    rows = {ask.topic_row_id for ask in found if ask.topic_row_id is not None}
    topics = surveys.sent_topics(session, topic_row_ids=rows) if rows else []
    answers = {answer.answer_id: answer for topic in topics for answer in topic.answers}
    taken_back = {topic.topic_row_id for topic in topics if topic.taken_back}
    return {ask.id or 0: _source(ask, answers, taken_back) for ask in found}


def _source(
    ask: Ask, answers: dict[int, surveys.SentAnswer], taken_back: set[int]
) -> Source | None:
    if ask.words is None:
        return None
    if ask.answer_id is None:
        return Source()
    answer = answers.get(ask.answer_id)
    # Words whose answer cannot be found must not travel further than any did.
    found = source_from(answer) if answer else Source(Reach.ONLY_IRO)
    return replace(found, is_taken_back=ask.topic_row_id in taken_back)


def source_of(session: Session, ask: Ask) -> Source | None:
    """How far the words of one ask travel now; None for a button."""
    return sources_of(session, [ask])[ask.id or 0]


def sight_for(
    viewer: StaffIdentity, ask: Ask, case: Case, *, owners: list[int], source: Source | None
) -> Sight:
    """How much of one ask a viewer sees."""
    kind, late = AskKind(ask.kind), is_overdue(ask)
    return sight_of(viewer, kind, case, owners=owners, source=source, is_overdue=late)


def _line(
    session: Session,
    viewer: StaffIdentity,
    ask: Ask,
    case: Case,
    *,
    finder: Owners,
    source: Source | None,
) -> AskLine | None:
    owners = finder.of(ask.owner_role, case)
    sight = sight_for(viewer, ask, case, owners=owners, source=source)
    if sight is Sight.NOTHING:
        return None
    answered_by = {ask.answered_by} if ask.answered_by else set()
    names = finder.names_of({*owners, *answered_by})
    child = people.person(session, ask.person_id)
    return AskLine(
        ask_id=ask.id or 0,
        person_id=ask.person_id,
        answer_id=ask.answer_id,
        person_name=child.known_as if child else "",
        kind=AskKind(ask.kind),
        label=TERMS[AskKind(ask.kind)].label,
        words=ask.words if sight is Sight.WORDS else None,
        are_words_held=ask.words is not None and sight is not Sight.WORDS,
        is_for_few=source is not None
        and (source.reach is Reach.ONLY_IRO or bool(source.hidden_from)),
        asked_at=ask.asked_at,
        due_on=ask.due_on,
        owner=" or ".join(names[key] for key in owners if key in names),
        is_mine=any(viewer.is_or_stands_in_for(owner) for owner in owners),
        is_led=is_lead(viewer, case) and not TERMS[AskKind(ask.kind)].goes_past_lead,
        state=state_of(ask),
        is_overdue=is_overdue(ask),
        answer_words=ask.answer_words,
        outcome=ask.outcome,
        answered_by=names.get(ask.answered_by or 0, ""),
        answered_at=ask.answered_at,
        lead_added=ask.iro_added,
        released_at=ask.released_at,
        has_happened=ask.has_happened,
        why_not=ask.why_not,
        promised_on=ask.promised_on,
        doer=ask.doer,
        needed_by=ask.needed_by,
        waits_for_contact=waits_for_contact(ask),
        contact_due_on=ask.contact_due_on,
        first_contact_at=ask.first_contact_at,
        first_contact_how=ask.first_contact_how,
        translation=ask.translation,
        translated_into=ask.translated_into,
        translated_by=ask.translated_by,
        added_translation=of_added(ask),
        added_awaited=added_awaited(session, ask),
        why_untranslated=ask.why_untranslated,
        language_awaited=language_awaited(session, ask) if ask.answered_at else "",
        is_let_go=ask.iro_seen_by is not None,
        is_taken_back=source is not None and source.is_taken_back,
        is_asked_again=ask.follows_id is not None and ask.kind != AskKind.COMPLAINT,
        review_id=ask.review_id,
        is_leaver=case.is_care_leaver,
    )


def lines_of(session: Session, viewer: StaffIdentity, asks: Iterable[Ask]) -> list[AskLine]:
    """Asks as this viewer sees them; those that they may not know of are left out."""
    found = list(asks)
    cases, finder = people.cases(session, {ask.person_id for ask in found}), Owners(session)
    sources = sources_of(session, found)
    lines = [
        _line(
            session,
            viewer,
            ask,
            cases[ask.person_id],
            finder=finder,
            source=sources[ask.id or 0],
        )
        for ask in found
    ]
    return [line for line in lines if line is not None]


def asks_for(session: Session, viewer: StaffIdentity) -> list[AskLine]:
    """Asks that are one's own or come from one's own children: overdue first, then by clock."""
    rows = session.exec(
        select(Ask).where(
            or_(
                col(Ask.released_at).is_(None),
                col(Ask.released_at) > clock.now() - SHOWN_FOR,
                col(Ask.has_happened) == Happened.NO.value,
            )
        )
    ).all()
    return sorted(
        lines_of(session, viewer, rows),
        key=lambda line: (line.state != "open", not line.is_mine, line.due_on, line.ask_id),
    )


def asks_of_person(session: Session, viewer: StaffIdentity, person_id: int) -> list[AskLine]:
    """Every ask of one person that this viewer sees, the newest first."""
    rows = session.exec(
        select(Ask).where(Ask.person_id == person_id).order_by(col(Ask.asked_at).desc())
    ).all()
    return lines_of(session, viewer, rows)


def ask_line(session: Session, viewer: StaffIdentity, ask_id: int) -> AskLine | None:
    """One ask; None where there is none or the viewer may not know of it."""
    ask = session.get(Ask, ask_id)
    return next(iter(lines_of(session, viewer, [ask])), None) if ask else None


def escalations_of(session: Session, ask_id: int) -> list[EscalationLine]:
    """What became of an ask before its present answer, in order."""
    rows = session.exec(
        select(Escalation).where(Escalation.ask_id == ask_id).order_by(col(Escalation.id))
    ).all()
    ids = {row.by for row in rows} | {row.answered_by for row in rows if row.answered_by}
    names = accounts.names_of(session, ids)
    return [
        EscalationLine(
            row.at,
            names.get(row.by, ""),
            row.why,
            row.answer_words,
            names.get(row.answered_by or 0, ""),
            row.is_sent_back,
            row.why_not,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Promise:
    """Who answers an ask, and by when, as its maker is told at once; `owner` is empty where it is
    not one person alone."""

    owner: str
    due_on: date


def promise_of(session: Session, ask_id: int) -> Promise:
    """Who answers an ask today, by name, and by when. The caller knows that it is the asker's."""
    ask = session.get_one(Ask, ask_id)
    case = people.cases(session, [ask.person_id])[ask.person_id]
    owners = Owners(session).of(ask.owner_role, case)
    names = accounts.names_of(session, set(owners))
    return Promise(either([names[key] for key in owners if key in names]), ask.due_on)


def counts_by_person(
    session: Session, viewer: StaffIdentity, person_ids: Iterable[int]
) -> dict[int, tuple[int, int]]:
    """How many unanswered asks this viewer sees of each person, and how many of them are late."""
    rows = session.exec(
        select(Ask).where(col(Ask.person_id).in_(set(person_ids)), col(Ask.answered_at).is_(None))
    ).all()
    counts: dict[int, tuple[int, int]] = {}
    for line in lines_of(session, viewer, rows):
        waiting, late = counts.get(line.person_id, (0, 0))
        counts[line.person_id] = (waiting + 1, late + line.is_overdue)
    return counts
