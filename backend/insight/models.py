"""The reports that were made of what was said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import Moment


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
