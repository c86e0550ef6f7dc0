"""Statutory reviews and pathway-plan reviews of the living, as far as Heard needs them."""

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import Moment


class Review(SQLModel, table=True):
    """One review that is due or was held. Its statutory decisions stay in the case system."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = "review"  # review | pathway
    due_on: date = Field(index=True)
    held_on: date | None = None
    cancelled_on: date | None = None
    participation_code: str | None = None
    private_talk: str | None = None  # offered | done | refused | not_appropriate
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    __table_args__ = (UniqueConstraint("person_id", "kind", "due_on"),)
