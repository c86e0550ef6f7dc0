"""Where a phone fetches what it needs without a signal, if its user said that it is their own."""

from collections.abc import Sequence

from fastapi import Request
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.encryption import fingerprint
from backend.entry import service as entry
from backend.offline import service as offline
from backend.surveys.models import Topic
from backend.surveys.pages import FormPage, drafts_of


def pack_address(request: Request, session: Session, page: FormPage) -> str:
    """The address of this visit's pack; empty on a phone that others use, or may."""
    if not entry.is_own_phone(session, page.identity.session_id):
        return ""
    drafts = [topic for topic, _ in drafts_of(session, page)]
    found = pack_id(request, page, drafts)
    return f"{page.address}/offline?id={found}" if found else ""


def pack_id(request: Request, page: FormPage, drafts: Sequence[Topic]) -> str:
    """What tells one form's pack from another: its topics and who is beside."""
    beside = (page.sitting.how_given, page.sitting.is_helper_in_home) if page.sitting else ()
    return mark_of(request, page.identity, [topic.id for topic in drafts], beside)


def mark_of(request: Request, identity: ContributorIdentity, *parts: object) -> str:
    """What tells one pack from another: the visit, how pages look, our key and what is in it. Empty
    while our key cannot be read: then nothing is kept on phones, and all else goes on."""
    looks = getattr(request.state, "preferences", None)
    try:
        key = offline.sealing_key(request.app.state.settings.heard_data)
    except offline.Unreadable:
        return ""
    return fingerprint(repr([identity.session_id, looks, key.kid, *parts]))[:16]
