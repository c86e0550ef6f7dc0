"""Words that somebody wants to quote: exactly which, for what, and what their writer says."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Quote(SQLModel, table=True):
    """One wish to quote one answer for one use; only the writer's yes lets it be printed."""

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    topic_row_id: int = Field(foreign_key="topic.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    place: str = Field(sa_column=Column(EncryptedText, nullable=False))  # the report or page
    audience: str  # a key of uses.AUDIENCES
    until: date
    proposed_by: int = Field(foreign_key="staff.id", index=True)
    proposed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    decision: str | None = None  # yes | no | not_now
    decided_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    taken_back_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(Moment))
