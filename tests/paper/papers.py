"""Small makers for tests of paper: a sheet that was printed, and what is typed from it."""

from typing import Any

from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.paper import queries, service
from backend.paper.queries import OpenSheet
from tests.surveys.rounds import Round


def print_sheet(
    session: Session, round_: Round, viewer: StaffIdentity | None = None, **values: Any
) -> int:
    """A sheet of the child's form before the review, printed by the worker if not told."""
    return service.make_sheet(
        session,
        viewer or round_.worker,
        round_.person.id or 0,
        **{
            "contributor_id": round_.contributor.id or 0,
            "consultation_id": round_.cid,
            "language": "en",
        }
        | values,
    )


def sheet_page(session: Session, viewer: StaffIdentity, sheet_id: int) -> OpenSheet:
    """The sheet as this viewer may type it."""
    return queries.open_sheet(session, viewer, sheet_id, permission=Permission.TYPE_SHEET)


def number_of(page: OpenSheet, ending: str) -> int:
    """The printed number of the one question whose id ends so."""
    (found,) = [one for one in page.sheet.questions.values() if one.id.endswith(ending)]
    return found.number
