"""The week's digests: one row a colleague and week, so that a restart writes none twice."""

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Digest(SQLModel, table=True):
    """What one colleague was sent at the start of one week; `words` are empty where there was
    nothing to say, and then nothing was sent."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    week_of: date  # its Monday
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    __table_args__ = (UniqueConstraint("staff_id", "week_of"),)
