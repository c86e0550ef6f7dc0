"""Checks one instrument's questions by themselves: order, branches, privacy, what must be asked."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.structure import (
    PICKED,
    WRITTEN,
    Agenda,
    Audience,
    Indicator,
    Moment,
    Question,
    Structure,
    Summary,
    Topic,
    Visibility,
)

Problem = tuple[str, str]  # where in survey.yaml, and what is wrong there

YOUNG_PEOPLE = frozenset({Audience.CHILD, Audience.CARE_LEAVER})
# A child below this age is asked a few questions only, with a helper.
FULL_FORM_FROM_AGE = 8
GETTING_READY_FROM_AGE = 12
HOME_THEMES = frozenset({"home", "housing", "carers", "safety"})
HOME_ANSWERS = frozenset(
    {
        Indicator.FEELS_SAFE,
        Indicator.SETTLED,
        Indicator.CARERS_LISTEN,
        Indicator.CARERS_KIND,
        Indicator.LIKES_ROOM,
        Indicator.GETS_HELP,
    }
)
LIVED_ANSWERS = HOME_ANSWERS | {Indicator.MADE_WELCOME, Indicator.WAS_SAFE}
# A parent's form is also read by people who may not be told where the child lives.
WHERE_THE_CHILD_IS = HOME_THEMES - {"safety"} | {"education", "distance", "moving"}


def check_structure(
    structure: Structure,
    *,
    file: Path,
    themes: Collection[str] | None,
    symbols: Collection[str] | None,
) -> Iterator[Finding]:
    """Every finding about one survey.yaml; None leaves themes or symbols out."""
    for check, severity in CHECKS.items():
        for path, message in check(structure):
            yield Finding(severity, check.__name__, file, path, message)
    for question in structure.questions:
        if themes is not None and question.theme and question.theme not in themes:
            message = f"{question.theme} is not a theme of the codebook"
            yield Finding(Severity.ERROR, "known_themes", file, question.id, message)
    for place, symbol in _symbols(structure):
        if symbols is not None and symbol not in symbols:
            message = f"{symbol} is not drawn in symbols.html"
            yield Finding(Severity.ERROR, "known_symbols", file, place, message)


def _symbols(structure: Structure) -> Iterator[tuple[str, str]]:
    for topic in structure.topics:
        yield topic.id, topic.symbol
    for question in structure.questions:
        yield question.id, question.symbol
        yield from ((question.id, one.symbol) for one in question.options if one.symbol)


def ids_open_with_the_code(structure: Structure) -> Iterator[Problem]:
    for question in structure.questions:
        if not question.id.startswith(f"{structure.code}."):
            yield question.id, f"does not begin with {structure.code}."


def topics_stand_once(structure: Structure) -> Iterator[Problem]:
    for topic_id, count in Counter(topic.id for topic in structure.topics).items():
        if count > 1:
            yield topic_id, "this topic stands twice"


def questions_can_be_reached(structure: Structure) -> Iterator[Problem]:
    for topic in structure.topics:
        for place, question in enumerate(topic.questions):
            if reason := _why_unreachable(question, earlier=topic.questions[:place]):
                yield question.id, f"can never be reached: {reason}"


def _why_unreachable(question: Question, *, earlier: Collection[Question]) -> str | None:
    condition = question.show_when
    if condition is None:
        return None
    asked = next((one for one in earlier if one.id == condition.question), None)
    if asked is None:
        return f"{condition.question} does not stand before it in its topic"
    if asked.type not in PICKED:
        return f"{condition.question} is not answered by picking"
    impossible = [option for option in condition.any_of if asked.option(option) is None]
    if impossible:
        return f"{condition.question} has no option {', '.join(impossible)}"
    return None


def indicators_stand_once(structure: Structure) -> Iterator[Problem]:
    asked = Counter(question.indicator for question in structure.questions if question.indicator)
    for indicator, count in asked.items():
        if count > 1:
            yield indicator, f"is asked {count} times"


def home_is_held_back(structure: Structure) -> Iterator[Problem]:
    """Nobody answers on safety, carers or home beside someone who lives or works there."""
    if YOUNG_PEOPLE.isdisjoint(structure.audience_kinds):
        return
    for topic in structure.topics:
        for question in topic.questions:
            if _is_about_home(question, topic) and not question.held_back_when_helper_in_home:
                yield question.id, "needs held_back_when_helper_in_home"


def _is_about_home(question: Question, topic: Topic) -> bool:
    return (
        topic.agenda is Agenda.HOME
        or question.theme in HOME_THEMES
        or question.indicator in LIVED_ANSWERS
    )


def one_place_is_for_the_iro_alone(structure: Structure) -> Iterator[Problem]:
    private = [one for one in structure.questions if one.visibility is Visibility.ONLY_IRO]
    if Audience.CHILD in structure.audience_kinds and Moment.BEFORE_REVIEW in structure.moments:
        if [one.type in WRITTEN for one in private] != [True]:
            yield "topics", f"needs one written answer for the IRO alone, and has {len(private)}"
    elif private:
        yield private[0].id, "only a child's review form has answers for the IRO alone"


def what_matters_most_is_asked(structure: Structure) -> Iterator[Problem]:
    if Moment.BEFORE_REVIEW not in structure.moments:
        return
    always = [
        question for topic in structure.topics if topic.always for question in topic.questions
    ]
    if not any(question.summary is Summary.MOST_WANTED for question in always):
        yield "topics", "no topic that is always offered asks what is most wanted"


def parents_are_not_told_where(structure: Structure) -> Iterator[Problem]:
    if Audience.PARENT not in structure.audience_kinds:
        return
    for topic in structure.topics:
        if topic.agenda in {Agenda.HOME, Agenda.EDUCATION}:
            yield topic.id, f"a parent's form does not speak of {topic.agenda}"
        for question in topic.questions:
            if question.theme in WHERE_THE_CHILD_IS:
                yield question.id, f"a parent's form does not speak of {question.theme}"


def agenda_is_covered(structure: Structure) -> Iterator[Problem]:
    """A review considers every heading of Schedule 7, so a child can speak to each of them."""
    is_review = Moment.BEFORE_REVIEW in structure.moments
    if Audience.CHILD not in structure.audience_kinds or not (
        is_review and asks_in_full(structure)
    ):
        return
    missing = set(Agenda) - {topic.agenda for topic in structure.topics}
    if structure.ages and structure.ages.max < GETTING_READY_FROM_AGE:
        missing.discard(Agenda.MOVING_ON)
    for heading in sorted(missing):
        yield "topics", f"no topic for {heading}"


def asks_in_full(structure: Structure) -> bool:
    """Whether these readers are old enough for more than a few questions."""
    return structure.ages is None or structure.ages.max >= FULL_FORM_FROM_AGE


CHECKS: dict[Callable[[Structure], Iterator[Problem]], Severity] = {
    ids_open_with_the_code: Severity.ERROR,
    topics_stand_once: Severity.ERROR,
    questions_can_be_reached: Severity.ERROR,
    indicators_stand_once: Severity.ERROR,
    home_is_held_back: Severity.ERROR,
    one_place_is_for_the_iro_alone: Severity.ERROR,
    what_matters_most_is_asked: Severity.ERROR,
    parents_are_not_told_where: Severity.ERROR,
    agenda_is_covered: Severity.WARNING,
}
