"""What came in from phones' queues, so that it counts once; and which keys phones were given."""

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


class GivenKey(SQLModel, table=True):
    """One public key that phones were given, and when last: what they seal to it may wait for it
    as long as a ticket lasts. No secret stands here."""

    __tablename__ = "offline_given_key"
    kid: str = Field(primary_key=True)
    public: str
    last_given_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
