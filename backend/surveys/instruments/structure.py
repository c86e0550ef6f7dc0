"""What survey.yaml may say: the structure of an instrument, with no words in it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from backend.surveys.instruments.words import Frozen

FACES = ("very_sad", "sad", "so_so", "happy", "very_happy")
YES_NO = ("yes", "no", "not_sure", "rather_not")
# A scale has eleven marks; its two options are the words at its ends.
SCALE_ENDS = ("low", "high")
SCALE_LOWEST, SCALE_HIGHEST = 0, 10
SHORT_TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 4000
WORST, BEST = 1, 5

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Moment(StrEnum):
    """When an instrument is asked."""

    BEFORE_REVIEW = "before_review"
    HOME_MOVE = "home_move"  # how the move went: within a week of it
    HOME_FIRST = "home_first"  # the first weeks
    HOME = "home"  # the longer term
    HOME_ENDED = "home_ended"
    ANYTIME = "anytime"
    KEEP_IN_TOUCH = "keep_in_touch"
    NEXT_HOME = "next_home"
    OBSERVER = "observer"


class Audience(StrEnum):
    """Who answers."""

    CHILD = "child"
    CARE_LEAVER = "care_leaver"
    CARER = "carer"
    PROVIDER_STAFF = "provider_staff"
    PARENT = "parent"
    SOCIAL_WORKER = "social_worker"
    OTHER = "other"  # school, health and whoever else the IRO adds


class Character(StrEnum):
    """How the screens look and speak."""

    YOUNGER = "younger"
    OLDER = "older"
    ADULT = "adult"


class Agenda(StrEnum):
    """The matters that a review must consider (Care Planning Regulations 2010, Schedule 7)."""

    CIRCUMSTANCES = "circumstances"
    DECISIONS = "decisions"
    FAMILY_TIME = "family_time"
    HOME = "home"
    EDUCATION = "education"
    LEISURE = "leisure"
    HEALTH = "health"
    IDENTITY = "identity"
    ADVICE = "advice"
    MOVING_ON = "moving_on"
    WISHES = "wishes"
    VISITS = "visits"


class QuestionType(StrEnum):
    """The ways to answer."""

    FACES = "faces"
    YES_NO = "yes_no"
    SCALE = "scale"
    CHOICE = "choice"
    CARDS = "cards"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    PEOPLE = "people"
    DATE = "date"
    DRAWING = "drawing"


PICKED = frozenset(
    {
        QuestionType.FACES,
        QuestionType.YES_NO,
        QuestionType.CHOICE,
        QuestionType.CARDS,
        QuestionType.PEOPLE,
    }
)
# Types whose options are always these, and stand in no survey.yaml.
FIXED_OPTIONS = {
    QuestionType.FACES: FACES,
    QuestionType.YES_NO: YES_NO,
    QuestionType.SCALE: SCALE_ENDS,
}
WRITTEN = frozenset({QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT})


class Indicator(StrEnum):
    """What is asked of every side alike, so that their answers can be set side by side."""

    FEELS_SAFE = "feels_safe"
    SETTLED = "settled"
    CARERS_LISTEN = "carers_listen"
    CARERS_KIND = "carers_kind"
    LIKES_ROOM = "likes_room"
    SEES_FAMILY_ENOUGH = "sees_family_enough"
    WORKER_TRUST = "worker_trust"
    HAS_TRUSTED_ADULT = "has_trusted_adult"
    GETS_HELP = "gets_help"
    HAS_A_SAY = "has_a_say"
    # Of a move and of an ending alone: a home that one lives in is not the home that one left.
    KNEW_ENOUGH = "knew_enough"
    MADE_WELCOME = "made_welcome"
    ENDED_WELL = "ended_well"
    WAS_SAFE = "was_safe"


class Visibility(StrEnum):
    """Who may read an answer, before its writer changes that."""

    ASK_FIRST = "ask_first"
    ONLY_IRO = "only_iro"


class Summary(StrEnum):
    """Where an answer lands on the IRO's page."""

    MOST_WANTED = "most_wanted"
    GOING_WELL = "going_well"
    WORRY = "worry"
    CHANGE = "change"
    WHO_COMES = "who_comes"
    WHERE = "where"
    HOW_TAKE_PART = "how_take_part"
    LAST_DECISIONS = "last_decisions"
    NOT_SAID = "not_said"


class Ages(Frozen):
    """Ages in whole years, both ends included."""

    min: int = Field(ge=0, le=25)
    max: int = Field(ge=0, le=25)

    def __contains__(self, age: int) -> bool:
        return self.min <= age <= self.max


class Option(Frozen):
    """One answer to pick. A value from 1 (worst) to 5 (best) makes it a point on a scale."""

    id: Name
    value: int | None = Field(default=None, ge=WORST, le=BEST)
    symbol: Name | None = None


class Condition(Frozen):
    """Shows a question only after one of these options of an earlier question of its topic."""

    question: str
    any_of: tuple[Name, ...] = Field(min_length=1)


class Question(Frozen):
    """One question, which is one screen. None is ever required."""

    id: str = Field(pattern=r"^[a-z0-9]+(\.[a-z][a-z0-9_]*)+$")
    type: QuestionType
    indicator: Indicator | None = None
    theme: Name | None = Field(default=None, description="Hint: a theme of the codebook.")
    visibility: Visibility = Visibility.ASK_FIRST
    symbol: Name
    options: tuple[Option, ...] = Field(
        default=(), description="Faces, yes_no and scale need none: theirs are always the same."
    )
    several: bool = Field(default=False, description="More than one option may be picked.")
    show_when: Condition | None = None
    max_length: int | None = Field(
        default=None, ge=1, le=10_000, description="Characters; for written answers."
    )
    held_back_when_helper_in_home: bool = False
    summary: Summary | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_what_the_type_fixes(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        match given.get("type"):
            case QuestionType.FACES:
                faces = [{"id": face, "value": n} for n, face in enumerate(FACES, start=WORST)]
                return {"options": faces} | given
            case QuestionType.YES_NO:
                return {"options": [{"id": answer} for answer in YES_NO]} | given
            case QuestionType.SCALE:
                return {"options": [{"id": end} for end in SCALE_ENDS]} | given
            case QuestionType.PEOPLE:
                return {"several": True} | given
            case QuestionType.SHORT_TEXT:
                return {"max_length": SHORT_TEXT_LENGTH} | given
            case QuestionType.LONG_TEXT:
                return {"max_length": LONG_TEXT_LENGTH} | given
        return given

    @model_validator(mode="after")
    def _options_fit_the_type(self) -> Self:
        ids = [option.id for option in self.options]
        if len(ids) != len(set(ids)):
            raise ValueError("an option stands twice")
        fixed = FIXED_OPTIONS.get(self.type)
        if fixed is not None and tuple(ids) != fixed:
            raise ValueError(f"the options of {self.type} are always {', '.join(fixed)}")
        if self.type in PICKED and len(ids) < 2:
            raise ValueError("needs at least two options")
        if self.type not in PICKED and ((ids and fixed is None) or self.several):
            raise ValueError(f"{self.type} takes no options")
        if self.type not in WRITTEN and self.max_length is not None:
            raise ValueError(f"{self.type} takes no max_length")
        if self.indicator and {option.value for option in self.options} - {None} != {1, 2, 3, 4, 5}:
            raise ValueError("an indicator needs options with each value from 1 to 5")
        return self

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)


class Topic(Frozen):
    """A matter that the reader chooses to speak about, or is always offered."""

    id: Name
    agenda: Agenda
    symbol: Name
    always: bool = Field(default=False, description="Offered without being chosen.")
    questions: tuple[Question, ...] = Field(min_length=1)


class Structure(Frozen):
    """What survey.yaml holds: the questions and their order, and no words."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="The folder's name.")
    code: str = Field(pattern=r"^[a-z0-9]+$", description="Opens each question's id.")
    version: int = Field(ge=1, description="Goes up with every change; answers store it.")
    moments: tuple[Moment, ...] = Field(
        min_length=1, description="One form may serve several moments, with the same questions."
    )
    audience_kinds: tuple[Audience, ...] = Field(min_length=1)
    ages: Ages | None = None
    character: Character
    topics: tuple[Topic, ...] = Field(min_length=1)

    @property
    def questions(self) -> Iterator[Question]:
        return (question for topic in self.topics for question in topic.questions)
