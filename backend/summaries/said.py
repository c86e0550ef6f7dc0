"""One answer as the page before a review shows it, with how and when it was given."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.core.languages import SOURCE, languages

if TYPE_CHECKING:
    from backend.surveys.queries import Drawing, SentAnswer, SentTopic

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
HOW_GIVEN = {
    "alone": "on their own",
    "with_help": "with help",
    "on_paper": "on paper",
    "by_telephone": "by telephone",
}
# Under one heading: what is well first, then what worries, then what is to change.
ORDER = {"going_well": 0, "worry": 1, "change": 2}
# Longer words are folded on the screen, so that the next answer is not pages away.
LONG = 700
BEGINNING = 240


@dataclass(frozen=True)
class Said:
    """One answer as the page shows it: the question, the words or the choice, how it was given.

    `is_few`: only for the lead, hidden from somebody, or taken back; it is on no print.
    `is_of_home_before`: about the home, given before the young person moved to today's.
    """

    answer_id: int
    topic_row_id: int
    question: str
    text: str
    is_words: bool
    summary: str | None
    how: str
    reach: str
    may_be_said: bool
    hidden: str
    is_taken_back: bool
    drawing: "Drawing | None" = None
    kept_on_paper: str = ""  # where a drawing on paper is kept
    is_of_home_before: bool = False
    # It stands in the young person's column beside the other sides, and on the screen only there.
    is_beside: bool = False

    @property
    def brief(self) -> str:
        """How and when it was given, in few words: this year goes without saying."""
        return self.how.removeprefix("Given ").removesuffix(f" {clock.today().year}")

    @property
    def is_few(self) -> bool:
        """Whether it may lie open to nobody but this reader."""
        return self.reach == Reach.ONLY_IRO or bool(self.hidden) or self.is_taken_back

    @property
    def is_drawn(self) -> bool:
        """Whether it is a drawing, so that somebody can write down what it shows."""
        return self.drawing is not None or bool(self.kept_on_paper)

    @property
    def beginning(self) -> str:
        """How long words begin, cut between two words; empty for words that stand whole."""
        if len(self.text) <= LONG:
            return ""
        words, gap, _ = self.text[:BEGINNING].rpartition(" ")
        return words if gap else self.text[:BEGINNING]


def how_it_was_given(topic: "SentTopic") -> str:
    """How and when a topic was given, for under the words."""
    how = HOW_GIVEN.get(topic.how_given, topic.how_given)
    helped = " from" if topic.how_given == "with_help" else ", with help from"
    by = f"{helped} {topic.helped_by}" if topic.helped_by else ""
    day = given_on(topic)
    return f"Given {how}{by}{in_language(topic.language)}, {day.day} {day:%b %Y}"


def in_language(code: str) -> str:
    """In which language it was written, as staff call it; nothing for English."""
    known = languages().get(code)
    return "" if code == SOURCE else f", in {known.english_name if known else code}"


def given_on(topic: "SentTopic") -> date:
    """The day on the paper, else the day on which it was sent."""
    return topic.written_on or clock.in_london(topic.sent_at).date()


def make_said(topic: "SentTopic", answer: "SentAnswer", *, moved_on: date | None = None) -> Said:
    """One answer of a topic, ready for the page."""
    is_before = is_of_home_before(topic, moved_on)
    return Said(
        answer_id=answer.answer_id,
        topic_row_id=topic.topic_row_id,
        question=answer.question_text,
        text=answer.display,
        is_words=answer.is_words,
        summary=answer.summary,
        how=how_it_was_given(topic),
        reach=answer.reach.value,
        may_be_said=answer.may_be_said,
        # Who it is stands with the answer itself.
        hidden="Not to be shown to everyone: see who" if is_hidden(answer) else "",
        is_taken_back=topic.taken_back,
        drawing=answer.drawing,
        kept_on_paper=answer.kept_on_paper,
        is_of_home_before=is_before,
        is_beside=bool(answer.indicator) and answer.score is not None and not is_before,
    )


def is_of_home_before(topic: "SentTopic", moved_on: date | None) -> bool:
    """Whether it is about a home that the young person has left since."""
    return topic.agenda == "home" and moved_on is not None and given_on(topic) < moved_on


def in_order(said: "tuple[Said, ...] | list[Said]") -> tuple[Said, ...]:
    """What is well, what worries, what is to change, then the rest as it was asked."""
    return tuple(sorted(said, key=lambda one: ORDER.get(one.summary or "", len(ORDER))))


def is_hidden(answer: "SentAnswer") -> bool:
    """Whether the young person hid it from somebody."""
    return bool(answer.hidden_from or answer.hidden_from_carers or answer.hidden_from_words)


def is_for_few(answer: "SentAnswer") -> bool:
    """Whether it is only for the lead, or hidden from somebody."""
    return answer.reach is Reach.ONLY_IRO or is_hidden(answer)
