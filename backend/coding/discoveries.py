"""Looks among texts that fit no theme for groups, and keeps those that enough people wrote."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from backend.coding import codebooks, machine
from backend.coding.decisions import decisions_on
from backend.coding.measures import FEWEST_WRITERS
from backend.coding.models import DiscoveryRun, SuggestedCode, SuggestedTheme, SuggestedThemeText
from backend.coding.suggestions import suggestions_for
from backend.coding.texts import LOOKS_BACK, is_counted, themed_answers
from backend.core import audit, clock, jobs
from backend.core.access.policy import CODED_BY_PEOPLE
from backend.core.database import unit_of_work
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from analysis.coder.coding import Coding, Comment
    from analysis.discovery.groups import Discovery, Group
    from backend.core.access.identity import StaffIdentity

ASKED = audit.declare("coding.discovery_asked", "run_id")
FOUND = audit.declare("coding.discovery_done", "run_id", "texts", "groups")
WORKER = "worker"
DISCOVER_JOB = "coding.discover"
OPEN, GONE = "open", "gone"
# What was dropped comes back only when so many times as many texts speak of it.
GROWN = 2
_SURE = 1.0


@dataclass(frozen=True)
class Searched:
    """What a search reads: texts that people may code, each with the code that counts."""

    comments: "tuple[Comment, ...]"
    codings: "tuple[Coding, ...]"
    revisions: Mapping[int, int]
    writers: Mapping[str, int]
    basis: str


def searched(session: Session) -> Searched:
    """The texts of the last twelve months that a person may code. What was kept for one reader
    alone is not among them: it would name a group, and nobody could look at it."""
    comments, writers, revisions = [], {}, {}
    for topic in surveys.sent_topics(session, since=clock.now() - LOOKS_BACK):
        if topic.taken_back or not is_counted(topic):
            continue
        for answer in themed_answers(topic):
            if answer.reach not in CODED_BY_PEOPLE:
                continue
            key = str(answer.answer_id)
            revisions[answer.answer_id] = answer.revision
            writers[key] = topic.contributor_id
            comments.append(
                machine.comment(
                    answer.own_words,
                    key=key,
                    audience=topic.audience,
                    question=answer.question_text,
                    language=topic.language,
                )
            )
    codings = _codings(session, revisions)
    read = tuple(one for one in comments if one.id in codings)
    digest = hashlib.sha256(str(codebooks.version_in_use(session)).encode())
    for one in read:
        code = codings[one.id]
        digest.update(
            f"{one.id}:{revisions[int(one.id)]}:{code.themes}:{code.confidence};".encode()
        )
    ordered = tuple(codings[one.id] for one in read)
    return Searched(read, ordered, revisions, writers, digest.hexdigest()[:16])


def _codings(session: Session, revisions: Mapping[int, int]) -> "dict[str, Coding]":
    """The code that counts for each text: a person's decision before a suggestion. A theme of the
    council's own that is coded by its words alone is as sure as it will be."""
    shipped = set(machine.codebook().ids)
    decided = decisions_on(session, revisions)
    found = {}
    for answer_id, row in suggestions_for(session, revisions).items():
        person = decided.get(answer_id)
        themes = person.themes if person else row.themes
        is_sure = person is not None or bool(set(themes) - shipped)
        found[str(answer_id)] = machine.coding(
            str(answer_id),
            themes=themes,
            urgency=row.urgency,
            confidence=_SURE if is_sure else row.confidence,
        )
    return found


def ask_to_look(session: Session, viewer: "StaffIdentity") -> None:
    """Have it searched now, unless it is being searched already."""
    if running(session) is None:
        run = _leave_run(session, asked_by=viewer.staff_id)
        audit.record(session, ASKED, actor=viewer.actor, run_id=run.id)


def look_nightly(session: Session) -> None:
    """Each night: look again. The job sees whether anything changed since."""
    waiting = running(session)
    if waiting is None:
        if session.exec(select(SuggestedCode.id).limit(1)).first() is not None:
            _leave_run(session, asked_by=None)
    elif {"run_id": waiting.id} not in jobs.all_left(session, DISCOVER_JOB):
        waiting.finished_at, waiting.note = clock.now(), "It was given up after 8 tries."
        session.add(waiting)


def _leave_run(session: Session, *, asked_by: int | None) -> DiscoveryRun:
    run = DiscoveryRun(
        asked_by=asked_by,
        asked_at=clock.now(),
        codebook_version=codebooks.version_in_use(session),
    )
    session.add(run)
    session.flush()
    jobs.enqueue(session, DISCOVER_JOB, run_id=run.id)
    return run


def running(session: Session) -> DiscoveryRun | None:
    """The search that waits or runs, or None."""
    return session.exec(select(DiscoveryRun).where(col(DiscoveryRun.finished_at).is_(None))).first()


def last_run(session: Session) -> DiscoveryRun | None:
    """The search that ended last, or None."""
    ended = select(DiscoveryRun).where(col(DiscoveryRun.finished_at).is_not(None))
    return session.exec(ended.order_by(col(DiscoveryRun.id).desc())).first()


def search(engine: Engine, details: dict[str, Any]) -> datetime | None:
    """Search, holding no transaction meanwhile, and write down what was found."""
    with unit_of_work(engine) as session:
        read = searched(session)
        last = last_run(session)
        is_same = last is not None and last.basis == read.basis
    found = None if is_same else machine.discover(read.codings, read.comments)
    with unit_of_work(engine) as session:
        run = session.get(DiscoveryRun, details["run_id"])
        if run is not None and run.finished_at is None:
            _finish(session, run, read, found, last)
    return None


def _finish(
    session: Session,
    run: DiscoveryRun,
    read: Searched,
    found: "Discovery | None",
    last: DiscoveryRun | None,
) -> None:
    run.finished_at, run.basis, run.texts = clock.now(), read.basis, len(read.comments)
    run.codebook_version = codebooks.version_in_use(session)
    if found is None and last is not None:
        run.unfitting, run.left_over = last.unfitting, last.left_over
        run.unread, run.of_few, run.note = last.unread, last.of_few, last.note
    elif found is not None:
        run.unfitting, run.left_over = found.unfitting, len(found.left_over)
        run.unread, run.note = len(found.unread), found.note
        shown = [one for one in found.groups if len(_writers(one.members, read)) >= FEWEST_WRITERS]
        run.of_few = len(found.groups) - len(shown)
        _keep_groups(session, run, shown, read)
    audit.record(
        session, FOUND, actor=WORKER, run_id=run.id, texts=run.texts,
        groups=len(found.groups) if found else 0,
    )  # fmt: skip
    session.add(run)


def _writers(keys: Iterable[str], read: Searched) -> set[int]:
    return {read.writers[key] for key in keys}


def _keep_groups(
    session: Session, run: DiscoveryRun, groups: "Iterable[Group]", read: Searched
) -> None:
    """A group that was suggested before stays the same suggestion; one that was dropped, accepted
    or merged comes back only when it has grown much; one that is found no more is gone."""
    before = {
        row.id or 0: row
        for row in session.exec(select(SuggestedTheme).where(SuggestedTheme.state != GONE))
    }
    members = members_of(session, before)
    seen: set[int] = set()
    for group in groups:
        ids = {int(key) for key in group.members}
        same = _same_as(ids, members, seen)
        row = before.get(same or 0)
        if row is not None and row.state != OPEN:
            if len(ids) < GROWN * row.texts:
                continue
            row = None
        row = row or SuggestedTheme(run_id=run.id or 0, words="")
        _fill(session, row, run, group, read)
        seen.add(row.id or 0)
    for row in before.values():
        if row.state == OPEN and row.id not in seen:
            row.state = GONE
            session.add(row)
    session.flush()


def _same_as(ids: set[int], members: Mapping[int, set[int]], seen: set[int]) -> int | None:
    """The earlier group that holds most of the same texts: more than half of the smaller."""
    shared = {
        one: len(ids & known) / max(1, min(len(ids), len(known)))
        for one, known in members.items()
        if one not in seen
    }
    best = max(shared, key=lambda one: (shared[one], one), default=None)
    return best if best is not None and shared[best] > 0.5 else None


def _fill(
    session: Session, row: SuggestedTheme, run: DiscoveryRun, group: "Group", read: Searched
) -> None:
    row.run_id = run.id or 0
    row.words = "\n".join(
        word for word, held in group.words if len(_writers(held, read)) >= FEWEST_WRITERS
    )
    row.texts, row.tightness = group.size, group.tightness
    row.writers = len(_writers(group.members, read))
    session.add(row)
    session.flush()
    session.execute(
        delete(SuggestedThemeText).where(col(SuggestedThemeText.suggestion_id) == row.id)
    )
    for place, key in enumerate(group.members):
        session.add(
            SuggestedThemeText(
                suggestion_id=row.id or 0,
                answer_id=int(key),
                answer_revision=read.revisions[int(key)],
                place=place,
            )
        )
    session.flush()


def texts_of(session: Session, suggestion_ids: Iterable[int]) -> list[SuggestedThemeText]:
    """The texts of these groups, those nearest to the middle first."""
    chosen = col(SuggestedThemeText.suggestion_id).in_(list(suggestion_ids))
    rows = select(SuggestedThemeText).where(chosen)
    return list(session.exec(rows.order_by(col(SuggestedThemeText.place))))


def members_of(session: Session, suggestion_ids: Iterable[int]) -> dict[int, set[int]]:
    """The answers of each of these groups."""
    found: dict[int, set[int]] = {}
    for row in texts_of(session, suggestion_ids):
        found.setdefault(row.suggestion_id, set()).add(row.answer_id)
    return found
