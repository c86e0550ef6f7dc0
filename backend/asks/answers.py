"""Takes an ask's answer from its owner past the IRO, translated where need be, to the child."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from backend.asks.kinds import TERMS, AskKind, Happened, Outcome, Owner
from backend.asks.lines import sight_for, source_of
from backend.asks.making import AskRefused
from backend.asks.models import Ask, Escalation
from backend.asks.owners import Owners
from backend.asks.sight import Sight
from backend.asks.states import language_awaited
from backend.core import audit, clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import Case, is_lead
from backend.core.access.requires import Denied, check
from backend.people import queries as people
from backend.surveys import service as surveys

ANSWERED = audit.declare("ask.answered", "ask_id", "outcome")
ESCALATED = audit.declare("ask.escalated", "ask_id")
SENT_BACK = audit.declare("ask.sent_back", "ask_id")
TRANSLATED = audit.declare("ask.translated", "ask_id", "language")
RELEASED = audit.declare("ask.released", "ask_id", "seen_by_lead", "is_translated")
LEAD_SEES_WITHIN = 1  # working days, then the child sees the answer all the same
ESCALATED_DAYS = 5  # working days that a manager has
ANSWER_AGAIN_DAYS = 1  # working days that an owner has whose answer came back
NIGHTLY = "heard"  # how audit names our own daily work
MOST_WORDS = 400  # what somebody reads to the end
EARLIEST, LATEST = timedelta(days=90), timedelta(days=730)  # of the day on which it happens


def seen_ask(session: Session, viewer: StaffIdentity, ask_id: int) -> tuple[Ask, Case, list[int]]:
    """An ask that this viewer may know of, held until the transaction ends, with its case and its
    owners. Raises Denied for every other, and for none."""
    found = select(Ask).where(Ask.id == ask_id).with_for_update()
    ask = session.exec(found.execution_options(populate_existing=True)).first()
    if ask is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    case = people.cases(session, [ask.person_id])[ask.person_id]
    owners = Owners(session).of(ask.owner_role, case)
    source = source_of(session, ask)
    if sight_for(viewer, ask, case, owners=owners, source=source) is Sight.NOTHING:
        raise Denied(viewer, Permission.SEE_ASKS)
    return ask, case, owners


def owned_ask(session: Session, viewer: StaffIdentity, ask_id: int) -> tuple[Ask, Case]:
    """An ask that is this viewer's own to answer; raises Denied for every other."""
    check(viewer, Permission.ANSWER_ASK)
    ask, case, owners = seen_ask(session, viewer, ask_id)
    if not any(viewer.is_or_stands_in_for(owner) for owner in owners):
        raise Denied(viewer, Permission.ANSWER_ASK)
    return ask, case


def led_ask(session: Session, viewer: StaffIdentity, ask_id: int) -> tuple[Ask, Case]:
    """An ask of a child whom this viewer leads as IRO (or PA); raises Denied for every other, and
    for what goes past the lead because it may be about them."""
    ask, case, _ = seen_ask(session, viewer, ask_id)
    if not is_lead(viewer, case) or TERMS[AskKind(ask.kind)].goes_past_lead:
        raise Denied(viewer, Permission.ANSWER_ASK)
    return ask, case


def answer_ask(
    session: Session,
    viewer: StaffIdentity,
    ask_id: int,
    *,
    words: str,
    outcome: str,
    why_not: str = "",
    promised_on: date | None = None,
    doer: str = "",
) -> Ask:
    """Answer an ask that is one's own, in words that the child will read: what it comes to, by
    when it happens and who does it; a no with its reason. What the IRO (or PA) answers themselves,
    and what goes past them, reaches the child at once.

    Raises AskRefused, and then nothing was changed: also when a colleague was first.
    """
    ask, case = owned_ask(session, viewer, ask_id)
    if ask.answered_at is not None:
        raise AskRefused("This was answered already. Nothing was changed.", field="words")
    _check_answer(words, outcome, why_not=why_not, promised_on=promised_on)
    ask.answer_words, ask.outcome = words, outcome
    ask.why_not = why_not.strip() or None if outcome != Outcome.YES else None
    ask.promised_on, ask.doer = promised_on, doer.strip() or None
    ask.answered_by, ask.answered_at = viewer.staff_id, clock.now()
    _record(session, ANSWERED, viewer.actor, ask, outcome=outcome)
    if TERMS[AskKind(ask.kind)].goes_past_lead or is_lead(viewer, case):
        _release_unless_untranslated(session, ask, viewer.actor)
    else:
        jobs.hurry(session)  # it waits for the lead's look, and the child for that
    session.add(ask)
    session.flush()
    return ask


def _check_answer(words: str, outcome: str, *, why_not: str, promised_on: date | None) -> None:
    if not words.strip():
        raise AskRefused("Write the answer in words that the child can read.", field="words")
    if (count := len(words.split())) > MOST_WORDS:
        raise AskRefused(
            f"These are {count:,} words. A child reads {MOST_WORDS} at most: keep what they asked, "
            "and talk about the rest with them.",
            field="words",
        )
    if outcome not in set(Outcome):
        raise AskRefused("Choose yes, partly or no.", field="outcome")
    if outcome == Outcome.NO and not surveys.reading_age(why_not):
        raise AskRefused("Say why not, in words that the child can read.", field="why_not")
    today = clock.today()
    if promised_on and not today - EARLIEST <= promised_on <= today + LATEST:
        raise AskRefused("Check the day on which it happens, and its year.", field="promised")


def release(
    session: Session,
    viewer: StaffIdentity,
    ask_id: int,
    *,
    added: str = "",
    why_untranslated: str = "",
) -> Ask:
    """As the IRO (or PA), let the child see the answer, with a line of one's own if wanted. Where a
    translation is still awaited, the child sees it as soon as that is there, or, with the lead's
    reason, at once in English."""
    ask = _waiting_for_lead(session, viewer, ask_id)
    ask.iro_added, ask.iro_seen_by = added.strip() or None, viewer.staff_id
    ask.why_untranslated = why_untranslated.strip() or None
    _release_unless_untranslated(session, ask, viewer.actor)
    return ask


def translate_answer(
    session: Session, viewer: StaffIdentity, ask_id: int, *, words: str, translator: str
) -> Ask:
    """Put a person's translation beside an answer, as its owner or as the lead. Both are kept, with
    who translated. An answer that waited for nothing else reaches the child at once."""
    ask, case, owners = seen_ask(session, viewer, ask_id)
    is_owner = any(viewer.is_or_stands_in_for(owner) for owner in owners)
    is_led = is_lead(viewer, case) and not TERMS[AskKind(ask.kind)].goes_past_lead
    if not (is_owner or is_led):
        raise Denied(viewer, Permission.ANSWER_ASK)
    language = language_awaited(session, ask)
    if not language:
        raise AskRefused("No translation is awaited here. Nothing was changed.")
    if not words.strip():
        raise AskRefused("Put in what the person translated.", field="translation")
    if not translator.strip():
        raise AskRefused("Say who translated it. It cannot be a machine.", field="translator")
    ask.translation, ask.translated_into = words, language
    ask.translated_by, ask.translated_at = translator.strip(), clock.now()
    ask.translation_by = viewer.staff_id
    _record(session, TRANSLATED, viewer.actor, ask, language=language)
    is_let_go = ask.iro_seen_by is not None or not _waits_for_lead(ask, case)
    if ask.released_at is None and is_let_go:
        _release(session, ask, viewer.actor)
    session.flush()
    return ask


def escalate(session: Session, viewer: StaffIdentity, ask_id: int, *, why: str) -> Ask:
    """As the IRO (or PA), send an ask on to the manager: its answer is kept, and is not the
    child's answer. The manager's clock is five working days."""
    ask, case = led_ask(session, viewer, ask_id)
    if ask.released_at is not None and ask.has_happened not in (Happened.NO, Happened.NOT_YET):
        raise AskRefused("The child has this answer already. Nothing was changed.")
    if not why.strip():
        raise AskRefused("Say why the manager should look at it.", field="why")
    source = source_of(session, ask)
    if source and source.hidden_from & set(Owners(session).of(Owner.MANAGER, case)):
        raise AskRefused("The child hid these words from the manager. Raise it yourself.")
    _put_aside(session, ask, viewer, why=why, is_sent_back=False)
    ask.owner_role = Owner.MANAGER
    ask.due_on = clock.add_working_days(clock.today(), ESCALATED_DAYS)
    if ask.contact_due_on is not None and ask.first_contact_at is None:
        ask.contact_due_on = ask.due_on
    _record(session, ESCALATED, viewer.actor, ask)
    session.flush()
    return ask


def send_back(session: Session, viewer: StaffIdentity, ask_id: int, *, why: str) -> Ask:
    """As the IRO (or PA), ask its owner for a better answer; the first is kept."""
    ask = _waiting_for_lead(session, viewer, ask_id)
    if not why.strip():
        raise AskRefused("Say what is missing in the answer.", field="missing")
    _put_aside(session, ask, viewer, why=why, is_sent_back=True)
    again = clock.add_working_days(clock.today(), ANSWER_AGAIN_DAYS)
    ask.due_on = max(ask.due_on, again)
    _record(session, SENT_BACK, viewer.actor, ask)
    session.flush()
    return ask


def _put_aside(
    session: Session, ask: Ask, viewer: StaffIdentity, *, why: str, is_sent_back: bool
) -> None:
    session.add(
        Escalation(
            ask_id=ask.id or 0,
            at=clock.now(),
            by=viewer.staff_id,
            why=why,
            is_sent_back=is_sent_back,
            answer_words=ask.answer_words,
            outcome=ask.outcome,
            answered_by=ask.answered_by,
            why_not=ask.why_not,
            promised_on=ask.promised_on,
        )
    )
    ask.answer_words = ask.outcome = ask.answered_by = ask.answered_at = None
    ask.released_at = ask.has_happened = ask.said_happened_at = ask.iro_added = None
    ask.why_not = ask.promised_on = ask.doer = ask.iro_seen_by = ask.why_untranslated = None
    ask.translation = ask.translated_into = ask.translated_by = ask.translated_at = None
    ask.translation_by = ask.added_translation = None
    ask.added_translated_into = ask.added_translated_by = None
    session.add(ask)


def _waiting_for_lead(session: Session, viewer: StaffIdentity, ask_id: int) -> Ask:
    ask, _ = led_ask(session, viewer, ask_id)
    if ask.answered_at is None or ask.released_at is not None:
        raise AskRefused("There is no answer here that waits for you. Nothing was changed.")
    return ask


def _waits_for_lead(ask: Ask, case: Case) -> bool:
    lead = case.personal_adviser_id if case.is_care_leaver else case.iro_id
    if TERMS[AskKind(ask.kind)].goes_past_lead or ask.answered_by == lead:
        return False
    return not _is_unseen_too_long(ask)


def _is_unseen_too_long(ask: Ask) -> bool:
    answered_on = clock.in_london(ask.answered_at or ask.asked_at).date()
    return clock.today() > clock.add_working_days(answered_on, LEAD_SEES_WITHIN)


def _release_unless_untranslated(session: Session, ask: Ask, actor: str) -> None:
    if not language_awaited(session, ask):
        _release(session, ask, actor)
    session.add(ask)
    session.flush()


def _release(session: Session, ask: Ask, actor: str) -> None:
    ask.released_at = clock.now()
    session.add(ask)
    seen, translated = actor != NIGHTLY, ask.translation is not None
    _record(session, RELEASED, actor, ask, seen_by_lead=seen, is_translated=translated)
    session.flush()


def _record(session: Session, event: str, actor: str, ask: Ask, **details: object) -> None:
    audit.record(session, event, actor=actor, person_id=ask.person_id, ask_id=ask.id, **details)


def release_unseen(session: Session) -> None:
    """Daily: an answer that the IRO has not looked at for a working day goes to the child; one that
    a person has still to translate goes when that is done."""
    rows = session.exec(
        select(Ask).where(col(Ask.answered_at).is_not(None), col(Ask.released_at).is_(None))
    ).all()
    for ask in rows:
        if _is_unseen_too_long(ask) and not language_awaited(session, ask):
            _release(session, ask, NIGHTLY)
