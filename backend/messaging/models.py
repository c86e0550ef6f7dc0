"""Messages and where each stands, how each contributor is reached, and where it was not them."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Message(SQLModel, table=True):
    """One message to one contributor or colleague; its key makes it go once.

    `state`: waiting | sending | sent | delivered | bounced | failed | unknown | stopped | shown
    (in the outbox on screen) | printed | handed_over. "sending" is written down before a provider
    is asked, so that whoever finds it there knows that it may have gone.
    """

    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int | None = Field(default=None, foreign_key="contributor.id", index=True)
    # Named, because these columns came to a table that stood: a way back must find them.
    staff_id: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("staff.id", name="fk_message_staff_id"), index=True),
    )
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id", index=True)
    key: str = Field(unique=True)
    # invitation | reminder | meeting_changed | answer | digest | urgent
    occasion: str = Field(default="invitation", sa_column_kwargs={"server_default": "invitation"})
    channel: str
    address: str | None = Field(default=None, sa_column=Column(EncryptedText))
    subject: str | None = Field(default=None, sa_column=Column(EncryptedText))
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    not_before: datetime | None = Field(default=None, sa_column=Column(Moment))
    state: str = Field(default="waiting", index=True)
    provider: str = Field(default="", sa_column_kwargs={"server_default": ""})  # notify | smtp
    # Ours, by which a provider finds it.
    reference: str | None = Field(default=None, unique=True, index=True)
    provider_id: str | None = None
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    attempted_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    next_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    fault: str = Field(default="", sa_column_kwargs={"server_default": ""})  # why not
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    settled_by: int | None = Field(
        default=None, sa_column=Column(ForeignKey("staff.id", name="fk_message_settled_by"))
    )


class WayChosen(SQLModel, table=True):
    """How a contributor wants to hear from us, as chosen at the first meeting or by themselves.

    It stands above what the extract says; `chosen_by` is the colleague who typed it in, empty when
    the young person did.
    """

    __tablename__ = "way_chosen"
    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    channel: str  # text | email | letter | card | in_person | none
    address: str | None = Field(default=None, sa_column=Column(EncryptedText))
    sender: str = Field(default="", sa_column=Column(EncryptedText, nullable=False))
    words: str = Field(default="", sa_column=Column(EncryptedText, nullable=False))
    chosen_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    chosen_by: int | None = Field(default=None, foreign_key="staff.id")


class AddressStopped(SQLModel, table=True):
    """An address to which nothing goes any more for one contributor, by its blind index."""

    __tablename__ = "address_stopped"
    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    address_index: str = Field(index=True)
    stopped_at: datetime = Field(sa_column=Column(Moment, nullable=False))
