"""Where a phone fetches what it needs without a signal, if its user said that it is their own."""

from collections.abc import Sequence

from fastapi import Request
from sqlmodel import Session

from backend.core.encryption import fingerprint
from backend.entry import service as entry
from backend.surveys.models import Topic
from backend.surveys.pages import FormPage, drafts_of


def pack_address(request: Request, session: Session, page: FormPage) -> str:
    """The address of this visit's pack; empty on a phone that others use, or may."""
    if not page.around.is_own or not entry.is_own_phone(session, page.identity.session_id):
        return ""
    drafts = [topic for topic, _ in drafts_of(session, page)]
    return f"{page.address}/offline?id={pack_id(request, page, drafts)}"


def pack_id(request: Request, page: FormPage, drafts: Sequence[Topic]) -> str:
    """What tells one pack from another: the visit, its topics, who is beside, how pages look."""
    beside = (page.sitting.how_given, page.sitting.is_helper_in_home) if page.sitting else ()
    looks = getattr(request.state, "preferences", None)
    parts = [page.identity.session_id, [topic.id for topic in drafts], beside, looks]
    return fingerprint(repr(parts))[:16]
