"""One-tap contacts of care leavers with their personal adviser."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import Moment


class Touch(SQLModel, table=True):
    """One tap. It holds no words: what was written with it is a sent topic of its own."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    tap: str  # ok | ring_me | new_number | moved | nobody_called
    tapped_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    tapped_in: int | None = None  # the open page that may still add words
    ask_id: int | None = Field(default=None, foreign_key="ask.id")
    topic_row_id: int | None = Field(default=None, foreign_key="topic.id")
