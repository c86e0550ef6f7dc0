"""Lets the machine learn from what people decided, and has it code anew what it coded before."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Engine, delete
from sqlmodel import Session, col, func, select

from backend.accounts import queries as accounts
from backend.coding import codebooks, machine
from backend.coding.decisions import decisions_on
from backend.coding.models import DecidedCode, LearningRun, SampledText, SuggestedCode
from backend.coding.suggestions import code_topics, coder_in_use
from backend.coding.texts import is_counted, themed_answers
from backend.core import audit, clock, jobs
from backend.core.access.permissions import Permission
from backend.core.access.policy import CODED_BY_PEOPLE
from backend.core.access.requires import check
from backend.core.database import unit_of_work
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from analysis.rows.labels import Labelled
    from backend.core.access.identity import StaffIdentity

ASKED = audit.declare("coding.learning_asked", "run_id")
LEARNT = audit.declare("coding.learnt", "run_id", "decisions", "coder")
FORGOTTEN = audit.declare("coding.learning_forgotten")
WORKER = "worker"
LEARN_JOB, RECODE_JOB = "coding.learn", "coding.recode"
# Texts coded in one transaction: on SQLite nobody else writes meanwhile.
A_BATCH = 50
log = structlog.get_logger()


@dataclass(frozen=True)
class Lessons:
    """What people decided, as the machine learns from it, and which decisions those are."""

    rows: "tuple[Labelled, ...]"
    basis: str


@dataclass(frozen=True)
class LearningState:
    """Where learning stands, for those who lead the coding."""

    decisions: int
    fewest: int
    running: LearningRun | None
    last: LearningRun | None
    asked_by: str

    @property
    def may_ask(self) -> bool:
        """Whether there is enough to learn from, and nothing that learns already."""
        return self.running is None and self.decisions >= self.fewest


def lessons(session: Session) -> Lessons:
    """The newest decision about each text as it stands, without those of blind samples (their
    figures must stay those of unseen texts), and without what was taken back or kept from people
    since."""
    drawn = set(session.exec(select(SampledText.answer_id)))
    decided = set(session.exec(select(DecidedCode.answer_id))) - drawn
    rows: list[Labelled] = []
    digest = hashlib.sha256()
    for topic in surveys.topics_of_answers(session, decided):
        if topic.taken_back or not is_counted(topic):
            continue
        answers = {
            answer.answer_id: answer
            for answer in themed_answers(topic)
            if answer.answer_id in decided and answer.reach in CODED_BY_PEOPLE
        }
        revisions = {key: answer.revision for key, answer in answers.items()}
        for answer_id, row in sorted(decisions_on(session, revisions).items()):
            digest.update(f"{answer_id}:{row.id}:{row.decided_at.isoformat()};".encode())
            rows.append(
                machine.labelled(
                    answers[answer_id].own_words,
                    audience=topic.audience,
                    question=answers[answer_id].question_text,
                    language=topic.language,
                    themes=row.themes,
                    sentiment=row.sentiment or None,
                    urgency=row.urgency,
                    is_ask=row.is_ask,
                )
            )
    return Lessons(tuple(rows), digest.hexdigest()[:16])


def learning_state(session: Session, viewer: "StaffIdentity") -> LearningState:
    """How many decisions there are to learn from, what runs, and what ran last."""
    check(viewer, Permission.LEAD_CODING)
    newest = select(LearningRun).order_by(col(LearningRun.id).desc())
    last = session.exec(newest.where(col(LearningRun.finished_at).is_not(None))).first()
    names = accounts.names_of(session, {last.asked_by} if last and last.asked_by else set())
    return LearningState(
        decisions=len(lessons(session).rows),
        fewest=machine.FEWEST_TO_LEARN_FROM,
        running=_running(session),
        last=last,
        asked_by=names.get(last.asked_by or 0, "") if last else "",
    )


def _running(session: Session) -> LearningRun | None:
    unfinished = col(LearningRun.finished_at).is_(None)
    return session.exec(select(LearningRun).where(unfinished)).first()


def ask_to_learn(session: Session, viewer: "StaffIdentity") -> None:
    """Have the machine learn now, unless it does already or there is too little to learn from."""
    if not learning_state(session, viewer).may_ask:
        return
    run = _leave_run(session, asked_by=viewer.staff_id)
    audit.record(session, ASKED, actor=viewer.actor, run_id=run.id)


def _leave_run(session: Session, *, asked_by: int | None) -> LearningRun:
    run = LearningRun(asked_by=asked_by, asked_at=clock.now())
    session.add(run)
    session.flush()
    jobs.enqueue(session, LEARN_JOB, run_id=run.id)
    return run


def keep_up(session: Session) -> None:
    """Each night: learn where what people decided is no longer what the machine learnt from, and
    code anew what an earlier coder coded."""
    if session.exec(select(SuggestedCode.id).limit(1)).first() is None:
        return
    running = _running(session)
    if running is not None:
        _end_if_dead(session, running)
        return
    learnt = _last_learnt(session)
    found = lessons(session)
    if len(found.rows) >= machine.FEWEST_TO_LEARN_FROM:
        if learnt is None or (learnt.basis, learnt.coder) != (found.basis, machine.name_in_use()):
            _leave_run(session, asked_by=None)
            return
    elif learnt is not None and learnt.coder == machine.name_in_use():
        # So much was taken back or changed that nothing may rest on it any more.
        machine.forget()
        audit.record(session, FORGOTTEN, actor=WORKER)
    if count_outdated(session) and not jobs.all_left(session, RECODE_JOB):
        jobs.enqueue(session, RECODE_JOB)


def _end_if_dead(session: Session, run: LearningRun) -> None:
    """A run whose job was given up after many tries must not keep the next from starting."""
    left = [*jobs.all_left(session, LEARN_JOB), *jobs.all_left(session, RECODE_JOB)]
    if not any(details.get("run_id") == run.id for details in left):
        run.finished_at, run.failure = clock.now(), run.failure or "It was given up after 8 tries."
        session.add(run)


def _last_learnt(session: Session) -> LearningRun | None:
    is_learnt = col(LearningRun.learnt_at).is_not(None)
    newest = select(LearningRun).where(is_learnt).order_by(col(LearningRun.id).desc())
    return session.exec(newest).first()


def learn(engine: Engine, details: dict[str, Any]) -> datetime | None:
    """Learn, holding no transaction meanwhile, then leave the coding anew to its own job."""
    run_id = details["run_id"]
    with unit_of_work(engine) as session:
        run = session.get_one(LearningRun, run_id)
        run.begun_at = clock.now()
        found = lessons(session)
    try:
        coder = machine.learn(found.rows)
    except ValueError as error:
        # Its own words may hold a child's.
        log.warning("learning failed", run=run_id, kind=type(error).__name__)
        with unit_of_work(engine) as session:
            run = session.get_one(LearningRun, run_id)
            run.finished_at, run.failure = clock.now(), "These decisions could not teach it."
        return None
    with unit_of_work(engine) as session:
        _write_down(session, session.get_one(LearningRun, run_id), found, coder)
    return None


def _write_down(session: Session, run: LearningRun, found: Lessons, coder: str) -> None:
    run.learnt_at, run.coder, run.basis = clock.now(), coder, found.basis
    run.decisions = len(found.rows)
    run.codebook_version = codebooks.version_in_use(session)
    run.texts = count_outdated(session)
    audit.record(session, LEARNT, actor=WORKER, run_id=run.id, decisions=run.decisions, coder=coder)
    if run.texts:
        jobs.enqueue(session, RECODE_JOB, run_id=run.id)
    else:
        run.finished_at = clock.now()


def count_outdated(session: Session) -> int:
    """How many texts an earlier coder coded and this one has still to look at."""
    by_others = select(func.count(func.distinct(SuggestedCode.answer_id)))
    return session.exec(by_others.where(SuggestedCode.coder != coder_in_use(session))).one()


def recode(engine: Engine, details: dict[str, Any]) -> datetime | None:
    """Code one batch anew, and come back at once while there is more."""
    machine.code([])  # reading the model takes seconds: not while others wait to write
    with unit_of_work(engine) as session:
        done = _recode_batch(session)
        run = session.get(LearningRun, details.get("run_id") or 0)
        if run is not None:
            run.texts_done = min(run.texts, run.texts_done + done)
            run.finished_at = None if done else clock.now()
    return clock.now() if done else None


def _recode_batch(session: Session) -> int:
    """How many texts one batch held. What an earlier coder suggested for them goes: a decision
    keeps its own copy of the suggestion that it was made beside."""
    is_outdated = col(SuggestedCode.coder) != coder_in_use(session)
    chosen = select(SuggestedCode.answer_id).where(is_outdated).distinct()
    newest = chosen.order_by(col(SuggestedCode.answer_id).desc()).limit(A_BATCH)
    answer_ids = list(session.exec(newest))
    code_topics(session, surveys.topics_of_answers(session, answer_ids))
    codebooks.keep_older(session, answer_ids)
    session.execute(
        delete(SuggestedCode).where(is_outdated, col(SuggestedCode.answer_id).in_(answer_ids))
    )
    return len(answer_ids)
