"""Reads of the forum: what a member sees in their space, and what staff see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.forum.models import Post, PostAnswer, Vote
from backend.people import queries as people

UNDER_18 = "under_18"
ADULT = "adult"
SPACES = (UNDER_18, ADULT)


@dataclass(frozen=True)
class PostLine:
    """One post as it is shown; nobody's name goes with it."""

    post_id: int
    space: str
    kind: str
    words: str
    state: str
    posted_at: datetime
    votes: int
    has_my_vote: bool
    is_mine: bool
    answer: str | None
    answered_at: datetime | None
    answer_due_on: date | None
    declined_because: str | None


def space_of(session: Session, identity: ContributorIdentity) -> str:
    """The space of this member: by age today, so that nobody stays among children at 18."""
    person = people.person(session, identity.person_id or 0)
    if person is None:
        return UNDER_18
    age = people.age_on(person.date_of_birth, clock.today())
    return ADULT if age >= people.ADULT_AT else UNDER_18


def posts_for_member(session: Session, identity: ContributorIdentity) -> list[PostLine]:
    """What this member sees: shown posts of their space, and their own whatever their state."""
    rows = session.exec(
        select(Post)
        .where(Post.space == space_of(session, identity))
        .where((Post.state == "shown") | (Post.contributor_id == identity.contributor_id))
    ).all()
    return _lines(session, rows, identity.contributor_id)


def waiting_posts(session: Session) -> list[PostLine]:
    """What waits for a moderator, oldest first; of the adult space, what was not yet looked at."""
    rows = session.exec(
        select(Post).where(col(Post.moderated_at).is_(None)).order_by(col(Post.posted_at))
    ).all()
    return sorted(_lines(session, rows, None), key=lambda line: line.posted_at)


def shown_posts(session: Session) -> list[PostLine]:
    """What is shown in either space, most votes first."""
    rows = session.exec(select(Post).where(Post.state == "shown")).all()
    return _lines(session, rows, None)


def post_line(session: Session, post_id: int) -> PostLine | None:
    """One post, or None."""
    row = session.get(Post, post_id)
    return _lines(session, [row], None)[0] if row else None


def _lines(session: Session, rows: Sequence[Post], contributor_id: int | None) -> list[PostLine]:
    ids = [row.id for row in rows]
    votes = session.exec(select(Vote).where(col(Vote.post_id).in_(ids))).all()
    counts = Counter(vote.post_id for vote in votes)
    mine = {vote.post_id for vote in votes if vote.contributor_id == contributor_id}
    answers = {
        answer.post_id: answer
        for answer in session.exec(select(PostAnswer).where(col(PostAnswer.post_id).in_(ids)))
    }
    lines = []
    for row in rows:
        answer = answers.get(row.id or 0)
        lines.append(
            PostLine(
                post_id=row.id or 0,
                space=row.space,
                kind=row.kind,
                words=row.words,
                state=row.state,
                posted_at=row.posted_at,
                votes=counts[row.id or 0],
                has_my_vote=row.id in mine,
                is_mine=contributor_id is not None and row.contributor_id == contributor_id,
                answer=answer.words if answer else None,
                answered_at=answer.answered_at if answer else None,
                answer_due_on=row.answer_due_on,
                declined_because=row.declined_because,
            )
        )
    return sorted(lines, key=lambda line: (-line.votes, line.posted_at))
