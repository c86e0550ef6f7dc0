"""What somebody asked for, who owns it, by when, what they answered, and whether it happened."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Ask(SQLModel, table=True):
    """One ask of a young person, answered in words by the person who can do it.

    `owner_role` and not a name says who owns it, so that an ask moves with the case on the very
    day on which the extract says that the case moved.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    review_id: int | None = Field(default=None, foreign_key="review.id", index=True)
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    topic_row_id: int | None = Field(default=None, foreign_key="topic.id", index=True)
    kind: str  # kinds.AskKind
    words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    owner_role: str  # kinds.Owner
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    asked_in: int | None = None  # the open page that may see "we have it" without the secret
    due_on: date = Field(index=True)
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")  # who made it an ask
    answer_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None  # yes | partly | no
    answered_by: int | None = Field(default=None, foreign_key="staff.id")
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    iro_added: str | None = Field(default=None, sa_column=Column(EncryptedText))
    iro_seen_by: int | None = Field(default=None, foreign_key="staff.id")
    released_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    has_happened: str | None = None  # yes | not_yet | no
    said_happened_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Escalation(SQLModel, table=True):
    """One time that an ask went to the manager, with the answer that it had, kept as it was."""

    id: int | None = Field(default=None, primary_key=True)
    ask_id: int = Field(foreign_key="ask.id", index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    by: int = Field(foreign_key="staff.id")
    why: str = Field(sa_column=Column(EncryptedText, nullable=False))
    answer_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None
    answered_by: int | None = Field(default=None, foreign_key="staff.id")
