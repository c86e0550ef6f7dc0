"""Reads a posted page of questions and keeps it: nothing cut, nothing overwritten unseen."""

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.surveys import readers, screens, service
from backend.surveys.drawings import Drawing, make_drawing
from backend.surveys.instruments import Question, QuestionType, values
from backend.surveys.instruments.structure import WRITTEN
from backend.surveys.models import Answer
from backend.surveys.pages import TopicPage
from backend.surveys.posted_values import typed_value
from backend.surveys.screens import Given

MINE, THEIRS, BOTH = "mine", "theirs", "both"
EMPTIED = WRITTEN | {QuestionType.DATE, QuestionType.DRAWING}


@dataclass(frozen=True)
class Change:
    """Two answers to one question, from two devices: both in words, for the writer to choose."""

    question_id: str
    name: str
    text: str
    mine: str
    theirs: str
    revision: int
    can_join: bool
    posted: tuple[tuple[str, str], ...]
    my_drawing: Drawing | None = None
    their_drawing: Drawing | None = None


@dataclass(frozen=True)
class Said:
    """One answer that stands, in the writer's words, with the number of its screen."""

    answer: Answer
    text: str
    display: str
    reach: str
    place: int
    symbol: str
    drawing: Drawing | None = None


def read_page(page: TopicPage, form: Fields) -> list[Given]:
    """The questions that a posted page asked, as they were answered."""
    asked = set(form.all("asked"))
    return [
        settle(page, form, question)
        for question in page.form.topic(page.topic.topic_id).questions
        if question.id in asked
    ]


def settle(page: TopicPage, form: Fields, question: Question) -> Given:
    """One answer; after a change on two devices, the one that the writer chose."""
    name = page.name_of(question)
    given = screens.read_given(form, question, name=name, hearers=page.around.hearers)
    standing = page.answers.get(question.id)
    given = hidden_as_meant(page, given, standing)
    choice = form.word(f"{name}-keep")
    if standing is None or choice not in (THEIRS, BOTH) or given.error:
        return given
    if choice == THEIRS:
        return replace(as_standing(given, standing), value=standing.value)
    if not can_join(question):
        return given
    both = screens.joined(standing.value, given.value)
    return replace(narrowest(given, standing), value=both)


def hidden_as_meant(page: TopicPage, given: Given, standing: Answer | None) -> Given:
    """From whom an answer is hidden: a worker or IRO whose name was written is the one whose box
    could have been ticked, and who was named before their successor came stays named."""
    keys, is_from_carers, _ = readers.hearers_named(page.around, given.hidden_from_words)
    hearers = page.around.hearers
    named = {*given.hidden_from, *(hearers[key] for key in keys)}
    places = {*given.hidden_places, *keys}
    if standing is not None and places & set(standing.hidden_places):
        named |= set(standing.hidden_from) - set(hearers.values())
    return replace(
        given,
        hidden_from=tuple(sorted(named)),
        hidden_places=tuple(sorted(places)),
        hidden_from_carers=given.hidden_from_carers or is_from_carers,
    )


def as_standing(given: Given, standing: Answer) -> Given:
    """A posted answer that goes just as far as what stands."""
    return replace(
        given,
        reach=Reach(standing.reach),
        hidden_from=tuple(standing.hidden_from),
        hidden_places=tuple(standing.hidden_places),
        hidden_from_carers=standing.hidden_from_carers,
        hidden_from_words=standing.hidden_from_words or "",
    )


def narrowest(given: Given, standing: Answer) -> Given:
    """Two answers that become one go no further than either did."""
    words = [standing.hidden_from_words or "", given.hidden_from_words]
    return replace(
        given,
        reach=Reach.ONLY_IRO if Reach.ONLY_IRO in (standing.reach, given.reach) else given.reach,
        hidden_from=tuple(sorted({*standing.hidden_from, *given.hidden_from})),
        hidden_places=tuple(sorted({*standing.hidden_places, *given.hidden_places})),
        hidden_from_carers=standing.hidden_from_carers or given.hidden_from_carers,
        hidden_from_words=", ".join(dict.fromkeys(one for one in words if one)),
    )


def keep_page(session: Session, page: TopicPage, given: list[Given]) -> list[Change]:
    """Keep each answer that has nothing wrong; returns those that changed on another device."""
    changes = []
    for one in given:
        if one.error:
            continue
        try:
            keep_one(session, page, one)
        except service.ChangedElsewhere as changed:
            changes.append(make_change(page, one, changed.current))
    return changes


def keep_one(session: Session, page: TopicPage, given: Given) -> None:
    """Keep one answer, unless it is what stands already."""
    standing = page.answers.get(given.question.id)
    row_id = page.topic.id or 0
    if given.value is None:
        clear(session, page, given, standing=standing)
        return
    value = given.value
    if standing is not None and value == values.as_shown(standing.value):
        value = standing.value
    if standing is not None and value == standing.value and is_same_reach(given, standing):
        return
    service.keep_answer(
        session,
        row_id,
        given.question.id,
        value,
        reach=service.reach_for(page.identity.kind, given.reach, page.consultation.moment),
        hidden_from=given.hidden_from,
        hidden_places=given.hidden_places,
        hidden_from_carers=given.hidden_from_carers,
        hidden_from_words=given.hidden_from_words,
        based_on_revision=given.revision,
        beside=page.sitting,
        saved_in=page.identity.session_id,
    )


def clear(session: Session, page: TopicPage, given: Given, *, standing: Answer | None) -> None:
    """An emptied box or unticked list takes the answer out; an untouched one changes nothing."""
    can_be_emptied = given.question.type in EMPTIED or given.question.several
    if standing is None or not can_be_emptied:
        return
    if standing.revision != given.revision:
        # Empty here and written on another device meanwhile: what was written stays.
        return
    service.remove_answer(session, page.topic.id or 0, given.question.id)


def is_same_reach(given: Given, standing: Answer) -> bool:
    """Whether the answer goes as far as before."""
    return (
        list(given.hidden_from) == standing.hidden_from
        and list(given.hidden_places) == standing.hidden_places
        and given.hidden_from_carers == standing.hidden_from_carers
        and given.hidden_from_words == (standing.hidden_from_words or "")
        and standing.reach in (given.reach, Reach.ADULT_FORM, Reach.WORKER_TAPS)
    )


def remove(session: Session, page: TopicPage, given: list[Given]) -> None:
    """Take the page's answers out of the draft."""
    for one in given:
        service.remove_answer(session, page.topic.id or 0, one.question.id)


def can_join(question: Question) -> bool:
    """Whether two answers can stand together: texts and lists can, one drawing or mark cannot."""
    return question.type in WRITTEN or question.several


def make_change(page: TopicPage, given: Given, current: Answer | None) -> Change:
    """Both answers in words."""
    return Change(
        question_id=given.question.id,
        name=page.name_of(given.question),
        text=page.words.question(given.question.id).text,
        mine=display(page, given.question, given.value),
        theirs=display(page, given.question, current.value) if current else "",
        revision=current.revision if current else 0,
        can_join=can_join(given.question) and current is not None,
        posted=given.posted,
        my_drawing=make_drawing(given.value),
        their_drawing=make_drawing(current.value) if current else None,
    )


def display(page: TopicPage, question: Question, value: Any) -> str:
    """An answer in the words of its own form."""
    return values.display(question, page.words, value, say_day=screens.say_day)


def as_typed(page: TopicPage, given: Given) -> screens.Screen:
    """The question again with what is wrong, and all that was typed."""
    shown = page.screen(given.question)
    posted: dict[str, list[str]] = {}
    for key, text in given.posted:
        posted.setdefault(key, []).append(text)
    value = typed_value(given.question, shown.name, posted)
    if given.question.type is QuestionType.DRAWING and "strokes" not in value:
        # Nothing that could be drawn came: the sheet shows what is kept, and what was written.
        value = {"strokes": [], **(shown.value or {}), "words": value["words"]}
    return replace(shown, value=value, revision=given.revision, error=given.error)


def all_said(page: TopicPage) -> list[Said]:
    """What stands in a topic; nothing that a helper beside the writer must not see."""
    return [
        Said(
            answer=page.answers[asked.id],
            text=page.words.question(asked.id).text,
            display=display(page, asked, page.answers[asked.id].value),
            reach=screens.shown_reach(asked, page.answers[asked.id]),
            place=place,
            symbol=asked.symbol,
            drawing=make_drawing(page.answers[asked.id].value),
        )
        for place, asked in enumerate(page.questions, 1)
        if asked.id in page.answers
    ]
