"""What went out of Heard, when and whereto, and the one place where "only my IRO" may go."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class RecordReceipt(SQLModel, table=True):
    """One time that a review's record was taken out for the case system.

    It holds no words: which topics, answers and asks went, and the SHA-256 of the text and of the
    PDF, so that what stands in the case system can be told to be the same, or older.
    """

    __tablename__ = "record_receipt"
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    place: str = "record"  # record | restricted
    made_by: int = Field(foreign_key="staff.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    topic_row_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    answer_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    ask_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    text_sha256: str
    pdf_sha256: str
    # Said afterwards by whoever put it there.
    case_reference: str | None = Field(default=None, sa_column=Column(EncryptedText))
    given_to: str | None = Field(default=None, sa_column=Column(EncryptedText))
    placed_on: date | None = None
    placed_by: int | None = Field(default=None, foreign_key="staff.id")


class RestrictedPlace(SQLModel, table=True):
    """A place in the case system that nobody opens but a child's IRO and who stands in for them.

    One person says that there is one, another confirms it: docs/decisions/0024.
    """

    __tablename__ = "restricted_place"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    asked_by: int = Field(foreign_key="staff.id")
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    ended_by: int | None = Field(default=None, foreign_key="staff.id")
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
