"""How comments were coded, by machine and by people, and the reports made of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class SuggestedCode(SQLModel, table=True):
    """What the machine suggests for one answer's text; a person's decision never replaces it."""

    __tablename__ = "suggested_code"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    codebook_version: int
    coder: str  # the fingerprint of what it was trained on
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    urgency: str
    is_ask: bool
    confidence: float
    matched: str | None = Field(default=None, sa_column=Column(EncryptedText))
    note: str = ""
    coded_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("answer_id", "coder"),)


class DecidedCode(SQLModel, table=True):
    """What a person decided about one answer's text; kept beside the suggestion."""

    __tablename__ = "decided_code"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    codebook_version: int
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("answer_id", "decided_by"),)


class Report(SQLModel, table=True):
    """One half-year's figures, frozen as they were released: suppressed as one body.

    A half-year has at most one draft, made while it runs, and one report, once it has ended.
    """

    id: int | None = Field(default=None, primary_key=True)
    period: str = Field(index=True)  # such as 2026H1
    is_draft: bool = False
    first_day: date
    last_day: date
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    published_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    published_by: int | None = Field(default=None, foreign_key="staff.id")
    __table_args__ = (UniqueConstraint("period", "is_draft"),)
