"""What somebody asked for, who owns it, by when, what they answered, and whether it happened."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


def _points_to(table: str, column: str) -> Column[int]:
    # Named, because a migration that goes back must find it again.
    key = ForeignKey(f"{table}.id", name=f"fk_ask_{column}")
    return Column(Integer, key, index=column == "follows_id")


class Ask(SQLModel, table=True):
    """One ask of a young person, answered in words by the person who can do it.

    `owner_role` and not a name says who owns it, so that an ask moves with the case on the very
    day on which the extract says that the case moved.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    contributor_id: int = Field(foreign_key="contributor.id", index=True)
    review_id: int | None = Field(default=None, foreign_key="review.id", index=True)
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    topic_row_id: int | None = Field(default=None, foreign_key="topic.id", index=True)
    kind: str  # kinds.AskKind
    words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    owner_role: str  # kinds.Owner
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    asked_in: int | None = None  # the open page that may see "we have it" without the secret
    due_on: date = Field(index=True)
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")  # who made it an ask
    answer_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None  # yes | partly | no
    answered_by: int | None = Field(default=None, foreign_key="staff.id")
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    iro_added: str | None = Field(default=None, sa_column=Column(EncryptedText))
    iro_seen_by: int | None = Field(default=None, foreign_key="staff.id")
    released_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    has_happened: str | None = None  # yes | not_yet | no
    said_happened_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    first_due_on: date | None = None  # the day as it stood when it was asked, for the figures
    needed_by: date | None = None  # what it is about has a day of its own: Christmas, a birthday
    # Whoever asks to see somebody waits for a first contact first, then for the answer.
    contact_due_on: date | None = None
    first_contact_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    first_contact_how: str | None = None  # kinds.ContactHow
    first_contact_by: int | None = Field(
        default=None, sa_column=_points_to("staff", "first_contact_by")
    )
    why_not: str | None = Field(default=None, sa_column=Column(EncryptedText))  # the reason of a no
    promised_on: date | None = None  # by when it happens, as the answer says
    doer: str | None = Field(default=None, sa_column=Column(EncryptedText))  # who does it
    # A person's translation stands beside the English, which stays; or the lead's reason for none.
    translation: str | None = Field(default=None, sa_column=Column(EncryptedText))
    translated_into: str | None = None  # the language's code
    translated_by: str | None = Field(default=None, sa_column=Column(EncryptedText))
    translation_by: int | None = Field(
        default=None, sa_column=_points_to("staff", "translation_by")
    )  # who entered it
    translated_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    why_untranslated: str | None = Field(default=None, sa_column=Column(EncryptedText))
    # The same of the line that the lead added, which goes without waiting for it.
    added_translation: str | None = Field(default=None, sa_column=Column(EncryptedText))
    added_translated_into: str | None = None
    added_translated_by: str | None = Field(default=None, sa_column=Column(EncryptedText))
    # The ask that its maker asks again, or complains about; never shown to whom it goes past.
    follows_id: int | None = Field(default=None, sa_column=_points_to("ask", "follows_id"))


class Escalation(SQLModel, table=True):
    """One time that an ask went on to the manager, or back to its owner for a better answer, with
    the answer that it had, kept as it was."""

    id: int | None = Field(default=None, primary_key=True)
    ask_id: int = Field(foreign_key="ask.id", index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    by: int = Field(foreign_key="staff.id")
    why: str = Field(sa_column=Column(EncryptedText, nullable=False))
    is_sent_back: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    answer_words: str | None = Field(default=None, sa_column=Column(EncryptedText))
    outcome: str | None = None
    answered_by: int | None = Field(default=None, foreign_key="staff.id")
    why_not: str | None = Field(default=None, sa_column=Column(EncryptedText))
    promised_on: date | None = None


class OwnerChange(SQLModel, table=True):
    """One time that somebody gave an ask another owner, and why."""

    __tablename__ = "owner_change"
    id: int | None = Field(default=None, primary_key=True)
    ask_id: int = Field(foreign_key="ask.id", index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    by: int = Field(foreign_key="staff.id")
    from_role: str  # kinds.Owner
    to_role: str
    why: str = Field(sa_column=Column(EncryptedText, nullable=False))


class Dispute(SQLModel, table=True):
    """What an IRO raises about an ask: informally first, then step by step up to the director."""

    id: int | None = Field(default=None, primary_key=True)
    ask_id: int = Field(foreign_key="ask.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    opened_by: int = Field(foreign_key="staff.id")
    opened_on: date
    why: str = Field(sa_column=Column(EncryptedText, nullable=False))
    formal_from: date | None = None  # the formal stage's twenty working days begin here
    formal_due_on: date | None = Field(default=None, index=True)
    told_child_on: date | None = None  # of the right to complain and to an advocate
    closed_on: date | None = None
    outcome: str | None = None  # disputes.Outcome
    outcome_words: str | None = Field(default=None, sa_column=Column(EncryptedText))


class DisputeStep(SQLModel, table=True):
    """One thing done in a dispute, on its day: a talk, a level reached, a word to Cafcass."""

    __tablename__ = "dispute_step"
    id: int | None = Field(default=None, primary_key=True)
    dispute_id: int = Field(foreign_key="dispute.id", index=True)
    on: date
    by: int = Field(foreign_key="staff.id")
    level: str  # informal | 0, 1, 2 ... of the formal levels that the settings name | cafcass
    with_whom: str = Field(default="", sa_column=Column(EncryptedText, nullable=False))
    note: str = Field(default="", sa_column=Column(EncryptedText, nullable=False))


class ComplaintStep(SQLModel, table=True):
    """One dated thing about a complaint: acknowledged, advocate offered, more time, a later stage.

    Heard runs stage 1's clock; stages 2 and 3 are kept as dates alone, because an investigation's
    file is elsewhere.
    """

    __tablename__ = "complaint_step"
    id: int | None = Field(default=None, primary_key=True)
    ask_id: int = Field(foreign_key="ask.id", index=True)
    what: str  # complaints.Step
    on: date
    by: int = Field(foreign_key="staff.id")
    note: str = Field(default="", sa_column=Column(EncryptedText, nullable=False))


class AskLetter(SQLModel, table=True):
    """The line that opens the letter with a review's answers; the answers are the asks' own."""

    __tablename__ = "ask_letter"
    review_id: int = Field(primary_key=True, foreign_key="review.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    opening: str = Field(sa_column=Column(EncryptedText, nullable=False))
    written_by: int = Field(foreign_key="staff.id")
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    # By a person, beside the English.
    translation: str | None = Field(default=None, sa_column=Column(EncryptedText))
    translated_into: str | None = None
    translated_by: str | None = Field(default=None, sa_column=Column(EncryptedText))


class MidpointCheck(SQLModel, table=True):
    """That somebody looked, half-way between two reviews, at what did not happen."""

    __tablename__ = "midpoint_check"
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    by: int = Field(foreign_key="staff.id")
    on: date


class MidpointMark(SQLModel, table=True):
    """What the lead says of one ask at the midpoint; what the child says is kept apart from it."""

    __tablename__ = "midpoint_mark"
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    ask_id: int = Field(foreign_key="ask.id", index=True)
    mark: str  # done | not_done | chased | raised
    by: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    __table_args__ = (UniqueConstraint("review_id", "ask_id"),)
