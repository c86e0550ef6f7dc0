"""Rounds of asking, who answered what, who may read it, and what was sent when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, exists
from sqlmodel import Field, SQLModel, col

from backend.core.columns import EncryptedText, EncryptedValue, Moment


class Consultation(SQLModel, table=True):
    """One round of asking about one person: before a review, or about a home in a window.

    A worker's taps, a carer's form and the child's own "where I live" topic of the same home and
    window belong together through `person_id`, `home_id` and `window`.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    moment: str  # moments.ASKED
    review_id: int | None = Field(default=None, foreign_key="review.id", index=True)
    home_id: int | None = Field(default=None, foreign_key="home.id", index=True)
    window: str = ""  # the half-year that a home is asked about, such as 2026H2
    opens_on: date
    closes_on: date
    # review:<id>, observer:<review>, home_move:<stay>, home:<person>:<home>:<window>,
    # anytime:<person>:<window>
    key: str = Field(unique=True)


class Response(SQLModel, table=True):
    """One contributor's answers in one consultation: one record, whichever door it came through."""

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    instrument_id: str
    instrument_version: int
    language: str = "en"
    audience: str  # the analysis audience, from the age when it was begun
    begun_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_alone_on: date | None = None  # worker's taps: last saw them there, alone
    __table_args__ = (UniqueConstraint("consultation_id", "contributor_id"),)


class Invitation(SQLModel, table=True):
    """That one contributor was called to one round, by a message or by the worker's own hand.

    There is one row for both of them and never a second, so nobody is called twice, whatever
    crashed or ran beside it.
    """

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    invited_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    handed_over_by: int | None = Field(default=None, foreign_key="staff.id")
    reminded_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    __table_args__ = (UniqueConstraint("consultation_id", "contributor_id"),)


class AroundSeen(SQLModel, table=True):
    """What stood around a young person when they last said that they had seen it, so that what is
    new (a meeting's day, an IRO, a worker, a home) is told until they have."""

    __tablename__ = "around_seen"
    contributor_id: int = Field(primary_key=True, foreign_key="contributor.id")
    review_id: int | None = Field(default=None, foreign_key="review.id")
    meeting_on: date | None = None
    lead_id: int | None = Field(default=None, foreign_key="staff.id")
    worker_id: int | None = Field(default=None, foreign_key="staff.id")
    home_id: int | None = Field(default=None, foreign_key="home.id")
    seen_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Sitting(SQLModel, table=True):
    """Who was there in one visit to a form: it decides what is asked, and is told later."""

    response_id: int = Field(primary_key=True, foreign_key="response.id")
    session_id: int = Field(primary_key=True)  # the contributor's open page
    how_given: str = "alone"
    helped_by: str | None = Field(default=None, sa_column=Column(EncryptedText))
    is_helper_in_home: bool = False
    begun_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Topic(SQLModel, table=True):
    """One chosen topic of a response: kept until sent; nobody reads it before that.

    Somebody who came in without the secret never sees a draft from another visit, so one topic
    may have several rows; `draft_key` lets each visit have one draft of it, and sending frees it.
    """

    id: int | None = Field(default=None, primary_key=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    topic_id: str
    begun_in_session: int | None = None  # the contributor's open page; empty through staff's door
    draft_key: str | None = Field(default=None, unique=True)
    how_given: str = "alone"  # alone | with_help | on_paper | by_telephone
    helped_by: str | None = Field(default=None, sa_column=Column(EncryptedText))
    # Questions that were not asked because the helper lives or works in the home: the worker
    # asks them at the next private visit.
    held_back: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    written_on: date | None = None  # the day on a paper sheet, which is typed in later
    begun_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    kept_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    taken_back_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Answer(SQLModel, table=True):
    """One answer: the value as it was given, to the character, and how far it travels."""

    id: int | None = Field(default=None, primary_key=True)
    topic_row_id: int = Field(foreign_key="topic.id", index=True)
    question_id: str = Field(index=True)
    value: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    reach: str = "ask_first"
    hidden_from: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # The places around the young person that those had: whoever has one later does not read it
    # either (hiding.py).
    hidden_places: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    hidden_from_carers: bool = False
    hidden_from_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    may_be_said: bool = False
    revision: int = 1
    language: str = "en"  # of the question as its writer saw it
    saved_in: int | None = None  # the contributor's open page that saved it last
    saved_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    # When it was said, where that was before: on a phone that had no signal.
    said_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    __table_args__ = (UniqueConstraint("topic_row_id", "question_id"),)


# Whether anything was said in a topic: asked of each, because a list of all answers only grows.
HAS_ANSWERS = exists().where(col(Answer.topic_row_id) == col(Topic.id))


class FormChoice(SQLModel, table=True):
    """Which review form suits one young person, chosen by understanding and not by birthday."""

    __tablename__ = "form_choice"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    instrument_id: str = ""  # empty: the form of their age
    is_observed: bool = False  # an adult is asked how they show what they feel
    why: str | None = Field(default=None, sa_column=Column(EncryptedText))
    chosen_by: int = Field(foreign_key="staff.id")
    chosen_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class NextHomeAnswer(SQLModel, table=True):
    """One answer of a child's page for their next home: kept until the child changes it, and read
    by nobody else. The answers that staff see are those of a share."""

    __tablename__ = "next_home_answer"
    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    instrument_id: str
    question_id: str
    value: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    revision: int = 1
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    saved_in: int | None = None  # the contributor's open page that wrote it last
    __table_args__ = (UniqueConstraint("contributor_id", "question_id"),)


class NextHomeAside(SQLModel, table=True):
    """Words for the next home that met others of the same child, from another page or phone: kept
    beside what stands until the child says which count. Read by nobody else."""

    __tablename__ = "next_home_aside"
    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    question_id: str
    value: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    saved_in: int | None = None
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class NextHomeShare(SQLModel, table=True):
    """One yes of the child: these answers, as they stood then, for this part of the council."""

    __tablename__ = "next_home_share"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    with_whom: str  # predicates.Part
    answers: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    shared_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class SecondAnswer(SQLModel, table=True):
    """An answer that came late, from a phone without a signal, and differs from one given elsewhere
    meanwhile: kept beside it until its writer says which one counts."""

    __tablename__ = "second_answer"
    id: int | None = Field(default=None, primary_key=True)
    topic_row_id: int = Field(foreign_key="topic.id", index=True, ondelete="CASCADE")
    question_id: str
    # The fields of the form as they were posted, so that nothing of them is lost.
    posted: Any = Field(sa_column=Column(EncryptedValue, nullable=False))
    given_in: int  # the contributor's open page
    kept_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class PrivateVisit(SQLModel, table=True):
    """That a young person was seen alone and asked about what a helper kept from being asked."""

    __tablename__ = "private_visit"
    id: int | None = Field(default=None, primary_key=True)
    topic_row_id: int = Field(foreign_key="topic.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    asked_on: date
    outcome: str  # asked | declined
    recorded_at: datetime = Field(sa_column=Column(Moment, nullable=False))
