"""Who has read what was sent, and what is worrying, with a clock and a named person."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Reading(SQLModel, table=True):
    """One sent topic waiting for somebody entitled to read the whole of it.

    What a machine suggests stands beside it (`urgency`, `matched`) and only reorders the queue.
    """

    id: int | None = Field(default=None, primary_key=True)
    topic_row_id: int = Field(foreign_key="topic.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    urgency: str | None = None  # none | soon | now | unread; empty until the detector has run
    is_worrying: bool = False
    matched: str | None = Field(default=None, sa_column=Column(EncryptedText))
    read_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    read_by: int | None = Field(default=None, foreign_key="staff.id")


class ReadingOpened(SQLModel, table=True):
    """What one reader has opened of a topic, and which answers they marked as read."""

    __tablename__ = "reading_opened"
    topic_row_id: int = Field(primary_key=True, foreign_key="topic.id")
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    marked_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Concern(SQLModel, table=True):
    """Something that somebody must act on: the "not safe" button, or a submission raised."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    topic_row_id: int | None = Field(default=None, foreign_key="topic.id", index=True)
    source: str  # not_safe | detected | reader | unread
    # Which answers of the topic were raised: the others stay with those who read them before.
    answer_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    why: str | None = Field(default=None, sa_column=Column(EncryptedText))
    raised_by: int | None = Field(default=None, foreign_key="staff.id")
    raised_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    said_in: int | None = None  # the open page that may still say how to be reached
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    reach_by: str | None = None  # text | call | school | come | no_call
    how_to_reach: str | None = Field(default=None, sa_column=Column(EncryptedText))
    seen_by: int | None = Field(default=None, foreign_key="staff.id")
    seen_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    outcome: str | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))


class ConcernNote(SQLModel, table=True):
    """One thing that was done about a concern, as written then; never changed."""

    __tablename__ = "concern_note"
    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concern.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))


class ConcernReader(SQLModel, table=True):
    """Somebody whom the duty reader recorded as a reader of one concern."""

    __tablename__ = "concern_reader"
    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concern.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    __table_args__ = (UniqueConstraint("concern_id", "staff_id"),)
