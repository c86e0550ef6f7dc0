"""What somebody asked for, who owns it, by when, what they answered, and whether it happened."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Ask(SQLModel, table=True):
    """One ask of a young person, answered in words by the person who can do it."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    review_id: int | None = Field(default=None, foreign_key="review.id", index=True)
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    kind: str  # see_worker | see_iro | advocate | complaint | ring_me | pa_manager | other
    words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    owner_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_on: date = Field(index=True)
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    answer_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None  # yes | partly | no
    answered_by: int | None = Field(default=None, foreign_key="staff.id")
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    iro_added: str | None = Field(default=None, sa_column=Column(EncryptedText))
    released_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    has_happened: str | None = None  # yes | not_yet | no
    said_happened_at: datetime | None = Field(default=None, sa_column=Column(Moment))
