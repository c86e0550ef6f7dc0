"""How each contributor wants pages to look and speak, and a young person's own words."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, EncryptedValue, Moment


class Preference(SQLModel, table=True):
    """One contributor's choices; an empty language means that none was chosen."""

    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    language: str = ""
    easy_read: bool = False
    theme: str = "auto"
    contrast: str = "normal"
    text_size: str = "normal"
    character: str = ""
    colour: str = ""


class OwnWord(SQLModel, table=True):
    """What a young person calls their home and carers, and who is important to them.

    They are past words: only the young person's own secret shows them again. A row with no words
    says that they were asked and would rather not.
    """

    __tablename__ = "own_word"
    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    home: str | None = Field(default=None, sa_column=Column(EncryptedText))
    carers: str | None = Field(default=None, sa_column=Column(EncryptedText))
    people: Any = Field(default=None, sa_column=Column(EncryptedValue))
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))
