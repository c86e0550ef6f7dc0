"""Writes of the forum: post, moderate, vote, answer; moderation before showing under 18."""

from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.translations import phrase
from backend.forum import queries
from backend.forum.models import Post, PostAnswer, Vote

if TYPE_CHECKING:
    from datetime import datetime

KINDS = ("idea", "question")
LONGEST_POST = 4000
ANSWER_WITHIN_WORKING_DAYS = 10

POSTED = audit.declare("forum.posted", "post_id", "space")
MODERATED = audit.declare("forum.moderated", "post_id", "state")
ANSWERED = audit.declare("forum.answered", "post_id")


class ForumRefused(Exception):
    """A post, decision or answer cannot be taken so; the message says what to do."""


def add_post(session: Session, identity: ContributorIdentity, *, kind: str, words: str) -> Post:
    """Put an idea or question into the member's space.

    Under 18 nobody sees it before a moderator; members of 18 and over see it at once.
    """
    if not words.strip():
        raise ForumRefused(phrase("The box is empty. Write your idea or your question in it."))
    if len(words) > LONGEST_POST:
        raise ForumRefused(
            phrase("That is a lot of words for one post. Make it two, and nothing is lost.")
        )
    space = queries.space_of(session, identity)
    post = Post(
        space=space,
        contributor_id=identity.contributor_id,
        kind=kind if kind in KINDS else "idea",
        words=words,
        state="shown" if space == queries.ADULT else "waiting",
        posted_at=clock.now(),
    )
    if post.state == "shown":
        post.answer_due_on = clock.add_working_days(clock.today(), ANSWER_WITHIN_WORKING_DAYS)
    session.add(post)
    session.flush()
    audit.record(session, POSTED, actor=identity.actor, post_id=post.id, space=space)
    return post


def vote(session: Session, identity: ContributorIdentity, post_id: int) -> None:
    """Give a vote, or take it back; only in the member's own space and not for one's own post."""
    post = session.get(Post, post_id)
    if post is None or post.state != "shown" or post.space != queries.space_of(session, identity):
        raise ForumRefused(phrase("That post is not here any more."))
    if post.contributor_id == identity.contributor_id:
        raise ForumRefused(phrase("This one is yours. It is counted already."))
    given = session.exec(
        select(Vote).where(Vote.post_id == post_id, Vote.contributor_id == identity.contributor_id)
    ).first()
    if given:
        session.delete(given)
    else:
        session.add(Vote(post_id=post_id, contributor_id=identity.contributor_id))


def moderate(
    session: Session, viewer: StaffIdentity, post_id: int, *, is_shown: bool, because: str = ""
) -> None:
    """Show a post, or decline it with a reason that its writer can read."""
    post = session.get(Post, post_id)
    if post is None:
        raise ForumRefused("That post is not there.")
    if not is_shown and not because.strip():
        raise ForumRefused("Write why, in words that the young person can read.")
    post.state = "shown" if is_shown else "declined"
    post.declined_because = None if is_shown else because.strip()
    post.moderated_by, post.moderated_at = viewer.staff_id, clock.now()
    if is_shown and post.answer_due_on is None:
        post.answer_due_on = clock.add_working_days(clock.today(), ANSWER_WITHIN_WORKING_DAYS)
    session.add(post)
    audit.record(session, MODERATED, actor=viewer.actor, post_id=post_id, state=post.state)


def answer(session: Session, viewer: StaffIdentity, post_id: int, *, words: str) -> None:
    """Answer a shown post; a later answer replaces the words and carries its own date."""
    post = session.get(Post, post_id)
    if post is None or post.state != "shown":
        raise ForumRefused("That post is not shown, so it cannot be answered.")
    if not words.strip():
        raise ForumRefused("Write the answer, in words that young people use.")
    row = session.exec(select(PostAnswer).where(PostAnswer.post_id == post_id)).first()
    if row is None:
        row = PostAnswer(
            post_id=post_id, staff_id=viewer.staff_id, words=words, answered_at=clock.now()
        )
    row.words, row.staff_id, row.answered_at = words.strip(), viewer.staff_id, clock.now()
    session.add(row)
    audit.record(session, ANSWERED, actor=viewer.actor, post_id=post_id)


def record_past_post(
    session: Session,
    *,
    space: str,
    contributor_id: int,
    kind: str,
    words: str,
    posted_at: "datetime",
    voters: list[int],
    answer_words: str | None,
    answered_by: int | None,
) -> None:
    """Lay down a shown post of the past, with its votes and answer (the demo borough)."""
    post = Post(
        space=space,
        contributor_id=contributor_id,
        kind=kind,
        words=words,
        state="shown",
        posted_at=posted_at,
        moderated_at=posted_at,
        answer_due_on=clock.add_working_days(posted_at.date(), ANSWER_WITHIN_WORKING_DAYS),
    )
    session.add(post)
    session.flush()
    session.add_all(Vote(post_id=post.id or 0, contributor_id=voter) for voter in voters)
    if answer_words and answered_by:
        session.add(
            PostAnswer(
                post_id=post.id or 0,
                staff_id=answered_by,
                words=answer_words,
                answered_at=posted_at,
            )
        )
