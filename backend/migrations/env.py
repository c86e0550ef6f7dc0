"""Runs migrations on the engine that backend.core.database hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import backend.tables  # noqa: F401  (registers every table)
from backend.core.columns import EncryptedText, EncryptedValue, Moment


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as the plain types that they are in the database."""
    if kind == "type" and isinstance(item, (EncryptedText, EncryptedValue)):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def keep_references(connection: Connection, *, are_checked: bool) -> None:
    """On SQLite, look after each change or at the end: a table that gets a column may be made anew
    there, and while it is, rows of others refer to nothing. Takes effect between transactions."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA foreign_keys = {'ON' if are_checked else 'OFF'}")


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    keep_references(connection, are_checked=False)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"{len(broken)} rows refer to what is gone: {broken[:3]}")
    connection.commit()
    keep_references(connection, are_checked=True)
