"""Who has read what was sent, and what is worrying, with a clock and a named person."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Reading(SQLModel, table=True):
    """One sent topic waiting for somebody entitled; read once the lead or duty has read it."""

    id: int | None = Field(default=None, primary_key=True)
    topic_row_id: int = Field(foreign_key="topic.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    is_worrying: bool = False
    matched: str | None = Field(default=None, sa_column=Column(EncryptedText))
    read_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    read_by: int | None = Field(default=None, foreign_key="staff.id")


class Concern(SQLModel, table=True):
    """Something that somebody must act on: the "not safe" button, or a submission raised."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    topic_row_id: int | None = Field(default=None, foreign_key="topic.id", index=True)
    source: str  # not_safe | detected | reader
    why: str | None = Field(default=None, sa_column=Column(EncryptedText))
    raised_by: int | None = Field(default=None, foreign_key="staff.id")
    raised_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    how_to_reach: str | None = Field(default=None, sa_column=Column(EncryptedText))
    seen_by: int | None = Field(default=None, foreign_key="staff.id")
    seen_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    action: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class ConcernReader(SQLModel, table=True):
    """Somebody whom the duty reader recorded as a reader of one concern."""

    __tablename__ = "concern_reader"
    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concern.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    __table_args__ = (UniqueConstraint("concern_id", "staff_id"),)
