"""Statutory reviews and pathway-plan reviews of the living, as far as Heard needs them."""

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class Review(SQLModel, table=True):
    """One review that is due or was held. Its statutory decisions stay in the case system.

    The review and the meeting held for it are two things: a review can be held without a meeting,
    and the day of the meeting is not the day by which the law wants the review.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = "review"  # review | pathway
    due_on: date = Field(index=True)
    held_on: date | None = None
    cancelled_on: date | None = None
    participation_code: str | None = None
    private_talk: str | None = None  # offered | done | refused | not_appropriate
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    # Where `due_on` comes from: timescales.Basis. An extract that names the day it named before
    # (`extract_due_on`) says nothing new, so what was decided here since then stands.
    basis: str = Field(default="extract", sa_column_kwargs={"server_default": "extract"})
    extract_due_on: date | None = None
    # The last day that the rule allows, which rule it is, and the day that it counts from; empty
    # where nothing is known to count from.
    latest_on: date | None = None
    rule: str | None = None  # timescales.Rule
    counted_from: date | None = None
    meeting_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    meeting_place: str | None = Field(default=None, sa_column=Column(EncryptedText))
    has_meeting: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    began_on: date | None = None  # the first of several meetings, where there were several
    adjourned_on: date | None = None
    resume_by: date | None = None
    cancelled_reason: str | None = Field(default=None, sa_column=Column(EncryptedText))
    late_reason: str | None = None  # changes.LATE_REASONS
    late_note: str | None = Field(default=None, sa_column=Column(EncryptedText))
    reviewed_elsewhere: str | None = None  # the other authority that held it
    __table_args__ = (UniqueConstraint("person_id", "kind", "due_on"),)


class ReviewChange(SQLModel, table=True):
    """One thing that happened to a review's dates: who did it, when, and why. Insert-only."""

    __tablename__ = "review_change"
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    by: int | None = Field(default=None, foreign_key="staff.id")  # None: an extract, or the rule
    # opened | meeting_set | moved | brought_forward | cancelled | adjourned | resumed |
    # due_changed | reckoned_anew | held | late_explained
    what: str
    before_on: date | None = None
    after_on: date | None = None
    reason: str | None = Field(default=None, sa_column=Column(EncryptedText))


class CalendarFeed(SQLModel, table=True):
    """An address at which a calendar fetches an IRO's reviews; it is kept as its hash alone."""

    __tablename__ = "calendar_feed"
    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    fetched_at: datetime | None = Field(default=None, sa_column=Column(Moment))
