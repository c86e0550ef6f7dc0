"""What was imported when, which column names were mapped, and what a person must decide."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedValue, Moment


class ImportRun(SQLModel, table=True):
    """One import that changed something; the same file again leaves no trace."""

    __tablename__ = "import_run"
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)  # people | ssda903
    as_at: date | None = None
    ran_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ran_by: str
    counts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class ColumnMap(SQLModel, table=True):
    """How this council's column names read as ours; remembered from one import to the next."""

    __tablename__ = "column_map"
    kind: str = Field(primary_key=True)
    mapping: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))


class Proposal(SQLModel, table=True):
    """A match that only a person can confirm: an id whose date of birth differs, a likely home."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # same_person | same_home
    key: str = Field(unique=True)
    details: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    decision: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
