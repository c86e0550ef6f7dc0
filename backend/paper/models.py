"""Sheets that were printed: whose, for which round, with which numbers, and whether typed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, EncryptedValue, Moment


class PaperSheet(SQLModel, table=True):
    """One printed sheet. Its code finds it again, and opens nothing for anybody but staff.

    `questions` are the ids in the order of their printed numbers, so that a form that changes
    between printing and typing does not move an answer to another question; `options` are those of
    each question in the order of their letters, for the same reason.
    """

    __tablename__ = "paper_sheet"
    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    instrument_id: str
    instrument_version: int
    language: str
    questions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    options: dict[str, list[str]] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    code: str = Field(sa_column=Column(EncryptedText, nullable=False))
    code_index: str = Field(unique=True)
    printed_by: int = Field(foreign_key="staff.id")
    printed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    typed_by: int | None = Field(default=None, foreign_key="staff.id")
    typed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    times_typed: int = 0


class SheetDraft(SQLModel, table=True):
    """What one member of staff typed of a sheet and did not send yet: for their eyes alone, and
    gone when it is sent, or by itself."""

    __tablename__ = "paper_draft"
    sheet_id: int = Field(primary_key=True, foreign_key="paper_sheet.id")
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    fields: Any = Field(sa_column=Column(EncryptedValue, nullable=False))  # [name, text] pairs
    kept_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
