"""Lays down the demo borough's forum: posts, votes and answers of the past year."""

from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Role
from backend.demo.borough.generate import past_forum
from backend.forum import service as forum
from backend.people.models import Contributor, Person

if TYPE_CHECKING:
    from backend.demo.borough.records import Borough


def lay_down_forum(session: Session, borough: "Borough") -> None:
    """The forum's posts, votes and answers of the past year."""
    persons = {person.child_id: person for person in session.exec(select(Person))}
    own = {
        row.person_id: row
        for row in session.exec(select(Contributor).where(col(Contributor.person_id).is_not(None)))
    }
    managers = accounts.holders_of(session, Role.MANAGER)
    for post in past_forum(borough):
        person = persons.get(post.author)
        author = own.get(person.id) if person else None
        if author is None:
            continue
        members = [row.id or 0 for row in own.values() if row.kind == author.kind and row != author]
        forum.record_past_post(
            session,
            space=post.space,
            contributor_id=author.id or 0,
            kind=post.kind,
            words=post.text,
            posted_at=datetime.combine(post.posted_on, time(17), clock.LONDON),
            voters=members[: post.votes],
            answer_words=post.answer,
            answered_by=managers[0] if managers else None,
        )
