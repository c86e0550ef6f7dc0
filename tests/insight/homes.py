"""Small makers of homes for the report's tests."""

from datetime import date

from sqlmodel import Session

from backend.placements import service as placements


def place(
    session: Session,
    person_id: int,
    *,
    type_code: str,
    provider_name: str = "",
    ref: str = "",
    started_on: date = date(2025, 1, 1),
) -> int:
    """Lets somebody live in a home of this type, made where need be; the home's id."""
    provider_id = None
    if provider_name:
        urn = f"SC{sum(map(ord, provider_name)):06}"
        provider_id, _ = placements.keep_provider(session, urn, name=provider_name)
    home_id, _ = placements.keep_home(
        session,
        ref or f"H{person_id}",
        values={"name": "A home", "type_code": type_code, "provider_id": provider_id},
    )
    placements.keep_placement(session, person_id, home_id, started_on=started_on, as_at=started_on)
    return home_id
