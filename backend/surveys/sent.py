"""What was sent, as one value for each topic: the rows with the questions that they answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.surveys import catalogue
from backend.surveys.drawings import Drawing, kept_on_paper, make_drawing
from backend.surveys.hiding import hidden_of
from backend.surveys.instruments.structure import WRITTEN, QuestionType
from backend.surveys.instruments.values import own_words
from backend.surveys.models import Answer, Consultation, Response, Topic

if TYPE_CHECKING:
    from backend.core.access.predicates import Case

OWN_WORDS = WRITTEN | {QuestionType.DRAWING}

# From the widest to the narrowest: a topic travels as far as its widest answer.
WIDTH = (
    Reach.ASK_FIRST,
    Reach.ADULT_FORM,
    Reach.WORKER_TAPS,
    Reach.KEEP_IN_TOUCH,
    Reach.ONLY_IRO,
    Reach.NOT_SAFE,
)


@dataclass(frozen=True)
class SentAnswer:
    """One answer as it was sent. `display` is for staff; `value` is exactly what was given."""

    answer_id: int
    question_id: str
    question_text: str
    type: str
    indicator: str | None
    theme: str | None
    summary: str | None
    value: Any
    display: str
    score: int | None
    reach: Reach
    hidden_from: frozenset[int]
    hidden_from_carers: bool
    hidden_from_words: str | None
    may_be_said: bool
    revision: int

    @property
    def own_words(self) -> str:
        """All that the writer wrote in it, names and a drawing's words too; empty for taps."""
        return own_words(self.type, self.value)

    @property
    def is_words(self) -> bool:
        """Whether it is read as somebody's own words and not as a choice."""
        return self.type in OWN_WORDS

    @property
    def drawing(self) -> Drawing | None:
        """What was drawn, ready for a page."""
        return make_drawing(self.value)

    @property
    def kept_on_paper(self) -> str:
        """Where a drawing on paper is kept, for staff; empty for what was not drawn on paper."""
        return kept_on_paper(self.value)


@dataclass(frozen=True)
class SentTopic:
    """One topic that was sent, with its answers in the form's order."""

    topic_row_id: int
    response_id: int
    consultation_id: int
    person_id: int
    contributor_id: int
    kind: Kind
    audience: str
    moment: str
    home_id: int | None
    window: str
    review_id: int | None
    topic_id: str
    topic_title: str
    agenda: str
    sent_at: datetime
    taken_back: bool
    how_given: str
    helped_by: str | None
    language: str
    seen_alone_on: date | None
    reach: Reach
    answers: tuple[SentAnswer, ...]
    written_on: date | None = None  # the day on the paper, where it was given on paper
    kept_at: datetime | None = None  # when its words were last written; they may be sent later

    @property
    def said_on(self) -> date:
        """The day that its words are of: somebody who moved before sending them wrote of the home
        where they lived until then."""
        return self.written_on or clock.in_london(self.kept_at or self.sent_at).date()


def make_sent_topic(
    topic: Topic,
    response: Response,
    consultation: Consultation,
    *,
    answers: list[Answer],
    case: "Case | None" = None,
) -> SentTopic:
    """The rows of one sent topic as one value. `case`: who stands around its young person today,
    where something in it is hidden from somebody in a place."""
    form = catalogue.instruments().get(response.instrument_id)
    order = {asked.id: place for place, asked in enumerate(form.questions)} if form else {}
    answers = sorted(answers, key=lambda answer: order.get(answer.question_id, len(order)))
    sent = tuple(make_sent_answer(answer, response.instrument_id, case) for answer in answers)
    return SentTopic(
        topic_row_id=topic.id or 0,
        response_id=response.id or 0,
        consultation_id=consultation.id or 0,
        person_id=consultation.person_id,
        contributor_id=response.contributor_id,
        kind=kind_of_audience(response.audience),
        audience=response.audience,
        moment=consultation.moment,
        home_id=consultation.home_id,
        window=consultation.window,
        review_id=consultation.review_id,
        topic_id=topic.topic_id,
        topic_title=catalogue.topic_title(response.instrument_id, topic.topic_id),
        agenda=catalogue.agenda(response.instrument_id, topic.topic_id),
        sent_at=topic.sent_at or topic.kept_at,
        kept_at=topic.kept_at,
        taken_back=topic.taken_back_at is not None,
        how_given=topic.how_given,
        helped_by=topic.helped_by,
        written_on=topic.written_on,
        language=max(answers, key=newest).language if answers else response.language,
        seen_alone_on=response.seen_alone_on,
        reach=min((answer.reach for answer in sent), key=WIDTH.index, default=Reach.ONLY_IRO),
        answers=sent,
    )


def newest(answer: Answer) -> datetime:
    """When an answer was kept last."""
    return answer.saved_at


def kind_of_audience(audience: str) -> Kind:
    """The kind of contributor behind an audience: children's are told apart by age."""
    return Kind.CHILD if audience.startswith("child_") else Kind(audience)


def make_sent_answer(answer: Answer, instrument_id: str, case: "Case | None" = None) -> SentAnswer:
    """One answer's row with the question that it answers."""
    asked = catalogue.asked(instrument_id, answer.question_id)
    return SentAnswer(
        answer_id=answer.id or 0,
        question_id=answer.question_id,
        question_text=asked.text,
        type=asked.type,
        indicator=asked.indicator,
        theme=asked.theme,
        summary=asked.summary,
        value=answer.value,
        display=catalogue.display(instrument_id, answer.question_id, answer.value),
        score=catalogue.score(instrument_id, answer.question_id, answer.value),
        reach=Reach(answer.reach),
        hidden_from=hidden_of(answer, case),
        hidden_from_carers=answer.hidden_from_carers,
        hidden_from_words=answer.hidden_from_words,
        may_be_said=answer.may_be_said,
        revision=answer.revision,
    )
