"""A PostgreSQL database for tests: made once a process, and emptied after each test.

Making one for each test takes half a second, emptying one a small part of that.
"""

from sqlalchemy import Connection, Engine, text

from backend.core import database

NAME = "tests"
_MIGRATED = "migrated"
# Whatever a test may have changed besides rows.
_SCHEMA = """
select md5(string_agg(part, ',' order by part)) from (
  select concat(relname, relkind, relnatts) from pg_class
    where relnamespace = 'public'::regnamespace
  union all select concat(tgname, tgenabled) from pg_trigger where not tgisinternal
  union all select conname from pg_constraint where connamespace = 'public'::regnamespace
  union all select concat(proname, prosrc) from pg_proc where pronamespace = 'public'::regnamespace
) as parts(part)
"""
_TABLES = """
select tablename from pg_tables where schemaname = 'public' and tablename != 'alembic_version'
"""
_OTHERS = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid != pg_backend_pid()
"""


class EmptiedDatabase:
    """One migrated database of a server that runs for tests alone."""

    def __init__(self, address: str) -> None:
        """`address` is that of the server's own database, named postgres."""
        self._address = address
        self._server = self._open("postgres").execution_options(isolation_level="AUTOCOMMIT")
        with self._server.connect() as connection:
            # What a power cut would lose is lost with the tests anyway.
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("ALTER SYSTEM SET autovacuum = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text(f"CREATE DATABASE {_MIGRATED}"))
        migrated = self._open(_MIGRATED)
        database.migrate(migrated)
        migrated.dispose()
        self._make()

    def engine(self) -> Engine:
        """A fresh engine on it; `empty` it afterwards."""
        return self._open(NAME)

    def empty(self) -> None:
        """Take every row out and begin to count anew; a changed schema is made anew too."""
        engine = self.engine()
        with engine.begin() as connection:
            connection.execute(text(_OTHERS))
            is_as_made = connection.scalar(text(_SCHEMA)) == self._schema
            filled = _empty_tables(connection) if is_as_made else []
        if filled:
            # As new: rows that no ORDER BY sorts come in the order in which they were written.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"VACUUM {', '.join(filled)}"))
        engine.dispose()
        if not is_as_made:
            with self._server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
            self._make()

    def _open(self, name: str) -> Engine:
        return database.open_engine(self._address.replace("/postgres?", f"/{name}?"))

    def _make(self) -> None:
        with self._server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {NAME} TEMPLATE {_MIGRATED}"))
        engine = self.engine()
        with engine.connect() as connection:
            self._schema = connection.scalar(text(_SCHEMA))
        engine.dispose()


def _empty_tables(connection: Connection) -> list[str]:
    """The tables that held rows."""
    tables = connection.scalars(text(_TABLES)).all()
    holds = " union all ".join(
        f'select \'"{name}"\' where exists (select 1 from "{name}")' for name in tables
    )
    filled = list(connection.scalars(text(holds)))
    # Neither what guards the audit nor what holds rows together fires for a replica.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for name in filled:
        connection.execute(text(f"DELETE FROM {name}"))
    connection.execute(
        text(
            "select setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
            " from pg_sequences where last_value is not null"
        )
    )
    return filled
