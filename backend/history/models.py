"""What annual SSDA903 returns say of the past: history that names nobody and starts nothing."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class ReturnChild(SQLModel, table=True):
    """A child in a return, by its CHILD and date of birth; linked to a living person if known."""

    __tablename__ = "return_child"
    id: int | None = Field(default=None, primary_key=True)
    child: str = Field(index=True)
    date_of_birth: date | None = None
    sex: str = ""
    ethnicity: str = ""
    is_in_header: bool = False
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    __table_args__ = (UniqueConstraint("child", "date_of_birth"),)


class ReturnEpisode(SQLModel, table=True):
    """One episode; an open one is open as at the return's year end and no later."""

    __tablename__ = "return_episode"
    id: int | None = Field(default=None, primary_key=True)
    return_child_id: int = Field(foreign_key="return_child.id", index=True)
    started_on: date
    occurrence: int = 1  # the same child and start can stand twice in a file
    reason_started: str = ""
    legal_status: str = ""
    place: str = ""
    place_provider: str = ""
    ended_on: date | None = None
    reason_ended: str = ""
    reason_place_change: str = ""
    home_postcode: str = ""
    place_postcode: str = ""
    urn: str = ""
    year_end: date
    flags: str = ""
    __table_args__ = (UniqueConstraint("return_child_id", "started_on", "occurrence"),)


class ReturnReview(SQLModel, table=True):
    """One review as returned: date and participation code, with the rules it breaks."""

    __tablename__ = "return_review"
    id: int | None = Field(default=None, primary_key=True)
    return_child_id: int = Field(foreign_key="return_child.id", index=True)
    reviewed_on: date
    code: str
    occurrence: int = 1
    flags: str = ""
    __table_args__ = (UniqueConstraint("return_child_id", "reviewed_on", "code", "occurrence"),)


class ReturnUasc(SQLModel, table=True):
    """A time as an unaccompanied asylum-seeking child, until DUC."""

    __tablename__ = "return_uasc"
    id: int | None = Field(default=None, primary_key=True)
    return_child_id: int = Field(foreign_key="return_child.id", index=True)
    ceased_on: date | None = None
    __table_args__ = (UniqueConstraint("return_child_id", "ceased_on"),)


class ReturnMissing(SQLModel, table=True):
    """A time missing (M) or away without leave (A)."""

    __tablename__ = "return_missing"
    id: int | None = Field(default=None, primary_key=True)
    return_child_id: int = Field(foreign_key="return_child.id", index=True)
    kind: str
    started_on: date
    ended_on: date | None = None
    __table_args__ = (UniqueConstraint("return_child_id", "kind", "started_on"),)


class ReturnHome(SQLModel, table=True):
    """A residential home by its URN (K1, K2, K3, R1, S1 alone: a fostering URN is the agency's)."""

    __tablename__ = "return_home"
    urn: str = Field(primary_key=True)
    place: str
