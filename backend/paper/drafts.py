"""Half a sheet, typed and left: kept for whoever typed it, and read by nobody else."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.forms import Fields
from backend.paper.models import PaperSheet, SheetDraft
from backend.people import queries as people

KEPT_FOR = timedelta(days=14)
DELETED = audit.declare("paper.drafts_deleted", "drafts")
NOT_KEPT = frozenset({"action"})


def keep_draft(session: Session, viewer: StaffIdentity, sheet_id: int, form: Fields) -> bool:
    """Keep what stands in the boxes in place of what was kept before; False for empty boxes."""
    fields = [
        [name, text]
        for name in sorted(form.names() - NOT_KEPT)
        for text in form.all(name)
        if text.strip()
    ]
    if not fields:
        drop_draft(session, viewer, sheet_id)
        return False
    row = session.get(SheetDraft, (sheet_id, viewer.staff_id)) or SheetDraft(
        sheet_id=sheet_id, staff_id=viewer.staff_id, fields=[], kept_at=clock.now()
    )
    row.fields, row.kept_at = fields, clock.now()
    session.add(row)
    session.flush()
    return True


def draft_of(session: Session, viewer: StaffIdentity, sheet_id: int) -> Fields | None:
    """What this viewer typed of a sheet and left; None for nothing."""
    row = session.get(SheetDraft, (sheet_id, viewer.staff_id))
    return Fields(FormData([(name, text) for name, text in row.fields])) if row else None


def drop_draft(session: Session, viewer: StaffIdentity, sheet_id: int) -> None:
    """The sheet is in, or its boxes were emptied."""
    row = session.get(SheetDraft, (sheet_id, viewer.staff_id))
    if row is not None:
        session.delete(row)
        session.flush()


def begun_by_others(session: Session, viewer: StaffIdentity, sheet_id: int) -> list[str]:
    """Who else has begun to type a sheet in: their names, and none of the words."""
    rows = session.exec(select(SheetDraft.staff_id).where(SheetDraft.sheet_id == sheet_id))
    others = {staff_id for staff_id in rows if staff_id != viewer.staff_id}
    return sorted(accounts.names_of(session, others).values()) if others else []


def own_drafts(session: Session, viewer: StaffIdentity) -> list[tuple[int, str]]:
    """The sheets that this viewer began to type in and may still open: id and code."""
    rows = session.exec(
        select(PaperSheet)
        .join(SheetDraft, col(SheetDraft.sheet_id) == col(PaperSheet.id))
        .where(SheetDraft.staff_id == viewer.staff_id)
        .order_by(col(SheetDraft.kept_at).desc())
    )
    return [(row.id or 0, row.code) for row in rows if _may_open(session, viewer, row)]


def _may_open(session: Session, viewer: StaffIdentity, row: PaperSheet) -> bool:
    contributor = people.contributor(session, row.contributor_id)
    person = people.subject_of(session, contributor) if contributor else None
    return person is not None and may(viewer, Permission.TYPE_SHEET, people.case_of(person))


def delete_old_drafts(session: Session) -> None:
    """Drafts go after fourteen days, as the typing page says: the paper is still there."""
    old = col(SheetDraft.kept_at) < clock.now() - KEPT_FOR
    count = len(session.exec(select(SheetDraft.sheet_id).where(old)).all())
    if count:
        session.execute(delete(SheetDraft).where(old))
        audit.record(session, DELETED, actor="system", drafts=count)
