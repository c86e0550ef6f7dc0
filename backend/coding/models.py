"""How texts were coded: what the machine suggests, what people decide, and blind samples."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from backend.core.columns import EncryptedText, Moment


class SuggestedCode(SQLModel, table=True):
    """What the machine suggests for one answer's text; a person's decision never replaces it."""

    __tablename__ = "suggested_code"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    codebook_version: int
    coder: str  # the fingerprint of what it was trained on
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    urgency: str
    is_ask: bool
    confidence: float
    matched: str | None = Field(default=None, sa_column=Column(EncryptedText))
    note: str = ""
    coded_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("answer_id", "coder"),)


class DecidedCode(SQLModel, table=True):
    """What a person decided about one answer's text; kept beside the suggestion.

    One row a person and text: what it says is what that person decided last, and what they had
    decided before stands in `EarlierCode`.
    """

    __tablename__ = "decided_code"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    codebook_version: int
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    urgency: str | None = None
    is_ask: bool | None = None
    # confirmed | corrected | alone (nothing was suggested) | agreed, settled (a blind sample)
    how: str = Field(default="corrected", sa_column_kwargs={"server_default": "corrected"})
    # The suggestion as it stood beside it: with a later model it is another one.
    suggested: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("answer_id", "decided_by"),)


class EarlierCode(SQLModel, table=True):
    """What a person had decided before they decided otherwise; never changed, never deleted."""

    __tablename__ = "earlier_code"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    codebook_version: int
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    urgency: str | None = None
    is_ask: bool | None = None
    how: str
    suggested: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class CodingSample(SQLModel, table=True):
    """Texts drawn at random for two people to code, neither seeing the machine nor the other."""

    __tablename__ = "coding_sample"
    id: int | None = Field(default=None, primary_key=True)
    first_day: date
    last_day: date
    seed: str  # with it the draw can be repeated
    size: int  # as many as were wished for
    first_coder: int = Field(foreign_key="staff.id", index=True)
    second_coder: int = Field(foreign_key="staff.id", index=True)
    codebook_version: int
    drawn_by: int = Field(foreign_key="staff.id")
    drawn_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class SampledText(SQLModel, table=True):
    """One text of a sample, as it was worded when it was drawn."""

    __tablename__ = "sampled_text"
    id: int | None = Field(default=None, primary_key=True)
    sample_id: int = Field(foreign_key="coding_sample.id", index=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    __table_args__ = (UniqueConstraint("sample_id", "answer_id"),)


class BlindCode(SQLModel, table=True):
    """How one of the two coded a text of a sample; and what the two settled on."""

    __tablename__ = "blind_code"
    id: int | None = Field(default=None, primary_key=True)
    text_id: int = Field(foreign_key="sampled_text.id", index=True)
    part: str  # first | second | settled
    staff_id: int = Field(foreign_key="staff.id")
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str
    urgency: str
    is_ask: bool
    coded_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("text_id", "part"),)


class LearningRun(SQLModel, table=True):
    """One retraining on what people decided: who asked for it, how far it is, what came of it."""

    __tablename__ = "learning_run"
    id: int | None = Field(default=None, primary_key=True)
    asked_by: int | None = Field(default=None, foreign_key="staff.id")  # empty: the nightly run
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    begun_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    learnt_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    finished_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    decisions: int = 0  # how many it rests on
    codebook_version: int = 1
    basis: str = ""  # a hash of which decisions those were: when it differs, it learns anew
    coder: str = ""  # the name of the model that came of it
    texts: int = 0  # how many were to be coded anew
    texts_done: int = 0
    failure: str = ""


class CodebookVersion(SQLModel, table=True):
    """The council's themes as they were from one moment on, whole; never changed, never deleted.

    What ships is version 1 and has no row.
    """

    __tablename__ = "codebook_version"
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    themes: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    texts: int = 0  # how many were to be coded anew
    made_by: int = Field(foreign_key="staff.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class DiscoveryRun(SQLModel, table=True):
    """One search for themes that the codebook lacks: who asked for it, and what came of it."""

    __tablename__ = "discovery_run"
    id: int | None = Field(default=None, primary_key=True)
    asked_by: int | None = Field(default=None, foreign_key="staff.id")  # empty: the nightly run
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    codebook_version: int = 1
    basis: str = ""  # a fingerprint of what was searched
    texts: int = 0
    unfitting: int = 0  # of these: fit no theme well
    left_over: int = 0  # of these: belong to no group
    unread: int = 0
    of_few: int = 0  # groups of too few people to be shown
    note: str = ""


class SuggestedTheme(SQLModel, table=True):
    """A group of texts that a search found; what people decide about it is `ThemeDecision`."""

    __tablename__ = "suggested_theme"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="discovery_run.id", index=True)  # found last by
    # Words that enough people wrote to tell of nobody, one a line.
    words: str = Field(sa_column=Column(EncryptedText, nullable=False))
    title: str = ""  # as somebody called it
    texts: int = 0
    writers: int = 0
    tightness: float = 0.0
    # open | accepted | merged | dropped | gone (a later search found it no more)
    state: str = Field(default="open", index=True)
    theme_id: str = ""  # accepted as, or merged into
    merged_into: int | None = Field(default=None, foreign_key="suggested_theme.id")


class SuggestedThemeText(SQLModel, table=True):
    """One text of a group, as it was worded then; those nearest to its middle first."""

    __tablename__ = "suggested_theme_text"
    id: int | None = Field(default=None, primary_key=True)
    suggestion_id: int = Field(foreign_key="suggested_theme.id", index=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    place: int


class ThemeDecision(SQLModel, table=True):
    """What somebody decided about a group or a theme, and why; never changed, never deleted."""

    __tablename__ = "theme_decision"
    id: int | None = Field(default=None, primary_key=True)
    suggestion_id: int | None = Field(default=None, foreign_key="suggested_theme.id", index=True)
    theme_id: str = ""
    # accepted | renamed | merged | dropped, of a group; reworded | retired, of a theme
    what: str
    title: str = ""
    why: str
    codebook_version: int  # the one in force from then on
    decided_by: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class EarlierSuggestion(SQLModel, table=True):
    """What the machine suggested under an older codebook, kept when it was coded anew."""

    __tablename__ = "earlier_suggestion"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    answer_revision: int
    codebook_version: int
    coder: str
    themes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sentiment: str | None = None
    urgency: str
    is_ask: bool
    confidence: float
    note: str = ""
    coded_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    __table_args__ = (UniqueConstraint("answer_id", "codebook_version"),)
