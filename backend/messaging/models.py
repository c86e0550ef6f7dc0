"""Messages that wait or went: in this first house they lie in an outbox on screen."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Message(SQLModel, table=True):
    """One invitation. Its words reveal nothing of care; its key makes it go once."""

    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id", index=True)
    key: str = Field(unique=True)
    channel: str
    address: str | None = Field(default=None, sa_column=Column(EncryptedText))
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    state: str = "in_outbox"
