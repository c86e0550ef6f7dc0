"""Staff accounts, their sign-ins, and who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Staff(SQLModel, table=True):
    """A member of staff. One whom the extract names exists before they were let in."""

    id: int | None = Field(default=None, primary_key=True)
    email_index: str = Field(unique=True)
    email: str = Field(sa_column=Column(EncryptedText, nullable=False))
    name: str = Field(sa_column=Column(EncryptedText, nullable=False))
    team: str = ""
    password_hash: str | None = None
    totp_secret: str | None = Field(default=None, sa_column=Column(EncryptedText))
    is_totp_needed: bool = True
    totp_last_step: int = 0  # a code is taken once
    must_choose_password: bool = False
    disabled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    # What an administrator asked for opens nothing until somebody else said yes: confirmations.py.
    asked_by: str | None = None
    waits_since: datetime | None = Field(default=None, sa_column=Column(Moment))
    setup_code_hash: str | None = None


class StaffRole(SQLModel, table=True):
    """One role that one account holds."""

    __tablename__ = "staff_role"
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    role: str = Field(primary_key=True)


class StaffSession(SQLModel, table=True):
    """One signed-in browser; the table holds the token's SHA-256 only."""

    __tablename__ = "staff_session"
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    is_second_step_done: bool = False
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Deputy(SQLModel, table=True):
    """A colleague who stands in while somebody is away, first and last day included."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    deputy_id: int = Field(foreign_key="staff.id", index=True)
    first_day: date
    last_day: date
    asked_by: str | None = None  # empty: the colleague who is away named them
    waits_since: datetime | None = Field(default=None, sa_column=Column(Moment))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class SignInAttempt(SQLModel, table=True):
    """One failed try at a password or code, so that tries can be counted and paused."""

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
