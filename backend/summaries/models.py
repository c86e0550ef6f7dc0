"""What people add to the page before a review: what a drawing shows, what is no ask, and what was
written down after the meeting."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, EncryptedValue, Moment


class Transcript(SQLModel, table=True):
    """What a person says that a drawing (or a recording) shows: theirs, and never the child's
    words. Nothing is replaced: a new one stands in front of the writer's own older one."""

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    written_by: int = Field(foreign_key="staff.id")
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class NotAnAsk(SQLModel, table=True):
    """That the lead read an answer and found no ask in it, so that it is not laid out again."""

    __tablename__ = "not_an_ask"
    answer_id: int = Field(primary_key=True, foreign_key="answer.id")
    review_id: int = Field(foreign_key="review.id", index=True)
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class AfterMeeting(SQLModel, table=True):
    """One saving of the page "After the meeting". Each saving is a row, so that where two people
    write on one page neither loses anything; the highest revision counts."""

    __tablename__ = "after_meeting"
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    revision: int
    values: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    saved_by: int = Field(foreign_key="staff.id")
    saved_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("review_id", "revision"),)
