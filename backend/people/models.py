"""Children, care leavers, the adults around them, and each of these as a contributor."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Person(SQLModel, table=True):
    """A child looked after, a child with short breaks, or a care leaver, as the extract says."""

    id: int | None = Field(default=None, primary_key=True)
    child_id: str = Field(unique=True)
    id_903: str | None = Field(default=None, index=True)
    known_as: str = Field(sa_column=Column(EncryptedText, nullable=False))
    date_of_birth: date
    group: str = Field(index=True)  # looked_after | care_leaver | short_breaks
    language: str = "English"
    communication: str = ""
    iro_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    worker_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    personal_adviser_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    team: str = ""
    channel: str = ""
    address: str | None = Field(default=None, sa_column=Column(EncryptedText))
    left_on: date | None = None  # no longer in the extract since this as-at date
    # From Annex A and linked returns, and each for one use: the first review's day (regulation 33)
    # and, without words, whom Heard reaches. Empty: nobody told us.
    became_looked_after_on: date | None = None  # the present period of care
    # A code of the LS list: V3 and V4 (short breaks) have no reviews that could be late.
    legal_status: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # female | male | other
    gender: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # A code of the return's ETHNIC list, such as WBRI.
    ethnicity: str = Field(default="", sa_column_kwargs={"server_default": ""})
    is_unaccompanied: bool | None = None
    is_disabled: bool | None = None


class Contact(SQLModel, table=True):
    """A carer, provider's worker, parent or other adult around one person."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str  # carer | provider_staff | parent | other
    name_index: str = Field(index=True)
    name: str = Field(sa_column=Column(EncryptedText, nullable=False))
    channel: str = ""
    address: str | None = Field(default=None, sa_column=Column(EncryptedText))
    invite: str = "yes"  # yes | through_worker | no: the stricter of the extract and a decision
    invite_in_extract: str | None = None  # what the extract said last, where somebody decided here
    # What an "other" is to the child (class teacher, school nurse), and which colleague added them:
    # no extract names these, so no extract ends them.
    part: str | None = Field(default=None, sa_column=Column(EncryptedText))
    added_by: int | None = Field(default=None, foreign_key="staff.id")
    ended_on: date | None = None


class InviteDecision(SQLModel, table=True):
    """Whether one parent is invited, as the worker or IRO decided it; the newest counts, and none
    ends by itself: on `look_again_on` it is looked at again, and until then and after it stands."""

    __tablename__ = "invite_decision"
    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    invite: str  # yes | through_worker | no
    reason: str = Field(sa_column=Column(EncryptedText, nullable=False))
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    look_again_on: date | None = Field(default=None, index=True)


class Contributor(SQLModel, table=True):
    """Somebody who can answer: exactly one of a person themselves, a contact, or staff."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", unique=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", unique=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", unique=True)
