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
    kind: str = Field(index=True)  # people | ssda903 | annex-a | merge
    as_at: date | None = None
    ran_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ran_by: str
    counts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    undone_by: str | None = None


class RowBefore(SQLModel, table=True):
    """What one import did to rows of one table, so that it can be undone: kept for 30 days."""

    __tablename__ = "import_row_before"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="import_run.id", index=True)
    table_name: str
    # A list of changes, each with its key, and the columns before and after. Text that lies
    # encrypted in its own column stays so in here.
    changes: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class Preview(SQLModel, table=True):
    """A file that somebody looks at before it is brought in; gone after an hour at most."""

    __tablename__ = "import_preview"
    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    kind: str
    staff_id: int = Field(foreign_key="staff.id")
    # The files by name (each in base64), or nothing where one waits in the folder for imports.
    files: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    waiting_name: str = ""
    options: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    report: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    fingerprint: str  # of the file and of all that it was held against
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class ColumnMap(SQLModel, table=True):
    """How this council's column names read as ours; remembered from one import to the next."""

    __tablename__ = "column_map"
    kind: str = Field(primary_key=True)
    mapping: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))


class Proposal(SQLModel, table=True):
    """A match that only a person can confirm: an id whose date of birth differs, a likely home."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # same_person | same_home | merge
    key: str = Field(unique=True)
    details: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    decision: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
