"""What was written on paper, read from what was typed and sent as the same record."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.surveys import catalogue
from backend.surveys.instruments import held_back_questions
from backend.surveys.instruments.structure import (
    FACES,
    SCALE_HIGHEST,
    SCALE_LOWEST,
    WRITTEN,
    QuestionType,
)
from backend.surveys.instruments.values import ON_PAPER as ON_PAPER_KEPT
from backend.surveys.instruments.values import people_value
from backend.surveys.models import Answer, Response, Sitting, Topic
from backend.surveys.responses import Beside, begin_response, begin_topic, kind_of, reach_for
from backend.surveys.sending import ON_PAPER, form_of, send_topic, tick_for_meeting
from backend.surveys.sheets import SheetQuestion

MOST_CHARACTERS = 200_000
OLDEST_YEAR = 1900
NOT_OFFERED, ONE_ONLY, NOT_A_DAY, TOO_LONG = "not_offered", "one_only", "not_a_day", "too_long"
BETWEEN = re.compile(r"[\s,;.+/&-]+")


class Mistyped(ValueError):
    """What was typed is no answer to the question; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnotherForm(Exception):
    """This round was begun on another form than the one that was printed."""


@dataclass(frozen=True)
class PaperAnswer:
    """One answer as it stands on paper, and how far its writer let it go."""

    question_id: str
    value: Any
    reach: Reach = Reach.ASK_FIRST
    hidden_from: tuple[int, ...] = ()
    hidden_places: tuple[str, ...] = ()
    hidden_from_carers: bool = False
    hidden_from_words: str = ""
    may_be_said: bool = False


def read_typed(
    asked: SheetQuestion, typed: str, *, others: str = "", kept: tuple[str, str] | None = None
) -> Any:
    """The value that was typed for a question, None for nothing; raises Mistyped.

    `kept` says of a drawing on the paper who keeps it and where.
    """
    if len(typed) + len(others) > MOST_CHARACTERS:
        raise Mistyped(TOO_LONG)
    if asked.type in WRITTEN:
        return typed if typed.strip() else None
    if asked.type is QuestionType.DRAWING:
        found = {"words": typed} if typed.strip() else {}
        return {"strokes": [], **found, **_keeping(kept)} if found or kept else None
    if asked.type is QuestionType.DATE:
        return read_day(typed)
    if asked.type is QuestionType.SCALE:
        return _number(typed, lowest=SCALE_LOWEST, highest=SCALE_HIGHEST)
    if asked.type is QuestionType.FACES:
        place = _number(typed, lowest=1, highest=len(FACES))
        return None if place is None else FACES[place - 1]
    return _picked(asked, typed, others)


def _keeping(kept: tuple[str, str] | None) -> dict[str, dict[str, str]]:
    return {ON_PAPER_KEPT: {"with": kept[0], "where": kept[1]}} if kept else {}


def _number(typed: str, *, lowest: int, highest: int) -> int | None:
    word = typed.strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 4):
        raise Mistyped(NOT_OFFERED)
    if not lowest <= int(word) <= highest:
        raise Mistyped(NOT_OFFERED)
    return int(word)


def read_day(typed: str) -> str | None:
    """A day written as 24 11 2026, 24/11/26 or the like."""
    parts = [part for part in BETWEEN.split(typed.strip()) if part]
    if not parts:
        return None
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise Mistyped(NOT_A_DAY)
    day, month, year = (int(part) for part in parts)
    year += 2000 if year < 100 else 0
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise Mistyped(NOT_A_DAY) from error
    if found.year < OLDEST_YEAR:
        raise Mistyped(NOT_A_DAY)
    return found.isoformat()


def _picked(asked: SheetQuestion, typed: str, others: str) -> Any:
    """The letters that were ticked, in the form's order, and names written beside them."""
    letters = set(BETWEEN.sub("", typed.casefold()))
    known = {option.mark: option.id for option in asked.options}
    if not letters <= set(known):
        raise Mistyped(NOT_OFFERED)
    picked = [option_id for mark, option_id in known.items() if mark in letters]
    if not asked.several:
        if len(picked) > 1:
            raise Mistyped(ONE_ONLY)
        return picked[0] if picked else None
    names = [name.strip() for name in re.split(r"[,\n]", others) if name.strip()]
    return people_value(picked, names)


def send_from_paper(
    session: Session,
    contributor_id: int,
    consultation_id: int,
    *,
    printed: tuple[str, int],
    language: str,
    sheet_key: str,
    asked: Collection[str],
    answers: Sequence[PaperAnswer],
    beside: Beside,
    written_on: date,
) -> list[int]:
    """Send what stands on one sheet, topic by topic; the ids of what was sent.

    `printed` is the form with its version, `asked` the questions that were printed. What was sent
    before, on a screen or on paper, stays as it is beside it. Raises AnotherForm.
    """
    response = begin_response(session, contributor_id, consultation_id, printed=printed)
    if response.instrument_id != printed[0]:
        raise AnotherForm
    note_language(session, response, language)
    kind, sitting = kind_of(session, contributor_id), sitting_of(response, beside)
    sent: list[int] = []
    said: set[int] = set()
    for topic in form_of(response).topics:
        ids = {one.id for one in topic.questions}
        given = [one for one in answers if one.question_id in ids]
        if not given:
            leave_for_visit(session, response, topic.id, asked=asked, sitting=sitting)
            continue
        key = f"{response.id}:{topic.id}:{sheet_key}"
        row = begin_on_paper(session, response, topic.id, key=key, beside=beside, day=written_on)
        for one in given:
            answer = keep_written(session, response, row, one, kind=kind)
            answer.language = language
            if one.may_be_said and answer.reach == Reach.ASK_FIRST:
                said.add(answer.id or 0)
        send_topic(session, row.id or 0, beside=sitting)
        if sitting.is_helper_in_home:
            # What was answered on paper beside somebody from home stands, and is asked again alone.
            row.held_back = waiting(response, topic.id, asked=asked)
        sent.append(row.id or 0)
    if said:
        tick_for_meeting(session, sent, said)
    return sent


def note_language(session: Session, response: Response, language: str) -> None:
    """A record that begins on paper is in the language of the sheet."""
    begun = session.exec(select(Topic.id).where(Topic.response_id == response.id)).first()
    if begun is None:
        response.language = language


def sitting_of(response: Response, beside: Beside) -> Sitting:
    """Who was beside the writer, as sending asks for it; paper has no visit, so it is not kept."""
    return Sitting(
        response_id=response.id or 0,
        session_id=0,
        how_given=beside.how_given,
        helped_by=beside.helped_by,
        is_helper_in_home=beside.is_in_home,
        begun_at=clock.now(),
    )


def begin_on_paper(
    session: Session, response: Response, topic_id: str, *, key: str, beside: Beside, day: date
) -> Topic:
    """A topic that was written on paper; it belongs to no visit."""
    topic = Topic(
        response_id=response.id or 0,
        topic_id=topic_id,
        draft_key=key,
        how_given=ON_PAPER,
        helped_by=beside.helped_by,
        written_on=day,
        begun_at=clock.now(),
        kept_at=clock.now(),
    )
    session.add(topic)
    session.flush()
    return topic


def keep_written(
    session: Session, response: Response, topic: Topic, given: PaperAnswer, *, kind: Kind
) -> Answer:
    """One answer just as it was written, as far as its writer let it go."""
    answer = Answer(
        topic_row_id=topic.id or 0,
        question_id=given.question_id,
        value=catalogue.normal_value(
            form_of(response), topic.topic_id, question_id=given.question_id, value=given.value
        ),
        reach=reach_for(kind, given.reach).value,
        hidden_from=sorted(given.hidden_from),
        hidden_places=sorted(given.hidden_places),
        hidden_from_carers=given.hidden_from_carers,
        hidden_from_words=given.hidden_from_words or None,
        saved_at=clock.now(),
    )
    session.add(answer)
    session.flush()
    return answer


def leave_for_visit(
    session: Session, response: Response, topic_id: str, *, asked: Collection[str], sitting: Sitting
) -> None:
    """With somebody from home beside them, what was left out is asked at the next private visit:
    the sheet says so."""
    waits = waiting(response, topic_id, asked=asked)
    if sitting.is_helper_in_home and waits:
        begin_topic(session, response, topic_id, beside=sitting).held_back = waits


def waiting(response: Response, topic_id: str, *, asked: Collection[str]) -> list[str]:
    """The printed questions of a topic that are for when nobody from home is there."""
    topic = form_of(response).topic(topic_id)
    return [one.id for one in held_back_questions(topic) if one.id in asked]
