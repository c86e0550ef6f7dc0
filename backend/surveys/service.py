"""Answers as they are given: begun, kept, changed, sent, taken back; never lost, sent once."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.predicates import Reach
from backend.surveys import catalogue
from backend.surveys.catalogue import display
from backend.surveys.consultations import open_consultation, open_rounds
from backend.surveys.drawings import kept_on_paper
from backend.surveys.instruments.reading_age import (
    count_syllables,
    find_long_sentences,
    reading_age,
)
from backend.surveys.invitations import hand_over_card, note_invited, note_reminded
from backend.surveys.models import Answer, Response, Sitting, Topic
from backend.surveys.on_paper import (
    AnotherForm,
    Mistyped,
    PaperAnswer,
    read_day,
    read_typed,
    send_from_paper,
)
from backend.surveys.own import sees_own_topic
from backend.surveys.past import record_past
from backend.surveys.readers import Around, around, hearers_named
from backend.surveys.responses import (
    ALONE,
    WITH_HELP,
    Beside,
    NoSuchForm,
    begin_response,
    begin_topic,
    drop_topic,
    kind_of,
    reach_for,
    sit_down,
)
from backend.surveys.sending import (
    ON_SENT,
    AlreadySent,
    NotForTheMeeting,
    NothingToSend,
    can_be_said,
    form_of,
    hold,
    is_in_home,
    pass_on,
    send_topic,
    take_back_topic,
    tick_for_meeting,
)
from backend.surveys.sheets import (
    BlankForm,
    Sheet,
    SheetOption,
    SheetQuestion,
    SheetTopic,
    blank_forms,
    languages_of,
    sheet_of,
)
from backend.surveys.spoken import shown_in
from backend.surveys.touches import (
    TouchUnreadable,
    read_touch,
    send_touch,
    taps_of_touch,
    touch_screens,
)

__all__ = [
    "TouchUnreadable", "read_touch", "send_touch", "taps_of_touch", "touch_screens",
    "Around", "around", "hand_over_card", "note_invited", "note_reminded",
    "AnotherForm", "Mistyped", "PaperAnswer", "read_day", "read_typed", "send_from_paper",
    "BlankForm", "blank_forms", "display", "Sheet", "SheetOption", "SheetQuestion", "SheetTopic",
    "kept_on_paper", "languages_of", "sheet_of",
    "ALONE", "AlreadySent", "Beside", "ChangedElsewhere", "NoSuchForm", "NotForTheMeeting",
    "NothingToSend", "ON_SENT", "WITH_HELP", "begin_response", "begin_topic", "can_be_said",
    "delete_old_drafts", "drop_topic", "form_of", "is_in_home", "keep_answer", "kind_of",
    "ON_HOME", "open_consultation", "open_rounds", "pass_on", "reach_for", "said_at_home",
    "count_syllables", "find_long_sentences", "hearers_named", "reading_age",
    "sees_own_topic", "record_past", "remove_answer",
    "send_topic", "sit_down", "take_back_topic", "tick_for_meeting",
]  # fmt: skip

# What later features have to say on a contributor's first page: a word that the page knows, or "".
ON_HOME: list[Callable[[Session, ContributorIdentity], str]] = []

DRAFTS_DELETED = audit.declare("drafts.deleted", "topics")

KEPT_FOR = timedelta(days=14)


class ChangedElsewhere(Exception):
    """The answer was changed on another device since this page was opened; nothing was written."""

    def __init__(self, current: Answer | None) -> None:
        super().__init__("changed elsewhere")
        self.current = current


def keep_answer(
    session: Session,
    topic_row_id: int,
    question_id: str,
    value: Any,
    *,
    reach: Reach = Reach.ASK_FIRST,
    hidden_from: Collection[int] = (),
    hidden_places: Collection[str] = (),
    hidden_from_carers: bool = False,
    hidden_from_words: str | None = None,
    based_on_revision: int | None = None,
    beside: Sitting | None = None,
    saved_in: int | None = None,
    said_at: datetime | None = None,
) -> Answer:
    """Keep one answer exactly as given. An option's number on the scale is kept as its id.
    `saved_in`: the visit, where nobody said who is beside; `said_at`: when, if before now.

    Raises AlreadySent, KeyError for a question that the topic has not, and ChangedElsewhere when
    `based_on_revision` (0: no answer was there) is not what stands and the value differs.
    """
    topic = hold(session, topic_row_id)
    response = session.get_one(Response, topic.response_id)
    value = catalogue.normal_value(
        form_of(response), topic.topic_id, question_id=question_id, value=value
    )
    current = find_answer(session, topic_row_id, question_id)
    if based_on_revision not in (None, current.revision if current else 0):
        if current is None or current.value != value:
            raise ChangedElsewhere(current)
        # The same words from a page that is older: how far they go was decided since.
        return current
    answer = current or Answer(
        topic_row_id=topic_row_id,
        question_id=question_id,
        revision=0,
        value=value,
        saved_at=clock.now(),
    )
    answer.value, answer.reach = value, reach.value
    answer.language = shown_in(response, question_id)
    answer.hidden_from = sorted(hidden_from)
    answer.hidden_places = sorted(hidden_places)
    answer.hidden_from_carers = hidden_from_carers
    answer.hidden_from_words = hidden_from_words or None
    answer.revision += 1
    answer.saved_at = topic.kept_at = clock.now()
    answer.said_at = said_at
    answer.saved_in = beside.session_id if beside is not None else saved_in
    topic.held_back = []
    if beside is not None and beside.how_given != ALONE:
        topic.how_given, topic.helped_by = beside.how_given, beside.helped_by
    session.add(answer)
    session.flush()
    return answer


def find_answer(session: Session, topic_row_id: int, question_id: str) -> Answer | None:
    """What stands for a question in this draft."""
    return session.exec(
        select(Answer).where(Answer.topic_row_id == topic_row_id, Answer.question_id == question_id)
    ).first()


def remove_answer(session: Session, topic_row_id: int, question_id: str) -> None:
    """Take one answer out of a draft; nobody ever reads it."""
    topic = hold(session, topic_row_id)
    answer = find_answer(session, topic_row_id, question_id)
    if answer is not None:
        session.delete(answer)
        topic.kept_at = clock.now()
        session.flush()


def said_at_home(session: Session, identity: ContributorIdentity) -> frozenset[str]:
    """What later features say on this contributor's first page."""
    return frozenset(call(session, identity) for call in ON_HOME) - {""}


def delete_old_drafts(session: Session) -> int:
    """Delete what was kept and not sent for 14 days, as the first screen said; how many topics."""
    before = clock.now() - KEPT_FOR
    rows = session.exec(
        select(Topic.id, Topic.held_back).where(
            col(Topic.sent_at).is_(None), col(Topic.kept_at) < before
        )
    ).all()
    # What only waits for a private visit holds no words, and must not be forgotten.
    old = [topic_row_id for topic_row_id, held_back in rows if not held_back]
    if old:
        session.exec(delete(Answer).where(col(Answer.topic_row_id).in_(old)))
        session.exec(delete(Topic).where(col(Topic.id).in_(old)))
        audit.record(session, DRAFTS_DELETED, actor="heard", topics=len(old))
    # Who sat beside a writer is kept with what was sent; the visit itself is forgotten.
    session.exec(delete(Sitting).where(col(Sitting.begun_at) < before))
    return len(old)
