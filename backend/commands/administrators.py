"""Lets the first administrator into a new installation."""

import typer

from backend.accounts import service
from backend.core.access.permissions import Role
from backend.core.database import unit_of_work
from backend.start import open_house


def let_in(name: str, email: str) -> None:
    """Make an administrator's account and print its first password once."""
    engine, settings = open_house()
    roles = frozenset({Role.ADMINISTRATOR})
    try:
        with unit_of_work(engine) as session:
            _, password = service.create_staff(
                session, "command", name=name, email=email, roles=roles, team=""
            )
    except service.AccountRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    typer.echo(f"Sign in at {settings.heard_base_url}/staff/ as {email}")
    typer.echo(f"First password (shown once): {password}")
