"""Freezes half-yearly reports of what was said."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, select

from backend.coding import queries as coding
from backend.coding import service as coding_service
from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.insight import voices
from backend.insight.models import Report
from backend.insight.periods import Period
from backend.insight.reports import Outline, Picture, make_picture, read_picture
from backend.insight.titles import INDICATORS

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

PUBLISHED = audit.declare("report.published", "period", "figures", "held_back")
DRAFTED = audit.declare("report.draft_made", "period", "figures", "held_back")


class NotYetEnded(Exception):
    """The half-year still runs: it can have a draft, no report."""


class AlreadyEnded(Exception):
    """The half-year is over: it gets its report, no draft."""


class AlreadyMade(Exception):
    """What was released of a half-year is never reckoned again."""


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
    topics = voices.topics_between(session, period.first_day, last_day)
    coding_service.code_topics(session, topics)
    draft = None if is_draft else find_report(session, period, is_draft=True)
    return make_picture(
        voices.hear(session, period.first_day, last_day),
        outline(session, coding.quality(session, voices.revisions_of(topics))),
        as_at=last_day,
        is_whole=not is_draft,
        draft=read_picture(draft.body).figures if draft else None,
    )


def find_report(session: Session, period: Period, *, is_draft: bool) -> Report | None:
    """The report or the draft of a half-year, or None."""
    return session.exec(
        select(Report).where(Report.period == period.name, Report.is_draft == is_draft)
    ).first()


def outline(session: Session, quality: Mapping[str, Any]) -> Outline:
    """Themes in the codebook's order, and the indicators that every side is asked."""
    themes = tuple((theme.id, theme.title) for theme in coding.codebook_in_use(session).themes)
    return Outline(themes, tuple(INDICATORS), coding.measured(), quality)
