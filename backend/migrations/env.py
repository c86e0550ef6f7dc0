"""Runs migrations on the engine that backend.core.database hands over."""

from typing import Any, Literal

from alembic import context
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


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
