"""What may be done with asks: make, answer, pass on, raise, and say what came of them."""

from sqlmodel import Session, select

from backend.asks.answers import (
    answer_ask,
    escalate,
    release,
    release_unseen,
    send_back,
    translate_answer,
)
from backend.asks.kinds import AskKind, Happened, Owner
from backend.asks.leaving import Leaving as Leaving
from backend.asks.leaving import leaving as leaving
from backend.asks.lines import AskLine, source_from
from backend.asks.making import (
    AskRefused,
    make_ask,
    make_ask_from_answer,
    possible_owners,
)
from backend.asks.models import Ask
from backend.asks.moving import change_owner, record_first_contact
from backend.asks.own import is_own
from backend.asks.translating import translate_added, translate_opening
from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import Denied
from backend.core.translations import phrase

__all__ = [
    "AskRefused", "Owner", "answer_ask", "ask_again", "change_owner", "complain_about", "escalate",
    "make_ask", "make_ask_from_answer", "note_read", "possible_owners", "record_first_contact",
    "release", "release_unseen", "say_whether_it_happened", "send_back", "source_from",
    "translate_added", "translate_answer", "translate_opening",
]  # fmt: skip

ASK_READ = audit.declare("ask.read", "ask_id")
SAID = audit.declare("ask.said_what_happened", "ask_id", "happened")


def note_read(session: Session, viewer: StaffIdentity, line: AskLine) -> None:
    """Audit that somebody opened an ask with the child's own words in it."""
    if line.words is not None:
        audit.record(
            session, ASK_READ, actor=viewer.actor, person_id=line.person_id, ask_id=line.ask_id
        )


def own_ask(session: Session, identity: ContributorIdentity, ask_id: int) -> Ask:
    """An ask of one's own that has an answer or is late; raises Denied for every other."""
    ask = session.get(Ask, ask_id)
    if not (identity.is_young_person and may(identity, Permission.READ_OWN_PAST)):
        raise Denied(identity, Permission.READ_OWN_PAST)
    if ask is None or not is_own(session, identity, ask):
        raise Denied(identity, Permission.READ_OWN_PAST)
    return ask


def say_whether_it_happened(
    session: Session, identity: ContributorIdentity, ask_id: int, *, happened: str
) -> Ask:
    """Say what came of an answer; it can be said again when that changes."""
    ask = own_ask(session, identity, ask_id)
    if not ask.released_at:
        raise Denied(identity, Permission.READ_OWN_PAST)
    if happened not in set(Happened):
        raise AskRefused(phrase("Pick one of the three."))
    ask.has_happened, ask.said_happened_at = happened, clock.now()
    session.add(ask)
    audit.record(
        session,
        SAID,
        actor=identity.actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        happened=happened,
    )
    return ask


def ask_again(session: Session, identity: ContributorIdentity, ask_id: int) -> Ask:
    """Ask for the same once more, in the same words and with the same readers: what was refused,
    late or did not happen. The first ask and its answer stay; asked again twice, it is one ask."""
    before = own_ask(session, identity, ask_id)
    if already := _following(session, before, before.kind):
        return already
    return make_ask(
        session,
        identity,
        kind=before.kind,
        words=before.words,
        review_id=before.review_id,
        answer_id=before.answer_id,
        topic_row_id=before.topic_row_id,
        follows_id=before.id,
    )


def complain_about(session: Session, identity: ContributorIdentity, ask_id: int) -> Ask:
    """Complain about what came of an ask: it goes to the complaints manager and past the IRO."""
    before = own_ask(session, identity, ask_id)
    if already := _following(session, before, AskKind.COMPLAINT):
        return already
    return make_ask(session, identity, kind=AskKind.COMPLAINT, follows_id=before.id)


def _following(session: Session, before: Ask, kind: str) -> Ask | None:
    return session.exec(select(Ask).where(Ask.follows_id == before.id, Ask.kind == kind)).first()
