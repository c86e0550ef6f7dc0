"""Makes asks: by a button, of a young person's own words, or by somebody who read them."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from backend.asks.kinds import TERMS, AskKind, Owner
from backend.asks.lines import source_from, source_of
from backend.asks.models import Ask
from backend.asks.owners import Owners
from backend.asks.sight import Source
from backend.core import audit, clock, jobs
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import Case, Reach
from backend.core.access.requires import check
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.surveys import queries as surveys

MADE = audit.declare("ask.made", "ask_id", "kind", "owner_role", "due_on")
PRESSING = 1  # working days: what is due so soon is told at once
UPCOMING = timedelta(days=28)  # a review this near is the one that an ask was made for


class AskRefused(Exception):
    """An ask cannot be made, answered or passed on so; the message says why, for the screen, and
    `field` which part of the form it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def make_ask(
    session: Session,
    identity: ContributorIdentity,
    *,
    kind: str,
    words: str | None = None,
    review_id: int | None = None,
    answer_id: int | None = None,
    topic_row_id: int | None = None,
    follows_id: int | None = None,
) -> Ask:
    """Make an ask of one's own. The same button pressed twice on one day makes one ask.

    `follows_id`: the earlier ask that it asks for again, or complains about.
    """
    check(identity, Permission.MAKE_ASK)
    person_id, wanted = identity.person_id or 0, AskKind(kind)
    if words is None and (already := _made_today(session, identity, wanted)):
        already.asked_in = identity.session_id
        return already
    if answer_id is not None and topic_row_id is None:
        topic_row_id = _topic_of(session, person_id, answer_id)
    ask = Ask(
        person_id=person_id,
        contributor_id=identity.contributor_id,
        review_id=review_id or _upcoming_review(session, person_id, wanted),
        answer_id=answer_id,
        topic_row_id=topic_row_id,
        kind=wanted,
        words=words,
        owner_role=TERMS[wanted].owner,
        asked_at=clock.now(),
        asked_in=identity.session_id,
        due_on=clock.today(),
        follows_id=follows_id,
    )
    ask.owner_role = _owner_for(session, ask, ask.owner_role)
    return _keep(session, ask, identity.actor)


def make_ask_from_answer(
    session: Session,
    viewer: StaffIdentity,
    *,
    topic: surveys.SentTopic,
    answer_id: int,
    words: str,
    owner_role: str,
    needed_by: date | None = None,
) -> Ask:
    """Make an ask of a young person's own words, letter for letter, as somebody who read them.
    `needed_by`: the day that it is about (Christmas, a birthday); its answer is due before that.

    The caller has checked that the viewer may read the answer. Raises AskRefused when the words
    are not the child's, or the owner may not know of them.
    """
    answer = next((one for one in topic.answers if one.answer_id == answer_id), None)
    asked = words.strip()
    if answer is None or not asked or asked not in answer.display:
        raise AskRefused("Keep the words exactly as they were written: cut, but change nothing.")
    case = people.cases(session, [topic.person_id])[topic.person_id]
    source = source_from(answer)
    if Owner(owner_role) not in possible_owners(session, case, source):
        raise AskRefused("Choose somebody who may read these words.")
    ask = Ask(
        person_id=topic.person_id,
        contributor_id=topic.contributor_id,
        review_id=topic.review_id,
        answer_id=answer_id,
        topic_row_id=topic.topic_row_id,
        kind=AskKind.OTHER,
        words=asked,
        owner_role=owner_role,
        asked_at=clock.now(),
        due_on=clock.today(),
        confirmed_by=viewer.staff_id,
    )
    return _keep(session, ask, viewer.actor, needed_by)


def _keep(session: Session, ask: Ask, actor: str, needed_by: date | None = None) -> Ask:
    ask.needed_by, ask.due_on = needed_by, _due_on(session, ask, needed_by)
    ask.first_due_on = ask.due_on
    ask.contact_due_on = ask.due_on if TERMS[AskKind(ask.kind)].wants_contact else None
    session.add(ask)
    session.flush()
    if ask.due_on <= clock.add_working_days(clock.today(), PRESSING):
        jobs.hurry(session)
    audit.record(
        session,
        MADE,
        actor=actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        kind=ask.kind,
        owner_role=ask.owner_role,
        due_on=ask.due_on.isoformat(),
    )
    return ask


def possible_owners(session: Session, case: Case, source: Source) -> list[Owner]:
    """Who may own an ask made of these words: those who may read them; where the child ticked
    that they may be said in the meeting, a manager and whoever finds homes as well. Nobody whom
    the child hid them from."""
    finder, allowed = Owners(session), []
    wanted = [Owner.LEAD] if source.reach is Reach.ONLY_IRO else [Owner.WORKER, Owner.LEAD]
    if source.may_be_said and source.reach is not Reach.ONLY_IRO:
        wanted += [Owner.MANAGER, Owner.PLACEMENTS]
    for owner in wanted:
        holders = finder.of(owner, case)
        if holders and not set(holders) & source.hidden_from:
            allowed.append(owner)
    return allowed


def _owner_for(session: Session, ask: Ask, owner_role: str) -> str:
    # Words of the child's own go to somebody who may read them: the worker, else the lead.
    source = source_of(session, ask)
    if source is None:
        return owner_role
    case = people.cases(session, [ask.person_id])[ask.person_id]
    hidden = set(Owners(session).of(owner_role, case)) & source.hidden_from
    return Owner.LEAD if hidden or source.reach is Reach.ONLY_IRO else owner_role


def _made_today(session: Session, identity: ContributorIdentity, kind: AskKind) -> Ask | None:
    rows = session.exec(
        select(Ask)
        .where(
            Ask.contributor_id == identity.contributor_id,
            Ask.kind == kind.value,
            col(Ask.words).is_(None),
            col(Ask.answered_at).is_(None),
        )
        .order_by(col(Ask.id).desc())
    ).all()
    today = clock.today()
    return next((row for row in rows if clock.in_london(row.asked_at).date() == today), None)


def _topic_of(session: Session, person_id: int, answer_id: int) -> int | None:
    for topic in surveys.sent_topics(session, person_ids=[person_id]):
        if any(answer.answer_id == answer_id for answer in topic.answers):
            return topic.topic_row_id
    return None


def _upcoming_review(session: Session, person_id: int, kind: AskKind) -> int | None:
    review = reviews.next_review(session, person_id) if kind is AskKind.OTHER else None
    is_near = review is not None and review.due_on <= clock.today() + UPCOMING
    return review.id if review is not None and is_near else None


def _due_on(session: Session, ask: Ask, needed_by: date | None) -> date:
    begins = clock.today()
    review = reviews.review(session, ask.review_id) if ask.review_id else None
    if review is not None:
        begins = max(begins, review.held_on or review.due_on)
    due = clock.add_working_days(begins, TERMS[AskKind(ask.kind)].days)
    if needed_by is None:
        return due
    # Asks about a date are answered before it (product.md 2).
    before = needed_by - timedelta(days=1)
    while not clock.is_working_day(before):
        before -= timedelta(days=1)
    return max(clock.today(), min(due, before))
