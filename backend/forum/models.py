"""The forum's two spaces: posts, how they were moderated, votes, and answers by managers."""

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Post(SQLModel, table=True):
    """An idea or a question of one member of a space."""

    id: int | None = Field(default=None, primary_key=True)
    space: str = Field(index=True)  # under_18 | adult
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    kind: str  # idea | question
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    state: str = Field(default="waiting", index=True)  # waiting | shown | declined
    posted_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    moderated_by: int | None = Field(default=None, foreign_key="staff.id")
    moderated_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    declined_because: str | None = Field(default=None, sa_column=Column(EncryptedText))
    answer_due_on: date | None = None


class Vote(SQLModel, table=True):
    """One member's vote for one post."""

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id")
    __table_args__ = (UniqueConstraint("post_id", "contributor_id"),)


class PostAnswer(SQLModel, table=True):
    """What a manager answered, in words that young people read."""

    __tablename__ = "post_answer"
    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", unique=True)
    staff_id: int = Field(foreign_key="staff.id")
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    answered_at: datetime = Field(sa_column=Column(Moment, nullable=False))
