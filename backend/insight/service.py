"""Codes what was sent as soon as it is sent, and freezes half-yearly reports."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.insight import codes, voices
from backend.insight.models import Report
from backend.insight.periods import Period
from backend.insight.reports import Outline, Picture, make_picture, read_picture
from backend.insight.titles import INDICATORS
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend.core.access.identity import StaffIdentity
    from backend.surveys.queries import SentTopic

PUBLISHED = audit.declare("report.published", "period", "figures", "held_back")
DRAFTED = audit.declare("report.draft_made", "period", "figures", "held_back")

NONE, UNREAD, SOON, NOW = "none", "unread", "soon", "now"
# A text in a language that is not read is no sign of safety: it comes before "none".
WORSE = (NONE, UNREAD, SOON, NOW)


class NotYetEnded(Exception):
    """The half-year still runs: it can have a draft, no report."""


class AlreadyEnded(Exception):
    """The half-year is over: it gets its report, no draft."""


class AlreadyMade(Exception):
    """What was released of a half-year is never reckoned again."""


@dataclass(frozen=True)
class Worry:
    """How urgent the machine takes a topic to be (none, unread, soon, now), and by which words.

    It reorders a queue that people read whole; "none" never means that somebody is safe.
    """

    urgency: str
    matched: tuple[str, ...] = ()


def code_topic(session: Session, topic_row_id: int) -> Worry:
    """Suggest codes for every free text of a sent topic, once; the worst urgency among them."""
    topic = surveys.sent_topic(session, topic_row_id)
    if topic is None:
        return Worry(NONE)
    code_topics(session, [topic])
    answers = {answer.answer_id: answer for answer in voices.written_answers(topic)}
    rows = [
        row
        for row in codes.suggested(session, answers)
        if row.answer_revision == answers[row.answer_id].revision
    ]
    if not rows:
        return Worry(NONE)
    worst = max((row.urgency for row in rows), key=WORSE.index)
    led = [row.matched for row in rows if row.urgency == worst and worst in (SOON, NOW)]
    words = [word for matched in led if matched for word in matched.split("\n")]
    return Worry(worst, tuple(dict.fromkeys(words)))


def code_topics(session: Session, topics: "Iterable[SentTopic]") -> None:
    """Suggest codes for the free texts of these topics that have none yet."""
    from analysis.coding import Comment

    comments: dict[int, Comment] = {}
    revisions: dict[int, int] = {}
    for topic in topics:
        for answer in voices.written_answers(topic):
            revisions[answer.answer_id] = answer.revision
            comments[answer.answer_id] = Comment(
                id=str(answer.answer_id),
                text=answer.own_words,
                audience=topic.audience,
                question=answer.question_text,
                language=topic.language,
            )
    codes.suggest(session, comments, revisions)


def publish_report(session: Session, viewer: "StaffIdentity", period: Period) -> Report:
    """Freeze the report of a half-year that has ended. Raises NotYetEnded or AlreadyMade."""
    check(viewer, Permission.READ_REPORT)
    if period.last_day >= clock.today():
        raise NotYetEnded
    return _freeze(session, viewer, period, is_draft=False)


def make_draft(session: Session, viewer: "StaffIdentity", period: Period) -> Report:
    """Freeze the one draft of the half-year that runs: the council's totals up to today.

    One, because two drafts of nearby days, laid side by side, would tell what the few said who
    were heard between them. Raises AlreadyEnded or AlreadyMade.
    """
    check(viewer, Permission.READ_REPORT)
    if not period.first_day <= clock.today() <= period.last_day:
        raise AlreadyEnded
    return _freeze(session, viewer, period, is_draft=True)


def _freeze(session: Session, viewer: "StaffIdentity", period: Period, *, is_draft: bool) -> Report:
    if find_report(session, period, is_draft=is_draft) is not None:
        raise AlreadyMade
    picture = draw_picture(session, period, is_draft=is_draft)
    row = Report(
        period=period.name,
        is_draft=is_draft,
        first_day=period.first_day,
        last_day=picture.as_at,
        body=picture.as_json(),
        published_at=clock.now(),
        published_by=viewer.staff_id,
    )
    session.add(row)
    audit.record(
        session,
        DRAFTED if is_draft else PUBLISHED,
        actor=viewer.actor,
        period=period.name,
        figures=len(picture.figures),
        held_back=len(picture.held),
    )
    session.flush()
    return row


def draw_picture(session: Session, period: Period, *, is_draft: bool) -> Picture:
    """The figures of a half-year as they may be told now; nothing is kept."""
    last_day = min(period.last_day, clock.today())
    code_topics(session, voices.topics_between(session, period.first_day, last_day))
    draft = None if is_draft else find_report(session, period, is_draft=True)
    return make_picture(
        voices.hear(session, period.first_day, last_day),
        outline(),
        as_at=last_day,
        is_whole=not is_draft,
        draft=read_picture(draft.body).figures if draft else None,
    )


def find_report(session: Session, period: Period, *, is_draft: bool) -> Report | None:
    """The report or the draft of a half-year, or None."""
    return session.exec(
        select(Report).where(Report.period == period.name, Report.is_draft == is_draft)
    ).first()


def outline() -> Outline:
    """Themes in the codebook's order, and the indicators that every side is asked."""
    themes = tuple((theme.id, theme.title) for theme in codes.codebook().themes)
    return Outline(themes, tuple(INDICATORS), codes.measured())
