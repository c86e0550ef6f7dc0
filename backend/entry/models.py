"""How a contributor gets in: codes and links, their own secret, opening links, open pages."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Pass(SQLModel, table=True):
    """A link and short code that belong to one contributor; opening never uses one up."""

    __tablename__ = "entry_pass"
    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    code_index: str = Field(unique=True)
    code: str = Field(sa_column=Column(EncryptedText, nullable=False))
    link_hash: str = Field(unique=True)
    link: str = Field(sa_column=Column(EncryptedText, nullable=False))
    made_on: date
    expires_on: date
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Secret(SQLModel, table=True):
    """A young person's own secret. `reads_from` empty opens all past words; a moment, only later
    ones, because whoever opens a letter first must not reach what was written before. `let_in_by`
    made the opening link under which it was chosen."""

    __tablename__ = "entry_secret"
    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    kind: str  # pictures | digits
    hash: str
    set_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    reads_from: datetime | None = Field(default=None, sa_column=Column(Moment))
    let_in_by: int | None = Field(default=None, foreign_key="staff.id")
    is_locked: bool = False  # five wrong tries: reset in person


class OtherCheck(SQLModel, table=True):
    """A word that a young person types in place of their birthday; chosen with their worker."""

    __tablename__ = "entry_other_check"
    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    hash: str
    set_by: int = Field(foreign_key="staff.id")
    set_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class OpeningLink(SQLModel, table=True):
    """A way in without memory, from the worker or IRO: once, within ten minutes."""

    __tablename__ = "entry_opening_link"
    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    token_hash: str = Field(unique=True)
    code_index: str = Field(unique=True)
    made_by: int = Field(foreign_key="staff.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    is_hand_over: bool = False  # opens on the phone of whoever made it: never the child's own


class ContributorSession(SQLModel, table=True):
    """One open page of a contributor; the table holds the token's SHA-256 only.

    Drafts, asks and concerns remember the id of the page that may still show them without the
    secret, so an id is never given twice, also after old pages were deleted.
    """

    __tablename__ = "contributor_session"
    __table_args__ = {"sqlite_autoincrement": True}
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    pass_id: int | None = Field(default=None, foreign_key="entry_pass.id")
    is_known: bool = False
    let_in_by: int | None = Field(default=None, foreign_key="staff.id")  # by their opening link
    has_passed_secret: bool = False  # chose "just answer" without it
    # Whether nobody else uses this phone, as its user said; empty: not said, so as if shared.
    is_own_phone: bool | None = None
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class EntryAttempt(SQLModel, table=True):
    """One wrong code, birthday or secret, so that tries can be counted and paused."""

    __tablename__ = "entry_attempt"
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
