"""Publishes the demo borough's last half-year, so that a manager finds a report to read."""

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.accounts import service as accounts_service
from backend.accounts.models import Staff
from backend.core import clock
from backend.core.access.permissions import Role
from backend.insight import service as insight
from backend.insight.periods import period_of


def publish_last_half_year(session: Session) -> None:
    """Freeze the report of the half-year that ended last, as a manager would."""
    manager = session.get_one(Staff, accounts.holders_of(session, Role.MANAGER)[0])
    viewer = accounts_service.identity_of(session, manager)
    insight.publish_report(session, viewer, period_of(clock.today()).before())
