"""Sheets that were printed: whose, for which round, with which numbers, and whether typed in."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class PaperSheet(SQLModel, table=True):
    """One printed sheet. Its code finds it again, and opens nothing for anybody but staff.

    `questions` are the ids in the order of their printed numbers, so that a form that changes
    between printing and typing does not move an answer to another question.
    """

    __tablename__ = "paper_sheet"
    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    instrument_id: str
    instrument_version: int
    language: str
    questions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    code: str = Field(sa_column=Column(EncryptedText, nullable=False))
    code_index: str = Field(unique=True)
    printed_by: int = Field(foreign_key="staff.id")
    printed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    typed_by: int | None = Field(default=None, foreign_key="staff.id")
    typed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    times_typed: int = 0
