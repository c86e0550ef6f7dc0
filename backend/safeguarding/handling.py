"""Keeps what duty did about a concern: who has it, what was done, who else reads, the outcome."""

from sqlmodel import Session, select

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.safeguarding.concern_lines import ConcernLine, concern_line, may_handle
from backend.safeguarding.concerns import ConcernRefused, end
from backend.safeguarding.models import Concern, ConcernNote, ConcernReader
from backend.safeguarding.words import hidden_from_any
from backend.surveys import queries as surveys

CONCERN_READ = audit.declare("concern.read", "concern_id")
SEEN = audit.declare("concern.seen", "concern_id")
NOTED = audit.declare("concern.noted", "concern_id")
READER_ADDED = audit.declare("concern.reader_added", "concern_id", "staff_id")
OUTCOMES = {
    "referred": "Referred: strategy discussion or section 47 enquiry",
    "lado": "Referred to the LADO: about an adult who works with children",
    "police": "Police or ambulance called",
    "known": "Already known, and being acted on",
    "helped": "Talked with the child; help agreed",
    "no_action": "Read by a person; nothing to act on",
}


def open_concern(session: Session, viewer: StaffIdentity, concern_id: int) -> ConcernLine:
    """Read one concern; audited. Raises Denied for who may not know of it."""
    line = concern_line(session, viewer, concern_id)
    if line is None:
        raise Denied(viewer, Permission.READ_SUBMISSION)
    audit.record(
        session, CONCERN_READ, actor=viewer.actor, person_id=line.person_id, concern_id=concern_id
    )
    return line


def _to_handle(session: Session, viewer: StaffIdentity, concern_id: int) -> Concern:
    check(viewer, Permission.HANDLE_CONCERN)
    line = concern_line(session, viewer, concern_id)
    if line is None or not may_handle(session, viewer, line):
        raise Denied(viewer, Permission.HANDLE_CONCERN)
    concern = session.get_one(Concern, concern_id)
    if concern.closed_at is not None:
        raise ConcernRefused("This was closed already. Nothing was changed.")
    return concern


def mark_seen(session: Session, viewer: StaffIdentity, concern_id: int) -> None:
    """Say that one has it: the clock stops, and the name stands there."""
    concern = _to_handle(session, viewer, concern_id)
    if concern.seen_at is None:
        concern.seen_by, concern.seen_at = viewer.staff_id, clock.now()
        session.add(concern)
        audit.record(
            session, SEEN, actor=viewer.actor, person_id=concern.person_id, concern_id=concern_id
        )


def note_action(session: Session, viewer: StaffIdentity, concern_id: int, *, words: str) -> None:
    """Record what was done."""
    concern = _to_handle(session, viewer, concern_id)
    if not words.strip():
        raise ConcernRefused("Write what was done.")
    mark_seen(session, viewer, concern_id)
    session.add(
        ConcernNote(concern_id=concern_id, staff_id=viewer.staff_id, at=clock.now(), words=words)
    )
    audit.record(
        session, NOTED, actor=viewer.actor, person_id=concern.person_id, concern_id=concern_id
    )
    session.flush()


def add_reader(session: Session, viewer: StaffIdentity, concern_id: int, *, staff_id: int) -> None:
    """Record somebody else who may read it; never somebody from whom the child hid it."""
    concern = _to_handle(session, viewer, concern_id)
    topic = surveys.sent_topic(session, concern.topic_row_id) if concern.topic_row_id else None
    if topic is not None and staff_id in hidden_from_any(topic):
        raise ConcernRefused("The child asked that this person does not see it.")
    if not accounts.names_of(session, {staff_id}):
        raise ConcernRefused("Choose a colleague.")
    known = session.exec(
        select(ConcernReader).where(
            ConcernReader.concern_id == concern_id, ConcernReader.staff_id == staff_id
        )
    ).first()
    if known is None:
        session.add(ConcernReader(concern_id=concern_id, staff_id=staff_id))
        audit.record(
            session,
            READER_ADDED,
            actor=viewer.actor,
            person_id=concern.person_id,
            concern_id=concern_id,
            staff_id=staff_id,
        )
        session.flush()


def close_concern(
    session: Session, viewer: StaffIdentity, concern_id: int, *, outcome: str
) -> None:
    """Close it with its outcome, once something is written about what was done."""
    concern = _to_handle(session, viewer, concern_id)
    if outcome not in OUTCOMES:
        raise ConcernRefused("Choose an outcome.")
    noted = session.exec(select(ConcernNote).where(ConcernNote.concern_id == concern_id)).first()
    if noted is None:
        raise ConcernRefused("Write first what was done.")
    end(session, viewer, concern, outcome)
