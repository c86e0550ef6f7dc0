"""Raises concerns: by the child without a word, by a reader, by duty, or as a suggestion."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from backend.core import audit, clock, jobs
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.core.translations import phrase
from backend.people import queries as people
from backend.safeguarding.clocks import act_by, next_reading
from backend.safeguarding.models import Concern, ConcernNote, Reading
from backend.safeguarding.waiting import orphaned, unread_answers
from backend.safeguarding.words import does_duty, open_once_raised, readable_answers
from backend.surveys import queries as surveys

RAISED = audit.declare("concern.raised", "concern_id", "source", "topic_row_id")
REACH_SAID = audit.declare("concern.how_to_reach_said", "concern_id", "way")
CLOSED = audit.declare("concern.closed", "concern_id", "outcome")

WAYS = ("text", "call", "school", "come", "no_call")


class ConcernRefused(Exception):
    """A concern cannot be raised or closed so; the message says why, for the screen."""


class NothingChosen(ConcernRefused):
    """Nothing was ticked of what might worry."""


def say_not_safe(session: Session, identity: ContributorIdentity) -> Concern:
    """Say "this is not safe", without a word. Twice on one open page is said once."""
    check(identity, Permission.SAY_NOT_SAFE)
    already = session.exec(
        select(Concern)
        .where(
            Concern.person_id == identity.person_id,
            Concern.source == "not_safe",
            Concern.said_in == identity.session_id,
            col(Concern.seen_at).is_(None),
        )
        .order_by(col(Concern.id).desc())
    ).first()
    if already is not None:
        return already
    concern = Concern(
        person_id=identity.person_id or 0,
        source="not_safe",
        raised_at=clock.now(),
        said_in=identity.session_id,
        due_at=next_reading(clock.now()).due_at,
    )
    jobs.hurry(session)
    return _keep(session, concern, identity.actor)


def set_how_to_reach(
    session: Session, identity: ContributorIdentity, concern_id: int, words: str, *, way: str
) -> Concern:
    """Keep how the child can be reached safely. Only the page that said "not safe" can say it."""
    concern = said_here(session, identity, concern_id)
    if concern is None:
        raise Denied(identity, Permission.SAY_NOT_SAFE)
    if way not in WAYS:
        raise ConcernRefused(phrase("Pick one, or skip this."))
    concern.reach_by, concern.how_to_reach = way, words or None
    session.add(concern)
    audit.record(
        session,
        REACH_SAID,
        actor=identity.actor,
        person_id=concern.person_id,
        concern_id=concern.id,
        way=way,
    )
    return concern


def said_here(session: Session, identity: ContributorIdentity, concern_id: int) -> Concern | None:
    """The "not safe" that this very page said; it is never shown again anywhere else."""
    concern = session.get(Concern, concern_id)
    is_own = (
        concern is not None
        and concern.source == "not_safe"
        and concern.person_id == identity.person_id
        and concern.said_in == identity.session_id
    )
    return concern if is_own else None


def raise_concern(
    session: Session,
    viewer: StaffIdentity,
    topic_row_id: int,
    *,
    why: str,
    answer_ids: Collection[int] | None = None,
) -> Concern:
    """Raise what worries in a submission that one has read: from now on duty reads it too, with a
    clock. Without `answer_ids`, every answer that the viewer may read; never one that they may
    not. What is not raised stays where the young person left it.
    """
    check(viewer, Permission.RAISE_CONCERN)
    topic = surveys.sent_topic(session, topic_row_id)
    answers = readable_answers(session, viewer, [topic]).get(topic_row_id, ()) if topic else ()
    readable = {answer.answer_id for answer in answers}
    is_only = len(readable) == 1 and not answer_ids  # an only answer needs no tick
    chosen = readable if answer_ids is None or is_only else set(answer_ids)
    if topic is None or not readable or not chosen <= readable:
        raise Denied(viewer, Permission.RAISE_CONCERN)
    if not chosen:
        raise NothingChosen("Tick the answers that worry you.")
    if not why.strip():
        raise ConcernRefused("Say in a line why you raise it.")
    _close_untouched(session, viewer, topic_row_id, outcome="raised")
    concern = Concern(
        person_id=topic.person_id,
        topic_row_id=topic_row_id,
        source="reader",
        answer_ids=sorted(chosen),
        why=why,
        raised_by=viewer.staff_id,
        raised_at=clock.now(),
        due_at=act_by(clock.now()),
    )
    return _keep(session, concern, viewer.actor)


def raise_unread(session: Session, viewer: StaffIdentity, topic_row_id: int) -> Concern:
    """As duty, take over what nobody entitled read in time, or what a machine calls urgent."""
    check(viewer, Permission.HANDLE_CONCERN)
    topic = surveys.sent_topic(session, topic_row_id)
    case = people.cases(session, [topic.person_id])[topic.person_id] if topic else None
    if topic is None or case is None or not does_duty(session, viewer, case, topic):
        raise Denied(viewer, Permission.HANDLE_CONCERN)
    reading = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).first()
    detected = _open(session, topic_row_id, "detected")
    waits = reading is not None and reading.read_at is None
    is_late = waits and reading is not None and reading.due_at < clock.now()
    unread = unread_answers(session, topic)
    orphans = orphaned(session, case, topic) & unread if waits else frozenset()
    wanted = unread if is_late or detected else orphans
    openable = {one.answer_id for one in open_once_raised(session, viewer, case, topic=topic)}
    if not wanted & openable:
        raise Denied(viewer, Permission.HANDLE_CONCERN)
    _close_untouched(session, viewer, topic_row_id, outcome="raised")
    concern = Concern(
        person_id=topic.person_id,
        topic_row_id=topic_row_id,
        source="unread",
        answer_ids=sorted(wanted & openable),
        raised_by=viewer.staff_id,
        raised_at=clock.now(),
        due_at=act_by(clock.now()),
        seen_by=viewer.staff_id,
        seen_at=clock.now(),
    )
    return _keep(session, concern, viewer.actor)


def raise_detected(session: Session, person_id: int, topic_row_id: int) -> None:
    """Put a clock on what a machine calls urgent. It opens no words to anybody."""
    reading = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).first()
    is_read = reading is not None and reading.read_at is not None
    known = select(Concern).where(Concern.topic_row_id == topic_row_id)
    if is_read or session.exec(known).first():
        return
    concern = Concern(
        person_id=person_id,
        topic_row_id=topic_row_id,
        source="detected",
        raised_at=clock.now(),
        due_at=act_by(clock.now()),
    )
    _keep(session, concern, "heard")


def _keep(session: Session, concern: Concern, actor: str) -> Concern:
    session.add(concern)
    session.flush()
    audit.record(
        session,
        RAISED,
        actor=actor,
        person_id=concern.person_id,
        concern_id=concern.id,
        source=concern.source,
        topic_row_id=concern.topic_row_id,
    )
    return concern


def _open(session: Session, topic_row_id: int, *sources: str) -> list[Concern]:
    statement = select(Concern).where(
        Concern.topic_row_id == topic_row_id,
        col(Concern.source).in_(sources),
        col(Concern.closed_at).is_(None),
    )
    return list(session.exec(statement).all())


def _close_untouched(
    session: Session, viewer: StaffIdentity, topic_row_id: int, *, outcome: str
) -> None:
    for concern in _open(session, topic_row_id, "detected"):
        end(session, viewer, concern, outcome)


def close_read(session: Session, viewer: StaffIdentity, topic_row_id: int) -> None:
    """A person has read the whole of it and raised nothing: what only waited for that is over."""
    for concern in _open(session, topic_row_id, "detected", "unread"):
        noted = session.exec(select(ConcernNote).where(ConcernNote.concern_id == concern.id))
        if noted.first() is None:
            end(session, viewer, concern, "no_action")


def end(session: Session, viewer: StaffIdentity, concern: Concern, outcome: str) -> None:
    concern.outcome, concern.closed_by, concern.closed_at = outcome, viewer.staff_id, clock.now()
    session.add(concern)
    audit.record(
        session,
        CLOSED,
        actor=viewer.actor,
        person_id=concern.person_id,
        concern_id=concern.id,
        outcome=outcome,
    )
    session.flush()
