"""What came in from a phone's queue, so that it counts once however often it is sent."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import Moment


class OfflineItem(SQLModel, table=True):
    """One item that arrived: the fingerprint of its random key, and what became of it. No words."""

    __tablename__ = "offline_item"
    key_hash: str = Field(primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    kind: str  # answer | send | not_safe
    outcome: str  # see service.Outcome
    arrived_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
