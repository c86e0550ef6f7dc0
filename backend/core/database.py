"""Opens the database, migrates it, and gives each request one session that commits once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from fastapi import Request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, create_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
NEWEST = "head"
Row = TypeVar("Row")


def open_engine(address: str) -> Engine:
    """An engine for SQLite (write-ahead log, one writer at a time) or PostgreSQL."""
    if make_url(address).get_backend_name() != "sqlite":
        address = address.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(address, hide_parameters=True)  # no log holds what was written
    folder = make_url(address).database
    if folder:
        Path(folder).parent.mkdir(parents=True, exist_ok=True)
    waits = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(address, connect_args=waits, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A read that turns into a write under WAL fails at once when another writer came between;
    # nearly every page of ours writes (audit, last seen), so each takes its turn from the start.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migration_config(engine: Engine) -> Config:
    """Alembic's configuration for this engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = NEWEST) -> None:
    """Bring the database to a revision: the newest unless told otherwise."""
    config = migration_config(engine)
    if revision == NEWEST:
        command.upgrade(config, revision)
    else:
        command.downgrade(config, revision)


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """One transaction: commits when the block ends well, rolls back when it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()


def add_once(session: Session, row: Row, find: Callable[[], Row | None]) -> Row:
    """Add a row of which there is one at most: a double tap comes side by side on two machines,
    and the second gets the row that the first made. Raises IntegrityError where `find` finds none.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
    return row


def get_session(request: Request) -> Iterator[Session]:
    """The request's session. Declare it with scope="function": the commit must come before
    the answer leaves, or a child could be told "sent" and the words be lost."""
    with unit_of_work(request.app.state.engine) as session:
        request.state.session = session
        yield session
