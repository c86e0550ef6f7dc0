"""What messaging does once a day: invite whose round is open."""

from sqlmodel import Session

from backend.messaging import service


def invite(session: Session) -> None:
    """Write the day's invitations."""
    service.invite(session)
