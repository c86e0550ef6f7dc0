"""A child's own words for their next home: kept for them, and shared only with a yes each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may_read_shared
from backend.core.access.predicates import Part
from backend.core.access.requires import Denied, check
from backend.people import queries as people
from backend.surveys import catalogue, moments
from backend.surveys.always_open import form_of_moment
from backend.surveys.instruments import Instrument
from backend.surveys.models import NextHomeAnswer, NextHomeAside, NextHomeShare

SHARED = audit.declare("next_home.shared", "with_whom", "answers")
WITHDRAWN = audit.declare("next_home.withdrawn", "with_whom")
READ = audit.declare("next_home.read", "share_ids")


class NothingWritten(Exception):
    """There are no words to share yet."""


@dataclass(frozen=True)
class SharedAnswer:
    """One answer as it stood when the child said yes."""

    question: str
    display: str


@dataclass(frozen=True)
class SharedPage:
    """What one part of the council may read: the words of the newest yes, and when it was given."""

    with_whom: Part
    shared_at: datetime
    answers: tuple[SharedAnswer, ...]


def is_open_to(identity: ContributorIdentity) -> bool:
    """Whether this visit opens the words: only the child's own secret does, not a link that
    somebody else made."""
    return identity.is_known and not identity.came_by_opening_link


def form_for(session: Session, identity: ContributorIdentity) -> Instrument:
    """The questions of this child's page; raises Denied where the page is not open to them."""
    check(identity, Permission.KEEP_NEXT_HOME_WORDS)
    form = form_of_moment(session, identity, moments.NEXT_HOME)
    if form is None or not is_open_to(identity):
        raise Denied(identity, Permission.KEEP_NEXT_HOME_WORDS)
    return form


def answers_of(session: Session, identity: ContributorIdentity) -> dict[str, NextHomeAnswer]:
    """What stands, by question, as far as this visit's secret opens what was written."""
    check(identity, Permission.KEEP_NEXT_HOME_WORDS)
    if not is_open_to(identity):
        return {}
    rows = session.exec(
        select(NextHomeAnswer).where(NextHomeAnswer.contributor_id == identity.contributor_id)
    ).all()
    opens = identity.reads_from
    since = datetime.fromisoformat(opens) if opens is not None else None
    return {row.question_id: row for row in rows if since is None or row.written_at >= since}


def keep_answer(
    session: Session,
    identity: ContributorIdentity,
    form: Instrument,
    *,
    question_id: str,
    value: Any,
    based_on_revision: int | None = None,
) -> bool:
    """Keep, change or (with None) take out one answer. Nobody else reads it; no share changes.

    What was written in another visit is never written over unseen: where `based_on_revision` (0: no
    answer was there) is not what stands, the new words are put beside it until the child chooses,
    and this is False; what this visit's secret does not open is put beside the new words.
    """
    question = form.question(question_id)
    row = session.exec(
        select(NextHomeAnswer)
        .where(
            NextHomeAnswer.contributor_id == identity.contributor_id,
            NextHomeAnswer.question_id == question.id,
        )
        .with_for_update()
    ).first()
    is_shut = row is not None and question.id not in answers_of(session, identity)
    is_old = row is not None and based_on_revision not in (None, row.revision)
    if value is None:
        if row is not None and not is_shut and not is_old:
            session.delete(row)
        return True
    topic = next(topic for topic in form.topics if question in topic.questions)
    value = catalogue.normal_value(form, topic.id, question_id=question.id, value=value)
    if row is not None and row.value == value:
        return True
    if row is not None and is_shut:
        put_aside(session, row, value=row.value, written_at=row.written_at, saved_in=row.saved_in)
    elif row is not None and is_old and row.saved_in != identity.session_id:
        put_aside(session, row, value=value, written_at=clock.now(), saved_in=identity.session_id)
        return False
    write(session, identity, row, form=form, question_id=question.id, value=value)
    return True


def write(
    session: Session,
    identity: ContributorIdentity,
    row: NextHomeAnswer | None,
    *,
    form: Instrument,
    question_id: str,
    value: Any,
) -> None:
    """Let an answer stand."""
    row = row or NextHomeAnswer(
        contributor_id=identity.contributor_id,
        instrument_id=form.id,
        question_id=question_id,
        value=value,
        revision=0,
        written_at=clock.now(),
    )
    row.value, row.instrument_id = value, form.id
    row.revision, row.written_at = row.revision + 1, clock.now()
    row.saved_in = identity.session_id
    session.add(row)
    session.flush()


def put_aside(
    session: Session,
    row: NextHomeAnswer,
    *,
    value: Any,
    written_at: datetime,
    saved_in: int | None,
) -> None:
    """Keep words beside an answer; a later one of the same visit takes the place of its own."""
    aside = session.exec(
        select(NextHomeAside).where(
            NextHomeAside.contributor_id == row.contributor_id,
            NextHomeAside.question_id == row.question_id,
            NextHomeAside.saved_in == saved_in,
        )
    ).first()
    if aside is None or saved_in is None:
        aside = NextHomeAside(
            contributor_id=row.contributor_id,
            question_id=row.question_id,
            value=value,
            saved_in=saved_in,
            written_at=written_at,
        )
    aside.value, aside.written_at = value, written_at
    session.add(aside)
    session.flush()


def share(session: Session, identity: ContributorIdentity, parts: Iterable[Part]) -> None:
    """Say yes for the answers as they stand now; a yes before it for the same part is replaced.

    Raises NothingWritten.
    """
    standing = answers_of(session, identity)
    if not standing:
        raise NothingWritten
    answers = [
        {"form": row.instrument_id, "question": row.question_id, "value": row.value}
        for row in standing.values()
    ]
    for part in parts:
        _end(session, identity, part)
        session.add(
            NextHomeShare(
                person_id=identity.person_id or 0,
                contributor_id=identity.contributor_id,
                with_whom=part,
                answers=answers,
                shared_at=clock.now(),
            )
        )
        audit.record(
            session,
            SHARED,
            actor=identity.actor,
            person_id=identity.person_id,
            with_whom=part.value,
            answers=len(answers),
        )
    session.flush()


def withdraw(session: Session, identity: ContributorIdentity, part: Part) -> None:
    """Take a yes back: from now on nobody of that part opens the words here."""
    check(identity, Permission.KEEP_NEXT_HOME_WORDS)
    if _end(session, identity, part):
        audit.record(
            session,
            WITHDRAWN,
            actor=identity.actor,
            person_id=identity.person_id,
            with_whom=part.value,
        )
    session.flush()


def _end(session: Session, identity: ContributorIdentity, part: Part) -> bool:
    rows = [row for row in _shares(session, identity.person_id or 0) if row.with_whom == part]
    for row in rows:
        row.withdrawn_at = clock.now()
        session.add(row)
    return bool(rows)


def _shares(session: Session, person_id: int) -> list[NextHomeShare]:
    statement = select(NextHomeShare).where(
        NextHomeShare.person_id == person_id, col(NextHomeShare.withdrawn_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(NextHomeShare.shared_at))).all())


def shares_of(session: Session, identity: ContributorIdentity) -> list[NextHomeShare]:
    """One's own live yeses, the oldest first."""
    check(identity, Permission.KEEP_NEXT_HOME_WORDS)
    return _shares(session, identity.person_id or 0) if is_open_to(identity) else []


def is_changed_since(session: Session, identity: ContributorIdentity, row: NextHomeShare) -> bool:
    """Whether the words are others now than those that a yes was given for."""
    now = {one.question_id: one.value for one in answers_of(session, identity).values()}
    return now != {one["question"]: one["value"] for one in row.answers}


def has_shared_with(session: Session, viewer: StaffIdentity, person_id: int) -> bool:
    """Whether there are words that this member of staff may open."""
    return bool(_readable(session, viewer, person_id))


def shared_with(session: Session, viewer: StaffIdentity, person_id: int) -> SharedPage:
    """The words that a child shared with this viewer's part; audited. Raises Denied for others,
    and where nothing is shared: that there are words at all is private."""
    rows = _readable(session, viewer, person_id)
    if not rows:
        raise Denied(viewer, Permission.READ_SHARED_WORDS)
    newest = rows[-1]
    ids = [row.id for row in rows]
    audit.record(session, READ, actor=viewer.actor, person_id=person_id, share_ids=ids)
    return SharedPage(
        with_whom=Part(newest.with_whom),
        shared_at=newest.shared_at,
        answers=tuple(
            SharedAnswer(
                catalogue.asked(one["form"], one["question"]).text,
                catalogue.display(one["form"], one["question"], one["value"]),
            )
            for one in newest.answers
        ),
    )


def _readable(session: Session, viewer: StaffIdentity, person_id: int) -> list[NextHomeShare]:
    person = people.person(session, person_id)
    if person is None or person.left_on is not None:
        return []
    case = people.case_of(person)
    return [
        row
        for row in _shares(session, person_id)
        if may_read_shared(viewer, case, [Part(row.with_whom)])
    ]


def people_sharing_with(session: Session, viewer: StaffIdentity) -> list[int]:
    """Ids of those who shared their words with this viewer's part, the newest yes first."""
    rows = session.exec(
        select(NextHomeShare)
        .where(col(NextHomeShare.withdrawn_at).is_(None))
        .order_by(col(NextHomeShare.shared_at).desc())
    ).all()
    cases = people.cases(session, {row.person_id for row in rows})
    found = [
        row.person_id
        for row in rows
        if may_read_shared(viewer, cases[row.person_id], [Part(row.with_whom)])
    ]
    return list(dict.fromkeys(found))
