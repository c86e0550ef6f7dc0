"""Prints sheets, each under a code of its own, and takes in what was typed from one."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.core.tokens import make_code
from backend.paper import queries
from backend.paper.drawings import qr_code as qr_code
from backend.paper.fonts import FAMILIES as FAMILIES
from backend.paper.fonts import runs_of as runs_of
from backend.paper.models import PaperSheet
from backend.paper.queries import OpenSheet
from backend.paper.typesetting import typeset as typeset
from backend.people import queries as people
from backend.surveys import service as forms
from backend.surveys.service import Beside, PaperAnswer, Sheet

PRINTED = audit.declare("paper.printed", "sheet_id", "contributor_id")
TYPED = audit.declare("paper.typed", "sheet_id", "contributor_id", "topic_row_ids", "answers")


class NotYours(Exception):
    """An answer that its writer kept for others' eyes than this viewer's."""


class TypedBefore(Exception):
    """This very sheet was typed in before, and nobody said that it is to be added again."""


def make_sheet(
    session: Session,
    viewer: StaffIdentity,
    person_id: int,
    *,
    contributor_id: int,
    consultation_id: int,
    language: str,
    topics: Collection[str] = (),
) -> int:
    """A sheet for one contributor's open form, in one of its languages; its id.

    The same sheet that was printed before is printed again under the same code, unless it came
    back meanwhile. Of `topics`, those that are always asked are added; none means all.
    Raises Denied for a form that is not open for somebody around this person.
    """
    line = next(
        (
            one
            for one in queries.printable(session, viewer, person_id)
            if (one.contributor_id, one.consultation_id) == (contributor_id, consultation_id)
        ),
        None,
    )
    if line is None or language not in line.languages:
        raise Denied(viewer, Permission.PRINT_SHEET)
    sheet = forms.sheet_of(line.instrument_id, language)
    chosen = [one for one in sheet.topics if not topics or one.is_always or one.id in topics]
    questions = [asked.id for topic in chosen for asked in topic.questions]
    row = _same_sheet(session, line, sheet.version, language=language, questions=questions)
    if row is None:
        code = make_code()
        row = PaperSheet(
            consultation_id=consultation_id,
            contributor_id=contributor_id,
            instrument_id=line.instrument_id,
            instrument_version=sheet.version,
            language=language,
            questions=questions,
            options={one: options_of(sheet, one) for one in questions},
            code=code,
            code_index=queries.code_index(code),
            printed_by=viewer.staff_id,
            printed_at=clock.now(),
        )
        session.add(row)
        session.flush()
    audit.record(
        session,
        PRINTED,
        actor=viewer.actor,
        person_id=person_id,
        sheet_id=row.id,
        contributor_id=contributor_id,
    )
    return row.id or 0


def options_of(sheet: Sheet, question_id: str) -> list[str]:
    """The options of a question in the order of their letters."""
    return [option.id for option in sheet.questions[question_id].options]


def _same_sheet(
    session: Session,
    line: queries.PrintLine,
    version: int,
    *,
    language: str,
    questions: list[str],
) -> PaperSheet | None:
    rows = session.exec(
        select(PaperSheet).where(
            PaperSheet.contributor_id == line.contributor_id,
            PaperSheet.consultation_id == line.consultation_id,
            PaperSheet.instrument_id == line.instrument_id,
            PaperSheet.instrument_version == version,
            PaperSheet.language == language,
        )
    )
    fresh = (row for row in rows if row.typed_at is None and row.questions == questions)
    return next(fresh, None)


def take_in(
    session: Session,
    viewer: StaffIdentity,
    page: OpenSheet,
    *,
    answers: Sequence[PaperAnswer],
    beside: Beside,
    written_on: date,
    is_again: bool = False,
) -> list[int]:
    """Send what was typed from a sheet; the ids of the topics.

    Nothing that stands is replaced. Raises Denied, NotYours, TypedBefore, and surveys' AnotherForm.
    """
    contributor = people.contributor(session, page.row.contributor_id)
    if contributor is None:
        raise Denied(viewer, Permission.TYPE_SHEET)
    for one in answers:
        refuse_others(viewer, page, one)
    # Two presses of one button: the second one waits here, and finds that it was typed.
    row = session.exec(select(PaperSheet).where(PaperSheet.id == page.id).with_for_update()).one()
    session.refresh(row)
    if row.times_typed and not is_again:
        raise TypedBefore
    row.times_typed += 1
    row.typed_by, row.typed_at = viewer.staff_id, clock.now()
    sent = forms.send_from_paper(
        session,
        row.contributor_id,
        row.consultation_id,
        printed=(row.instrument_id, row.instrument_version),
        language=row.language,
        sheet_key=f"sheet:{row.id}:{row.times_typed}",
        asked=row.questions,
        answers=answers,
        beside=beside,
        written_on=written_on,
    )
    audit.record(
        session,
        TYPED,
        actor=viewer.actor,
        person_id=page.person.id,
        sheet_id=row.id,
        contributor_id=row.contributor_id,
        topic_row_ids=sent,
        answers=len(answers),
    )
    return sent


def refuse_others(viewer: StaffIdentity, page: OpenSheet, answer: PaperAnswer) -> None:
    """Raise NotYours for an answer that its writer kept from this viewer."""
    is_for_lead = answer.reach is Reach.ONLY_IRO or not page.types(answer.question_id)
    if is_for_lead and not page.is_lead:
        raise NotYours
    # Who stands in for somebody sees no more than they would.
    hidden = frozenset(answer.hidden_from)
    seen_as = replace(viewer, stands_in_for=viewer.stands_in_for - hidden)
    is_still_theirs = may(seen_as, Permission.TYPE_SHEET, people.case_of(page.person))
    if viewer.staff_id in hidden or not is_still_theirs:
        raise NotYours
