"""Homes, who provides them, and who lives where since when."""

from datetime import date

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText


class Provider(SQLModel, table=True):
    """A fostering agency, a company or the council itself, by its Ofsted URN."""

    id: int | None = Field(default=None, primary_key=True)
    urn: str = Field(unique=True)
    name: str = ""


class Home(SQLModel, table=True):
    """A home as the case system knows it: a carer's household, a building, one's own place."""

    id: int | None = Field(default=None, primary_key=True)
    home_ref: str = Field(unique=True)
    name: str = Field(sa_column=Column(EncryptedText, nullable=False))
    type_code: str = Field(index=True)  # the PLACE code list, dated
    provider_id: int | None = Field(default=None, foreign_key="provider.id", index=True)


class Placement(SQLModel, table=True):
    """One person's time in one home, as successive extracts told it.

    `distance_miles` is how far that home lies from the child's own, in a straight line: whole
    miles, rounded up, None where nobody told. Its only use is to count who is heard of those near
    by and of those more than 20 miles away (backend/reach). Whole miles are enough for that, and
    say less of where a family lives than tenths from several homes would.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    home_id: int = Field(foreign_key="home.id", index=True)
    started_on: date | None = None
    ended_on: date | None = None
    distance_miles: int | None = None
