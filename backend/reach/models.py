"""The figures of who was heard, frozen half-year by half-year."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from backend.core.columns import Moment


class ReachPicture(SQLModel, table=True):
    """One half-year as it was told, once and for good: a figure that moved between two looks would
    tell of the few who moved it."""

    __tablename__ = "reach_picture"
    period: str = Field(primary_key=True)  # such as 2026H1
    first_day: date
    last_day: date
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
