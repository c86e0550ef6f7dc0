"""Reads of staff accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.accounts.models import Deputy, Staff, StaffRole
from backend.core import clock
from backend.core.audit import AuditEvent
from backend.people import queries as people


@dataclass(frozen=True)
class StaffLine:
    """One account as an administrator sees it."""

    staff_id: int
    name: str
    email: str
    team: str
    roles: tuple[str, ...]
    is_let_in: bool
    is_disabled: bool
    has_second_step: bool
    waits: bool


@dataclass(frozen=True)
class DeputyLine:
    """Who stands in for whom, when."""

    name: str
    deputy: str
    first_day: date
    last_day: date
    waits: bool


def staff_lines(session: Session) -> list[StaffLine]:
    """Every account, by name."""
    return sorted(_lines(session), key=lambda line: line.name)


def staff_line(session: Session, staff_id: int) -> StaffLine | None:
    """One account, or None."""
    return next(iter(_lines(session, staff_id)), None)


def _lines(session: Session, staff_id: int | None = None) -> list[StaffLine]:
    """Accounts as lines: all of them, or one alone."""
    held, accounts = select(StaffRole), select(Staff)
    if staff_id is not None:
        held, accounts = (
            held.where(StaffRole.staff_id == staff_id),
            accounts.where(Staff.id == staff_id),
        )
    roles: dict[int, list[str]] = {}
    for row in session.exec(held):
        roles.setdefault(row.staff_id, []).append(row.role)
    return [
        StaffLine(
            staff_id=staff.id or 0,
            name=staff.name,
            email=staff.email,
            team=staff.team,
            roles=tuple(sorted(roles.get(staff.id or 0, []))),
            is_let_in=staff.password_hash is not None,
            is_disabled=staff.disabled_at is not None,
            has_second_step=staff.totp_secret is not None,
            waits=staff.waits_since is not None,
        )
        for staff in session.exec(accounts)
    ]


def teams_named(session: Session) -> list[str]:
    """The teams of the newest extract, as it writes them: what a manager sees goes by these."""
    return sorted({one.team for one in people.living(session, are_named=False) if one.team})


def names_of(session: Session, staff_ids: set[int]) -> dict[int, str]:
    """Names by id."""
    if not staff_ids:
        return {}
    rows = session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(staff_ids)))
    return {key or 0: name for key, name in rows}


def colleagues_of(session: Session, staff_id: int) -> dict[int, str]:
    """Working colleagues who share a role with this one, by id."""
    own = select(StaffRole.role).where(StaffRole.staff_id == staff_id)
    rows = session.exec(
        select(Staff)
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .where(
            col(StaffRole.role).in_(own),
            col(Staff.disabled_at).is_(None),
            col(Staff.waits_since).is_(None),
            Staff.id != staff_id,
        )
    ).all()
    return {row.id or 0: row.name for row in sorted(rows, key=lambda row: row.name)}


def holders_of(session: Session, role: str, team: str | None = None) -> list[int]:
    """Ids of working accounts with a role, of one team where a team is given."""
    rows = session.exec(
        select(Staff.id, Staff.team)
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .where(StaffRole.role == role, col(Staff.disabled_at).is_(None))
        .order_by(col(Staff.id))
    ).all()
    return [key or 0 for key, of_team in rows if team is None or of_team == team]


def working_roles(session: Session) -> list[tuple[int, str, str]]:
    """Every working account with each of its roles and its team, in the order of holders_of."""
    rows = session.exec(
        select(Staff.id, StaffRole.role, Staff.team)
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .where(col(Staff.disabled_at).is_(None))
        .order_by(col(Staff.id))
    ).all()
    return [(key or 0, role, team) for key, role, team in rows]


def deputies(session: Session) -> list[DeputyLine]:
    """Who stands in for whom, today or later."""
    rows = session.exec(
        select(Deputy).where(col(Deputy.last_day) >= clock.today(), col(Deputy.ended_at).is_(None))
    ).all()
    names = names_of(session, {row.staff_id for row in rows} | {row.deputy_id for row in rows})
    return [
        DeputyLine(
            names[row.staff_id],
            names[row.deputy_id],
            row.first_day,
            row.last_day,
            waits=row.waits_since is not None,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class AuditLine:
    """One audit event as an administrator sees it: who, what and when; never a word."""

    at: datetime
    actor: str
    event: str
    person_id: int | None
    details: str


def audit_lines(session: Session, *, event: str = "", most: int = 200) -> list[AuditLine]:
    """The newest audit events, of one kind where a kind is named."""
    statement = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(most)
    if event:
        statement = statement.where(AuditEvent.event == event)
    rows = session.exec(statement).all()
    staff = {int(row.actor.split(":")[1]) for row in rows if row.actor.startswith("staff:")}
    names = {f"staff:{key}": name for key, name in names_of(session, staff).items()}
    return [
        AuditLine(
            at=row.at,
            actor=names.get(row.actor, row.actor),
            event=row.event,
            person_id=row.person_id,
            details=", ".join(f"{key}: {value}" for key, value in sorted(row.details.items())),
        )
        for row in rows
    ]


def deputies_of(session: Session, staff_ids: set[int]) -> set[int]:
    """Who stands in today for any of these colleagues."""
    day = clock.today()
    rows = session.exec(
        select(Deputy.deputy_id).where(
            col(Deputy.staff_id).in_(staff_ids),
            col(Deputy.waits_since).is_(None),
            col(Deputy.ended_at).is_(None),
            col(Deputy.first_day) <= day,
            col(Deputy.last_day) >= day,
        )
    ).all()
    return set(rows)
