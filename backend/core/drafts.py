"""Keeps what was typed on a page and not sent yet, when something else on that page was tapped."""

import re
from collections.abc import Callable

import structlog
from fastapi import Request
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.forms import Fields

Keep = Callable[[Request, Session, ContributorIdentity, Fields], bool]
# Each feature with questions takes what was typed on its own pages; contributor_app.py fills it.
KEEPERS: list[Keep] = []
# The pages that have questions on them: nothing else may be gone back to.
PLACE = re.compile(r"/me/(?:forms/\d{1,10}/\d{1,10}/\d{1,4}|next-home/\d{1,4})", re.ASCII)
AT = "at"


def keep_draft(
    request: Request, session: Session, identity: ContributorIdentity, form: Fields
) -> str:
    """Keep what stands in the question's own boxes; the way back to it, or an empty text.

    Whatever is wrong with it, what was tapped goes on: nobody's alarm waits for a draft.
    """
    for keep in KEEPERS:
        try:
            with session.begin_nested():
                if keep(request, session, identity, form):
                    return f"?{AT}={form.word(AT)}"
        except Exception as fault:
            # Its name alone: the words of a fault may hold what a child wrote.
            structlog.get_logger().error("draft_not_kept", fault=type(fault).__name__)
    return ""


def place_in(request: Request) -> str:
    """The question that the reader came from, as the address says it; empty for anything else."""
    at = request.query_params.get(AT, "")
    return at if PLACE.fullmatch(at) else ""
